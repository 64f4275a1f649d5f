"""Does what the viewer's messages ask, as far as the customer allows it at that moment."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from zuruf.host.connection.channel import Channel
from zuruf.host.consent.rights import Rights
from zuruf.host.consent.state import ConsentState
from zuruf.host.platform.desktop import Desktop
from zuruf.host.remote_control.doing import Doing
from zuruf.host.remote_control.flow import Flow
from zuruf.host.remote_control.notices import Notices
from zuruf.protocol import remote_control as messages
from zuruf.protocol.codec import ProtocolError

SILENCE_S = 2.0
"""A key that repeats is released when nothing at all was heard for this long: a browser repeats its key events, so the
network is gone, and the key would go on deleting text until somebody notices."""
_KEYS_DOWN_MAX = 128
"""More than a keyboard has."""
_MODIFIERS = frozenset({"Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock", "ScrollLock"})


class Receiver:
    """Reads messages until the channel raises ChannelClosed or the viewer breaks the protocol (ProtocolError)."""

    def __init__(
        self, channel: Channel, desktop: Desktop, consent: ConsentState, notices: Notices, flow: Flow, doing: Doing
    ) -> None:
        self._channel = channel
        self._desktop = desktop
        self._consent = consent
        self._notices = notices
        self._flow = flow
        self._doing = doing
        self._repeating: dict[str, str] = {}

    async def run(self) -> None:
        """Take one message after the other; the next one waits until this one is done."""
        while True:
            await self._handle(messages.to_host.decode(await self._next()))

    async def _next(self) -> bytes:
        if not self._repeating:
            return await self._channel.recv()
        reading = asyncio.ensure_future(self._channel.recv())
        try:
            await asyncio.wait({reading}, timeout=SILENCE_S)
            if not reading.done():
                for code, key in self._repeating.items():
                    await self._desktop.input.key(code, key, False)
                self._repeating.clear()
            return await reading
        finally:
            reading.cancel()

    async def _handle(self, message: messages.ToHost) -> None:
        match message:
            case messages.Ack(frame):
                self._flow.acknowledge(frame)
                self._notices.changed.set()
            case messages.Ping(token):
                self._notices.pong(token)
            case messages.Refresh():
                self._notices.refresh()
            case messages.Clipboard(text):
                if self._consent.rights.clipboard and self._notices.clipboard_received(text):
                    self._doing.clipboard()
                    self._desktop.clipboard.set_text(text)
            case _:
                if self._consent.rights.control:
                    self._doing.controlling()
                    await self._input(message)

    async def _input(self, message: messages.ToHost) -> None:
        act = self._desktop.input
        match message:
            case messages.PointerMove(x, y):
                act.move(*self._on_screen(x, y))
            case messages.PointerButton(x, y, button, down):
                act.move(*self._on_screen(x, y))
                act.button(button, down)
            case messages.Wheel(x, y, dx, dy):
                act.move(*self._on_screen(x, y))
                act.wheel(dx, dy)
            case messages.Key(code, key, down):
                self._note_key(code, key, down)
                await self._while_allowed(act.key(code, key, down))
            case messages.Text(text):
                await self._while_allowed(act.type_text(text))
            case messages.ReleaseAll():
                self._repeating.clear()
                act.release_all()

    async def _while_allowed(self, acting: Coroutine[Any, Any, None]) -> None:
        """Do what takes a while, and stop it the moment the customer takes control back."""
        task = asyncio.ensure_future(acting)

        def follow(rights: Rights) -> None:
            if not rights.control:
                task.cancel()

        stop_following = self._consent.watch(follow)
        try:
            await asyncio.wait({task})
        finally:
            stop_following()
            task.cancel()
        if not task.cancelled():
            task.result()

    def _note_key(self, code: str, key: str, down: bool) -> None:
        if not down:
            self._repeating.pop(code, None)
        elif key not in _MODIFIERS:
            if len(self._repeating) >= _KEYS_DOWN_MAX:
                raise ProtocolError(f"more than {_KEYS_DOWN_MAX} keys down")
            self._repeating[code] = key

    def _on_screen(self, x: int, y: int) -> tuple[int, int]:
        width, height = self._desktop.screen.size
        return min(x, width - 1), min(y, height - 1)
