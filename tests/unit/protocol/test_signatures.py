import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuruf.protocol import signatures


def test_signature_verifies_with_the_public_half() -> None:
    private = signatures.new_private_key()
    assert signatures.verify(signatures.public_key(private), b"message", signatures.sign(private, b"message"))


@given(data=st.data())
def test_any_bit_flipped_in_message_or_signature_does_not_verify(data: st.DataObject) -> None:
    private = bytes(range(32))
    signed = bytearray(b"message" + signatures.sign(private, b"message"))
    signed[data.draw(st.integers(0, len(signed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert not signatures.verify(signatures.public_key(private), bytes(signed[:7]), bytes(signed[7:]))


@pytest.mark.parametrize(("key", "signature"), [(b"", bytes(64)), (bytes(31), bytes(64)), (bytes(32), b"")])
def test_malformed_key_or_signature_does_not_verify(key: bytes, signature: bytes) -> None:
    assert not signatures.verify(key, b"message", signature)


def test_another_hosts_key_does_not_verify() -> None:
    signature = signatures.sign(signatures.new_private_key(), b"message")
    assert not signatures.verify(signatures.public_key(signatures.new_private_key()), b"message", signature)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.binary(max_size=40))
def test_no_report_reads_as_an_opening_of_the_control_socket(
    session: str, kind: str, detail: str, nonce: bytes
) -> None:
    assert signatures.report_transcript(session, kind, detail) != signatures.control_transcript(session, nonce)


@given(st.text(max_size=10), st.text(max_size=10), st.text(min_size=1, max_size=10))
def test_text_moved_from_one_field_to_the_next_changes_what_is_signed(session: str, kind: str, moved: str) -> None:
    here = signatures.report_transcript(session, kind + moved, "detail")
    assert here != signatures.report_transcript(session, kind, moved + "detail")


def test_prs_depends_on_password_and_salt() -> None:
    salts = [bytes(16), bytes(15) + b"\x01"]
    derived = {signatures.derive_prs(password, salt) for password in ("eins-zwei", "Eins-zwei") for salt in salts}
    assert len(derived) == 4
    assert {len(prs) for prs in derived} == {64}
