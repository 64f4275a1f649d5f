"""What a customer meets before a session: the first window, every refusal, and afterwards a PC as it was before.

The tests share a PC: a refusal leaves nothing on it, and a PC on which something was left is replaced.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import flow
from tests.support.processes import eventually
from tests.support.reading import read, says
from tests.support.wine import ENGLISH, GERMAN, Language, changed, copy_prefix
from tests.support.wine import template as made_template
from tests.windows.conftest import CODE, TITLE, House, Operator, open_house

COLLEAGUE = "ben@zweit.example"
pytestmark = pytest.mark.timeout(300)
LANGUAGES = pytest.mark.parametrize("language", [GERMAN, ENGLISH], ids=["de", "en"])
REFUSED = {"de": "Diese Sitzung kann hier nicht beginnen", "en": "This session cannot begin here"}
FOLDER = re.compile(r"files/Program Files/Zuruf Support Session [0-9a-f]{8}(/|$)")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

PLANTED = """
#include <windows.h>
BOOL WINAPI DllMain(HINSTANCE library, DWORD reason, LPVOID reserved) {
    wchar_t by[MAX_PATH], from[MAX_PATH], mark[3 * MAX_PATH];
    if (reason != DLL_PROCESS_ATTACH) return TRUE;
    GetModuleFileNameW(NULL, by, MAX_PATH);
    GetModuleFileNameW(library, from, MAX_PATH);
    for (wchar_t *c = by; *c; c++) if (*c == '\\\\' || *c == ':') *c = '-';
    for (wchar_t *c = from; *c; c++) if (*c == '\\\\' || *c == ':') *c = '-';
    wsprintfW(mark, L"C:\\\\loaded\\\\%s by %s", from, by);
    CloseHandle(CreateFileW(mark, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
    return TRUE;
}
"""
CAREFREE = """
#include <windows.h>
int main(int count, char **names) {
    while (--count) LoadLibraryA(names[count]);
    return 0;
}
"""
NAMES = (
    *("apphelp", "bcrypt", "clbcatq", "comctl32", "crypt32", "cryptbase", "dwmapi", "imm32", "iphlpapi", "libcrypto-3"),
    *("libffi-8", "libssl-3", "msimg32", "mswsock", "netapi32", "ntmarta", "oleacc", "propsys", "python3", "python311"),
    *("pywintypes311", "rsaenh", "secur32", "setupapi", "sqlite3", "tcl86t", "tk86t", "userenv", "uxtheme"),
    *("vcruntime140", "version", "winmm", "wtsapi32", "zlib1"),
)
"""Libraries that the app or the system loads at some time, and that others have been tricked with."""


@pytest.fixture(scope="module")
def shared(operator: Operator, tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("refusals")
    with open_house(operator, folder, template) as found:
        yield found
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def colleague(shared: House) -> Iterator[flow.Technician]:
    """A technician of another company: a user has one session at a time."""
    database = f"sqlite+aiosqlite:///{shared.server.data_dir / 'zuruf.sqlite3'}"
    flow.seed(database, COLLEAGUE, company="Zweit GmbH")
    found = flow.Technician(shared.server.url, COLLEAGUE, shared.operator.trust)
    yield found
    found.close()


@pytest.fixture
def home(shared: House, template: Path) -> Iterator[House]:
    """A PC in German that is switched off, a server, and no session."""
    pc = shared.pc
    pristine = pc.inventory()
    yield shared
    pc.shut_down()
    pc.extra.clear()
    shared.language = "de"
    if shared.server.program is None:
        shared.server.start()
    for session in shared.sessions:
        if shared.session(session)["state"] != "ended":
            shared.end(session)
    shared.sessions.clear()
    if changed(pristine, pc.inventory()):
        shutil.rmtree(pc.prefix)
        copy_prefix(made_template(template), pc.prefix)


def speak(home: House, language: Language) -> None:
    """Be a PC with this language from its next start on."""
    home.pc.extra["LC_ALL"] = language.locale
    home.language = "de" if language is GERMAN else "en"


@contextmanager
def leaving_nothing(home: House) -> Iterator[None]:
    """Prove that what happens in between leaves no process, no file and nothing in the registry."""
    home.pc.wine("cmd", "/c", "exit")  # what Wine itself writes at its first start in another language
    home.pc.shut_down()
    before = home.pc.inventory()
    yield
    away(home)
    home.pc.shut_down()
    assert changed(before, home.pc.inventory()) == {}


def away(home: House) -> None:
    """Wait until the app and its stage have gone."""

    # cmd.exe: what an installed app has left the rest to.
    programs = ("zuruf-host", "Downloads", "cmd.exe")
    eventually(
        lambda: not home.program_folders() and not any(home.pc.running(name) for name in programs),
        "the app is gone", 60,
    )  # fmt: skip


def windows(home: House) -> list[str]:
    """The app's windows, without the stage's."""
    return home.pc.windows(f"^{TITLE[home.language]}$")


def sees(home: House, *sentences: str, patience_s: float = 60) -> str:
    """Wait until the customer has these sentences before them in one window, and return all of its text."""
    seen: list[str] = []

    def there() -> str:
        seen[:] = [read(home.pc.screen, window) for window in windows(home)]
        return next((text for text in seen if all(says(text, sentence) for sentence in sentences)), "")

    try:
        return eventually(there, "", patience_s)
    except AssertionError:
        home.picture("not-seen")
        running = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in home.pc.processes()]
        raise AssertionError(f"{sentences} not in {seen}: {running} {home.log_tail()}") from None


def refusal(home: House, session: dict[str, Any], code: str) -> str:
    """Wait until the technician is told of the refusal, and return its detail."""
    found = eventually(
        lambda: (
            (told := home.session(session)["progress"]["refusal"]) and told["code"] == code and (told["detail"],)
        ),
        f"the technician is told of {code}: {home.log_tail()}", 30,
    )  # fmt: skip
    assert isinstance(found, tuple)
    return str(found[0])


def vanish(home: House) -> None:
    """The server is gone from one moment to the other."""
    assert home.server.program is not None
    home.server.program.kill()
    home.server.stop()


def press_close(home: House) -> None:
    """Press the page's only button."""
    home.pc.press("Return")


# Refusals


@LANGUAGES
def test_a_windows_that_is_too_old_is_refused_before_both(home: House, language: Language) -> None:
    speak(home, language)
    session = home.prepare()
    file = home.download(session)
    home.pc.set_version("win81")
    with leaving_nothing(home):
        home.run(file)
        needs = {"de": "Diese App braucht Windows 10 oder neuer", "en": "This app needs Windows 10 or newer"}
        sees(home, REFUSED[home.language], needs[home.language], "ZRF-503")
        home.picture("refused-too-old")
        assert "Windows 8.1" in refusal(home, session, "ZRF-503")
        assert home.program_folders() == []
        press_close(home)
    assert home.session(session)["state"] == "prepared"


@LANGUAGES
def test_a_windows_that_cannot_even_run_the_app_gets_a_message(home: House, language: Language) -> None:
    speak(home, language)
    file = home.download(home.prepare())
    home.pc.set_version("win7")
    with leaving_nothing(home):
        home.run(file)
        message = home.pc.wait_window("^Zuruf Support Session$")
        needs = {"de": "Diese App braucht Windows 10 oder neuer", "en": "This app needs Windows 10 or newer"}
        eventually(lambda: says(read(home.pc.screen, message), f"{needs[home.language]} ZRF-503"), "the message")
        home.picture("refused-cannot-run")
        home.pc.press("Return")


@LANGUAGES
def test_other_host_software_is_found_without_administrator_rights(home: House, language: Language) -> None:
    speak(home, language)
    session = home.prepare()
    file = home.download(session)
    service = r"HKLM\SYSTEM\CurrentControlSet\Services\LogMeIn"
    home.pc.wine("reg", "add", service, "/v", "Type", "/t", "REG_DWORD", "/d", "16")
    with leaving_nothing(home):
        home.run(file)
        sees(home, REFUSED[home.language], {"de": "Gefunden", "en": "Found"}[home.language], "ZRF-502")
        home.picture("refused-other-host")
        assert refusal(home, session, "ZRF-502") == "LogMeIn"
        assert home.pc.running("--refused")
        assert not home.program_folders()
        press_close(home)


def test_what_the_stage_overlooks_the_app_itself_finds(home: House) -> None:
    session = home.prepare()
    file = home.download(session)
    home.pc.wine("reg", "add", r"HKLM\SOFTWARE\LogMeIn", "/v", "InstallPath", "/d", "x", "/f", "/reg:32")
    with leaving_nothing(home):
        home.run(file)
        sees(home, REFUSED["de"], "ZRF-502")
        assert refusal(home, session, "ZRF-502") == "LogMeIn"
        assert not home.pc.running("--refused")
        assert home.program_folders()
        press_close(home)


def test_an_app_that_the_server_does_not_take_any_more_says_so(home: House) -> None:
    session = home.prepare()
    file = home.download(session)
    vanish(home)
    home.server.env["ZURUF_MINIMUM_APP_VERSION"] = "999.0"
    try:
        home.server.start()
    finally:
        del home.server.env["ZURUF_MINIMUM_APP_VERSION"]
    with leaving_nothing(home):
        home.run(file)
        again = "Diese App ist zu alt. Bitte laden Sie sie über Ihre Einladung neu herunter"
        sees(home, REFUSED["de"], again, "ZRF-307")
        home.picture("refused-app-too-old")
        assert refusal(home, session, "ZRF-307") == ""
        press_close(home)
    vanish(home)


# What is no refusal: the customer goes on


@LANGUAGES
def test_without_a_server_the_customer_reads_where_it_was_sought_and_goes_on_later(
    home: House, language: Language
) -> None:
    speak(home, language)
    session = home.prepare()
    file = home.download(session)
    vanish(home)
    with leaving_nothing(home):
        home.run(file)
        gone = {"de": "Keine Verbindung zum Server", "en": "No connection to the server"}
        sees(home, gone[home.language], f"127.0.0.1:{home.operator.port}", "ZRF-504")
        home.picture("no-connection")
        home.pc.press({"de": "alt+k", "en": "alt+r"}[home.language])
        copied = {"de": "Der Bericht ist kopiert", "en": "The report is copied"}
        sees(home, copied[home.language])
        report = clipboard(home)
        assert report.startswith("ZRF-504 20")
        assert f"127.0.0.1:{home.operator.port}" in report
        assert "Windows 10" in report
        home.server.start()
        home.pc.press("Tab", "Return")
        sees(home, {"de": "Sicherheitscode", "en": "Security code"}[home.language])
        home.picture("code")
        assert home.session(session)["progress"]["app_started_at"]
        home.pc.press("Escape")


def clipboard(home: House) -> str:
    done = subprocess.run(
        ["xclip", "-o", "-selection", "clipboard"], env=home.pc.screen.environment, check=True, capture_output=True,
        text=True, timeout=10,
    )  # fmt: skip
    return done.stdout


@LANGUAGES
def test_a_file_without_a_number_asks_for_it_until_it_is_right(home: House, language: Language) -> None:
    speak(home, language)
    ended = home.prepare()
    home.end(ended)
    session = home.prepare()
    file = home.download(session, "Fernwartung (2).exe")
    unknown = f"{(int(session['number']) + 1) % 10**10:010d}"
    german = language is GERMAN
    with leaving_nothing(home):
        home.run(file)
        sees(home, "Support-Sitzung beitreten" if german else "Join a support session")
        home.picture("number")
        enter(home, unknown)
        sees(
            home, "Diese Sitzungsnummer gibt es nicht" if german else "There is no session with this number", "ZRF-505"
        )
        home.picture("number-unknown")
        enter(home, ended["number"])
        sees(home, "Diese Sitzung ist beendet" if german else "This session has ended", "ZRF-204")
        home.picture("number-ended")
        enter(home, session["number"])
        sees(home, "Jana Weber", "Sicherheitscode" if german else "Security code")
        home.pc.press("Escape")


def enter(home: House, digits: str) -> None:
    home.pc.press("ctrl+a")
    home.pc.type(digits)
    home.pc.press("Return")


def test_a_second_download_of_the_same_file_still_knows_its_number(home: House) -> None:
    session = home.prepare()
    file = home.download(session)
    with leaving_nothing(home):
        copy = file.with_name(f"{file.stem} (1).exe")
        file.rename(copy)
        home.run(copy)
        sees(home, "Jana Weber", "Sicherheitscode")
        home.pc.press("Escape")
        away(home)
        copy.rename(file)


# Before the code


def test_before_the_code_there_is_a_folder_and_one_word_to_the_server(home: House) -> None:
    session = home.prepare()
    file = home.download(session)
    home.pc.wine("cmd", "/c", "exit")
    home.pc.shut_down()
    before = home.pc.inventory()
    home.run(file)
    home.started(session)
    sees(home, "Sicherheitscode")
    (folder,) = home.program_folders()
    # Wine keeps of an access list what Unix has rights for: nobody but who is named, and of them only owners write.
    assert folder.stat().st_mode & 0o027 == 0
    assert folder.parent.stat().st_mode & 0o007 == 0o005
    number = session["number"]
    assert requests(home, number) == [
        ("GET", f"/download/{number}"),
        ("GET", f"/api/v1/public/sessions/{number}"),
        ("POST", f"/api/v1/public/sessions/{number}/app"),
    ]
    home.pc.shut_down()
    assert [name for name in changed(before, home.pc.inventory()) if not FOLDER.match(name)] == []


def requests(home: House, number: str) -> list[tuple[str, str]]:
    """What the server was asked about a session, in order."""
    log = _COLOURS.sub("", home.server.log.read_text(encoding="utf-8", errors="replace"))
    found = re.findall(r"\] request +method=(\S+) path=(\S+)", log)
    return [(method, path) for method, path in found if number in path]


def test_whoever_cancels_before_the_code_is_left_alone(home: House) -> None:
    session = home.prepare()
    file = home.download(session)
    with leaving_nothing(home):
        home.run(file)
        sees(home, "Sicherheitscode")
        home.pc.press("alt+a")
    assert home.session(session)["state"] == "prepared"


def test_closing_the_window_while_the_code_is_checked_leaves_nothing(home: House) -> None:
    session = home.prepare()
    file = home.download(session)
    with leaving_nothing(home):
        home.run(file)
        sees(home, "Sicherheitscode")
        # Nobody has the page with the code open: the app waits a moment for the technician.
        home.type_code(CODE)
        sees(home, "Der Code wird geprüft")
        home.picture("checking")
        home.pc.press("alt+F4")


# Beside others


def test_a_second_session_is_refused_while_another_lives_on_the_pc(
    home: House, colleague: flow.Technician, tmp_path: Path
) -> None:
    with planted_libraries(home, tmp_path) as loaded, leaving_nothing(home):
        session = home.activate()
        (folder,) = home.program_folders()
        assert (folder / "session").stat().st_mode & 0o007 == 0
        second = colleague.prepare()
        file = home.download(second)
        home.run(file)
        sees(home, REFUSED["de"], "ZRF-502")
        home.picture("refused-other-session")
        eventually(lambda: colleague.session(second["id"])["progress"]["refusal"], "the colleague is told")
        assert home.session(session)["host_online"]
        press_close(home)
        eventually(lambda: home.program_folders() == [folder], "the second folder is gone")
        colleague.post(second["id"], "end")
        file.unlink()
        home.end(session)
        home.removed(session)
        home.gone(90)
        assert names(loaded) == []


def test_libraries_planted_beside_the_file_are_not_loaded(home: House, tmp_path: Path) -> None:
    session = home.prepare()
    with planted_libraries(home, tmp_path) as loaded, leaving_nothing(home):
        # Somebody who is careless does get them.
        home.pc.wine(
            r"C:\users\anna\Downloads\careless.exe", *(f"{name}.dll" for name in NAMES), "here.dll", "path.dll"
        )
        got = names(loaded)
        for known in ("Downloads-cryptbase", "Downloads-python311", "Downloads-tk86t", "here.dll", "planted-path"):
            assert any(known in name for name in got), f"{known} not in {got}"
        for mark in loaded.iterdir():
            mark.unlink()
        file = home.download(session)
        home.run(file)
        sees(home, "Sicherheitscode")
        home.pc.press("Escape")
        away(home)
        file.unlink()
        assert names(loaded) == []


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def planted_libraries(home: House, work: Path) -> Iterator[Path]:
    """Put libraries where a careless loader looks: beside the file, in the current folder, in PATH.

    Yields the folder in which they say that they were loaded.
    """
    drive, here = home.pc.drive, home.pc.prefix.parent
    downloads, planted, loaded = drive / "users/anna/Downloads", drive / "planted", drive / "loaded"
    for folder in (downloads, planted, loaded):
        folder.mkdir(parents=True, exist_ok=True)
    library, careless = work / "planted.dll", downloads / "careless.exe"
    for source, target, flags in ((PLANTED, library, ["-shared"]), (CAREFREE, careless, [])):
        text = work / "source.c"
        text.write_text(source)
        subprocess.run(["x86_64-w64-mingw32-gcc", "-O2", "-s", *flags, "-o", target, text], check=True, timeout=60)
    for name in NAMES:
        for folder in (downloads, planted, here):
            shutil.copy(library, folder / f"{name}.dll")
    shutil.copy(library, here / "here.dll")
    shutil.copy(library, planted / "path.dll")
    home.pc.extra["WINEPATH"] = r"C:\planted"
    try:
        yield loaded
    finally:
        for file in here.glob("*.dll"):
            file.unlink()


# The file


def test_everybody_gets_the_same_file_under_a_name_of_their_own(home: House, colleague: flow.Technician) -> None:
    first, second = home.prepare(), colleague.prepare()
    answers = [download(home, session) for session in (first, second)]
    colleague.post(second["id"], "end")
    assert answers[0].content == answers[1].content == home.operator.app.read_bytes()
    for session, answer in zip((first, second), answers, strict=True):
        name = f"Zuruf-Support-Session-{session['number']}.exe"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'


def download(home: House, session: dict[str, Any]) -> httpx.Response:
    return httpx.get(f"{home.server.url}/download/{session['number']}", verify=home.operator.trust, timeout=60)
