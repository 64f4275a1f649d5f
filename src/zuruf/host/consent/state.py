"""What the customer allows at this moment, and how tools learn of a change. Not for asking the customer."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from zuruf.host.consent.rights import Rights


class ConsentState:
    """The present rights; belongs to the event loop's thread. A change reaches every watcher before ``set`` returns."""

    def __init__(self, rights: Rights | None = None) -> None:
        self._rights = rights or Rights()
        self._watchers: list[Callable[[Rights], None]] = []

    @property
    def rights(self) -> Rights:
        """What is allowed now; check it at every act, not once."""
        return self._rights

    def set(self, **switches: bool) -> None:
        """Change some switches. Raises TypeError for an unknown one."""
        rights: Rights = msgspec.structs.replace(self._rights, **switches)
        if rights == self._rights:
            return
        self._rights = rights
        for watcher in list(self._watchers):
            watcher(rights)

    def watch(self, watcher: Callable[[Rights], None]) -> Callable[[], None]:
        """Call ``watcher`` at every change from now on; returns a function that stops it."""
        self._watchers.append(watcher)

        def stop() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return stop

    async def changed(self, known: Rights) -> Rights:
        """Wait until the rights differ from those the caller knows, and return them."""
        if self._rights != known:
            return self._rights
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def wake(_rights: Rights) -> None:
            if not future.done():
                future.set_result(None)

        stop = self.watch(wake)
        try:
            await future
        finally:
            stop()
        return self._rights
