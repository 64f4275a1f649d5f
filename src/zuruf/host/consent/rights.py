"""The customer's switches. Apart from ``state``, so that a process without an event loop can know them."""

import msgspec


class Rights(msgspec.Struct, frozen=True):
    """The customer's switches. Everything is allowed until the customer takes it back."""

    view: bool = True
    control: bool = True
    clipboard: bool = True
    files: bool = True
    dashboard: bool = True
    ask: bool = False
    """Ask the customer before every connection."""
    delete_download: bool = True
    """Delete the downloaded file, too, when the app removes itself."""
