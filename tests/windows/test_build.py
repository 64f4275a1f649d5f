"""The app is the same wherever it is built, says what it is, is signed with an operator's certificate, and runs so."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import replace
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.support import pe
from tests.support.browser import ARTIFACTS
from tests.support.code_signing import Authority
from tests.support.timestamps import timestamp_server
from tests.windows.conftest import PARTS, Operator, app_plan, open_house
from zuruf.installer import icon
from zuruf.installer.authenticode import NotVerified, verify
from zuruf.installer.build import FILE_NAME, SIZE_MAX_BYTES, PythonZip, build
from zuruf.installer.cli import app as commands
from zuruf.installer.fetch import FetchFailed, fetch, pinned, sha256_of

pytestmark = pytest.mark.timeout(400)
PFX_PASSWORD = "Päss wörd $(id)"


def quiet(_what: str) -> None:
    pass


def test_another_place_time_zone_umask_language_and_process_give_the_same_bytes(
    operator: Operator, tmp_path: Path
) -> None:
    (tmp_path / "scratch").mkdir()
    authority = tmp_path / "authority.pem"
    authority.write_text(operator.authority)
    elsewhere = {
        "TZ": "Pacific/Kiritimati", "LC_ALL": "de_DE.UTF-8", "TMPDIR": str(tmp_path / "scratch"), "PYTHONHASHSEED": "7",
        "SOURCE_DATE_EPOCH": "1",
    }  # fmt: skip
    output = tmp_path / "another" / FILE_NAME
    done = subprocess.run(
        [sys.executable, "-m", "tests.windows.build_elsewhere", str(operator.port), str(authority), str(output), "077"],
        env={**os.environ, **elsewhere}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert sha256_of(output) == operator.built.sha256


def test_the_release_is_small_and_its_size_is_reported(operator: Operator, tmp_path: Path) -> None:
    plan = replace(app_plan(operator.port, operator.authority, tmp_path / FILE_NAME), quick=False)
    built = build(plan, quiet)
    assert built.size == built.file.stat().st_size <= SIZE_MAX_BYTES
    described = json.loads(Path(f"{built.file}.json").read_text())
    assert (described["size"], described["sha256"]) == (built.size, sha256_of(built.file))
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    (ARTIFACTS / "app-size.txt").write_text(f"{built.size} bytes\n")


def test_windows_is_told_what_the_program_is_and_that_it_wants_no_rights_yet(operator: Operator) -> None:
    program = operator.app.read_bytes()
    texts = pe.version_texts(program)
    assert texts["CompanyName"] == "Muster GmbH"
    assert texts["ProductName"] == "Zuruf Support Session"
    assert texts["FileVersion"] == texts["ProductVersion"] == version("zuruf")
    assert pe.icon_sizes(program) == icon.sizes((files("zuruf.installer") / "data" / "zuruf.ico").read_bytes())
    manifest = pe.resource(program, pe.MANIFEST)
    assert b'level="asInvoker"' in manifest
    assert b"requireAdministrator" not in manifest


class TestSigned:
    """Signed by the operator's commands, with a test authority and a time-stamping authority on loopback."""

    @pytest.fixture
    def authority(self, tmp_path: Path) -> Authority:
        return Authority(tmp_path / "authority")

    @pytest.fixture
    def signed(self, operator: Operator, authority: Authority, tmp_path: Path) -> Path:
        pfx = authority.publisher("Muster IT GmbH").pfx(tmp_path / "publisher.pfx", PFX_PASSWORD)
        output = tmp_path / "signed" / FILE_NAME
        roots = ("--authorities", str(authority.file), "--timestamp-authorities", str(authority.file))
        with timestamp_server(authority, tmp_path / "timestamps") as (url, _):
            done = CliRunner().invoke(
                commands,
                ["sign", str(operator.app), "--pfx", str(pfx), "--timestamp", url, "--output", str(output), *roots,
                 "--password-env", "PFX_PASSWORD"],
                env={"PFX_PASSWORD": PFX_PASSWORD},
            )  # fmt: skip
        assert done.exit_code == 0, done.output
        compared = CliRunner().invoke(commands, ["verify", str(output), "--same-as", str(operator.app), *roots])
        assert compared.exit_code == 0, compared.output
        return output

    def test_a_flipped_byte_anywhere_is_found(self, signed: Path, authority: Authority, tmp_path: Path) -> None:
        verify(signed, authority.file, authority.file)
        whole = signed.read_bytes()
        for where in (0x400, len(whole) // 2, len(whole) - 20_000):
            damaged = bytearray(whole)
            damaged[where] ^= 1
            file = tmp_path / "damaged.exe"
            file.write_bytes(damaged)
            with pytest.raises(NotVerified, match="changed after it was signed"):
                verify(file, authority.file, authority.file)

    def test_the_signed_app_is_served_named_and_runs(
        self, operator: Operator, signed: Path, tmp_path: Path, template: Path
    ) -> None:
        with open_house(operator, tmp_path, template, app=signed) as house:
            known = house.technician.http.get("/api/v1/app").json()
            assert (known["state"], known["facts"]["signed"], known["facts"]["publisher"]) == (
                "ready", True, "Muster IT GmbH",
            )  # fmt: skip
            session = house.prepare()
            file = house.download(session)
            assert file.read_bytes() == signed.read_bytes()
            customer = house.technician.http.get(f"/api/v1/public/sessions/{session['number']}").json()
            assert customer["download"]["publisher"] == "Muster IT GmbH"
            assert customer["download"]["signed"] is True
            assert customer["download"]["sha256"] == sha256_of(signed)
            house.run(file)
            house.started(session)
            house.picture("signed-code")


class TestOperatorsPython:
    """A zip in python.org's full layout, made of what is pinned anyway."""

    @pytest.fixture
    def archive(self, tmp_path: Path) -> Path:
        (part,) = (part for part in pinned() if part.kind == "tk")
        target = tmp_path / "python.zip"
        with tarfile.open(fetch([part], PARTS, quiet)[part]) as package, zipfile.ZipFile(target, "w") as full:
            member = next(member for member in package if member.name.endswith("/data.zip"))
            opened = package.extractfile(member)
            assert opened is not None
            with zipfile.ZipFile(io.BytesIO(opened.read())) as inner:
                for name in inner.namelist():
                    short = name.removeprefix("cp311/")
                    top = "/" not in short and short.startswith(("python3", "vcruntime140", "LICENSE"))
                    if top or (short.startswith(("DLLs/", "Lib/", "tcl/")) and "site-packages" not in short):
                        full.writestr(short, inner.read(name))
        return target

    def test_the_app_runs_on_it(self, operator: Operator, archive: Path, tmp_path: Path, template: Path) -> None:
        python = PythonZip(archive, hashlib.sha256(archive.read_bytes()).hexdigest())
        plan = app_plan(operator.port, operator.authority, tmp_path / "own" / FILE_NAME, python=python)
        built = build(plan, quiet)
        assert built.sha256 != operator.built.sha256
        with open_house(operator, tmp_path, template, app=built.file) as house:
            session = house.prepare()
            house.run(house.download(session))
            house.started(session)

    def test_another_file_than_the_operator_meant_is_refused(
        self, operator: Operator, archive: Path, tmp_path: Path
    ) -> None:
        plan = app_plan(operator.port, operator.authority, tmp_path / FILE_NAME, python=PythonZip(archive, "0" * 64))
        with pytest.raises(FetchFailed, match="another SHA-256"):
            build(plan, quiet)
        assert not (tmp_path / FILE_NAME).exists()
