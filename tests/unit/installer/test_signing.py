"""The operator's signature is on the program, timestamped, and nothing else has changed; failures say why."""

import datetime
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.code_signing import Authority, Holder, sign_with_files, windows_program
from tests.support.timestamps import timestamp_server
from zuruf.installer.authenticode import NotVerified, verify, without_signature
from zuruf.installer.signing import (
    PASSWORD_MAX,
    PfxIdentity,
    SignedBy,
    SigningError,
    TokenIdentity,
    check,
    read_password,
    sign,
)

PASSWORD = "Päss wörd $(id) %PATH%"
SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "73519428"


@dataclass
class Desk:
    """Everything a signature needs; each test changes what it is about."""

    program: Path
    output: Path
    identity: PfxIdentity
    timestamp_url: str
    authority: Authority
    described: list[Path]

    def sign(self, **changes: Any) -> SignedBy:
        given: dict[str, Any] = {
            "exe": self.program,
            "output": self.output,
            "identity": self.identity,
            "timestamp_url": self.timestamp_url,
            "description": "Support-Sitzung für Müller & Söhne",
            "info_url": "https://support.example/",
            "timestamp_authorities": self.authority.file,
            "authorities": self.authority.file,
            "describe": lambda exe, _: self.described.append(exe),
        }
        return sign(**(given | changes))

    def fails(self, **changes: Any) -> SigningError:
        """Sign in vain and make sure that nothing was written, described, or told."""
        before = sorted(self.output.parent.iterdir())
        with pytest.raises(SigningError) as caught:
            self.sign(**changes)
        assert sorted(self.output.parent.iterdir()) == before
        assert self.described == []
        assert PASSWORD not in str(caught.value)
        assert PIN not in str(caught.value)
        return caught.value


@pytest.fixture
def desk(program: Path, publisher: Holder, authority: Authority, timestamp_url: str, tmp_path: Path) -> Desk:
    identity = PfxIdentity(publisher.pfx(tmp_path / "publisher.pfx", PASSWORD), PASSWORD)
    (tmp_path / "out").mkdir()
    return Desk(program, tmp_path / "out" / "signed.exe", identity, timestamp_url, authority, [])


def flip(file: Path, where: int) -> None:
    data = bytearray(file.read_bytes())
    data[where] ^= 1
    file.write_bytes(data)


class TestSigning:
    def test_the_result_names_the_publisher_and_the_attested_time(self, desk: Desk) -> None:
        before = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        result = desk.sign()
        assert result.publisher_cn == "Muster IT GmbH"
        assert before <= result.timestamp <= datetime.datetime.now(datetime.UTC)

    def test_the_file_in_its_place_verifies_and_is_described_then(self, desk: Desk) -> None:
        found: list[SignedBy] = []

        def describe(exe: Path, signed_by: SignedBy) -> None:
            found.extend((signed_by, check(desk.program, exe, desk.authority.file, desk.authority.file)))

        result = desk.sign(describe=describe)
        assert found == [result, result]
        assert list(desk.output.parent.iterdir()) == [desk.output]

    def test_only_the_signature_differs(self, desk: Desk, tmp_path: Path) -> None:
        desk.sign()
        stripped = tmp_path / "stripped.exe"
        command = ["osslsigncode", "remove-signature", "-in", str(desk.output), "-out", str(stripped)]
        subprocess.run(command, check=True, capture_output=True)
        assert stripped.read_bytes() == desk.program.read_bytes()
        assert desk.output.read_bytes() != desk.program.read_bytes()

    def test_a_program_may_be_signed_in_its_place_and_signed_again(self, desk: Desk) -> None:
        desk.output.write_bytes(desk.program.read_bytes())
        desk.sign(exe=desk.output)
        desk.sign(exe=desk.output)
        check(desk.program, desk.output, desk.authority.file, desk.authority.file)

    def test_a_program_of_odd_length_is_only_padded(self, desk: Desk, tmp_path: Path) -> None:
        odd = tmp_path / "odd.exe"
        odd.write_bytes(desk.program.read_bytes() + b"ZRF")
        desk.sign(exe=odd)
        check(odd, desk.output, desk.authority.file, desk.authority.file)

    def test_the_mode_stays(self, desk: Desk) -> None:
        desk.sign()
        assert desk.output.stat().st_mode == desk.program.stat().st_mode

    def test_a_pfx_without_a_password(self, desk: Desk, publisher: Holder, tmp_path: Path) -> None:
        bare = publisher.pfx(tmp_path / "bare.pfx", "")
        assert desk.sign(identity=PfxIdentity(bare, "")).publisher_cn == "Muster IT GmbH"

    def test_the_authorities_between_publisher_and_root_come_from_the_pfx(self, desk: Desk, tmp_path: Path) -> None:
        between = Authority(tmp_path / "between", "Test Issuing Authority", above=desk.authority)
        publisher = between.publisher("Muster IT GmbH")
        whole = publisher.pfx(tmp_path / "whole.pfx", PASSWORD, between.certificate)
        assert desk.sign(identity=PfxIdentity(whole, PASSWORD)).publisher_cn == "Muster IT GmbH"

    def test_the_identity_does_not_show_its_password(self, desk: Desk) -> None:
        token = TokenIdentity(SOFTHSM, "pkcs11:token=zuruf", SOFTHSM, PIN)
        assert PASSWORD not in repr(desk.identity)
        assert PIN not in repr(token)

    def test_the_password_is_on_no_command_line(self, desk: Desk, tmp_path: Path, monkeypatch: Any) -> None:
        arguments = tmp_path / "arguments"
        wrapper = tmp_path / "bin" / "osslsigncode"
        wrapper.parent.mkdir()
        wrapper.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {arguments}\nenv >> {arguments}\nexec {_tool()} "$@"\n')
        wrapper.chmod(0o755)
        monkeypatch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")
        desk.sign()
        assert "publisher.pfx" in arguments.read_text()
        assert PASSWORD not in arguments.read_text()


def _tool() -> str:
    return subprocess.run(["which", "osslsigncode"], check=True, capture_output=True, text=True).stdout.strip()


class TestFailures:
    def test_a_wrong_password(self, desk: Desk) -> None:
        assert desk.fails(identity=PfxIdentity(desk.identity.file, "wrong")).name == "wrong-password"

    def test_a_file_that_is_no_pfx(self, desk: Desk, program: Path) -> None:
        assert desk.fails(identity=PfxIdentity(program, PASSWORD)).name == "bad-pfx"

    def test_a_missing_pfx(self, desk: Desk, tmp_path: Path) -> None:
        assert desk.fails(identity=PfxIdentity(tmp_path / "none.pfx", PASSWORD)).name == "no-such-file"

    def test_a_missing_program(self, desk: Desk, tmp_path: Path) -> None:
        assert desk.fails(exe=tmp_path / "none.exe").name == "no-such-file"

    def test_something_that_is_no_program(self, desk: Desk) -> None:
        assert desk.fails(exe=desk.identity.file).name == "not-a-program"

    def test_a_timestamp_authority_that_answers_with_an_error(
        self, desk: Desk, authority: Authority, tmp_path: Path
    ) -> None:
        with timestamp_server(authority, tmp_path / "broken", broken=True) as (url, _):
            assert desk.fails(timestamp_url=url).name == "timestamp-failed"

    def test_a_timestamp_authority_nobody_trusts(self, desk: Desk, tmp_path: Path) -> None:
        with timestamp_server(Authority(tmp_path / "other", "Other Root"), tmp_path / "ts") as (url, _):
            assert desk.fails(timestamp_url=url).name == "no-timestamp"

    def test_a_publisher_whose_chain_does_not_end_at_a_trusted_root(self, desk: Desk, tmp_path: Path) -> None:
        failed = desk.fails(authorities=Authority(tmp_path / "other", "Other Root").file)
        assert failed.name == "not-verified"
        assert "vouches" in str(failed)

    def test_a_pfx_without_the_authorities_between(self, desk: Desk, tmp_path: Path) -> None:
        between = Authority(tmp_path / "between", "Test Issuing Authority", above=desk.authority)
        bare = between.publisher("Muster IT GmbH").pfx(tmp_path / "bare.pfx", PASSWORD)
        assert desk.fails(identity=PfxIdentity(bare, PASSWORD)).name == "not-verified"

    @pytest.mark.parametrize("which", ["timestamp_url", "info_url"])
    @pytest.mark.parametrize("url", ["", "timestamp.example", "file:///etc/passwd", "-noverifypeer", "http://"])
    def test_an_address_that_is_none(self, desk: Desk, which: str, url: str) -> None:
        assert desk.fails(**{which: url}).name == "bad-address"

    def test_a_password_that_is_not_one_short_line(self, desk: Desk) -> None:
        assert desk.fails(identity=PfxIdentity(desk.identity.file, "x" * 100_000)).name == "bad-password"

    def test_an_earlier_output_survives(self, desk: Desk) -> None:
        desk.output.write_bytes(b"earlier")
        desk.fails(identity=PfxIdentity(desk.identity.file, "wrong"))
        assert desk.output.read_bytes() == b"earlier"

    def test_a_machine_without_osslsigncode(self, desk: Desk, tmp_path: Path, monkeypatch: Any) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        failed = desk.fails()
        assert failed.name == "tool-failed"
        assert "Debian package osslsigncode" in str(failed)


class TestChecking:
    def test_one_flipped_byte_of_the_program_is_found(self, desk: Desk) -> None:
        desk.sign()
        flip(desk.output, desk.output.read_bytes().index(b"Zuruf"))
        with pytest.raises(SigningError, match="changed after it was signed") as caught:
            check(desk.program, desk.output, desk.authority.file, desk.authority.file)
        assert caught.value.name == "not-verified"

    def test_a_well_signed_other_program_is_found(self, desk: Desk, tmp_path: Path) -> None:
        desk.sign(exe=windows_program(tmp_path / "other.exe", "Other"))
        with pytest.raises(SigningError) as caught:
            check(desk.program, desk.output, desk.authority.file, desk.authority.file)
        assert caught.value.name == "program-differs"

    def test_a_signature_without_timestamp_is_not_enough(self, desk: Desk, publisher: Holder) -> None:
        sign_with_files(desk.program, desk.output, publisher)
        with pytest.raises(SigningError) as caught:
            check(desk.program, desk.output, desk.authority.file, desk.authority.file)
        assert caught.value.name == "no-timestamp"

    def test_an_unsigned_program_is_not_signed(self, desk: Desk) -> None:
        with pytest.raises(NotVerified, match="not signed"):
            verify(desk.program, desk.authority.file, desk.authority.file)

    def test_a_change_outside_checksum_and_signature_shows_in_what_is_compared(self, program: Path) -> None:
        whole = program.read_bytes()
        for where in range(0x200, len(whole), 509):
            changed = bytearray(whole)
            changed[where] ^= 1
            assert without_signature(bytes(changed)) != without_signature(whole)


class TestToken:
    """A key that never leaves its token: SoftHSM through OpenSSL's PKCS#11 engine."""

    @pytest.fixture
    def token(self, publisher: Holder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TokenIdentity:
        (tmp_path / "tokens").mkdir()
        configuration = tmp_path / "softhsm2.conf"
        configuration.write_text(f"directories.tokendir = {tmp_path}/tokens\nobjectstore.backend = file\n")
        monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
        key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
        key.write_bytes(publisher.key_pem())
        certificate.write_bytes(publisher.pem())
        made = ["--init-token", "--free", "--label", "zuruf", "--so-pin", "12345678", "--pin", PIN]
        put = ["--import", str(key), "--token", "zuruf", "--label", "publisher", "--id", "a1", "--pin", PIN]
        for arguments in (made, put):
            subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)
        key.unlink()
        return TokenIdentity(SOFTHSM, "pkcs11:token=zuruf;object=publisher", certificate, PIN)

    def test_the_token_signs(self, desk: Desk, token: TokenIdentity) -> None:
        assert desk.sign(identity=token).publisher_cn == "Muster IT GmbH"

    def test_a_wrong_pin(self, desk: Desk, token: TokenIdentity) -> None:
        wrong = TokenIdentity(token.module, token.key, token.certificate, "0000")
        assert desk.fails(identity=wrong).name == "wrong-password"

    def test_a_token_that_is_not_there(self, desk: Desk, token: TokenIdentity) -> None:
        other = TokenIdentity(token.module, "pkcs11:token=none;object=publisher", token.certificate, PIN)
        assert desk.fails(identity=other).name == "token-not-found"

    def test_a_key_that_is_not_there(self, desk: Desk, token: TokenIdentity) -> None:
        other = TokenIdentity(token.module, "pkcs11:token=zuruf;object=nobody", token.certificate, PIN)
        assert desk.fails(identity=other).name == "key-not-found"

    def test_an_engine_that_is_none(self, desk: Desk, token: TokenIdentity) -> None:
        other = TokenIdentity(token.module, token.key, token.certificate, PIN, engine=token.certificate)
        assert desk.fails(identity=other).name == "no-engine"

    def test_somebody_else_s_certificate(self, desk: Desk, token: TokenIdentity, foundation: Holder) -> None:
        token.certificate.write_bytes(foundation.pem())
        assert desk.fails(identity=token).name == "key-mismatch"

    def test_a_library_that_is_none(self, desk: Desk, token: TokenIdentity) -> None:
        other = TokenIdentity(token.certificate, token.key, token.certificate, PIN)
        assert desk.fails(identity=other).name == "no-module"

    def test_a_failure_without_a_name_of_ours_is_said_in_osslsigncode_s_words(
        self, desk: Desk, token: TokenIdentity
    ) -> None:
        token.certificate.write_text("no certificate")
        failed = desk.fails(identity=token)
        assert failed.name == "signing-failed"
        assert "No certificate found" in str(failed)

    @pytest.mark.parametrize("key", [f"pkcs11:token=zuruf?pin-value={PIN}", "pkcs11:token=a?pin-source=/x", "/key.pem"])
    def test_a_key_that_would_tell_the_pin_or_is_no_uri(self, desk: Desk, token: TokenIdentity, key: str) -> None:
        assert desk.fails(identity=TokenIdentity(token.module, key, token.certificate, PIN)).name == "bad-key"


class TestPassword:
    def test_it_comes_from_the_environment_and_is_gone_from_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ZURUF_TEST_PASSWORD", PASSWORD)
        assert read_password("Password: ", variable="ZURUF_TEST_PASSWORD") == PASSWORD
        assert "ZURUF_TEST_PASSWORD" not in os.environ

    @pytest.mark.parametrize("end", ["", "\n", "\r\n"])
    def test_it_comes_from_a_file_descriptor_without_its_newline(self, end: str) -> None:
        reading, writing = os.pipe()
        os.write(writing, (PASSWORD + end).encode())
        os.close(writing)
        assert read_password("Password: ", descriptor=reading) == PASSWORD

    @pytest.mark.parametrize("bad", [b"one\ntwo", b"a\0b", b"x" * (PASSWORD_MAX + 1)])
    def test_what_is_not_one_short_line_is_refused(self, bad: bytes) -> None:
        reading, writing = os.pipe()
        os.write(writing, bad)
        os.close(writing)
        with pytest.raises(SigningError) as caught:
            read_password("Password: ", descriptor=reading)
        assert caught.value.name == "bad-password"

    def test_bytes_that_are_no_text_are_refused(self) -> None:
        reading, writing = os.pipe()
        os.write(writing, b"\xff\xfe")
        os.close(writing)
        with pytest.raises(SigningError) as caught:
            read_password("Password: ", descriptor=reading)
        assert caught.value.name == "no-password"

    def test_an_unset_variable_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("ZURUF_TEST_PASSWORD", raising=False)
        with pytest.raises(SigningError, match="ZURUF_TEST_PASSWORD is not set"):
            read_password("Password: ", variable="ZURUF_TEST_PASSWORD")
