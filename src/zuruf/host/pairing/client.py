"""Carries pairing runs over ``/ws/host/pairing``. What follows from a message is ``pairing.run``'s to say."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from zuruf.host.build_info import APP_VERSION
from zuruf.host.pairing.run import Failed, Paired, PairingRun
from zuruf.host.transport import Transport, Unreachable
from zuruf.protocol import PROTOCOL_VERSION
from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.codes import CloseCode, Code
from zuruf.protocol.limits import PAIRING_MESSAGE_MAX
from zuruf.protocol.pairing import HostHello, PairingMessage, RunEnded, decoder
from zuruf.protocol.signatures import public_key

log = logging.getLogger(__name__)

_SUCCESS_PATIENCE_S = 5.0
_QUEUE_MAX = 16


class PairingClient:
    """One socket for all tries of one app; it is opened with the first and again when it was lost in between."""

    def __init__(self, transport: Transport, number: str, platform_name: str, private_key: bytes) -> None:
        self.number = number
        self.private_key = private_key
        self._transport = transport
        self._hello = HostHello(
            number=number, protocol=PROTOCOL_VERSION, app_version=APP_VERSION[:200], platform=platform_name[:200]
        )
        self._host_key = public_key(private_key)
        self._socket: ClientConnection | None = None
        self._messages: asyncio.Queue[bytes | str | None] = asyncio.Queue(_QUEUE_MAX)
        self._reader: asyncio.Task[None] | None = None

    async def attempt(self, code: str, spend: Callable[[], None], verified: Callable[[], None]) -> Paired | Failed:
        """Run one try; ``spend`` before the host's proof leaves, ``verified`` when the browser's is good.

        Never raises for what the network or the peer does.
        """
        try:
            async with asyncio.timeout(self._transport.patience.run_s):
                return await self._attempt(code, spend, verified)
        except TimeoutError:
            await self.close()
            return Failed(Code.PAIRING_TIMEOUT)
        except Unreachable as error:
            log.info("pairing socket: %s", type(error).__name__)
            await self.close()
            return Failed(Code.NO_CONNECTION)
        except ProtocolError as error:
            log.warning("pairing: %s", error)
            await self.close(CloseCode.MALFORMED)
            return Failed(Code.MALFORMED_MESSAGE)

    async def _attempt(self, code: str, spend: Callable[[], None], verified: Callable[[], None]) -> Paired | Failed:
        socket = await self._open()
        while not self._messages.empty():
            # What came between two tries concerns the last one.
            self._messages.get_nowait()
        run = PairingRun(code, self._host_key, spend)
        await socket.send(encode(self._hello))
        while True:
            step = run.handle(await self._next())
            for message in step.send:
                await socket.send(encode(message))
            if isinstance(step.outcome, Paired):
                verified()
                await self._wait_for_registration()
            if step.outcome is not None:
                return step.outcome

    async def _wait_for_registration(self) -> None:
        # The browser registers this host's key before it proves the code, so control will be admitted either way;
        # waiting for the server's word only keeps the socket open until the technician's page has it too.
        with contextlib.suppress(TimeoutError, ProtocolError, *Unreachable):
            async with asyncio.timeout(_SUCCESS_PATIENCE_S):
                while not isinstance(await self._next(), RunEnded):
                    pass

    async def _open(self) -> ClientConnection:
        if self._socket is not None and self._reader is not None and not self._reader.done():
            return self._socket
        await self.close()
        url = self._transport.socket_url("/ws/host/pairing")
        self._socket = await self._transport.dial(url, PAIRING_MESSAGE_MAX)
        self._messages = asyncio.Queue(_QUEUE_MAX)
        self._reader = asyncio.create_task(self._read(self._socket, self._messages))
        return self._socket

    @staticmethod
    async def _read(socket: ClientConnection, messages: "asyncio.Queue[bytes | str | None]") -> None:
        with contextlib.suppress(ConnectionClosed):
            async for message in socket:
                await messages.put(message)
        await messages.put(None)

    async def _next(self) -> PairingMessage:
        data = await self._messages.get()
        if data is None:
            raise ConnectionError("pairing socket closed")
        return decoder.decode(data)

    async def close(self, code: int = 1000) -> None:
        """Close the socket. Repeatable."""
        socket, reader = self._socket, self._reader
        self._socket = self._reader = None
        if reader is not None:
            reader.cancel()
        if socket is not None:
            await socket.close(code)
