"""The command line of ``zuruf-host``. Only a development build takes another server than the one built in."""

import argparse
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from zuruf.host import build_info
from zuruf.host.pairing.code import number_from_file_name
from zuruf.host.ui.texts import LANGUAGES, system_language


class Arguments(argparse.Namespace):
    """What was asked for; unset values are empty."""

    server: str
    certificate_authority: str
    """PEM text."""
    number: str | None
    cli: bool
    resume: bool
    data_dir: Path | None
    language: str


def parse(argv: Sequence[str], program: str) -> Arguments:
    """Return the arguments; ``program`` is the name the app was started by. Exits with usage for bad ones."""
    parser = argparse.ArgumentParser(prog="zuruf-host", description="Zuruf Support Session app")
    if build_info.DEVELOPMENT:
        parser.add_argument("--server", default=build_info.SERVER_URL, help="the server's public address")
        parser.add_argument("--ca", type=_pem, dest="certificate_authority", help="PEM file of its own authority")
    parser.add_argument("--number", help="session number, ten digits")
    parser.add_argument("--cli", action="store_true", help="questions and status lines instead of a window")
    parser.add_argument("--resume", action="store_true", help="go on with a session of this computer, or do nothing")
    parser.add_argument("--data-dir", type=_absolute, help="where the session's state is kept")
    parser.add_argument("--language", choices=LANGUAGES, default=system_language())
    defaults = Arguments(
        server=build_info.SERVER_URL,
        certificate_authority=build_info.CERTIFICATE_AUTHORITY,
        number=number_from_file_name(Path(program).name),
    )
    arguments = parser.parse_args(argv, namespace=defaults)
    if not arguments.resume and not arguments.server:
        parser.error("this build has no server: use --server")
    return arguments


def _absolute(text: str) -> Path:
    return Path(text).absolute()


def _pem(text: str) -> str:
    try:
        return Path(text).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise argparse.ArgumentTypeError(f"cannot read {text}") from error


def restart_command(arguments: Arguments, data_dir: Path) -> list[str]:
    """Return what starts this app again at the next sign-in, for the same session."""
    command = [sys.executable, "-m", "zuruf.host.app", "--resume", "--data-dir", str(data_dir)]
    if arguments.cli:
        command.append("--cli")
    return [*command, "--language", arguments.language]


def data_dir_of(command: Sequence[str]) -> Path | None:
    """Return the data directory in a command made by ``restart_command``."""
    for flag, value in pairwise(command):
        if flag == "--data-dir":
            return Path(value)
    return None
