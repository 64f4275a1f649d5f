"""Self-test of the computer, of who may do what with the app's files, and of the policy behind Ctrl-Alt-Del."""

import os
from collections.abc import Callable
from pathlib import Path

from zuruf.host import build_info
from zuruf.host.platform.base import AlreadyRunning
from zuruf.host.platform.windows import native, processes, security, session_probe
from zuruf.host.platform.windows.platform import WindowsPlatform
from zuruf.host.platform.windows.probe import SystemProbe
from zuruf.host.platform.windows.sas import Attention
from zuruf.host.platform.windows.sas_calls import RegistryPolicy
from zuruf.host.platform.windows.sddl import PRIVATE_FILE, PRIVATE_FOLDER, PROGRAM_FOLDER, who_may_write
from zuruf.host.platform.windows.self_test.report import Failed, Lines, NotPossible, Seen, Text

OURS = {"SY", "BA"}


def try_rights(lines: Lines, platform: WindowsPlatform, work: Path) -> None:
    """Look at the computer and at the rights. ``work``: a new private folder of this test."""
    lines.attempt("Windows", "Windows", lambda: _windows(platform))
    lines.attempt("Administratorrechte", "administrator rights", _administrator)
    lines.attempt("andere Fernwartung auf diesem PC", "other host software on this PC", lambda: _hosts(platform))
    lines.attempt("Konto und Sitzung", "account and session", _account)
    lines.attempt(
        "Programmordner: nur System und Administratoren schreiben",
        "program folder: only system and administrators write",
        lambda: _program_folder(platform),
    )
    lines.attempt(
        "Sitzungsordner: nur System und Administratoren lesen",
        "session folder: only system and administrators read",
        lambda: private(work, lambda: platform.make_private_directory(work), PRIVATE_FOLDER),
    )
    file = work / "private"
    lines.attempt(
        "Datei der Sitzung: nur System und Administratoren lesen",
        "file of the session: only system and administrators read",
        lambda: private(file, lambda: os.close(platform.make_private_file(file)), PRIVATE_FILE),
    )
    lines.attempt("Geheimnis schützen und lesen (DPAPI)", "protect and read a secret (DPAPI)", lambda: _dpapi(platform))
    lines.attempt("eine Sitzung nur einmal", "one session once only", lambda: _lock(platform, work / "lock"))
    lines.attempt(
        "Richtlinie für Strg+Alt+Entf erlauben und zurückstellen, ohne es zu senden",
        "allow Ctrl+Alt+Del by policy and put the policy back, without sending",
        lambda: _policy(work / "attention.json"),
    )


def _windows(platform: WindowsPlatform) -> str:
    version = native.version()
    return f"{platform.system()} · NT {version.major}.{version.minor}.{version.build} · app {build_info.APP_VERSION}"


def _administrator() -> Seen:
    if not SystemProbe().administrator():
        raise Failed("der Test läuft ohne", "the test runs without them")
    return processes.own_sid()


def _hosts(platform: WindowsPlatform) -> Seen:
    found = platform.refusal()
    if found is not None:
        raise Failed(f"{found.code} {found.detail}", f"{found.code} {found.detail}")
    return Text("keine", "none")


def _account() -> str:
    return f"{session_probe.own_user()} · {session_probe.own_session()} · console {session_probe.console()}"


def _program_folder(platform: WindowsPlatform) -> str:
    folder = platform.program_folder()
    if folder is None:
        raise NotPossible("die App läuft nicht aus ihrem Ordner", "the app does not run from its folder")
    return checked(folder, PROGRAM_FOLDER)


def checked(folder: Path, asked: str) -> str:
    """Return the access list of a folder that others may read. Raises Failed where anybody else may write."""
    found = security.describe(folder)
    others = who_may_write(found) - OURS
    if others or not who_may_write(found):
        raise Failed(f"verlangt {asked}, gelesen {found}", f"asked {asked}, read {found}")
    return found


def private(path: Path, make: Callable[[], None], asked: str) -> str:
    """Make something private and return its access list. Raises Failed where anybody else is in it."""
    make()
    found = security.describe(path)
    entries = found.partition("D:")[2]
    named = {entry.rpartition(";")[2].rstrip(")") for entry in entries.split("(")[1:]}
    if named != OURS:
        raise Failed(f"verlangt {asked}, gelesen {found}", f"asked {asked}, read {found}")
    return found


def _dpapi(platform: WindowsPlatform) -> str:
    secret = os.urandom(64)
    data = platform.protect(secret)
    if platform.unprotect(data) != secret or secret in data:
        raise Failed("nicht dasselbe", "not the same")
    return f"{len(secret)} → {len(data)} bytes"


def _lock(platform: WindowsPlatform, file: Path) -> Seen:
    with platform.lock(file):
        try:
            with platform.lock(file):
                raise Failed("zweimal gehalten", "held twice")
        except AlreadyRunning:
            pass
    if file.exists():
        raise Failed("die Datei bleibt", "the file stays")
    return Text("die zweite wird abgewiesen", "the second one is refused")


def _policy(note: Path) -> str:
    policy = RegistryPolicy()
    before = policy.read()
    meanwhile: list[int | None] = []
    Attention(policy, lambda: meanwhile.append(policy.read()), lambda _seconds: None, note).send()
    after = policy.read()
    text = f"SoftwareSASGeneration {before} → {meanwhile} → {after}"
    if after != before or meanwhile not in ([1], [3]) or note.exists():
        raise Failed(text, text)
    return text
