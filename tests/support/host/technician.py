"""The technician's browser: knows code and password, speaks the handshake in Python."""

from collections.abc import Callable

from websockets.asyncio.server import ServerConnection

from zuruf.protocol import handshake_messages
from zuruf.protocol.codec import encode
from zuruf.protocol.handshake import Binding, BrowserHandshake, Purpose, WrongSecret
from zuruf.protocol.handshake_messages import HostConfirm, HostOffer, Settings
from zuruf.protocol.secure_channel import SecureChannel

CODE = "123456789"
SALT = b"s" * 16
PRS = b"p" * 64


class WrongPassword(Exception):
    """The host's proof does not fit."""


class Technician:
    """One person's browser tab for one session."""

    def __init__(self, session_id: str = "", code: str = CODE, duration_s: int = 3600) -> None:
        self.session_id = session_id
        self.code = code
        self.host_key = b""
        self.paired = False
        self.silent = False
        self.settings = Settings(
            duration_s=duration_s,
            tools=["remote_control"],
            salt=SALT,
            prs=PRS,
            technician="Tina Technik",
            company="Muster GmbH",
        )

    def pair(self, run_id: str) -> Callable[[bytes], bytes | None]:
        """Begin a run; the result takes the host's messages and returns the answers, None when the code is wrong."""
        binding = Binding(Purpose.PAIRING, self.session_id, run_id)
        handshake = BrowserHandshake(binding, self.code.encode())

        def answer(payload: bytes) -> bytes | None:
            message = handshake_messages.decoder.decode(payload)
            if isinstance(message, HostOffer):
                self.host_key = message.host_key
                return encode(handshake.accept(message))
            assert isinstance(message, HostConfirm)
            try:
                handshake.verify(message)
            except WrongSecret:
                return None
            self.paired = True
            return encode(handshake.confirm(self.settings))

        return answer

    async def connect(
        self, socket: ServerConnection, connection_id: str, tool: str = "remote_control", prs: bytes = PRS
    ) -> SecureChannel:
        """Prove the password over the relay. Raises WrongPassword; the offer was a refusal: AssertionError."""
        binding = Binding(Purpose.CONNECTING, self.session_id, connection_id, tool, 1)
        handshake = BrowserHandshake(binding, prs, self.host_key)
        offer = handshake_messages.decoder.decode(await socket.recv())
        assert isinstance(offer, HostOffer), offer
        assert offer.salt == SALT
        await socket.send(encode(handshake.accept(offer)))
        confirm = handshake_messages.decoder.decode(await socket.recv())
        assert isinstance(confirm, HostConfirm)
        try:
            keys = handshake.verify(confirm)
        except WrongSecret as error:
            raise WrongPassword from error
        await socket.send(encode(handshake.confirm()))
        return SecureChannel(keys.browser, keys.host)
