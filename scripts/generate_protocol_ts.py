"""Writes ``web/protocol/generated/messages.ts`` from the msgspec structs. Not for the REST contract.

usage: python -m scripts.generate_protocol_ts [--check]
"""

import argparse
import enum
import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any

import msgspec
from msgspec.inspect import BoolType, BytesType, Field, IntType, ListType, StrType, StructType, Type, type_info

from zuruf.protocol import PROTOCOL_VERSION, codes, handshake_messages, limits, pairing, relay, remote_control

TARGET = Path(__file__).resolve().parent.parent / "web/protocol/generated/messages.ts"

UNIONS: dict[str, tuple[Any, str]] = {
    "PairingMessage": (pairing.PairingMessage, "PAIRING_MESSAGE_MAX"),
    "RelayHello": (relay.RelayHello, "RELAY_HELLO_MAX"),
    "RelayPaired": (relay.RelayPaired, "RELAY_HELLO_MAX"),
    "HandshakeMessage": (handshake_messages.HandshakeMessage, "HANDSHAKE_MESSAGE_MAX"),
    "Settings": (handshake_messages.Settings, "SEALED_SETTINGS_MAX"),
    "ToViewer": (remote_control.ToViewer, "RECORD_PLAINTEXT_MAX"),
    "ToHost": (remote_control.ToHost, "RECORD_PLAINTEXT_MAX"),
}
"""What a browser sends or receives (the control socket is not among it), each with the limit of its decoder."""

_ALTERNATIVES = re.compile(r"\^\(([a-z_|]+)\)\\Z")


def members(union: Any) -> list[type[msgspec.Struct]]:
    """Return the structs of a union, in order; of a single struct, itself."""
    return list(getattr(union, "__args__", (union,)))


def message_name(struct: type[msgspec.Struct]) -> str:
    """Return the discriminant TypeScript sees: the tag, or the class's name where the tag is a number."""
    tag = struct.__struct_config__.tag
    return tag if isinstance(tag, str) else re.sub(r"(?<!^)(?=[A-Z])", "_", struct.__name__).lower()


def _int_bounds(kind: IntType) -> tuple[int, int]:
    low = kind.ge if kind.ge is not None else kind.gt + 1 if kind.gt is not None else -limits.INTEGER_MAX
    high = kind.le if kind.le is not None else kind.lt - 1 if kind.lt is not None else limits.INTEGER_MAX
    return low, high


def _length_bounds(kind: BytesType | StrType) -> str:
    high = "Number.POSITIVE_INFINITY" if kind.max_length is None else str(kind.max_length)
    return f"{kind.min_length or 0}, {high}"


def _ts_type(kind: Type) -> str:
    match kind:
        case BoolType():
            return "boolean"
        case IntType():
            return "number"
        case BytesType():
            return "Bytes"
        case StrType(pattern=str(pattern)) if alternatives := _ALTERNATIVES.fullmatch(pattern):
            return " | ".join(json.dumps(word) for word in alternatives[1].split("|"))
        case StrType():
            return "string"
        case ListType(item_type=item):
            inner = _ts_type(item)
            return f"readonly ({inner})[]" if "|" in inner else f"readonly {inner}[]"
    raise TypeError(f"no TypeScript form for {kind}")


def _rule(kind: Type) -> str:
    match kind:
        case BoolType():
            return "bool"
        case IntType():
            return "int({}, {})".format(*_int_bounds(kind))
        case BytesType():
            return f"bytes({_length_bounds(kind)})"
        case StrType(pattern=str(pattern)):
            if not (pattern.startswith("^") and pattern.endswith(r"\Z")):
                raise ValueError(f"pattern {pattern} must be anchored with ^ and \\Z")
            return f"text({_length_bounds(kind)}, /{pattern[:-2]}$/)"
        case StrType():
            return f"text({_length_bounds(kind)})"
        case ListType(item_type=item, max_length=int(longest)):
            return f"list({longest}, {_rule(item)})"
    raise TypeError(f"no rule for {kind}")


def _comment(text: str | None) -> str:
    lines = inspect.cleandoc(text or "").replace("``", "`").splitlines()
    if len(lines) == 1:
        return f"/** {lines[0]} */\n"
    return "/**\n" + "".join(f" * {line}".rstrip() + "\n" for line in lines) + " */\n"


def _field_rule(field: Field) -> str:
    entry = f"name: {json.dumps(field.encode_name)}, allows: {_rule(field.type)}"
    if not field.required:
        entry += f", default: {json.dumps(field.default)}"
    return f"    {{ {entry} }},\n"


def _message(struct: type[msgspec.Struct]) -> str:
    info = type_info(struct)
    assert isinstance(info, StructType)
    name = message_name(struct)
    out = _comment(struct.__doc__) + f"export interface {struct.__name__} {{\n  readonly t: {json.dumps(name)};\n"
    for field in info.fields:
        out += f"  readonly {field.encode_name}: {_ts_type(field.type)};\n"
    out += f"}}\n\nconst {_rule_name(struct)}: MessageRule = {{\n"
    out += f"  name: {json.dumps(name)},\n  tag: {json.dumps(info.tag)},\n  fields: [\n"
    return out + "".join(map(_field_rule, info.fields)) + "  ],\n};\n\n"


def _rule_name(struct: type[msgspec.Struct]) -> str:
    return f"{struct.__name__[0].lower()}{struct.__name__[1:]}Rule"


def _union(name: str, union: Any, limit: str) -> str:
    structs = members(union)
    [array_like] = {struct.__struct_config__.array_like for struct in structs}
    out = ""
    if [struct.__name__ for struct in structs] != [name]:
        out += f"export type {name} = {' | '.join(struct.__name__ for struct in structs)};\n"
    rules = "".join(f"    {_rule_name(struct)},\n" for struct in structs)
    constant = f"{name[0].lower()}{name[1:]}Rules"
    return (
        f"{out}export const {constant}: UnionRule = {{\n  arrayLike: {json.dumps(array_like)},\n"
        f"  limit: limits.{limit},\n  messages: [\n{rules}  ],\n}};\n\n"
    )


def _constants(name: str, values: dict[str, Any]) -> str:
    return (
        f"export const {name} = {{\n"
        + "".join(f"  {k}: {json.dumps(v)},\n" for k, v in values.items())
        + "} as const;\n"
    )


def _public(namespace: dict[str, Any], kind: type) -> dict[str, Any]:
    return {k: v for k, v in namespace.items() if k.isupper() and isinstance(v, kind) and not isinstance(v, enum.Enum)}


def render() -> str:
    """Return the text of the generated file."""
    structs = list(dict.fromkeys(struct for union, _ in UNIONS.values() for struct in members(union)))
    return (
        "// Written by scripts/generate_protocol_ts.py from src/zuruf/protocol. Change it there.\n"
        'import { type Bytes, bool, bytes, int, list, type MessageRule, text, type UnionRule } from "../rules";\n\n'
        f"export const PROTOCOL_VERSION = {PROTOCOL_VERSION};\n\n"
        "/** Sizes and counts that every end enforces; bytes unless named otherwise. */\n"
        + _constants("limits", _public(vars(limits), int))
        + "\n/** Error codes that a person may see. */\n"
        + _constants("codes", {code.name: code.value for code in codes.Code})
        + "export type Code = (typeof codes)[keyof typeof codes];\n\n/** WebSocket close codes of ours. */\n"
        + _constants("closeCodes", _public(vars(codes.CloseCode), int))
        + "\n/** Kinds of rectangle in an update. */\n"
        + _constants("rectangles", {k[5:]: v for k, v in vars(remote_control).items() if k.startswith("RECT_")})
        + "\n"
        + "".join(map(_message, structs))
        + "".join(_union(name, union, limit) for name, (union, limit) in UNIONS.items())
    ).rstrip() + "\n"


def main() -> int:
    """Write the file, or with ``--check`` say whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the file is not up to date")
    text = render()
    if parser.parse_args().check:
        return int(TARGET.read_text(encoding="utf-8") != text)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
