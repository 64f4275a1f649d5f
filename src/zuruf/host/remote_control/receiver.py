"""Does what the viewer's messages ask, as far as the customer allows it at that moment."""

from zuruf.host.connection.channel import Channel
from zuruf.host.consent.state import ConsentState
from zuruf.host.platform.desktop import Desktop
from zuruf.host.remote_control.doing import Doing
from zuruf.host.remote_control.flow import Flow
from zuruf.host.remote_control.notices import Notices
from zuruf.protocol import remote_control as messages


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

    async def run(self) -> None:
        """Take one message after the other; the next one waits until this one is done."""
        while True:
            await self._handle(messages.to_host.decode(await self._channel.recv()))

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
                await act.key(code, key, down)
            case messages.Text(text):
                await act.type_text(text)
            case messages.ReleaseAll():
                act.release_all()

    def _on_screen(self, x: int, y: int) -> tuple[int, int]:
        width, height = self._desktop.screen.size
        return min(x, width - 1), min(y, height - 1)
