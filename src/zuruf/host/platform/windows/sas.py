"""Ctrl-Alt-Del for the customer's screen: allow it, send it, put the policy back. Imports nothing of Windows.

Windows lets a program send it (SendSAS) only where the policy SoftwareSASGeneration allows services to. Where it does
not, it is allowed for a moment. What was there before is noted in a file first, so that a computer that goes off in
that moment gets its policy back at the next start (``restore``).

Source: "SendSAS function (sas.h)" in the Windows documentation.
"""

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

SERVICES, SERVICES_AND_EASE_OF_ACCESS = 1, 3
"""Values of the policy that let a service send it."""
TAKES_EFFECT_S = 0.5
"""How long Windows may take to look at the policy after SendSAS returned."""


class UnusablePolicy(Exception):
    """The policy has a value of a kind that Windows does not define; it is left alone."""


class Policy(Protocol):
    """The value SoftwareSASGeneration in the computer's policies. Raises OSError where Windows refuses."""

    def read(self) -> int | None:
        """Return the value. None: there is none. Raises UnusablePolicy for one that is no number."""
        ...

    def write(self, value: int) -> None:
        """Set the value."""
        ...

    def remove(self) -> None:
        """Remove the value. Repeatable."""
        ...


class Attention:
    """Sends Ctrl-Alt-Del. ``note``: the file that remembers the policy while it is changed; in a private folder.

    ``send`` is SendSAS, ``pause`` waits for seconds; both block, so this is not for the event loop's thread.
    """

    def __init__(self, policy: Policy, send: Callable[[], None], pause: Callable[[float], None], note: Path) -> None:
        self._policy = policy
        self._send = send
        self._pause = pause
        self._note = note

    def send(self) -> None:
        """Send it once. Raises OSError where Windows refuses, UnusablePolicy where the policy cannot be read."""
        self.restore()
        before = self._policy.read()
        if before in (SERVICES, SERVICES_AND_EASE_OF_ACCESS):
            self._send()
            return
        self._remember(before)
        try:
            self._policy.write(SERVICES if not before else SERVICES_AND_EASE_OF_ACCESS)
            self._send()
            self._pause(TAKES_EFFECT_S)
        finally:
            # From memory: another process of ours may have obeyed the note meanwhile.
            self._put_back(before)

    def restore(self) -> None:
        """Put back what an interrupted ``send`` changed. Repeatable."""
        try:
            before = json.loads(self._note.read_text(encoding="ascii"))
        except FileNotFoundError:
            return
        except ValueError:
            # The note was not finished, so nothing was changed yet.
            self._forget()
            return
        self._put_back(before if isinstance(before, int) else None)

    def _put_back(self, before: int | None) -> None:
        if before is None:
            self._policy.remove()
        else:
            self._policy.write(before)
        self._forget()

    def _remember(self, before: int | None) -> None:
        with self._note.open("w", encoding="ascii") as file:
            json.dump(before, file)
            file.flush()
            os.fsync(file.fileno())

    def _forget(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._note.unlink()
