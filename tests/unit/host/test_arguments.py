"""The command line, and what an operator's build takes of it."""

from pathlib import Path

import pytest

from tests.support.host.platform import FolderPlatform
from zuruf.host import build_info
from zuruf.host.arguments import data_dir_of, parse, resume_arguments

ROOT = Path(__file__).parents[3]


def test_the_version_is_the_distributions() -> None:
    assert f'\nversion = "{build_info.APP_VERSION}"\n' in (ROOT / "pyproject.toml").read_text()


def test_the_number_comes_from_the_argument_or_else_from_the_files_name() -> None:
    server = ["--server", "https://help.example"]
    assert parse(server, "/tmp/Zuruf-1234567890.exe").number == "1234567890"
    assert parse([*server, "--number", "1112223334"], "/tmp/Zuruf-1234567890.exe").number == "1112223334"
    assert parse(server, "/usr/bin/zuruf-host").number is None


def test_an_operators_build_takes_no_other_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_info, "DEVELOPMENT", False)
    monkeypatch.setattr(build_info, "SERVER_URL", "https://help.example")
    assert parse([], "zuruf-host").server == "https://help.example"
    with pytest.raises(SystemExit):
        parse(["--server", "https://evil.example"], "zuruf-host")


def test_a_build_without_a_server_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse([], "zuruf-host")
    assert "--server" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["/var/lib/zuruf", "/home/anna/meine Dateien", "/tmp/--data-dir"])
def test_the_next_start_finds_the_same_session_without_any_server_named(folder: str) -> None:
    arguments = parse(["--server", "https://help.example", "--cli", "--language", "de"], "zuruf-host")
    command = FolderPlatform(Path("/")).resume_command(resume_arguments(arguments, Path(folder)))
    again = parse(command[1:], "app.py")
    assert (again.resume, again.cli, again.language, again.data_dir) == (True, True, "de", Path(folder))
    assert data_dir_of(command) == Path(folder)
    assert "https://help.example" not in command


def test_another_programs_entry_names_no_session() -> None:
    assert data_dir_of(["other", "--data-dir"]) is None
    assert data_dir_of([]) is None


@pytest.mark.parametrize(
    ("downloaded", "number"),
    [
        (r"C:\\Users\\Anna\\Downloads\\Zuruf-Support-Session-1234567890.exe", "1234567890"),
        (r"C:\\Users\\Anna\\Downloads\\Zuruf-Support-Session-1234567890 (1).exe", "1234567890"),
        (r"C:\\Users\\Anna\\1234567890\\hilfe.exe", None),
    ],
)
def test_the_downloaded_files_name_carries_the_number(downloaded: str, number: str | None) -> None:
    arguments = parse(["--server", "https://help.example", "--downloaded", downloaded], "zuruf-host.exe")
    assert arguments.number == number
