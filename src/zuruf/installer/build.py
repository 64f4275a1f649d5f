"""Builds ``Zuruf-Support-Session.exe`` on Linux: fetch, verify, lay out, bundle, launcher, NSIS, description.

The same inputs give the same bytes: no time stamp, no random name, no order of a directory gets into the file.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from zuruf.installer import description, icon, psf
from zuruf.installer.bundle import BuiltIn, assemble, work_folder
from zuruf.installer.description import Facts
from zuruf.installer.fetch import Part, fetch, pinned, sha256_of
from zuruf.installer.runtime import PINNED_MINOR, Runtime, lay_out_packages, lay_out_zip

FILE_NAME = "Zuruf-Support-Session.exe"
SIZE_MAX_BYTES = 40 * 1000 * 1000
PROGRAM = "zuruf-host.exe"
_ENTRY = "zuruf.host.start"
_TOOL_TIMEOUT_S = 600
_RULE = {"service": "Service", "registry": "Registry", "file": "File"}
DEFAULT_INSTALLED_HOSTS = (
    ("LogMeIn", "service", "LogMeIn"),
    ("LogMeIn", "service", "LMIGuardianSvc"),
    ("LogMeIn", "registry", r"SOFTWARE\LogMeIn"),
)
"""Host software beside which no ad-hoc session starts: name, kind, and the service, key below HKLM or file."""


class BuildFailed(Exception):
    """The app could not be built. The text is for the operator."""


@dataclass(frozen=True)
class PythonZip:
    """An operator's own zip from python.org."""

    file: Path
    sha256: str


@dataclass(frozen=True)
class Plan:
    """What is wanted. ``entry``: what runs; ``extra``: more modules, by file name, of an instrumented build."""

    built_in: BuiltIn
    output: Path
    cache: Path
    icon: Path | None = None
    python: PythonZip | None = None
    entry: str = _ENTRY
    extra: Sequence[tuple[str, bytes]] = field(default=())
    quick: bool = False
    """Packed in seconds, and larger."""


@dataclass(frozen=True)
class Built:
    """The result: where it is, its SHA-256 (hex) and size in bytes."""

    file: Path
    sha256: str
    size: int


def build(plan: Plan, say: Callable[[str], None]) -> Built:
    """Build the app and describe it beside the file.

    Raises BuildFailed, FetchFailed, NotGenuine, NotAnIcon, ToolFailed, OSError.
    """
    _check(plan)
    with work_folder() as work:
        folder = Path(work)
        runtime, wheels = _runtime(plan, folder / "payload", say)
        say("verifying the publisher's signatures")
        # The checksum of an operator's own archive vouches for Microsoft's files in it, our pins for those of ours.
        pinned_files = psf.vouched_for(runtime.folder) if plan.python else psf.NOT_SIGNED_BY_PSF
        psf.verify_runtime(runtime.folder, pinned=pinned_files)
        say("bundling the app")
        payload = assemble(runtime, wheels, plan.built_in, plan.extra)
        _launcher(plan, runtime, folder)
        shutil.copy(folder / PROGRAM, payload / PROGRAM)
        say("packing")
        made = _pack(plan, payload, folder)
        if made.stat().st_size > SIZE_MAX_BYTES:
            raise BuildFailed(f"the app has {made.stat().st_size} bytes, more than {SIZE_MAX_BYTES}")
        plan.output.parent.mkdir(parents=True, exist_ok=True)
        fresh = plan.output.with_name(plan.output.name + ".new")
        shutil.copyfile(made, fresh)
        fresh.replace(plan.output)
    description.write(plan.output, Facts.of(plan.built_in))
    return Built(plan.output, sha256_of(plan.output), plan.output.stat().st_size)


def _check(plan: Plan) -> None:
    built_in = plan.built_in
    if not built_in.development and not built_in.server.startswith("https://"):
        raise BuildFailed("the server's address must begin with https://")
    if not re.fullmatch(r"\d+(\.\d+){1,3}", built_in.version):
        raise BuildFailed("the version must be dotted numbers")
    if not re.fullmatch(r"[\w .,&+\-äöüÄÖÜß]{1,60}", built_in.brand):
        raise BuildFailed("the brand's name must be 1 to 60 letters, digits, spaces or .,&+-")
    for name, kind, what in built_in.installed_hosts:
        if kind not in _RULE or not all(re.fullmatch(r"[\w .%\\:()\-]{1,200}", text) for text in (name, what)):
            raise BuildFailed(f"not a rule for installed hosts: {name}, {kind}, {what}")
    if plan.icon is not None:
        icon.check(plan.icon)
    for tool in ("makensis", "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-windres"):
        if shutil.which(tool) is None:
            raise BuildFailed(f"{tool} is missing (Debian packages nsis and gcc-mingw-w64-x86-64)")


def _runtime(plan: Plan, folder: Path, say: Callable[[str], None]) -> tuple[Runtime, list[Path]]:
    parts = pinned()
    folder.mkdir()

    def of(kind: str, minor: str) -> list[Part]:
        return [part for part in parts if part.kind == kind and part.python == minor]

    def first(kind: str) -> Path:
        wanted = of(kind, PINNED_MINOR)
        return fetch(wanted, plan.cache, say)[wanted[0]]

    if plan.python is None:
        runtime = lay_out_packages(first("runtime"), first("tk"), folder)
    else:
        runtime = lay_out_zip(plan.python.file, plan.python.sha256, first("tk"), folder)
    wheels = of("wheel", runtime.minor)
    if not wheels:
        raise BuildFailed(f"no wheels are pinned for Python {runtime.minor}")
    return runtime, list(fetch(wheels, plan.cache, say).values())


def _launcher(plan: Plan, runtime: Runtime, folder: Path) -> None:
    """Compile the program that starts the runtime; 20 KB, with icon, manifest and version."""
    built_in = plan.built_in
    texts = {
        "@RUNTIME@": runtime.library,
        "@ENTRY@": plan.entry,
        "@ICON@": "zuruf.ico",
        "@NUMBERS@": ",".join(_numbers(built_in.version)),
        "@VERSION@": built_in.version,
        "@COMPANY@": built_in.brand,
        "@PRODUCT@": "Zuruf Support Session",
    }
    for name in ("launcher.c", "launcher.rc", "launcher.manifest"):
        text = (resources.files(__package__) / "data" / name).read_text(encoding="utf-8")
        for placeholder, value in texts.items():
            text = text.replace(placeholder, value)
        (folder / name).write_text(text, encoding="utf-8")
    _icon(plan, folder)
    _run(["x86_64-w64-mingw32-windres", "--codepage=65001", "launcher.rc", "-O", "coff", "launcher.res"], folder)
    flags = ["-Os", "-s", "-Wall", "-Werror", "-municode", "-mwindows", "-nostdlib", "-fno-stack-protector"]
    hardening = ["-Wl,--no-insert-timestamp,--dynamicbase,--nxcompat,--high-entropy-va,-e,start"]
    sources = ["launcher.c", "launcher.res"]
    _run(["x86_64-w64-mingw32-gcc", *flags, *hardening, "-o", PROGRAM, *sources, "-lkernel32"], folder)


def _pack(plan: Plan, payload: Path, folder: Path) -> Path:
    _icon(plan, folder)
    (folder / "payload.nsh").write_text("".join(_file_lines(payload)), encoding="utf-8-sig")
    rules = (f'!insertmacro {_RULE[kind]} "{name}" "{what}"\n' for name, kind, what in plan.built_in.installed_hosts)
    (folder / "rules.nsh").write_text("".join(rules), encoding="utf-8-sig")
    shutil.copyfile(str(resources.files(__package__) / "data" / "stage.nsi"), folder / "stage.nsi")
    made = folder / FILE_NAME
    defines = {
        "OUTPUT": str(made),
        "ICON": str(folder / "zuruf.ico"),
        "PAYLOAD": str(folder / "payload.nsh"),
        "RULES": str(folder / "rules.nsh"),
        "PRODUCT": "Zuruf Support Session",
        "COMPANY": plan.built_in.brand,
        "VERSION": plan.built_in.version,
        "NUMBERS": ".".join(_numbers(plan.built_in.version)),
    }
    if plan.quick:
        defines["QUICK"] = "1"
    _run(["makensis", "-V2", "-WX", *(f"-D{name}={value}" for name, value in defines.items()), "stage.nsi"], folder)
    return made


def _file_lines(payload: Path) -> Iterable[str]:
    """Return what makes NSIS pack these files in this order, whatever the file system's own order is."""
    here = ""
    yield 'StrCpy $R9 "$OUTDIR"\n'
    for file in sorted(path for path in payload.rglob("*") if path.is_file()):
        folder = str(file.relative_to(payload).parent).replace("/", "\\")
        if folder != here:
            here = folder
            yield 'SetOutPath "$R9"\n' if folder == "." else f'SetOutPath "$R9\\{folder}"\n'
        yield f'File "{str(file).replace("$", "$$")}"\n'
    yield 'SetOutPath "$R9"\n'


def _icon(plan: Plan, folder: Path) -> None:
    icon = plan.icon or Path(str(resources.files(__package__) / "data" / "zuruf.ico"))
    shutil.copyfile(icon, folder / "zuruf.ico")


def _numbers(version: str) -> list[str]:
    return [*version.split("."), "0", "0", "0"][:4]


def _run(command: list[str], folder: Path) -> None:
    # SOURCE_DATE_EPOCH: no tool gets to write the time of this build into the file.
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": "0"}
    try:
        done = subprocess.run(  # noqa: S603 - no shell, fixed programs
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_TOOL_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildFailed(f"{command[0]} did not run: {error}") from error
    if done.returncode != 0:
        raise BuildFailed(f"{command[0]} failed:\n{(done.stdout + done.stderr)[-4000:]}")
