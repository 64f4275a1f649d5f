"""Writes the golden vectors that Python and TypeScript are both held to. Deterministic; run it after a wanted change.

usage: python -m tests.contract.make_vectors

``cpace-x25519-vectors.json`` is not made here: it is the CFRG draft's own.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
from msgspec.inspect import BoolType, BytesType, IntType, ListType, StrType, StructType, Type, type_info

from zuruf.protocol import control, cpace, handshake_messages, limits, pairing, relay, remote_control, signatures
from zuruf.protocol.codec import Decoder, encode
from zuruf.protocol.handshake import Binding, BrowserHandshake, HostHandshake, Purpose
from zuruf.protocol.handshake_messages import Settings
from zuruf.protocol.secure_channel import SecureChannel

FOLDER = Path(__file__).parent / "vectors"
SESSION_ID = "0b9f4d5e-8c1a-4f63-9d2e-7a6b5c4d3e2f"
RUN_ID = "6f1c2d3e-4b5a-4978-8695-a4b3c2d1e0f9"

CHANNELS: dict[str, tuple[Any, Decoder[Any]]] = {
    "control_to_host": (control.ToHost, control.to_host),
    "control_to_server": (control.ToServer, control.to_server),
    "pairing": (pairing.PairingMessage, pairing.decoder),
    "relay_hello": (relay.RelayHello, relay.hello),
    "relay_paired": (relay.RelayPaired, relay.paired),
    "handshake": (handshake_messages.HandshakeMessage, handshake_messages.decoder),
    "settings": (Settings, handshake_messages.settings),
    "to_viewer": (remote_control.ToViewer, remote_control.to_viewer),
    "to_host": (remote_control.ToHost, remote_control.to_host),
}
"""Every channel with its union and its decoder. The two control channels are not spoken by browsers."""

_SAMPLE_LENGTH_MAX = 300
_BOUND_TESTED_MAX = 4096
_CHOICES = {
    control.Tool: ("remote_control", "file_manager"),
    control.Report.__annotations__["kind"]: ("active", "removed"),
    control.ConnectionState.__annotations__["state"]: ("open", "closed"),
    control.End.__annotations__["reason"]: ("technician", "customer"),
    pairing.HostHello.__annotations__["number"]: ("0123456789", "9876543210"),
    relay.RelayHello.__annotations__["role"]: ("host", "viewer"),
}
PATTERN_SAMPLES = {annotated.__metadata__[0].pattern: pair for annotated, pair in _CHOICES.items()}
"""Two texts that each pattern of the protocol allows."""


def noise(label: str, length: int) -> bytes:
    """Return bytes that look random and are always the same."""
    return hashlib.shake_256(label.encode()).digest(length)


def members(union: Any) -> list[type[msgspec.Struct]]:
    """Return the structs of a union, in order; of a single struct, itself."""
    return list(getattr(union, "__args__", (union,)))


def int_bounds(kind: IntType) -> tuple[int, int]:
    """Return the smallest and the largest value an integer field allows."""
    assert kind.ge is not None
    high = kind.le if kind.le is not None else kind.lt - 1 if kind.lt is not None else None
    assert high is not None, "every integer of the protocol is bounded"
    return kind.ge, high


def _sample(kind: Type, high: bool) -> Any:
    match kind:
        case BoolType():
            return high
        case IntType():
            return int_bounds(kind)[high]
        case BytesType(min_length=low, max_length=top):
            return noise("bytes", min(top or _SAMPLE_LENGTH_MAX, _SAMPLE_LENGTH_MAX) if high else low or 0)
        case StrType(pattern=str(pattern)):
            return PATTERN_SAMPLES[pattern][high]
        case StrType(min_length=low, max_length=top) if low == top and low is not None:
            return (RUN_ID if high else SESSION_ID)[:low]
        case StrType(max_length=top):
            return ("aä€😀" * _SAMPLE_LENGTH_MAX)[: min(top or _SAMPLE_LENGTH_MAX, _SAMPLE_LENGTH_MAX)] if high else ""
        case ListType(item_type=item, max_length=int(top)):
            return [_sample(item, high)] * top if high else []
    raise TypeError(f"no sample for {kind}")


def _too_much(kind: Type) -> list[tuple[str, Any]]:
    match kind:
        case IntType():
            low, high = int_bounds(kind)
            return [("below its bound", low - 1), ("above its bound", high + 1), ("a fraction", 1.5), ("a truth", True)]
        case BytesType(min_length=low, max_length=top):
            cases: list[tuple[str, Any]] = [("a text", "abc")]
            if low:
                cases.append(("too short", bytes(low - 1)))
            if top is not None and top <= _BOUND_TESTED_MAX:
                cases.append(("too long", bytes(top + 1)))
            return cases
        case StrType(min_length=low, max_length=top, pattern=pattern):
            cases = [("bytes", b"abc")]
            if pattern is not None:
                good = PATTERN_SAMPLES[pattern][0]
                cases += [("with a line break", f"{good}\n"), ("something else", "x"), ("with more before", f"x{good}")]
            if low:
                cases.append(("too short", "x" * (low - 1)))
            if top is not None and top <= _BOUND_TESTED_MAX:
                cases.append(("too long", "é" * (top + 1)))
            return cases
        case ListType(item_type=item, max_length=int(top)):
            return [("too long", [_sample(item, False)] * (top + 1)), ("of nothing", [None])]
        case BoolType():
            return [("a number", 1)]
    raise TypeError(f"no bounds for {kind}")


def _raw(info: StructType, values: dict[str, Any]) -> Any:
    if info.array_like:
        return [info.tag, *(values[field.encode_name] for field in info.fields if field.encode_name in values)]
    return {"t": info.tag, **values}


def _refused(info: StructType) -> list[tuple[str, bytes]]:
    good = {field.encode_name: _sample(field.type, False) for field in info.fields}
    cases: list[tuple[str, Any]] = []
    for field in info.fields:
        name = field.encode_name
        if field.required and not (info.array_like and field is not info.fields[-1]):
            cases.append((f"{name} is missing", _raw(info, {k: v for k, v in good.items() if k != name})))
        wrong = [("nothing", None), ("a map", {}), *_too_much(field.type)]
        cases += [(f"{name} is {why}", _raw(info, {**good, name: value})) for why, value in wrong]
    encoded = [(why, msgspec.msgpack.encode(raw)) for why, raw in cases]
    whole = msgspec.msgpack.encode(_raw(info, good))
    return [*encoded, ("cut off", whole[:-1]), ("followed by another byte", whole + b"\xc0")]


def _jsonable(value: Any) -> Any:
    """Return a field's value as the JSON files write it: bytes as ``{"hex": …}``."""
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    return value


def fields_of(message: msgspec.Struct) -> dict[str, Any]:
    """Return a message's fields as the JSON files write them."""
    return {name: _jsonable(getattr(message, name)) for name in message.__struct_fields__}


def _messages() -> dict[str, Any]:
    good, bad, wider = [], [], []
    for channel, (union, _) in CHANNELS.items():
        for struct in members(union):
            info = type_info(struct)
            assert isinstance(info, StructType)
            for high in (False, True):
                message = struct(**{field.name: _sample(field.type, high) for field in info.fields})
                wire = encode(message).hex()
                good.append({"channel": channel, "type": struct.__name__, "fields": fields_of(message), "wire": wire})
            values = {field.encode_name: _sample(field.type, True) for field in info.fields}
            raw = (
                [*_raw(info, values), {"new": [1]}] if info.array_like else {**_raw(info, values), "new": {"field": 1}}
            )
            wire = msgspec.msgpack.encode(raw).hex()
            wider.append({"channel": channel, "type": struct.__name__, "wire": wire})
            bad += [
                {"channel": channel, "type": struct.__name__, "why": why, "wire": wire.hex()}
                for why, wire in _refused(info)
            ]
        odd = [
            ("empty", ""),
            ("a number", "01"),
            ("a reserved byte", "c1"),
            ("an unknown tag", "81a174a178"),
            ("an unknown number", "917f"),
            ("an empty array", "90"),
            ("a huge array", "ddffffffff"),
            ("a huge map", "dfffffffff"),
        ]
        bad += [{"channel": channel, "type": "", "why": why, "wire": wire} for why, wire in odd]
    return {"messages": good, "with_unknown_fields": wider, "refused": bad}


def _settings() -> Settings:
    return Settings(
        duration_s=limits.SESSION_DURATION_S,
        tools=["remote_control", "file_manager"],
        salt=noise("salt", 16),
        prs=noise("prs", 64),
        technician="Jörg Müller",
        company="Müller & Söhne GmbH",
    )


def _exchange(binding: Binding, secret: bytes) -> dict[str, Any]:
    is_pairing = binding.purpose is Purpose.PAIRING
    host_key = signatures.public_key(noise("host key", 32))
    salt = b"" if is_pairing else noise("salt", 16)
    host_scalar, browser_scalar = noise("host scalar", 32), noise("browser scalar", 32)
    settings = _settings() if is_pairing else None

    host = HostHandshake(binding, secret, host_key, salt, host_scalar)
    browser = BrowserHandshake(binding, secret, None if is_pairing else host_key, browser_scalar)
    offer = host.start()
    answer = browser.accept(offer)
    host_confirm = host.answer(answer)
    keys = browser.verify(host_confirm)
    browser_confirm = browser.confirm(settings)
    host_keys, opened = host.finish(browser_confirm)
    assert host_keys == keys
    assert opened == settings

    run = cpace.transcript(offer.ya, cpace.lv_cat(b"host", host_key), answer.yb, cpace.lv_cat(b"browser"))
    k = cpace.multiply(host_scalar, answer.yb)
    binary = {
        "secret": secret,
        "host_key": host_key,
        "salt": salt,
        "host_scalar": host_scalar,
        "browser_scalar": browser_scalar,
        "ci": binding.channel_identifier,
        "sid": binding.sid,
        "generator": cpace.generator(secret, binding.channel_identifier, binding.sid),
        "transcript": run,
        "k": k,
        "isk": cpace.intermediate_session_key(binding.sid, k, run),
        "host_offer": encode(offer),
        "browser_answer": encode(answer),
        "host_confirm": encode(host_confirm),
        "browser_confirm": encode(browser_confirm),
    }
    names = ("mac_host", "mac_browser", "host", "browser", "seal")
    return {
        "purpose": binding.purpose.value,
        "session_id": binding.session_id,
        "run_id": binding.run_id,
        "tool": binding.tool,
        "epoch": binding.epoch,
        **{name: value.hex() for name, value in binary.items()},
        "keys": {name: getattr(keys, name).hex() for name in names},
        "settings": None if settings is None else fields_of(settings),
        "settings_plain": "" if settings is None else encode(settings).hex(),
        "sealed": browser_confirm.sealed.hex(),
    }


def _handshakes() -> list[dict[str, Any]]:
    return [
        _exchange(Binding(Purpose.PAIRING, SESSION_ID, RUN_ID), b"012345678"),
        _exchange(Binding(Purpose.CONNECTING, SESSION_ID, RUN_ID, "remote_control", 7), noise("prs", 64)),
    ]


def _records() -> dict[str, Any]:
    send_key, receive_key = noise("key host", 32), noise("key browser", 32)
    channel = SecureChannel(send_key, receive_key)
    plaintexts = [b"", b"one", noise("record", 1000), b"one"]
    return {
        "key": send_key.hex(),
        "records": [{"plaintext": plain.hex(), "record": channel.seal(plain).hex()} for plain in plaintexts],
    }


def _prs() -> list[dict[str, str]]:
    salt = noise("salt", 16)
    passwords = ["k7mp-3xqd-9rty-w2ab", "Größe 42 schön", "Gro\u0308ße 42 scho\u0308n", "密码密码密码密码😀😀"]
    return [
        {"password": password, "salt": salt.hex(), "prs": signatures.derive_prs(password, salt).hex()}
        for password in passwords
    ]


def _signatures() -> dict[str, Any]:
    private, nonce = noise("host key", 32), noise("nonce", 32)
    detail = '{"reason":"customer","at":"2026-01-01T00:00:00Z"}'
    challenge = signatures.control_transcript(SESSION_ID, nonce)
    report = signatures.report_transcript(SESSION_ID, "ended", detail)
    return {
        "private_key": private.hex(),
        "public_key": signatures.public_key(private).hex(),
        "session_id": SESSION_ID,
        "nonce": nonce.hex(),
        "control_transcript": challenge.hex(),
        "control_signature": signatures.sign(private, challenge).hex(),
        "report": {"kind": "ended", "detail": detail},
        "report_transcript": report.hex(),
        "report_signature": signatures.sign(private, report).hex(),
    }


def render() -> dict[str, str]:
    """Return the text of every file, by name."""
    contents = {
        "messages.json": _messages(),
        "handshakes.json": _handshakes(),
        "records.json": _records(),
        "prs.json": _prs(),
        "signatures.json": _signatures(),
    }
    return {name: _lines(value) + "\n" for name, value in contents.items()}


def _lines(value: Any) -> str:
    """JSON with one line for each vector of a list."""
    if isinstance(value, list):
        return "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False) for item in value) + "\n]"
    if isinstance(value, dict) and any(isinstance(item, list) for item in value.values()):
        return "{\n" + ",\n".join(f"{json.dumps(key)}: {_lines(item)}" for key, item in value.items()) + "\n}"
    return json.dumps(value, ensure_ascii=False, indent=1)


def main() -> None:
    """Write the files."""
    for name, text in render().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
