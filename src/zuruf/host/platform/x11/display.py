"""One X connection served by the event loop. Knows requests, replies and events, not what they are for."""

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any

import xcffib
import xcffib.xproto

from zuruf.host.platform.desktop import NoScreen

_connect: Any = xcffib.connect
EventHandler = Callable[[Any], None]


@contextlib.contextmanager
def connected() -> Iterator[None]:
    """Turn a connection that broke, or was closed, into NoScreen. Around every use of the display; also a decorator."""
    try:
        yield
    except xcffib.Error:
        raise
    except xcffib.XcffibException as error:
        raise NoScreen(f"the X server is gone: {error}") from error


class Display:
    """A connection to the X server. ``lost`` is called once, with the reason, when the server goes away."""

    def __init__(self, name: str | None, lost: Callable[[str], None]) -> None:
        try:
            self.connection: Any = _connect(name)
        except (xcffib.XcffibException, OSError) as error:
            raise NoScreen(f"no X display {name or os.environ.get('DISPLAY', '')!r}: {error}") from error
        self.setup = self.connection.get_setup()
        self.screen = self.setup.roots[self.connection.pref_screen]
        self.root: int = self.screen.root
        self._lost = lost
        self._handlers: dict[type[Any], list[EventHandler]] = {}
        self._loop = asyncio.get_running_loop()
        self._fd: int = self.connection.get_file_descriptor()
        self._pump_due = False
        self._closed = False
        self._loop.add_reader(self._fd, self.dispatch)

    @property
    def core(self) -> Any:
        """The requests of the core protocol."""
        return self.connection.core

    @property
    def closed(self) -> bool:
        """Nothing more can be asked of this display."""
        return self._closed

    def extension(self, module: Any, name: str) -> Any:
        """Return the requests of an extension. Raises NoScreen when the server lacks it."""
        reply = self.reply(self.core.QueryExtension(len(name), name))
        if not reply.present:
            raise NoScreen(f"the X server lacks the {name} extension")
        return self.connection(module.key)

    def reply(self, cookie: Any) -> Any:
        """Wait for a reply. Raises xcffib.Error for the server's refusal, xcffib.ConnectionException when it is gone.

        Reading a reply takes events off the socket too: they wait in xcb's queue and the socket does not become
        readable for them, so they are looked for right afterwards.
        """
        answer = cookie.reply()
        if not self._pump_due and not self._closed:
            self._pump_due = True
            self._loop.call_soon(self.dispatch)
        return answer

    def on(self, event: type[Any], handler: EventHandler) -> None:
        """Call the handler for every event of this type."""
        self._handlers.setdefault(event, []).append(handler)

    def sync(self) -> None:
        """Wait until the server has done everything that was requested."""
        self.reply(self.core.GetInputFocus())

    def flush(self) -> None:
        """Send what was requested."""
        if not self._closed:
            self.connection.flush()

    def atom(self, name: str) -> int:
        """Return the atom of this name."""
        atom: int = self.reply(self.core.InternAtom(False, len(name), name)).atom
        return atom

    def close(self) -> None:
        """Leave the server; it frees everything made on this connection. Repeatable."""
        if not self._closed:
            self._closed = True
            self._loop.remove_reader(self._fd)
            self.connection.disconnect()

    def dispatch(self) -> None:
        """Handle every event that has arrived."""
        self._pump_due = False
        while not self._closed:
            try:
                event = self.connection.poll_for_event()
            except (xcffib.Error, xcffib.ProtocolException, IndexError):
                # The answer to a request nobody waits for (a window that vanished meanwhile), or an event that
                # nobody selected; neither concerns us.
                continue
            except xcffib.XcffibException as error:
                self._gone(str(error) or type(error).__name__)
                return
            if event is None:
                break
            try:
                for handler in self._handlers.get(type(event), ()):
                    handler(event)
            except xcffib.Error:
                continue
            except xcffib.XcffibException as error:
                self._gone(str(error))
                return
        if not self._closed:
            if self.connection.has_error():
                self._gone("the X server closed the connection")
            else:
                self.connection.flush()

    def _gone(self, reason: str) -> None:
        self.close()
        self._lost(reason)
