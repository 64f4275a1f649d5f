"""Messages of the pipe between the resident and a desktop helper, which serves one remote-control connection.

Arrays with an integer tag, as in ``protocol.remote_control``: a screen's worth of them passes here.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from zuruf.host.consent.rights import Rights
from zuruf.host.helpers.pipe import MESSAGE_MAX
from zuruf.protocol.codec import Decoder
from zuruf.protocol.limits import INTEGER_MAX, RECORD_PLAINTEXT_MAX

Total = Annotated[int, Meta(ge=0, le=INTEGER_MAX)]


class Data(msgspec.Struct, tag=1, array_like=True):
    """Both ways: one message of the connection, as the viewer sends and receives it."""

    message: Annotated[bytes, Meta(max_length=RECORD_PLAINTEXT_MAX)]


class Taken(msgspec.Struct, tag=2, array_like=True):
    """Both ways: how many ``Data`` of the other end were taken for work since the pipe was opened."""

    total: Total


class Open(msgspec.Struct, tag=3, array_like=True):
    """Resident → desktop: the first message. ``frames_before``: as for ``remote_control.session.share``."""

    rights: Rights
    frames_before: Total


class SetRights(msgspec.Struct, tag=4, array_like=True):
    """Resident → desktop: what the customer allows from now on."""

    rights: Rights


class Doing(msgspec.Struct, tag=5, array_like=True):
    """Desktop → resident: what the technician does at the moment, one of ``consent.activity``."""

    activity: Annotated[str, Meta(max_length=300)]


class Over(msgspec.Struct, tag=6, array_like=True):
    """Desktop → resident: the last message; ``code`` is one of ``codes.Code``."""

    code: Annotated[str, Meta(max_length=16)]


to_desktop: Decoder[Data | Taken | Open | SetRights] = Decoder(Data | Taken | Open | SetRights, MESSAGE_MAX)
to_resident: Decoder[Data | Taken | Doing | Over] = Decoder(Data | Taken | Doing | Over, MESSAGE_MAX)
