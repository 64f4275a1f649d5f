"""Messages of the pipe between the resident and the window helper.

What comes from the window helper is untrusted: it runs as the customer's own account, as anything else there does.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from zuruf.host.consent.rights import Rights
from zuruf.host.ui.port import Action, AllowPasswords, Caller, EndSession, Problem, SetRights, View
from zuruf.protocol.codec import Decoder, ProtocolError
from zuruf.protocol.limits import INTEGER_MAX

TO_WINDOW_MAX = 256 * 1024
TO_RESIDENT_MAX = 4 * 1024

_SWITCHES = frozenset(Rights.__struct_fields__)

Number = Annotated[int, Meta(ge=0, le=INTEGER_MAX)]
Switch = Annotated[str, Meta(max_length=32)]


class Show(msgspec.Struct, tag="show", tag_field="t"):
    """Resident → window: the session looks like this now."""

    view: View


class Ask(msgspec.Struct, tag="ask", tag_field="t"):
    """Resident → window: ask the customer before a connection; replaces an earlier question."""

    question: Number
    caller: Caller
    tool: str


class HideQuestion(msgspec.Struct, tag="hide_question", tag_field="t"):
    """Resident → window: this question needs no answer any more."""

    question: Number


class DeleteDownload(msgspec.Struct, tag="delete_download", tag_field="t"):
    """Resident → window: delete the file the customer downloaded, with the customer's own rights."""

    path: str


class Ended(msgspec.Struct, tag="ended", tag_field="t"):
    """Resident → window: the session is over; ``receipt`` is the removal receipt for the customer to read."""

    reason: str
    receipt: str


class Refuse(msgspec.Struct, tag="refuse", tag_field="t"):
    """Resident → window: the app does not go on."""

    problem: Problem


class WantEnd(msgspec.Struct, tag="end_session", tag_field="t"):
    """Window → resident: the customer ends the session."""


class WantRights(msgspec.Struct, tag="set_rights", tag_field="t"):
    """Window → resident: the customer turned switches of ``Rights``."""

    switches: Annotated[dict[Switch, bool], Meta(min_length=1, max_length=len(_SWITCHES))]


class WantPasswords(msgspec.Struct, tag="allow_passwords", tag_field="t"):
    """Window → resident: the customer allows password tries again."""


class Answer(msgspec.Struct, tag="answer", tag_field="t"):
    """Window → resident: the customer's answer to a question."""

    question: Number
    allowed: bool


class Seen(msgspec.Struct, tag="seen", tag_field="t"):
    """Window → resident: the customer has seen that it is over."""


class DownloadDeleted(msgspec.Struct, tag="download_deleted", tag_field="t"):
    """Window → resident: whether the downloaded file is gone."""

    gone: bool


ToWindow = Show | Ask | HideQuestion | DeleteDownload | Ended | Refuse
Want = WantEnd | WantRights | WantPasswords
ToResident = Want | Answer | Seen | DownloadDeleted

to_window: Decoder[ToWindow] = Decoder(ToWindow, TO_WINDOW_MAX)
to_resident: Decoder[ToResident] = Decoder(ToResident, TO_RESIDENT_MAX)


def want_of(action: Action) -> Want:
    """Return the message for what the customer wants."""
    match action:
        case EndSession():
            return WantEnd()
        case SetRights():
            return WantRights(action.switches)
        case AllowPasswords():
            return WantPasswords()


def action_of(want: Want) -> Action:
    """Return what the customer wants. Raises ProtocolError for a switch that does not exist."""
    match want:
        case WantEnd():
            return EndSession()
        case WantRights():
            if unknown := want.switches.keys() - _SWITCHES:
                raise ProtocolError(f"{len(unknown)} switches that do not exist")
            return SetRights(want.switches)
        case WantPasswords():
            return AllowPasswords()
