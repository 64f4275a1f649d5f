"""A technician's viewer without a browser: a real host, the real relay, and the picture that the host shows."""

import contextlib
from typing import Any

from websockets.exceptions import ConnectionClosed

from tests.support import flow
from tests.support.viewer import Picture
from zuruf.protocol import handshake_messages, relay
from zuruf.protocol import remote_control as messages
from zuruf.protocol.codec import encode
from zuruf.protocol.handshake import Binding, BrowserHandshake, Purpose
from zuruf.protocol.secure_channel import SecureChannel
from zuruf.protocol.signatures import derive_prs

PATIENCE_S = 40


class FarViewer:
    """One connection of remote control. Raises WrongSecret for a wrong password."""

    def __init__(self, technician: flow.Technician, session_id: str, password: str) -> None:
        told: dict[str, Any] = technician.post(session_id, "connections", tool="remote_control")
        self._socket = technician.socket("/ws/relay")
        self._socket.send(encode(relay.RelayHello(ticket=flow.unpack(told["ticket"]), role="viewer")))
        relay.paired.decode(self._binary())
        offer = handshake_messages.decoder.decode(self._binary())
        assert isinstance(offer, handshake_messages.HostOffer), offer
        binding = Binding(
            Purpose.CONNECTING, session_id, told["connection_id"], "remote_control", told["epoch"]
        )  # fmt: skip
        browser = BrowserHandshake(binding, derive_prs(password, offer.salt), flow.unpack(told["host_key"]))
        self._socket.send(encode(browser.accept(offer)))
        keys = browser.verify(handshake_messages.decoder.decode(self._binary()))
        self._socket.send(encode(browser.confirm()))
        self._channel = SecureChannel(keys.browser, keys.host)
        self.picture = Picture()

    def _binary(self) -> bytes:
        data = self._socket.recv(timeout=PATIENCE_S)
        assert isinstance(data, bytes)
        return data

    def say(self, message: messages.ToHost) -> None:
        self._socket.send(self._channel.seal(encode(message)))

    def step(self) -> messages.ToViewer:
        """Take the host's next message and do what it says. Raises ConnectionClosed."""
        message = messages.to_viewer.decode(self._channel.open(self._binary()))
        match message:
            case messages.ScreenInfo(width, height):
                self.picture.resize(width, height)
            case messages.Update(frame, last, data):
                self.picture.apply(data)
                if last:
                    # The host may have closed already, with its last messages still to be read.
                    with contextlib.suppress(ConnectionClosed):
                        self.say(messages.Ack(frame))
        return message

    def whole_picture(self) -> bytes:
        """Ask for the whole picture and return it once it is there: of a desktop that somebody shares now."""
        self.say(messages.Refresh())
        while not (isinstance(message := self.step(), messages.Update) and message.last):
            pass
        return bytes(self.picture.pixels)

    def new_screen(self) -> None:
        """Return when another process has begun to share the desktop."""
        while not isinstance(self.step(), messages.ScreenInfo):
            pass

    def until_closed(self) -> str:
        """Return the code with which the host closes."""
        code = ""
        try:
            while True:
                message = self.step()
                if isinstance(message, messages.Closing):
                    code = message.code
        except ConnectionClosed:
            return code
