"""``zuruf installer``: builds and signs the Support Session app. Says in a sentence what failed."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from zuruf.installer.build import (
    DEFAULT_INSTALLED_HOSTS,
    FILE_NAME,
    BuildFailed,
    Plan,
    PythonZip,
    build,
)
from zuruf.installer.bundle import BuiltIn
from zuruf.installer.fetch import FetchFailed
from zuruf.installer.psf import NotGenuine

app = typer.Typer(no_args_is_help=True, help="Build and sign the Support Session app for Windows.")

_CACHE = Path("~/.cache/zuruf/parts")


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (BuildFailed, FetchFailed, NotGenuine, OSError) as error:
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
    output: Annotated[Path, typer.Option(help="The file to make")] = Path("dist") / FILE_NAME,
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
