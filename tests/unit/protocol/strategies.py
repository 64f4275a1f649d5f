"""Hypothesis strategies for every message, made from the structs' own bounds."""

from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec.inspect import BoolType, BytesType, IntType, ListType, StrType, StructType, Type, type_info

from tests.contract.make_vectors import PATTERN_SAMPLES, int_bounds, members

_LONGEST = 400


def _value(kind: Type) -> st.SearchStrategy[Any]:
    match kind:
        case BoolType():
            return st.booleans()
        case IntType():
            return st.integers(*int_bounds(kind))
        case BytesType(min_length=low, max_length=top):
            return st.binary(min_size=low or 0, max_size=min(top or _LONGEST, _LONGEST))
        case StrType(pattern=str(pattern)):
            return st.sampled_from(PATTERN_SAMPLES[pattern])
        case StrType(min_length=low, max_length=top):
            return st.text(min_size=low or 0, max_size=min(top or _LONGEST, _LONGEST))
        case ListType(item_type=item, max_length=int(top)):
            return st.lists(_value(item), max_size=top)
    raise TypeError(f"no strategy for {kind}")


def message(struct: type[msgspec.Struct]) -> st.SearchStrategy[msgspec.Struct]:
    """Any message of one type within its bounds (long fields are kept to 400)."""
    info = type_info(struct)
    assert isinstance(info, StructType)
    return st.builds(struct, **{field.name: _value(field.type) for field in info.fields})


def any_message(union: Any) -> st.SearchStrategy[msgspec.Struct]:
    """Any message of a union."""
    return st.one_of([message(struct) for struct in members(union)])
