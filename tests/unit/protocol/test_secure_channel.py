import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuruf.protocol.limits import RECORD_PLAINTEXT_MAX, RELAY_MESSAGE_MAX
from zuruf.protocol.secure_channel import ChannelError, ChannelFactory, SecureChannel

HOST_KEY, BROWSER_KEY = bytes(32), bytes(31) + b"\x01"


def pair(factory: ChannelFactory = SecureChannel):  # type: ignore[no-untyped-def]
    return factory(HOST_KEY, BROWSER_KEY), factory(BROWSER_KEY, HOST_KEY)


@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=300))))
def test_messages_arrive_in_order_both_ways(messages: list[tuple[bool, bytes]]) -> None:
    host, browser = pair()
    for from_host, plaintext in messages:
        sender, receiver = (host, browser) if from_host else (browser, host)
        assert receiver.open(sender.seal(plaintext)) == plaintext


@given(plaintext=st.binary(max_size=100), data=st.data())
def test_any_bit_flipped_does_not_open(plaintext: bytes, data: st.DataObject) -> None:
    host, browser = pair()
    record = bytearray(host.seal(plaintext))
    record[data.draw(st.integers(0, len(record) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ChannelError):
        browser.open(bytes(record))


def test_repeated_record_does_not_open() -> None:
    host, browser = pair()
    record = host.seal(b"one")
    browser.open(record)
    with pytest.raises(ChannelError):
        browser.open(record)


def test_record_after_a_missing_one_does_not_open() -> None:
    host, browser = pair()
    host.seal(b"lost")
    with pytest.raises(ChannelError):
        browser.open(host.seal(b"two"))


def test_own_record_thrown_back_does_not_open() -> None:
    host, _ = pair()
    with pytest.raises(ChannelError):
        host.open(host.seal(b"one"))


def test_nothing_opens_after_a_record_that_did_not() -> None:
    host, browser = pair()
    record = host.seal(b"one")
    with pytest.raises(ChannelError):
        browser.open(bytes(16))
    with pytest.raises(ChannelError, match="earlier"):
        browser.open(record)


def test_largest_message_fills_the_relays_limit() -> None:
    host, browser = pair()
    record = host.seal(bytes(RECORD_PLAINTEXT_MAX))
    assert len(record) == RELAY_MESSAGE_MAX
    assert len(browser.open(record)) == RECORD_PLAINTEXT_MAX


def test_message_beyond_the_limit_is_not_sealed() -> None:
    with pytest.raises(ChannelError, match="limit"):
        pair()[0].seal(bytes(RECORD_PLAINTEXT_MAX + 1))


@pytest.mark.parametrize("length", [0, 15, RELAY_MESSAGE_MAX + 1])
def test_record_of_impossible_length_does_not_open(length: int) -> None:
    with pytest.raises(ChannelError, match="record of"):
        pair()[0].open(bytes(length))


def test_channel_ends_before_its_counter_wraps() -> None:
    host, _ = pair()
    host._sent = (1 << 48) - 1
    host.seal(b"last")
    with pytest.raises(ChannelError, match="too many"):
        host.seal(b"one too many")
