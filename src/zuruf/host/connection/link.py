"""Whether the server can be reached, for the customer to see. Apart from ``control``: a window needs no network."""

from enum import Enum


class Link(Enum):
    """The state of the control socket."""

    CONNECTING = "connecting"
    ONLINE = "online"
    OFFLINE = "offline"
