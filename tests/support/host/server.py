"""A small server for the host's sockets: it does what the test says, not what the product's server does."""

import asyncio
import contextlib
import http
import json
import secrets
import ssl
import uuid
from types import TracebackType
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.support.host.technician import Technician
from zuruf.protocol import control, pairing, relay
from zuruf.protocol.codec import encode
from zuruf.protocol.codes import Code
from zuruf.protocol.signatures import control_transcript, report_transcript, verify

NUMBER = "1234567890"


class FakeServer:
    """Serves one session. Facts and events are plain attributes. ``wrong_code``: what a wrong one is called.

    ``redirect``: where every request is sent instead.
    """

    def __init__(self, technician: Technician | None = None, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.session_id = str(uuid.uuid4())
        self.technician = technician or Technician(self.session_id)
        self.technician.session_id = self.session_id
        self.state = "open"
        self.minimum_app_version = "0.1.0"
        self.refusals: list[Code] = []
        self.tries_left = 5
        self.wrong_code = Code.WRONG_CODE
        self.redirect: str | None = None
        self.requests: list[str] = []
        self.accept_reports = True
        self.reject: control.Rejected | None = None
        self.welcome: bytes | str | None = None
        self.refused = asyncio.Event()
        self.reports: list[control.Report] = []
        self.messages: asyncio.Queue[control.ToServer] = asyncio.Queue()
        self.hosts: list[ServerConnection] = []
        self.host_arrived = asyncio.Event()
        self.relayed: dict[bytes, tuple[asyncio.Future[ServerConnection], asyncio.Event]] = {}
        self.runs = asyncio.Event()
        self._server: Server | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"

    async def __aenter__(self) -> "FakeServer":
        await self.listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.vanish()

    async def listen(self) -> None:
        """Be reachable, at the same port as before."""
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            self._port,
            ssl=self._tls,
            process_request=self._request,
            close_timeout=0.2,
            max_size=None,
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def vanish(self) -> None:
        """Break every socket without a word and refuse new ones."""
        assert self._server is not None
        for connection in list(self._server.connections):
            connection.transport.abort()
        self._server.close()
        await self._server.wait_closed()
        self.host_arrived.clear()

    def _request(self, _connection: ServerConnection, request: Request) -> Response | None:
        path = request.path
        self.requests.append(path)
        if self.redirect is not None:
            headers = Headers({"Location": self.redirect + path, "Connection": "close"})
            return Response(http.HTTPStatus.FOUND, "Found", headers, b"")
        if path.startswith("/ws/"):
            return None
        if path != f"/api/v1/public/sessions/{NUMBER}":
            return Response(http.HTTPStatus.NOT_FOUND, "Not Found", Headers(), b"{}")
        facts = {
            "session_id": self.session_id,
            "number": NUMBER,
            "company": "Muster GmbH",
            "technician": "Tina Technik",
            "locale": "de",
            "state": self.state,
            "link_expires_at": "2030-01-01T00:00:00Z",
            "download": None,
            "minimum_app_version": self.minimum_app_version,
        }
        headers = Headers({"Content-Type": "application/json", "Connection": "close"})
        return Response(http.HTTPStatus.OK, "OK", headers, json.dumps(facts).encode())

    async def _serve(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        assert "Origin" not in connection.request.headers
        handlers = {
            "/ws/host/pairing": self._pairing,
            "/ws/host/control": self._control,
            "/ws/relay": self._relay,
        }
        with contextlib.suppress(ConnectionClosed):
            await handlers[connection.request.path](connection)

    # Pairing

    async def _pairing(self, connection: ServerConnection) -> None:
        while True:
            hello = pairing.decoder.decode(await connection.recv())
            assert isinstance(hello, pairing.HostHello)
            if self.refusals:
                await connection.send(encode(pairing.Refused(code=self.refusals.pop(0))))
                continue
            await self._run(connection)

    async def _run(self, connection: ServerConnection) -> None:
        run_id = str(uuid.uuid4())
        started = pairing.RunStarted(run_id=run_id, session_id=self.session_id, tries_left=self.tries_left)
        await connection.send(encode(started))
        browser = self.technician.pair(run_id)
        while True:
            message = pairing.decoder.decode(await connection.recv())
            if isinstance(message, pairing.RunFailed):
                code = message.code
                break
            assert isinstance(message, pairing.Forward)
            if self.technician.silent:
                self.runs.set()
                continue
            answer = browser(message.payload)
            if answer is None:
                code = self.wrong_code
                break
            await connection.send(encode(pairing.Forward(run_id=run_id, payload=answer)))
            if self.technician.paired:
                await connection.send(encode(pairing.RunEnded(run_id=run_id, code="", tries_left=0)))
                return
        self.tries_left -= 1
        await connection.send(encode(pairing.RunEnded(run_id=run_id, code=code, tries_left=self.tries_left)))

    async def run_begun(self) -> None:
        """Wait until the host waits for a silent technician."""
        async with asyncio.timeout(20):
            await self.runs.wait()

    # Control

    async def _control(self, connection: ServerConnection) -> None:
        nonce = secrets.token_bytes(32)
        await connection.send(encode(control.Challenge(nonce=nonce)))
        hello = control.to_server.decode(await connection.recv())
        assert isinstance(hello, control.Authenticate)
        assert hello.session_id == self.session_id
        assert verify(self.technician.host_key, control_transcript(self.session_id, nonce), hello.signature)
        if self.welcome is not None:
            await connection.send(self.welcome)
            self.refused.set()
            return
        if self.reject is not None:
            await connection.send(encode(self.reject))
            return
        await connection.send(encode(control.Welcome()))
        self.hosts.append(connection)
        self.host_arrived.set()
        async for data in connection:
            message = control.to_server.decode(data)
            if isinstance(message, control.Report):
                transcript = report_transcript(self.session_id, message.kind, message.detail)
                assert verify(self.technician.host_key, transcript, message.signature)
                self.reports.append(message)
                if self.accept_reports:
                    await connection.send(encode(control.ReportAccepted(kind=message.kind)))
            self.messages.put_nowait(message)

    async def refused_a_host(self) -> None:
        """Wait until a host got ``welcome`` instead of a welcome."""
        async with asyncio.timeout(20):
            await self.refused.wait()
        self.refused.clear()

    async def host(self) -> ServerConnection:
        """Wait for the host's present control socket."""
        async with asyncio.timeout(20):
            await self.host_arrived.wait()
        return self.hosts[-1]

    async def next(self, kind: type[control.ToServer]) -> Any:  # type: ignore[valid-type]
        """Return the host's next message of this kind."""
        async with asyncio.timeout(20):
            while not isinstance(message := await self.messages.get(), kind):
                pass
        return message

    async def next_report(self, kind: str) -> dict[str, Any]:
        """Return the detail of the host's next report of this kind."""
        while (report := await self.next(control.Report)).kind != kind:
            pass
        detail: dict[str, Any] = json.loads(report.detail)
        return detail

    # Relay: the test holds the viewer's end directly

    async def open(self, tool: str = "remote_control", relay_url: str | None = None) -> tuple[str, bytes]:
        """Ask the host for a connection; returns its id and the ticket to wait for it with ``viewer``."""
        connection_id, ticket = str(uuid.uuid4()), secrets.token_bytes(32)
        self.relayed[ticket] = (asyncio.get_running_loop().create_future(), asyncio.Event())
        request = control.OpenConnection(
            connection_id=connection_id,
            tool=tool,
            relay_url=relay_url or self.url.replace("http", "ws", 1) + "/ws/relay",
            ticket=ticket,
            epoch=1,
        )
        await (await self.host()).send(encode(request))
        return connection_id, ticket

    async def viewer(self, ticket: bytes) -> ServerConnection:
        """Wait for the host at the relay; what this end sends is what the viewer would."""
        async with asyncio.timeout(20):
            return await self.relayed[ticket][0]

    async def _relay(self, connection: ServerConnection) -> None:
        hello = relay.hello.decode(await connection.recv())
        assert hello.role == "host"
        joined, _ = self.relayed[hello.ticket]
        await connection.send(encode(relay.RelayPaired()))
        joined.set_result(connection)
        await connection.wait_closed()
