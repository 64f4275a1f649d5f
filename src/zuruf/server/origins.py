"""The origin of an address, for comparing. Not for deciding who is trusted."""

from urllib.parse import urlsplit


def origin_of(url: str) -> str:
    """Return the origin that browsers send for this address (RFC 6454: without the scheme's own port)."""
    parts = urlsplit(url)
    own = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, own) else f":{parts.port}"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{port}"
