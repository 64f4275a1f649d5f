"""Reads a removal receipt for people. Not for checking its signature: that was done when the host handed it in."""

import json
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError


def _shown(text: str) -> str:
    """The host's machine is the customer's: what it writes is shown as one harmless line."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)[:200]


Line = Annotated[str, AfterValidator(_shown)]


def _listed(value: object) -> object:
    return [] if value is None else value


Lines = Annotated[list[Line], BeforeValidator(_listed), Field(max_length=1000)]


class ReceiptFacts(BaseModel):
    """What the host says of its removal. ``finishing``: what the system takes away right after the receipt was made."""

    reason: Line
    by: Line
    at: Line
    installed: Lines
    removed: Lines
    finishing: Lines = []


def read(receipt: str) -> ReceiptFacts | None:
    """Return what a receipt says, or None where it does not say it in the way of ``docs/protocol.md``."""
    try:
        return ReceiptFacts.model_validate(json.loads(receipt), strict=True)
    except (ValidationError, ValueError, RecursionError):
        return None
