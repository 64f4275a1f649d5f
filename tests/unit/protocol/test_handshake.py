"""Golden handshakes are in ``tests/contract``; here is what must hold for every run, good and bad."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zuruf.protocol import PROTOCOL_VERSION
from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.handshake import (
    Binding,
    BrowserHandshake,
    HandshakeError,
    HostHandshake,
    Keys,
    Purpose,
    VersionMismatch,
    WrongSecret,
    open_settings,
    seal_settings,
)
from zuruf.protocol.handshake_messages import (
    BrowserAnswer,
    BrowserConfirm,
    HandshakeMessage,
    HostConfirm,
    HostOffer,
    Settings,
    decoder,
)

PAIRING = Binding(Purpose.PAIRING, "0b9f4d5e-8c1a-4f63-9d2e-7a6b5c4d3e2f", "6f1c2d3e-4b5a-4978-8695-a4b3c2d1e0f9")
CONNECTING = replace(PAIRING, purpose=Purpose.CONNECTING, tool="remote_control", epoch=3)
BINDINGS = pytest.mark.parametrize("binding", [PAIRING, CONNECTING], ids=lambda b: b.purpose.value)
SECRET = b"123456789"
HOST_KEY = bytes(range(32))
SALT = bytes(16)
LOW_ORDER = bytes(32)
SETTINGS = Settings(86400, ["remote_control"], bytes(16), bytes(64), "Jörg Müller", "Müller GmbH")

Wire = Callable[[int, bytes], bytes]


def derive(salt: bytes) -> bytes:
    """Stands for PBKDF2, which takes a tenth of a second: the secret depends on the salt the browser was told."""
    return hashlib.sha512(salt + SECRET).digest()


@dataclass
class Run:
    """What came of one exchange over a wire."""

    host: HostHandshake
    host_keys: Keys | None = None
    browser_keys: Keys | None = None
    settings: Settings | None = None
    confirm_sent: bool = False


def settings_for(binding: Binding) -> Settings | None:
    return SETTINGS if binding.purpose is Purpose.PAIRING else None


def host_for(binding: Binding, secret: bytes = SECRET) -> HostHandshake:
    if binding.purpose is Purpose.PAIRING:
        return HostHandshake(binding, secret, HOST_KEY)
    return HostHandshake(binding, derive(SALT) if secret == SECRET else secret, HOST_KEY, SALT)


def browser_for(binding: Binding, salt: bytes = SALT, secret: bytes = SECRET) -> BrowserHandshake:
    if binding.purpose is Purpose.PAIRING:
        return BrowserHandshake(binding, secret)
    return BrowserHandshake(binding, derive(salt) if secret == SECRET else secret, HOST_KEY)


def carry(
    host_binding: Binding, browser_binding: Binding, wire: Wire = lambda _, data: data, browser_secret: bytes = SECRET
) -> Run:
    """Run both ends over a wire that sees every message with its place (0 offer … 3 browser's proof)."""
    run = Run(host_for(host_binding))

    def sent(place: int, message: HandshakeMessage) -> HandshakeMessage:
        return decoder.decode(wire(place, encode(message)))

    try:
        offer = sent(0, run.host.start())
        assert_type(offer, HostOffer)
        browser = browser_for(browser_binding, offer.salt, browser_secret)
        answer = sent(1, browser.accept(offer))
        assert_type(answer, BrowserAnswer)
        confirm = sent(2, run.host.answer(answer))
        assert_type(confirm, HostConfirm)
        run.browser_keys = browser.verify(confirm)
        proof = browser.confirm(settings_for(browser_binding))
        run.confirm_sent = True
        last = sent(3, proof)
        assert_type(last, BrowserConfirm)
        run.host_keys, run.settings = run.host.finish(last)
    except (HandshakeError, ProtocolError):
        pass
    return run


def assert_type(message: HandshakeMessage, expected: type) -> None:
    if not isinstance(message, expected):
        raise ProtocolError("another message was expected")


@BINDINGS
def test_both_ends_reach_the_same_keys_and_settings_arrive(binding: Binding) -> None:
    run = carry(binding, binding)
    assert run.host_keys is not None
    assert run.host_keys == run.browser_keys
    assert run.settings == settings_for(binding)
    assert not run.host.try_spent


@BINDINGS
def test_every_run_has_other_keys(binding: Binding) -> None:
    assert carry(binding, binding).host_keys != carry(binding, binding).host_keys


def test_keys_of_one_run_are_all_different() -> None:
    keys = carry(PAIRING, PAIRING).host_keys
    assert keys is not None
    assert len({keys.mac_host[:32], keys.mac_browser[:32], keys.host, keys.browser, keys.seal}) == 5


@BINDINGS
def test_wrong_secret_fails_at_the_browser_and_has_cost_the_host_one_try(binding: Binding) -> None:
    run = carry(binding, binding, browser_secret=b"123456780")
    assert run.browser_keys is None
    assert not run.confirm_sent
    assert run.host_keys is None
    assert run.host.try_spent


@pytest.mark.parametrize(
    "change",
    [{"session_id": "another"}, {"run_id": "another"}, {"tool": "file_manager"}, {"epoch": 4}],
    ids=lambda change: next(iter(change)),
)
@BINDINGS
def test_ends_that_differ_in_what_they_bind_do_not_meet(binding: Binding, change: dict[str, str | int]) -> None:
    run = carry(binding, replace(binding, **change))  # type: ignore[arg-type]
    assert run.browser_keys is None
    assert run.host_keys is None


def test_exchange_for_pairing_does_not_serve_for_connecting() -> None:
    host = HostHandshake(PAIRING, SECRET, HOST_KEY, SALT)
    browser = BrowserHandshake(replace(PAIRING, purpose=Purpose.CONNECTING), SECRET, HOST_KEY)
    confirm = host.answer(browser.accept(host.start()))
    with pytest.raises(WrongSecret):
        browser.verify(confirm)


def message_lengths(binding: Binding) -> list[int]:
    lengths: list[int] = []

    def measure(_: int, data: bytes) -> bytes:
        lengths.append(len(data))
        return data

    carry(binding, binding, measure)
    return lengths


@BINDINGS
@given(data=st.data())
def test_any_bit_flipped_in_any_message_ends_in_failure_at_both_ends(binding: Binding, data: st.DataObject) -> None:
    lengths = message_lengths(binding)
    place = data.draw(st.integers(0, 3), label="message")
    bit = data.draw(st.integers(0, lengths[place] * 8 - 1), label="bit")

    def flip(at: int, message: bytes) -> bytes:
        if at != place:
            return message
        altered = bytearray(message)
        altered[bit // 8] ^= 1 << bit % 8
        return bytes(altered)

    run = carry(binding, binding, flip)
    assert run.host_keys is None
    assert run.settings is None
    # The browser cannot see its own proof being altered: it learns from silence, before anything depends on its keys.
    assert (run.browser_keys is None) is (place < 3)
    assert run.host.try_spent or place < 2


@BINDINGS
def test_host_has_spent_no_try_before_its_proof_and_one_after(binding: Binding) -> None:
    host, browser = host_for(binding), browser_for(binding)
    offer = host.start()
    assert not host.try_spent
    confirm = host.answer(browser.accept(offer))
    assert host.try_spent
    browser.verify(confirm)
    host.finish(browser.confirm(settings_for(binding)))
    assert not host.try_spent


def test_host_with_a_bad_answer_keeps_the_try_spent() -> None:
    host = host_for(PAIRING)
    host.answer(browser_for(PAIRING).accept(host.start()))
    with pytest.raises(WrongSecret):
        host.finish(BrowserConfirm(mac=bytes(64), sealed=b""))
    assert host.try_spent


def test_low_order_answer_costs_no_try_and_gives_no_proof() -> None:
    host = host_for(PAIRING)
    host.start()
    with pytest.raises(HandshakeError, match="low-order"):
        host.answer(BrowserAnswer(yb=LOW_ORDER))
    assert not host.try_spent


def test_low_order_offer_is_refused() -> None:
    with pytest.raises(HandshakeError, match="low-order"):
        browser_for(PAIRING).accept(HostOffer(PROTOCOL_VERSION, LOW_ORDER, HOST_KEY, b""))


@given(version=st.integers(0, 1000).filter(lambda version: version != PROTOCOL_VERSION))
def test_another_version_is_named_and_costs_nothing(version: int) -> None:
    offer = host_for(PAIRING).start()
    with pytest.raises(VersionMismatch) as caught:
        browser_for(PAIRING).accept(HostOffer(version, offer.ya, offer.host_key, offer.salt))
    assert caught.value.version == version


def test_another_hosts_key_is_refused_when_connecting() -> None:
    impostor = HostHandshake(CONNECTING, derive(SALT), bytes(32), SALT)
    with pytest.raises(HandshakeError, match="another host's key"):
        browser_for(CONNECTING).accept(impostor.start())


@pytest.mark.parametrize(("binding", "salt"), [(PAIRING, SALT), (CONNECTING, b""), (CONNECTING, bytes(15))])
def test_salt_of_the_wrong_length_is_refused(binding: Binding, salt: bytes) -> None:
    with pytest.raises(HandshakeError, match="salt"):
        browser_for(binding).accept(HostOffer(PROTOCOL_VERSION, bytes(31) + b"\x05", HOST_KEY, salt))


def test_own_share_thrown_back_gives_no_proof_that_the_host_takes() -> None:
    host = host_for(PAIRING)
    offer = host.start()
    confirm = host.answer(BrowserAnswer(yb=offer.ya))
    with pytest.raises(WrongSecret):
        host.finish(BrowserConfirm(mac=confirm.mac, sealed=b""))


STEPS: dict[str, Callable[[HostHandshake, list[HandshakeMessage]], object]] = {
    "start": lambda host, _: host.start(),
    "answer": lambda host, messages: host.answer(messages[1]),  # type: ignore[arg-type]
    "finish": lambda host, messages: host.finish(messages[3]),  # type: ignore[arg-type]
}


@given(order=st.lists(st.sampled_from(sorted(STEPS)), max_size=5))
@example(order=["start", "answer", "finish"])
@example(order=["start", "answer", "answer", "finish"])
def test_host_yields_keys_only_for_the_one_right_order(order: list[str]) -> None:
    messages: list[HandshakeMessage] = []
    scalar = bytes(31) + b"\x09"
    twin, browser = HostHandshake(PAIRING, SECRET, HOST_KEY, scalar=scalar), browser_for(PAIRING)
    messages += [twin.start()]
    messages += [browser.accept(messages[0])]  # type: ignore[arg-type]
    messages += [twin.answer(messages[1])]  # type: ignore[arg-type]
    browser.verify(messages[2])  # type: ignore[arg-type]
    messages += [browser.confirm(SETTINGS)]

    host = HostHandshake(PAIRING, SECRET, HOST_KEY, scalar=scalar)
    good = ["start", "answer", "finish"]
    for position, step in enumerate(order):
        if order[: position + 1] == good[: position + 1]:
            STEPS[step](host, messages)
        else:
            with pytest.raises(HandshakeError, match="out of turn"):
                STEPS[step](host, messages)


def test_browser_yields_no_keys_out_of_turn_and_none_after_an_error() -> None:
    host, browser = host_for(PAIRING), browser_for(PAIRING)
    confirm = host.answer(browser.accept(host.start()))
    with pytest.raises(HandshakeError, match="out of turn"):
        browser.confirm(SETTINGS)
    with pytest.raises(HandshakeError, match="out of turn: FAILED"):
        browser.verify(confirm)


def confirmed(binding: Binding) -> tuple[HostHandshake, BrowserHandshake, Keys]:
    host, browser = host_for(binding), browser_for(binding)
    keys = browser.verify(host.answer(browser.accept(host.start())))
    return host, browser, keys


def test_browser_does_not_confirm_a_pairing_without_settings() -> None:
    with pytest.raises(ValueError, match="settings"):
        confirmed(PAIRING)[1].confirm()


def test_browser_does_not_send_settings_when_connecting() -> None:
    with pytest.raises(ValueError, match="settings"):
        confirmed(CONNECTING)[1].confirm(SETTINGS)


@given(data=st.data())
def test_any_bit_flipped_in_sealed_settings_does_not_open(data: st.DataObject) -> None:
    keys = Keys.derive(bytes(64), bytes(32))
    sealed = bytearray(seal_settings(keys, SETTINGS))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(HandshakeError, match="do not open"):
        open_settings(keys, bytes(sealed))


def test_sealed_settings_hide_what_they_hold() -> None:
    sealed = seal_settings(Keys.derive(bytes(64), bytes(32)), SETTINGS)
    assert "Jörg".encode() in encode(SETTINGS)
    assert "Jörg".encode() not in sealed
