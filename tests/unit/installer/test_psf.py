"""Only programs that the Python Software Foundation signed get into our app."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.support.code_signing import Authority, Holder, sign_with_files
from zuruf.installer.psf import (
    AUTHORITIES,
    NOT_SIGNED_BY_PSF,
    NotGenuine,
    Pinned,
    verify_psf,
    verify_runtime,
    vouched_for,
)

Signed = Callable[..., Path]


@pytest.fixture
def signed(program: Path, tmp_path: Path) -> Signed:
    """Sign the small program as somebody."""

    def sign(holder: Holder, *options: str, name: str = "python3.dll") -> Path:
        return sign_with_files(program, tmp_path / name, holder, *options)

    return sign


def refused(file: Path, authority: Authority) -> str:
    with pytest.raises(NotGenuine) as caught:
        verify_psf(file, authority.file)
    assert caught.value.name == file.name
    return caught.value.reason


def test_a_file_signed_by_the_foundation_is_accepted(signed: Signed, foundation: Holder, authority: Authority) -> None:
    verify_psf(signed(foundation), authority.file)


def test_a_file_signed_by_somebody_else_is_refused_though_its_chain_is_good(
    signed: Signed, publisher: Holder, authority: Authority
) -> None:
    assert "signed by CN=Muster IT GmbH,O=Muster IT GmbH" in refused(signed(publisher), authority)


def test_the_foundation_s_name_below_another_authority_is_refused(
    signed: Signed, authority: Authority, tmp_path: Path
) -> None:
    stranger = Authority(tmp_path, "Another Root").publisher("Python Software Foundation")
    assert refused(signed(stranger), authority) == "no given authority vouches for the signer or for the timestamp"


def test_an_authority_that_only_has_the_name_of_ours_is_refused(
    signed: Signed, authority: Authority, tmp_path: Path
) -> None:
    impostor = Authority(tmp_path).publisher("Python Software Foundation")
    assert refused(signed(impostor), authority) == "the signature does not verify"


def test_a_name_that_only_contains_the_foundation_s_is_refused(signed: Signed, authority: Authority) -> None:
    assert "not by the" in refused(signed(authority.publisher("Python Software Foundation Fans")), authority)


def test_a_foundation_s_certificate_beside_the_signer_s_does_not_help(
    signed: Signed, publisher: Holder, foundation: Holder, authority: Authority, tmp_path: Path
) -> None:
    beside = tmp_path / "foundation.pem"
    beside.write_bytes(foundation.pem())
    file = signed(publisher, "-ac", str(beside))
    assert refused(file, authority) == "2 certificates for code signing instead of one"


def test_a_foundation_s_certificate_beside_a_signer_that_may_not_sign_code_does_not_help(
    signed: Signed, foundation: Holder, authority: Authority, tmp_path: Path
) -> None:
    beside = tmp_path / "foundation.pem"
    beside.write_bytes(foundation.pem())
    web = authority.publisher("Muster IT GmbH", ExtendedKeyUsageOID.SERVER_AUTH)
    assert refused(signed(web, "-ac", str(beside)), authority) == "the signature does not verify"


def test_a_certificate_that_is_not_for_code_does_not_count(signed: Signed, authority: Authority) -> None:
    web = authority.publisher("Python Software Foundation", ExtendedKeyUsageOID.SERVER_AUTH)
    assert refused(signed(web), authority) == "0 certificates for code signing instead of one"


def test_one_flipped_byte_is_found(signed: Signed, foundation: Holder, authority: Authority) -> None:
    file = signed(foundation)
    data = bytearray(file.read_bytes())
    data[data.index(b"Zuruf")] ^= 1
    file.write_bytes(data)
    assert refused(file, authority) == "changed after it was signed"


def test_an_unsigned_file_is_refused(program: Path, authority: Authority) -> None:
    assert refused(program, authority) == "not signed"


def test_a_second_signature_is_refused(
    signed: Signed, foundation: Holder, publisher: Holder, authority: Authority, tmp_path: Path
) -> None:
    twice = sign_with_files(signed(foundation), tmp_path / "twice.dll", publisher, "-nest")
    assert refused(twice, authority) == "several signatures instead of one"


def test_bytes_behind_the_signature_are_refused(signed: Signed, foundation: Holder, authority: Authority) -> None:
    file = signed(foundation)
    file.write_bytes(file.read_bytes() + b"more")
    assert refused(file, authority) == "the signature is not the last thing in the file"


@pytest.mark.parametrize("content", [b"", b"MZ", b"MZ" + bytes(62), b"\x7fELF" + bytes(500)])
def test_what_is_no_windows_program_is_refused(content: bytes, authority: Authority, tmp_path: Path) -> None:
    file = tmp_path / "python311.dll"
    file.write_bytes(content)
    assert refused(file, authority) == "not a Windows program"


def test_every_cut_of_a_signed_file_is_refused(
    signed: Signed, foundation: Holder, authority: Authority, tmp_path: Path
) -> None:
    whole = signed(foundation).read_bytes()
    file = tmp_path / "cut.dll"
    for length in range(0, len(whole), 997):
        file.write_bytes(whole[:length])
        refused(file, authority)


def test_no_damage_to_the_signature_makes_a_stranger_s_file_pass_or_stops_the_check(
    signed: Signed, publisher: Holder, authority: Authority
) -> None:
    file = signed(publisher)
    whole = file.read_bytes()
    for where in range(whole.rindex(b"Muster IT GmbH") - 1200, len(whole), 41):
        damaged = bytearray(whole)
        damaged[where] ^= 1
        file.write_bytes(damaged)
        refused(file, authority)


class TestRuntime:
    def test_a_folder_of_the_foundation_s_programs_is_accepted_and_listed(
        self, signed: Signed, foundation: Holder, authority: Authority, tmp_path: Path
    ) -> None:
        first, second = signed(foundation, name="a.dll"), signed(foundation, name="b.pyd")
        (tmp_path / "LICENSE.txt").write_text("text is not looked at")
        assert verify_runtime(tmp_path, authority.file) == (first, second)

    def test_one_stranger_deep_in_the_folder_spoils_it(
        self, signed: Signed, foundation: Holder, publisher: Holder, authority: Authority, tmp_path: Path
    ) -> None:
        signed(foundation, name="a.dll")
        (tmp_path / "DLLs").mkdir()
        signed(publisher, name="DLLs/_ssl.pyd")
        with pytest.raises(NotGenuine, match=r"^_ssl\.pyd: signed by"):
            verify_runtime(tmp_path, authority.file)

    def test_a_program_is_found_under_any_name(
        self, signed: Signed, foundation: Holder, program: Path, authority: Authority, tmp_path: Path
    ) -> None:
        signed(foundation, name="a.dll")
        shutil.copy(program, tmp_path / "harmless.txt")
        with pytest.raises(NotGenuine, match=r"^harmless\.txt: not signed$"):
            verify_runtime(tmp_path, authority.file)

    def test_a_pinned_file_counts_by_its_hash_alone(
        self, signed: Signed, foundation: Holder, program: Path, authority: Authority, tmp_path: Path
    ) -> None:
        signed(foundation, name="a.dll")
        runtime = Path(shutil.copy(program, tmp_path / "vcruntime140.dll"))
        pins = {runtime.name: Pinned(hashlib.sha256(runtime.read_bytes()).hexdigest(), "for this test")}
        assert runtime in verify_runtime(tmp_path, authority.file, pins)

    def test_a_pinned_name_with_other_contents_is_refused_whoever_signed_it(
        self, signed: Signed, foundation: Holder, authority: Authority, tmp_path: Path
    ) -> None:
        signed(foundation, name="vcruntime140.dll")
        with pytest.raises(NotGenuine, match="SHA-256 is not the pinned one"):
            verify_runtime(tmp_path, authority.file)

    def test_a_pin_counts_whatever_the_letters_case(
        self, signed: Signed, foundation: Holder, program: Path, authority: Authority, tmp_path: Path
    ) -> None:
        signed(foundation, name="a.dll")
        shutil.copy(program, tmp_path / "VCRUNTIME140.DLL")
        with pytest.raises(NotGenuine, match="SHA-256 is not the pinned one"):
            verify_runtime(tmp_path, authority.file)

    def test_an_operator_s_archive_may_hold_another_c_runtime_but_no_other_stranger(
        self, signed: Signed, foundation: Holder, program: Path, authority: Authority, tmp_path: Path
    ) -> None:
        genuine = signed(foundation, name="a.dll")
        runtime = Path(shutil.copy(program, tmp_path / "VCRUNTIME140.dll"))
        assert verify_runtime(tmp_path, authority.file, vouched_for(tmp_path)) == (runtime, genuine)
        shutil.copy(program, tmp_path / "zlib1.dll")
        with pytest.raises(NotGenuine, match=r"^zlib1\.dll: not signed$"):
            verify_runtime(tmp_path, authority.file, vouched_for(tmp_path))

    def test_a_folder_without_programs_proves_nothing(self, authority: Authority, tmp_path: Path) -> None:
        with pytest.raises(NotGenuine, match="holds no programs"):
            verify_runtime(tmp_path, authority.file)

    def test_every_pin_is_a_sha_256_with_its_reason(self) -> None:
        assert all(len(bytes.fromhex(pin.sha256)) == 32 and pin.reason for pin in NOT_SIGNED_BY_PSF.values())


def test_only_the_two_roots_the_foundation_has_signed_below_may_vouch_for_it() -> None:
    """Their fingerprints as DigiCert and Microsoft publish them."""
    roots = x509.load_pem_x509_certificates(AUTHORITIES.read_bytes())
    assert {root.fingerprint(hashes.SHA256()).hex() for root in roots} == {
        "552f7bdcf1a7af9e6ce672017f4f12abf77240c78e761ac203d1d9d20ac89988",
        "5367f20c7ade0e2bca790915056d086b720c33c1fa2a2661acf787e3292e1270",
    }


def test_by_default_no_other_authority_counts(signed: Signed, foundation: Holder) -> None:
    with pytest.raises(NotGenuine, match="no given authority vouches"):
        verify_psf(signed(foundation))
