"""The payload is ours and the pinned wheels, compiled, the same every time, and lets nothing of an archive lead out."""

import io
import marshal
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from zuruf.host import data_files
from zuruf.installer.bundle import MODULES_ARCHIVE, BuiltIn, assemble
from zuruf.installer.fetch import FetchFailed, sha256_of
from zuruf.installer.runtime import Runtime, lay_out_packages, lay_out_zip

BUILT_IN = BuiltIn("1.2.3", "https://help.example", "-----BEGIN", 'Müller & "Söhne"', (("X", "service", "x"),), False)
MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"


def packed(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def package(folder: Path, name: str, files: dict[str, bytes]) -> Path:
    """Write a source package that carries a runtime as those of the index do."""
    inner = packed({f"cp311/{file}": content for file, content in files.items()} | {"cp311/": b""})
    target = folder / f"{name}.tar.gz"
    with tarfile.open(target, "w:gz") as archive:
        for path, content in (
            (f"{name}-1/setup.py", b"raise SystemExit('never run')"),
            (f"{name}-1/src/data.zip", inner),
        ):
            info = tarfile.TarInfo(path)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return target


CORE = {
    "python311.dll": b"core", "python311.zip": b"library", "python311._pth": b"theirs", "_ssl.pyd": b"ssl",
    "sqlite3.dll": b"big", "python.exe": b"shell",
}  # fmt: skip
TK = {
    "DLLs/_tkinter.pyd": b"tk", "DLLs/tcl86t.dll": b"tcl", "DLLs/tk86t.dll": b"tk86", "DLLs/other.dll": b"no",
    "Lib/tkinter/__init__.py": b"x = 1\n", "Lib/tkinter/test/t.py": b"no", "Lib/os.py": b"no",
    "tcl/tcl8.6/init.tcl": b"init", "tcl/tcl8.6/tzdata/Berlin": b"no", "tcl/tk8.6/tk.tcl": b"tk",
}  # fmt: skip


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_runtime_is_what_the_app_needs_and_no_more(tmp_path: Path) -> None:
    core, tk = package(tmp_path, "core", CORE), package(tmp_path, "tk", TK)
    runtime = lay_out_packages(core, tk, tmp_path / "out")
    assert (runtime.minor, runtime.library) == ("3.11", "python311.dll")
    assert names(runtime.folder) == [
        "Lib/tkinter/__init__.py", "_ssl.pyd", "_tkinter.pyd", "python311.dll", "python311.zip", "tcl/tcl8.6/init.tcl",
        "tcl/tk8.6/tk.tcl", "tcl86t.dll", "tk86t.dll",
    ]  # fmt: skip


def test_an_operators_zip_counts_only_with_its_checksum(tmp_path: Path) -> None:
    full = {
        "python313.dll": b"core", "DLLs/_tkinter.pyd": b"tk", "DLLs/_ssl.pyd": b"ssl", "Lib/os.py": b"os",
        "Lib/test/t.py": b"no", "Lib/tkinter/__init__.py": b"tk", "tcl/tk8.6/tk.tcl": b"tk", "python.exe": b"no",
    }  # fmt: skip
    archive = tmp_path / "python.zip"
    archive.write_bytes(packed(full))
    with pytest.raises(FetchFailed, match="another SHA-256"):
        lay_out_zip(archive, "0" * 64, None, tmp_path / "no")
    runtime = lay_out_zip(archive, sha256_of(archive), None, tmp_path / "out")
    assert runtime.minor == "3.13"
    with zipfile.ZipFile(runtime.folder / "python313.zip") as library:
        assert library.namelist() == ["os.py"]
    assert "python.exe" not in names(runtime.folder)


def test_a_zip_that_is_no_python_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "other.zip"
    archive.write_bytes(packed({"readme.txt": b"hello"}))
    with pytest.raises(FetchFailed, match="no CPython for Windows"):
        lay_out_zip(archive, sha256_of(archive), None, tmp_path / "out")


@pytest.mark.parametrize("name", ["../escape.dll", "/etc/passwd", "a\\\\..\\\\b.dll", "c:x.dll"])
def test_nothing_in_an_archive_leads_out_of_it(tmp_path: Path, name: str) -> None:
    core = package(tmp_path, "core", {**CORE, name: b"evil"})
    with pytest.raises(FetchFailed, match="leads out"):
        lay_out_packages(core, package(tmp_path, "tk", TK), tmp_path / "out")


def modules(folder: Path) -> set[str]:
    with zipfile.ZipFile(folder / "Lib/site-packages" / MODULES_ARCHIVE) as archive:
        return set(archive.namelist())


def runtime(tmp_path: Path) -> Runtime:
    folder = tmp_path / "payload"
    (folder / "Lib/tkinter").mkdir(parents=True)
    (folder / "Lib/tkinter/__init__.py").write_text("x = 1\n")
    return Runtime(folder, MINOR)


@contextmanager
def time_zone(name: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", name)
        time.tzset()
        yield
    time.tzset()


def test_the_payload_is_the_same_from_the_same_inputs_at_another_time(tmp_path: Path) -> None:
    folders = []
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        (tmp_path / zone).mkdir(parents=True)
        with time_zone(zone):
            folders.append(assemble(runtime(tmp_path / zone), [], BUILT_IN))
    assert names(folders[0]) == names(folders[1])
    for name in names(folders[0]):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


def test_the_payload_holds_protocol_and_host_and_nothing_of_the_server(tmp_path: Path) -> None:
    folder = assemble(runtime(tmp_path), [], BUILT_IN)
    on_disk, archived = names(folder), modules(folder)
    assert {name.split("/")[1] for name in archived if name.startswith("zuruf/")} == {
        "__init__.pyc",
        "protocol",
        "host",
    }
    assert not any("x11" in name or name.endswith((".py", ".po")) for name in (*on_disk, *archived))
    assert "Lib/site-packages/zuruf/host/locale/de/LC_MESSAGES/messages.mo" in on_disk


def test_modules_are_archived_but_those_of_packages_with_extension_modules(tmp_path: Path) -> None:
    wheel = tmp_path / "mixed-1-cp311-win_amd64.whl"
    mixed = {
        "mixed/__init__.py": b"",
        "mixed/sub/__init__.py": b"",
        "mixed/sub/_fast.pyd": b"MZ",
        "plain/__init__.py": b"",
    }
    wheel.write_bytes(packed(mixed))
    folder = assemble(runtime(tmp_path), [wheel], BUILT_IN)
    archived = modules(folder)
    assert {"plain/__init__.pyc", "tkinter/__init__.pyc", "zuruf/host/start.pyc"} <= archived
    assert not any(name.startswith("mixed/") for name in archived)
    assert {"Lib/site-packages/mixed/__init__.pyc", "Lib/site-packages/mixed/sub/_fast.pyd"} <= set(names(folder))
    assert not any(name.endswith("plain/__init__.pyc") for name in names(folder))


def test_the_app_knows_the_archive_and_finds_its_other_files_beside_it() -> None:
    assert data_files.MODULES_ARCHIVE == MODULES_ARCHIVE
    inside = Path("/app/site-packages") / MODULES_ARCHIVE / "zuruf/host/__init__.pyc"
    assert data_files.on_disk(str(inside)) == Path("/app/site-packages/zuruf/host")
    assert (data_files.LOCALE / "de").is_dir()
    assert (data_files.ICONS / "active.ico").is_file()


def test_what_the_operator_builds_in_is_there_and_nothing_else_decides(tmp_path: Path) -> None:
    folder = assemble(runtime(tmp_path), [], BUILT_IN)
    with zipfile.ZipFile(folder / "Lib/site-packages" / MODULES_ARCHIVE) as archive:
        data = archive.read("zuruf/host/build_info.pyc")
    values: dict[str, object] = {}
    exec(marshal.loads(data[16:]), values)
    assert (values["SERVER_URL"], values["DEVELOPMENT"], values["BRAND"]) == (
        "https://help.example",
        False,
        'Müller & "Söhne"',
    )
    assert values["INSTALLED_HOSTS"] == (("X", "service", "x"),)


def test_bytecode_without_its_source_runs(tmp_path: Path) -> None:
    archive = assemble(runtime(tmp_path), [], BUILT_IN) / "Lib/site-packages" / MODULES_ARCHIVE
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(archive)!r});"
         "import zuruf.host.build_info as b; print(b.__file__, b.APP_VERSION)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split()[0].endswith("build_info.pyc")
    assert done.stdout.split()[1] == "1.2.3"


def test_a_library_of_sources_is_compiled_too(tmp_path: Path) -> None:
    made = runtime(tmp_path)
    library = made.folder / f"python{MINOR.replace('.', '')}.zip"
    library.write_bytes(packed({"answer.py": b"value = 42\n", "data.txt": b"text"}))
    assemble(replace(made, sources=True), [], BUILT_IN)
    with zipfile.ZipFile(library) as opened:
        assert opened.namelist() == ["answer.pyc", "data.txt"]
    ask = f"import sys; sys.path.insert(0, {str(library)!r}); import answer; print(answer.value)"
    done = subprocess.run([sys.executable, "-I", "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["42"]


def test_an_embeddable_zip_of_another_minor_version_has_no_tkinter_to_go_with(tmp_path: Path) -> None:
    archive = tmp_path / "python.zip"
    archive.write_bytes(packed({"python313.dll": b"core", "python313.zip": b"library", "python313._pth": b""}))
    with pytest.raises(FetchFailed, match=r"Python 3\.13 without tkinter"):
        lay_out_zip(archive, sha256_of(archive), package(tmp_path, "tk", TK), tmp_path / "out")
