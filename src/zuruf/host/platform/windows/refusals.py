"""Why a Windows computer cannot be supported. Pure: ``probe`` looks, this decides."""

from collections.abc import Iterable
from typing import Protocol

from zuruf.host.platform.base import Refusal
from zuruf.protocol.codes import Code

OLDEST_MAJOR = 10
_DETAIL_MAX = 80

Rule = tuple[str, str, str]
"""One sign of a host software: its name for people, ``service``, ``registry`` or ``file``, and what to look for."""


class Probe(Protocol):
    """Looks at the computer. Changes nothing."""

    def major_version(self) -> int:
        """Windows' own major version: 10 also for Windows 11."""
        ...

    def administrator(self) -> bool:
        """Whether this process has an administrator's rights, not only its user."""
        ...

    def service(self, name: str) -> bool:
        """Whether a service of this name is installed."""
        ...

    def registry_key(self, path: str) -> bool:
        """Whether there is this key below HKEY_LOCAL_MACHINE, for 64-bit programs or for 32-bit ones."""
        ...

    def file(self, path: str) -> bool:
        """Whether there is this file or folder."""
        ...


def refusal(probe: Probe, hosts: Iterable[Rule]) -> Refusal | None:
    """Return why not, or None. ``hosts``: signs of host software beside which no session starts.

    Raises ValueError for a rule of another kind: the operator's list is wrong, and it must not seem to work.
    """
    if probe.major_version() < OLDEST_MAJOR:
        return Refusal(Code.SYSTEM_TOO_OLD)
    if not probe.administrator():
        return Refusal(Code.NOT_ADMINISTRATOR)
    look = {"service": probe.service, "registry": probe.registry_key, "file": probe.file}
    for name, kind, what in hosts:
        if kind not in look:
            raise ValueError(f"unknown kind of sign for {name}: {kind}")
        if look[kind](what):
            return Refusal(Code.HOST_ALREADY_INSTALLED, _printable(name))
    return None


def _printable(name: str) -> str:
    return "".join(character for character in name if character.isprintable())[:_DETAIL_MAX]
