"""The draft's own vectors are checked in ``tests/contract``; here is what holds for every value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuruf.protocol import cpace

BYTES_32 = st.binary(min_size=32, max_size=32)


@pytest.mark.parametrize(("length", "prefix"), [(0, "00"), (1, "01"), (127, "7f"), (128, "8001"), (16384, "808001")])
def test_length_is_written_as_leb128(length: int, prefix: str) -> None:
    assert cpace.lv(bytes(length)) == bytes.fromhex(prefix) + bytes(length)


@given(one=st.lists(st.binary(max_size=200), max_size=4), other=st.lists(st.binary(max_size=200), max_size=4))
def test_different_parts_never_join_to_the_same_bytes(one: list[bytes], other: list[bytes]) -> None:
    assert (cpace.lv_cat(*one) == cpace.lv_cat(*other)) is (one == other)


@given(secret=st.binary(max_size=200), one=BYTES_32, other=BYTES_32)
def test_both_ends_reach_the_same_point(secret: bytes, one: bytes, other: bytes) -> None:
    point = cpace.generator(secret, b"ci", b"sid")
    shared = cpace.multiply(one, cpace.multiply(other, point))
    assert shared == cpace.multiply(other, cpace.multiply(one, point))


@given(secret=st.binary(max_size=200), ci=st.binary(max_size=20), sid=st.binary(max_size=40))
def test_generator_depends_on_the_secret_the_channel_and_the_run(secret: bytes, ci: bytes, sid: bytes) -> None:
    point = cpace.generator(secret, ci, sid)
    assert point != cpace.generator(secret + b"0", ci, sid)
    assert point != cpace.generator(secret, ci + b"0", sid)
    assert point != cpace.generator(secret, ci, sid + b"0")


def test_scalars_are_fresh() -> None:
    assert len({cpace.new_scalar() for _ in range(100)}) == 100
