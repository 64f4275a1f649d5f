import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.make_vectors import CHANNELS
from tests.unit.protocol.strategies import any_message
from zuruf.protocol import limits, remote_control
from zuruf.protocol.codec import Decoder, ProtocolError, encode
from zuruf.protocol.handshake_messages import BrowserConfirm, Settings
from zuruf.protocol.handshake_messages import decoder as handshake_decoder
from zuruf.protocol.handshake_messages import settings as settings_decoder
from zuruf.protocol.relay import RelayHello, hello

BY_CHANNEL = pytest.mark.parametrize("channel", CHANNELS)


@BY_CHANNEL
@given(data=st.data())
def test_message_survives_the_wire(channel: str, data: st.DataObject) -> None:
    union, decoder = CHANNELS[channel]
    message = data.draw(any_message(union))
    assert decoder.decode(encode(message)) == message


@BY_CHANNEL
@given(data=st.binary(max_size=400))
def test_arbitrary_bytes_are_a_message_or_a_protocol_error(channel: str, data: bytes) -> None:
    decoder = CHANNELS[channel][1]
    try:
        message = decoder.decode(data)
    except ProtocolError:
        return
    assert isinstance(message, msgspec.Struct)


@BY_CHANNEL
@given(data=st.data())
def test_damaged_message_is_a_message_or_a_protocol_error(channel: str, data: st.DataObject) -> None:
    union, decoder = CHANNELS[channel]
    wire = bytearray(encode(data.draw(any_message(union))))
    wire[data.draw(st.integers(0, len(wire) - 1))] = data.draw(st.integers(0, 255))
    try:
        message = decoder.decode(wire)
    except ProtocolError:
        return
    assert isinstance(message, msgspec.Struct)


@BY_CHANNEL
def test_deep_nesting_is_a_protocol_error(channel: str) -> None:
    with pytest.raises(ProtocolError):
        CHANNELS[channel][1].decode(b"\x91" * 250 + b"\x90")


@BY_CHANNEL
def test_text_is_a_protocol_error(channel: str) -> None:
    with pytest.raises(ProtocolError, match="text"):
        CHANNELS[channel][1].decode("t")


def test_bad_utf8_is_a_protocol_error() -> None:
    wire = encode(remote_control.Text(text="ab"))
    with pytest.raises(ProtocolError):
        remote_control.to_host.decode(wire.replace(b"ab", b"\xff\xfe"))


def test_limit_is_the_longest_message_taken() -> None:
    wire = encode(RelayHello(ticket=bytes(32), role="viewer"))
    assert Decoder(RelayHello, len(wire)).decode(wire) == RelayHello(ticket=bytes(32), role="viewer")
    with pytest.raises(ProtocolError, match="limit"):
        Decoder(RelayHello, len(wire) - 1).decode(wire)


def test_oversized_message_is_refused_before_it_is_read() -> None:
    with pytest.raises(ProtocolError, match="limit"):
        hello.decode(b"\xc1" * (limits.RELAY_HELLO_MAX + 1))


def test_a_session_longer_than_the_limit_is_refused_by_the_host() -> None:
    longest = Settings(
        duration_s=limits.SESSION_DURATION_S, tools=[], salt=bytes(16), prs=bytes(64), technician="", company=""
    )
    assert settings_decoder.decode(encode(longest)) == longest
    with pytest.raises(ProtocolError):
        settings_decoder.decode(encode(msgspec.structs.replace(longest, duration_s=limits.SESSION_DURATION_S + 1)))


def test_longest_names_fit_into_the_sealed_settings() -> None:
    widest = Settings(
        duration_s=limits.SESSION_DURATION_S,
        tools=["remote_control"] * 8,
        salt=bytes(16),
        prs=bytes(64),
        technician="😀" * 200,
        company="😀" * 200,
    )
    wire = encode(widest)
    assert settings_decoder.decode(wire) == widest
    confirm = BrowserConfirm(mac=bytes(64), sealed=wire + bytes(16))
    assert handshake_decoder.decode(encode(confirm)) == confirm
