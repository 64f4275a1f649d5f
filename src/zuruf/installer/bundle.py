"""Puts the app's payload together: runtime, wheels, our own two packages compiled, catalogs, what is built in.

Everything about it is a function of its inputs: names, order and bytes; no time stamps, no paths of this machine.
"""

import datetime
import importlib.util
import io
import marshal
import re
import shutil
import struct
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import zuruf
from zuruf.installer.runtime import Runtime

_SOURCE = Path(zuruf.__file__).parent
_PACKAGES = ("protocol", "host")
_NOT_FOR_WINDOWS = ("host/platform/x11/",)
_PYWIN32 = frozenset(
    f"win32/{name}.pyd"
    for name in (
        *("win32api", "win32clipboard", "win32crypt", "win32event", "win32evtlog", "win32file", "win32gui", "win32job"),
        *("win32pipe", "win32process", "win32profile", "win32security", "win32service", "servicemanager", "win32ts"),
        *("_win32sysloader", "win32console", "win32net"),
    )
) | {f"win32/lib/{name}.py" for name in ("win32con", "winerror", "pywintypes", "ntsecuritycon", "win32gui_struct")}
MODULES_ARCHIVE = "modules.zip"
"""As ``zuruf.host.data_files`` knows it."""
_NO_TIME = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)
_MARSHAL_VERSION = 2
"""Later ones mark what the building process happens to share, which is not the same in every process."""
_NOT_IN_WHEELS = re.compile(
    r"(^|/)(tests?|demos?|include|libs)/|\.(pyi|c|h|cpp|lib|chm|txt|md|rst)$|\.dist-info/(?!licenses/|LICEN|METADATA$)"
    r"|^comtypes/(test|tools/codegenerator)|^cffi/(?!__init__|api|commontypes|error|ffiplatform|lock|model|cparser)"
)


@dataclass(frozen=True)
class BuiltIn:
    """What an operator builds in; see ``zuruf.host.build_info``."""

    version: str
    server: str
    certificate_authority: str
    brand: str
    installed_hosts: tuple[tuple[str, str, str], ...]
    development: bool

    def module(self) -> str:
        """Return ``build_info`` with these values."""
        values = {
            "APP_VERSION": self.version,
            "SERVER_URL": self.server,
            "CERTIFICATE_AUTHORITY": self.certificate_authority,
            "BRAND": self.brand,
            "INSTALLED_HOSTS": self.installed_hosts,
            "DEVELOPMENT": self.development,
        }
        return "".join(f"{name} = {value!r}\n" for name, value in values.items())


def assemble(
    runtime: Runtime, wheels: Sequence[Path], built_in: BuiltIn, extra: Iterable[tuple[str, bytes]] = ()
) -> Path:
    """Complete the runtime's folder to the whole payload and return it. ``extra``: more modules, name and source."""
    site = runtime.folder / "Lib" / "site-packages"
    for wheel in sorted(wheels):
        _unpack(wheel, runtime.folder, site)
    for package in _PACKAGES:
        for source in sorted((_SOURCE / package).rglob("*")):
            name = source.relative_to(_SOURCE).as_posix()
            if source.is_file() and "__pycache__" not in name and not name.startswith(_NOT_FOR_WINDOWS):
                _add(site, f"zuruf/{name}", source.read_bytes())
    _add(site, "zuruf/__init__.py", (_SOURCE / "__init__.py").read_bytes())
    _add(site, "zuruf/host/build_info.py", built_in.module().encode())
    for name, data in extra:
        _add(site, name, data)
    compile_all(site, runtime.minor)
    compile_all(runtime.folder / "Lib" / "tkinter", runtime.minor, "tkinter/")
    _archive_modules(site, (*(path for path in site.iterdir() if path.is_dir()), runtime.folder / "Lib" / "tkinter"))
    digits = runtime.minor.replace(".", "")
    if runtime.sources:
        compile_library(runtime.folder / f"python{digits}.zip", runtime.minor)
    paths = (f"python{digits}.zip", rf"Lib\site-packages\{MODULES_ARCHIVE}", ".", "Lib", r"Lib\site-packages")
    lines = (*paths, r"Lib\site-packages\win32", r"Lib\site-packages\win32\lib")
    (runtime.folder / f"python{digits}._pth").write_bytes("".join(f"{line}\r\n" for line in lines).encode())
    return runtime.folder


def _add(site: Path, name: str, data: bytes) -> None:
    target = site / name
    if name.endswith(".po"):
        # The bundle has no Babel: it reads compiled catalogs.
        target, data = target.with_suffix(".mo"), _compiled_catalog(data, Path(name).parts[-3])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _compiled_catalog(data: bytes, language: str) -> bytes:
    compiled = io.BytesIO()
    catalog = read_po(io.BytesIO(data), locale=language)
    # Babel takes the time of this build where the catalog says none.
    catalog.creation_date = catalog.revision_date = _NO_TIME
    write_mo(compiled, catalog)
    return compiled.getvalue()


def _unpack(wheel: Path, folder: Path, site: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            name = info.filename
            if info.is_dir() or name.startswith("/") or ".." in name.split("/"):
                continue
            if wheel.name.startswith("pywin32-"):
                if name.startswith("pywin32_system32/") and "pywintypes" in name:
                    _copy(archive, info, folder / Path(name).name)
                elif name in _PYWIN32:
                    _copy(archive, info, site / name)
            elif not _NOT_IN_WHEELS.search(name):
                _copy(archive, info, site / name)


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(info) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)


def compile_all(folder: Path, minor: str, prefix: str = "") -> None:
    """Replace every source below ``folder`` by its bytecode, when this Python makes the same as the runtime's.

    Bytecode next to no source is never checked against one: the app starts faster and writes nothing. Another minor
    version cannot read ours; then the sources stay.
    """
    if minor != f"{sys.version_info.major}.{sys.version_info.minor}":
        return
    for source in sorted(folder.rglob("*.py")):
        name = prefix + source.relative_to(folder).as_posix()
        source.with_suffix(".pyc").write_bytes(_bytecode(name, source.read_bytes()))
        source.unlink()


def compile_library(archive: Path, minor: str) -> None:
    """Do the same to a standard library that is an archive of sources: Python would compile it anew at every start."""
    if minor != f"{sys.version_info.major}.{sys.version_info.minor}":
        return
    with zipfile.ZipFile(archive) as opened:
        files = {info.filename: opened.read(info) for info in opened.infolist()}
    with zipfile.ZipFile(archive, "w") as packed:
        for name, data in files.items():
            if name.endswith(".py"):
                packed.writestr(zipfile.ZipInfo(f"{name}c"), _bytecode(name, data))
            else:
                packed.writestr(zipfile.ZipInfo(name), data)


def _bytecode(name: str, source: bytes) -> bytes:
    code = compile(source, name, "exec", dont_inherit=True, optimize=0)
    # PEP 552: hash-based and unchecked, so that no time stamp gets in.
    header = importlib.util.MAGIC_NUMBER + struct.pack("<I", 0b01) + importlib.util.source_hash(source)
    return header + marshal.dumps(code, _MARSHAL_VERSION)


def _archive_modules(site: Path, packages: Iterable[Path]) -> None:
    """Move the compiled modules of packages without extension modules into one archive, in which they are found fast.

    Stored, for the whole is compressed anyway. An extension module cannot be loaded from an archive, nor can a package
    be in two places; what is no module stays where it is.
    """
    modules = [
        (module.relative_to(package.parent).as_posix(), module)
        for package in packages
        if (package / "__init__.pyc").exists() and not any(package.rglob("*.pyd"))
        for module in package.rglob("*.pyc")
    ]
    with zipfile.ZipFile(site / MODULES_ARCHIVE, "w") as archive:
        for name, module in sorted(modules):
            archive.writestr(zipfile.ZipInfo(name), module.read_bytes())
            module.unlink()


def work_folder() -> "tempfile.TemporaryDirectory[str]":
    """Return a folder for one build."""
    return tempfile.TemporaryDirectory(prefix="zuruf-build-")
