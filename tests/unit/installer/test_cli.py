"""The operator's commands sign, describe and verify, say in a sentence what is wrong, and then change nothing."""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.support.code_signing import Authority, Holder
from zuruf.installer import description
from zuruf.installer.build import FILE_NAME
from zuruf.installer.cli import app
from zuruf.installer.description import Facts

PASSWORD = "Päss wörd $(id)"
FACTS = Facts("1.2.3", "https://help.example", development=False)


@dataclass
class Operator:
    """An operator with a built app, a certificate and a time-stamping authority."""

    app: Path
    pfx: Path
    timestamp_url: str
    authority: Authority

    def run(self, *arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(app, list(arguments), env=environment)

    def roots(self) -> tuple[str, ...]:
        return ("--authorities", str(self.authority.file), "--timestamp-authorities", str(self.authority.file))

    def sign(self, *more: str, password: str = PASSWORD) -> Result:
        given = (str(self.app), "--pfx", str(self.pfx), "--timestamp", self.timestamp_url, *self.roots())
        return self.run("sign", *given, "--password-env", "SECRET", *more, SECRET=password)

    def verify(self, file: Path, *more: str) -> Result:
        return self.run("verify", str(file), *self.roots(), *more)


@pytest.fixture
def operator(program: Path, publisher: Holder, authority: Authority, timestamp_url: str, tmp_path: Path) -> Operator:
    built = tmp_path / "dist" / FILE_NAME
    built.parent.mkdir()
    shutil.copy(program, built)
    description.write(built, FACTS)
    return Operator(built, publisher.pfx(tmp_path / "publisher.pfx", PASSWORD), timestamp_url, authority)


def described(file: Path) -> dict[str, Any]:
    return dict(json.loads(Path(f"{file}.json").read_text()))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class TestSigning:
    def test_an_app_is_signed_in_its_place_and_described_as_signed(self, operator: Operator) -> None:
        unsigned = operator.app.read_bytes()
        done = operator.sign()
        assert done.exit_code == 0, done.output
        signed = operator.app.read_bytes()
        assert signed != unsigned
        assert described(operator.app) == {
            "version": "1.2.3", "server": "https://help.example", "development": False, "signed": True,
            "publisher": "Muster IT GmbH", "size": len(signed), "sha256": hashlib.sha256(signed).hexdigest(),
        }  # fmt: skip
        assert "publisher    Muster IT GmbH" in done.output

    def test_the_unsigned_app_stays_where_another_output_is_wanted(self, operator: Operator, tmp_path: Path) -> None:
        before = contents(operator.app.parent)
        target = tmp_path / "signed" / "App.exe"
        assert operator.sign("--output", str(target)).exit_code == 0
        assert contents(operator.app.parent) == before
        assert described(target)["server"] == "https://help.example"
        assert operator.verify(target, "--same-as", str(operator.app)).exit_code == 0

    def test_a_signed_app_can_be_signed_again(self, operator: Operator) -> None:
        assert operator.sign().exit_code == 0
        assert operator.sign().exit_code == 0
        assert operator.verify(operator.app).exit_code == 0

    def test_the_password_comes_through_a_file_descriptor(self, operator: Operator) -> None:
        reading, writing = os.pipe()
        os.write(writing, f"{PASSWORD}\n".encode())
        os.close(writing)
        given = (str(operator.app), "--pfx", str(operator.pfx), "--timestamp", operator.timestamp_url)
        done = operator.run("sign", *given, *operator.roots(), "--password-fd", str(reading))
        assert done.exit_code == 0, done.output


class TestRefusals:
    def fails(self, operator: Operator, done: Result, sentence: str) -> None:
        assert done.exit_code == 1
        assert sentence in done.output
        assert PASSWORD not in done.output
        assert "Traceback" not in done.output
        assert described(operator.app)["signed"] is False

    def test_a_wrong_password(self, operator: Operator) -> None:
        before = contents(operator.app.parent)
        self.fails(operator, operator.sign(password="wrong"), "The password does not open the PFX file.")
        assert contents(operator.app.parent) == before

    def test_an_app_that_was_changed_since_it_was_built(self, operator: Operator) -> None:
        operator.app.write_bytes(operator.app.read_bytes() + b"x")
        self.fails(operator, operator.sign(), "its SHA-256 differs")

    def test_an_app_that_follows_any_server(self, operator: Operator) -> None:
        description.write(operator.app, Facts("1.2.3", "http://127.0.0.1:8080", development=True))
        self.fails(operator, operator.sign(), "A development build is not signed")

    @pytest.mark.parametrize(
        "given",
        [
            (),
            ("--pfx", "a.pfx", "--pkcs11-module", "b.so"),
            ("--pkcs11-module", "b.so", "--key", "pkcs11:token=x"),
            ("--pkcs11-module", "b.so", "--certificate", "c.pem"),
        ],
    )
    def test_no_or_half_or_two_identities(self, operator: Operator, given: tuple[str, ...]) -> None:
        done = operator.run("sign", str(operator.app), "--timestamp", operator.timestamp_url, *given)
        self.fails(operator, done, "(no-identity)")

    def test_a_pin_in_the_key_s_address(self, operator: Operator, program: Path) -> None:
        token = ("--pkcs11-module", str(program), "--certificate", str(program), "--password-env", "SECRET")
        given = (str(operator.app), "--timestamp", operator.timestamp_url, *token)
        done = operator.run("sign", *given, "--key", "pkcs11:token=x?pin-value=1", SECRET=PASSWORD)
        self.fails(operator, done, "must not hold the PIN")

    def test_nobody_to_ask_for_the_password(self, operator: Operator) -> None:
        given = ("--pfx", str(operator.pfx), "--timestamp", operator.timestamp_url)
        done = operator.run("sign", str(operator.app), *given)
        self.fails(operator, done, "there is no terminal to ask at")


class TestVerifying:
    def test_it_says_what_the_app_is(self, operator: Operator) -> None:
        operator.sign()
        said = operator.verify(operator.app).output
        for part in ("1.2.3", "https://help.example", described(operator.app)["sha256"], "Muster IT GmbH", " UTC"):
            assert part in said

    def test_an_unsigned_app_fails_and_still_shows_its_sha_256(self, operator: Operator) -> None:
        done = operator.verify(operator.app)
        assert done.exit_code == 1
        assert described(operator.app)["sha256"] in done.output
        assert "Error: not signed" in done.output

    def test_a_flipped_byte_is_found_even_when_the_description_was_made_to_fit(self, operator: Operator) -> None:
        operator.sign()
        data = bytearray(operator.app.read_bytes())
        data[data.index(b"Zuruf")] ^= 1
        operator.app.write_bytes(data)
        assert "its SHA-256 differs" in operator.verify(operator.app).output
        description.write(operator.app, FACTS, "Muster IT GmbH")
        done = operator.verify(operator.app)
        assert done.exit_code == 1
        assert "changed after it was signed" in done.output

    def test_another_build_is_not_the_same(self, operator: Operator, tmp_path: Path) -> None:
        other = tmp_path / "other.exe"
        data = bytearray(operator.app.read_bytes())
        data[data.index(b"Zuruf")] ^= 1
        other.write_bytes(data)
        operator.sign()
        done = operator.verify(operator.app, "--same-as", str(other))
        assert done.exit_code == 1
        assert "differs from the unsigned one" in done.output

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1', " " * 20_000])
    def test_a_description_that_cannot_be_read(self, operator: Operator, text: str) -> None:
        Path(f"{operator.app}.json").write_text(text)
        done = operator.verify(operator.app)
        assert done.exit_code == 1
        assert "cannot be read" in done.output

    def test_a_missing_file_is_a_sentence(self, operator: Operator, tmp_path: Path) -> None:
        done = operator.verify(tmp_path / "none.exe")
        assert done.exit_code == 1
        assert "there is no file" in done.output
