"""``zuruf installer``: builds, signs and verifies the Support Session app. Says in a sentence what failed."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from zuruf.installer import description
from zuruf.installer.authenticode import SYSTEM_AUTHORITIES, NotVerified, ToolFailed, verify
from zuruf.installer.build import (
    DEFAULT_INSTALLED_HOSTS,
    FILE_NAME,
    BuildFailed,
    Plan,
    PythonZip,
    build,
)
from zuruf.installer.bundle import BuiltIn
from zuruf.installer.description import Facts, NotDescribed
from zuruf.installer.fetch import FetchFailed, sha256_of
from zuruf.installer.icon import NotAnIcon
from zuruf.installer.psf import NotGenuine
from zuruf.installer.signing import (
    Identity,
    PfxIdentity,
    SignedBy,
    SigningError,
    TokenIdentity,
    check,
    common_name,
    read_password,
    sign,
)

app = typer.Typer(
    no_args_is_help=True, help="Build, sign and verify the Support Session app for Windows.",
    pretty_exceptions_enable=False,  # they print local variables, and a password may be among them
)  # fmt: skip

_CACHE = Path("~/.cache/zuruf/parts")
_APP = Path("dist") / FILE_NAME
_PROBLEMS = (
    BuildFailed, FetchFailed, NotGenuine, NotAnIcon, NotDescribed, NotVerified, SigningError, ToolFailed, OSError,
)  # fmt: skip

_Authorities = Annotated[
    Path | None,
    typer.Option(help="PEM file with the root above the publisher's certificate, unless this machine trusts it anyway"),
]
_TimestampAuthorities = Annotated[
    Path | None,
    typer.Option(help="PEM file with the root above the timestamp's certificate, unless this machine trusts it anyway"),
]


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except _PROBLEMS as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(1) from error


def _rule(text: str) -> tuple[str, str, str]:
    name, kind, what = (part.strip() for part in text.split("|", 2))
    return name, kind, what


@app.command("build")
def build_app(
    server: Annotated[str, typer.Option(help="The server's public address, https://…")],
    ca: Annotated[Path | None, typer.Option(help="PEM file of your own certificate authority")] = None,
    brand: Annotated[str, typer.Option(help="Your name, as customers know it")] = "Zuruf",
    icon: Annotated[Path | None, typer.Option(help="Your icon (.ico)")] = None,
    output: Annotated[Path, typer.Option(help="The file to make")] = _APP,
    python_zip: Annotated[Path | None, typer.Option(help="Your own Windows Python from python.org, a zip")] = None,
    python_sha256: Annotated[str, typer.Option(help="Its checksum")] = "",
    refuse_beside: Annotated[
        list[str] | None,
        typer.Option(help="Software to refuse beside: 'name|service|…', 'name|registry|key below HKLM', 'name|file|…'"),
    ] = None,
    cache: Annotated[Path, typer.Option(help="Where fetched parts are kept")] = _CACHE,
    development: Annotated[bool, typer.Option(help="Take --server, and no TLS; not for customers")] = False,
) -> None:
    """Build the app, unsigned. The same inputs give the same file."""
    with _explained():
        try:
            rules = tuple(map(_rule, refuse_beside)) if refuse_beside else DEFAULT_INSTALLED_HOSTS
        except ValueError:
            raise BuildFailed("--refuse-beside takes 'name|service|what' (service, registry or file)") from None
        if python_zip is not None and not python_sha256:
            raise BuildFailed("--python-zip needs --python-sha256")
        built_in = BuiltIn(
            version=version("zuruf"),
            server=server.rstrip("/"),
            certificate_authority=ca.read_text(encoding="ascii") if ca else "",
            brand=brand,
            installed_hosts=rules,
            development=development,
        )
        python = PythonZip(python_zip, python_sha256) if python_zip else None
        plan = Plan(built_in, output, cache.expanduser(), icon=icon, python=python)
        built = build(plan, lambda what: typer.echo(f"· {what}"))
        typer.echo(f"{built.file}  {built.size / 1e6:.1f} MB  SHA-256 {built.sha256}  not signed")


def _identity(
    pfx: Path | None,
    token: tuple[Path | None, str, Path | None, Path | None],
    password_env: str | None,
    password_fd: int | None,
) -> Identity:
    module, key, certificate, engine = token
    if (pfx is None) is (module is None):
        raise SigningError("no-identity", "Give either --pfx, or --pkcs11-module with --key and --certificate.")
    if password_env is not None and password_fd is not None:
        raise SigningError("two-passwords", "Give --password-env or --password-fd, not both.")

    def ask(what: str) -> str:
        return read_password(f"{what}: ", variable=password_env, descriptor=password_fd)

    if pfx is not None:
        return PfxIdentity(pfx, ask(f"Password of {pfx}"))
    if module is None or not key or certificate is None:
        raise SigningError("no-identity", "--pkcs11-module needs --key and --certificate.")
    return TokenIdentity(module, key, certificate, ask("PIN of the token"), engine)


@app.command("sign")
def sign_app(
    timestamp: Annotated[str, typer.Option(help="Your time-stamping authority (RFC 3161), http://… or https://…")],
    program: Annotated[Path, typer.Argument(help="The app that build made, its description beside it")] = _APP,
    pfx: Annotated[Path | None, typer.Option(help="PFX (PKCS#12) file: certificate, chain and private key")] = None,
    pkcs11_module: Annotated[
        Path | None, typer.Option(help="Instead of --pfx: the PKCS#11 library of your smart card, USB token or HSM")
    ] = None,
    key: Annotated[str, typer.Option(help="Its key: 'pkcs11:token=…;object=…', without the PIN")] = "",
    certificate: Annotated[
        Path | None, typer.Option(help="PEM file: your certificate, then the authorities between it and the root")
    ] = None,
    engine: Annotated[
        Path | None, typer.Option(help="OpenSSL's PKCS#11 engine, unless OpenSSL finds it (libengine-pkcs11-openssl)")
    ] = None,
    password_env: Annotated[
        str | None, typer.Option(metavar="VARIABLE", help="Environment variable that holds password or PIN")
    ] = None,
    password_fd: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="Open file descriptor to read password or PIN from")
    ] = None,
    authorities: _Authorities = None,
    timestamp_authorities: _TimestampAuthorities = None,
    output: Annotated[
        Path | None, typer.Option(help="Where the signed app goes; without it, it replaces PROGRAM")
    ] = None,
    shown_as: Annotated[
        str, typer.Option(help="The program's name as Windows asks about it")
    ] = "Zuruf Support Session",
    info_url: Annotated[str, typer.Option(help="Web page in the signature; without it, the app's server")] = "",
) -> None:
    """Sign the app with your certificate and a timestamp, verify the result, and describe it for the server.

    Password or PIN are asked for, unless --password-env or --password-fd say where they are; never an argument. The
    signed app replaces PROGRAM (or --output) only after it verified; a failure changes nothing. A development build is
    not signed: it follows whatever server it is started with.
    """
    with _explained():
        facts = description.read(program)
        if facts.development:
            raise SigningError("development-build", "A development build is not signed: it follows any server.")
        identity = _identity(pfx, (pkcs11_module, key, certificate, engine), password_env, password_fd)

        def describe(signed: Path, by: SignedBy) -> None:
            description.write(signed, facts, by.publisher_cn)

        target = output or program
        target.parent.mkdir(parents=True, exist_ok=True)
        sign(
            program, target, identity, timestamp, shown_as, info_url or facts.server, timestamp_authorities,
            authorities=authorities, describe=describe,
        )  # fmt: skip
        _tell(target, facts, authorities, timestamp_authorities)


@app.command("verify")
def verify_app(
    program: Annotated[Path, typer.Argument(help="The app, signed or not")] = _APP,
    same_as: Annotated[
        Path | None, typer.Option(help="A build of your own: is PROGRAM the same, but for its signature?")
    ] = None,
    authorities: _Authorities = None,
    timestamp_authorities: _TimestampAuthorities = None,
) -> None:
    """Say what an app is: version, server, SHA-256, publisher, attested time. Fails unless all of it holds.

    Version and server come from the description beside the app, which must be this file's. An unsigned app fails.
    """
    with _explained():
        if not program.is_file():
            raise NotVerified(f"there is no file {program}")
        _tell(program, description.read(program), authorities, timestamp_authorities)
        if same_as is not None:
            check(same_as, program, authorities, timestamp_authorities)
            typer.echo(f"same as      {same_as}, but for the signature")


def _tell(program: Path, facts: Facts, authorities: Path | None, timestamp_authorities: Path | None) -> None:
    """Print what an app is, the doubtful last. Raises NotVerified, ToolFailed."""
    size = program.stat().st_size
    typer.echo(f"file         {program}, {size / 1e6:.1f} MB")
    typer.echo(f"version      {facts.version}{' (development build)' if facts.development else ''}")
    typer.echo(f"server       {facts.server}")
    typer.echo(f"SHA-256      {sha256_of(program)}")
    signature = verify(program, authorities or SYSTEM_AUTHORITIES, timestamp_authorities or SYSTEM_AUTHORITIES)
    typer.echo(f"publisher    {common_name(signature.signer)}")
    if signature.timestamp is None:
        raise NotVerified("the signature has no timestamp that one of the given authorities attests")
    typer.echo(f"signed at    {signature.timestamp:%Y-%m-%d %H:%M:%S} UTC")
