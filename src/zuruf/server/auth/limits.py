"""Rate limits, kept in memory per process by the ``limits`` library. Numbers stand here, in one place."""

import math
import time
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from zuruf.protocol.codes import Code
from zuruf.server.errors import TooMany

RULES = {
    "sign_in_address": "30/5 minutes",
    "sign_in_account": "10/5 minutes",
    "sign_in_account_everywhere": "200/5 minutes",
    "public_address": "120/minute",
    "download_address": "60/10 minutes",
    "app_event_number": "20/minute",
    "pairing_address": "60/minute",
    "pairing_number": "30/10 minutes",
    "pairing_number_everywhere": "1000/10 minutes",
    "socket_address": "600/minute",
    "resend_session": "5/10 minutes",
}


def network_of(address: str) -> str:
    """Return what an address counts as: itself, or for IPv6 its /64, which one customer line has all of."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((int(found), 64), strict=False))


class RateLimits:
    """Counts per rule and key; ``hit`` raises TooMany with the seconds to wait."""

    def __init__(self, rules: dict[str, str] | None = None) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._items: dict[str, RateLimitItem] = {name: parse(text) for name, text in (rules or RULES).items()}

    def hit(self, rule: str, key: str) -> None:
        """Count one. Raises TooMany."""
        item = self._items[rule]
        if not self._limiter.hit(item, rule, key):
            reset = self._limiter.get_window_stats(item, rule, key).reset_time
            raise TooMany(Code.TOO_MANY_ATTEMPTS, retry_after_s=max(1, math.ceil(reset - time.time())))

    def clear(self, rule: str, key: str) -> None:
        """Forget what was counted."""
        self._limiter.clear(self._items[rule], rule, key)
