"""The command line of ``zuruf-host``. Only a development build takes another server than the one built in."""

import argparse
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path, PureWindowsPath

from zuruf.host import build_info
from zuruf.host.pairing.code import number_from_file_name
from zuruf.host.ui.texts import LANGUAGES
from zuruf.protocol.codes import Code

REFUSALS = (Code.NOT_ADMINISTRATOR, Code.SYSTEM_TOO_OLD, Code.HOST_ALREADY_INSTALLED)
"""What the unpacking stage may find."""


class Arguments(argparse.Namespace):
    """What was asked for; unset values are empty."""

    server: str
    certificate_authority: str
    """PEM text."""
    number: str | None
    downloaded: str
    """Path of the file the customer downloaded, which the app was unpacked from; its name carries the number."""
    cli: bool
    resume: bool
    window: str
    desktop: str
    """Name of the pipe of a helper process; empty: this process is none."""
    server_pid: int
    """Which process must be at the other end of that pipe."""
    refused: str
    """The code of a refusal that was found before this process was started with administrator rights."""
    refused_detail: str
    self_test: str
    """Path of the report; empty: no self-test."""
    self_test_sas: bool
    """Whether the self-test may send Ctrl-Alt-Del."""
    data_dir: Path | None
    language: str


def parse(argv: Sequence[str], program: str, language: str = "en") -> Arguments:
    """Return the arguments. Exits with usage for bad ones.

    ``program``: the name the app was started by. ``language``: the system's, one of ``texts.LANGUAGES``.
    """
    parser = argparse.ArgumentParser(prog="zuruf-host", description="Zuruf Support Session app")
    if build_info.DEVELOPMENT:
        parser.add_argument("--server", default=build_info.SERVER_URL, help="the server's public address")
        parser.add_argument("--ca", type=_pem, dest="certificate_authority", help="PEM file of its own authority")
    parser.add_argument("--number", help="session number, ten digits")
    parser.add_argument("--cli", action="store_true", help="questions and status lines instead of a window")
    parser.add_argument("--downloaded", default="", help="the downloaded file that this app was unpacked from")
    parser.add_argument("--resume", action="store_true", help="go on with a session of this computer, or do nothing")
    parser.add_argument("--window", default="", help=argparse.SUPPRESS)
    parser.add_argument("--desktop", default="", help=argparse.SUPPRESS)
    parser.add_argument("--server-pid", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--refused", default="", choices=REFUSALS, help=argparse.SUPPRESS)
    parser.add_argument("--refused-detail", default="", help=argparse.SUPPRESS)
    parser.add_argument(
        "--self-test", nargs="?", default="", const="zuruf-self-test.txt", metavar="REPORT", help="try this computer"
    )
    parser.add_argument("--self-test-sas", action="store_true", help="with --self-test: send Ctrl-Alt-Del, too")
    parser.add_argument("--data-dir", type=_absolute, help="where the session's state is kept")
    parser.add_argument("--language", choices=LANGUAGES, default=language)
    defaults = Arguments(
        server=build_info.SERVER_URL,
        certificate_authority=build_info.CERTIFICATE_AUTHORITY,
    )
    arguments = parser.parse_args(argv, namespace=defaults)
    if arguments.number is None:
        # A Windows path splits at both kinds of slashes.
        arguments.number = number_from_file_name(PureWindowsPath(arguments.downloaded or program).name)
    elsewhere = arguments.resume or arguments.window or arguments.desktop or arguments.self_test
    if not elsewhere and not arguments.server:
        parser.error("this build has no server: use --server")
    return arguments


def _absolute(text: str) -> Path:
    return Path(text).absolute()


def _pem(text: str) -> str:
    try:
        return Path(text).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise argparse.ArgumentTypeError(f"cannot read {text}") from error


def resume_arguments(arguments: Arguments, data_dir: Path) -> list[str]:
    """Return what tells the app at its next start to go on with the same session."""
    cli = ["--cli"] if arguments.cli else []
    return ["--data-dir", str(data_dir), *cli, "--language", arguments.language]


def data_dir_of(command: Sequence[str]) -> Path | None:
    """Return the data directory in a command made with ``resume_arguments``."""
    for flag, value in pairwise(command):
        if flag == "--data-dir":
            return Path(value)
    return None
