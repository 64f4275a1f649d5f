"""A technician's browser and a host, as far as the server can tell them from real ones; both over real sockets."""

import asyncio
import base64
import json
from typing import Any, TypeVar

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.unit.server.conftest import PASSWORD, LiveServer
from zuruf.protocol import PROTOCOL_VERSION, control, handshake_messages, pairing, relay
from zuruf.protocol.codec import encode
from zuruf.protocol.signatures import control_transcript, new_private_key, public_key, report_transcript, sign

PATIENCE_S = 20
M = TypeVar("M")

OFFER = encode(handshake_messages.HostOffer(protocol=PROTOCOL_VERSION, ya=bytes(32), host_key=bytes(32), salt=b""))
ANSWER = encode(handshake_messages.BrowserAnswer(yb=bytes(32)))
HOST_CONFIRM = encode(handshake_messages.HostConfirm(mac=bytes(64)))
BROWSER_CONFIRM = encode(handshake_messages.BrowserConfirm(mac=bytes(64), sealed=b"sealed"))


def pack(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


async def raw(socket: ClientConnection) -> bytes:
    async with asyncio.timeout(PATIENCE_S):
        data = await socket.recv()
    assert isinstance(data, bytes)
    return data


async def heard(socket: ClientConnection, kind: type[M]) -> M:
    """The next pairing message, which must be of this kind."""
    message = pairing.decoder.decode(await raw(socket))
    assert isinstance(message, kind), message
    return message


async def told(socket: ClientConnection, kind: type[M]) -> M:
    """The next control message, which must be of this kind."""
    message = control.to_host.decode(await raw(socket))
    assert isinstance(message, kind), message
    return message


async def closed(socket: ClientConnection) -> int | None:
    """The code with which the other end closes, whatever it says before."""
    async with asyncio.timeout(PATIENCE_S):
        await socket.wait_closed()
    return socket.close_code


async def say(socket: ClientConnection, run: pairing.RunStarted, payload: bytes) -> None:
    await socket.send(encode(pairing.Forward(run_id=run.run_id, payload=payload)))


class Browser:
    """A technician who is signed in at a live server."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
        self.http = httpx.AsyncClient(base_url=server.url, headers={"Origin": server.url}, timeout=PATIENCE_S)

    async def sign_in(self, email: str) -> None:
        answer = await self.http.post("/api/v1/auth/sign-in", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text

    async def prepare(self) -> dict[str, Any]:
        answer = await self.http.post("/api/v1/sessions", json={"customer_email": "k@kunde.test", "locale": "de"})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def post(self, session_id: str, action: str, **body: object) -> httpx.Response:
        return await self.http.post(f"/api/v1/sessions/{session_id}/{action}", json=body)

    async def session(self, session_id: str) -> dict[str, Any]:
        return dict((await self.http.get(f"/api/v1/sessions/{session_id}")).json())

    def socket(self, path: str, origin: str | None = None) -> connect:
        return connect(self.server.ws_url + path, origin=origin or self.server.url, compression=None)

    async def console(self, session_id: str) -> ClientConnection:
        """An admitted pairing socket."""
        ticket = unpack((await self.post(session_id, "pairing-ticket")).json()["ticket"])
        socket = await self.socket("/ws/console/pairing")
        await socket.send(encode(pairing.ConsoleHello(ticket=ticket)))
        await heard(socket, pairing.ConsoleReady)
        return socket


class Host:
    """An app that pairs and becomes a host."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
        self.key = new_private_key()

    def socket(self, path: str) -> connect:
        return connect(self.server.ws_url + path, compression=None)

    @staticmethod
    def hello(number: str, **values: Any) -> bytes:
        facts = {"protocol": PROTOCOL_VERSION, "app_version": "0.1.0", "platform": "test", **values}
        return encode(pairing.HostHello(number=number, **facts))

    def authenticate(self, session_id: str, nonce: bytes) -> bytes:
        signature = sign(self.key, control_transcript(session_id, nonce))
        return encode(
            control.Authenticate(
                session_id=session_id, signature=signature, app_version="0.1.0", protocol=PROTOCOL_VERSION
            )
        )

    def report(self, session_id: str, kind: str, **detail: object) -> bytes:
        text = json.dumps(detail)
        signature = sign(self.key, report_transcript(session_id, kind, text))
        return encode(control.Report(kind=kind, detail=text, signature=signature))

    async def control(self, session_id: str) -> ClientConnection:
        """An admitted control socket."""
        socket = await self.socket("/ws/host/control")
        challenge = await told(socket, control.Challenge)
        await socket.send(self.authenticate(session_id, challenge.nonce))
        await told(socket, control.Welcome)
        return socket

    async def active(self, socket: ClientConnection, session_id: str) -> None:
        await socket.send(self.report(session_id, "active", hostname="pc", system="Windows", app_version="0.1.0"))
        await told(socket, control.ReportAccepted)


async def start_run(app: ClientConnection, console: ClientConnection, session: dict[str, Any]) -> pairing.RunStarted:
    await app.send(Host.hello(session["number"]))
    run = await heard(app, pairing.RunStarted)
    assert await heard(console, pairing.RunStarted) == run
    return run


async def pair(browser: Browser, host: Host, session: dict[str, Any]) -> None:
    """A whole run with the right code: the server cannot tell what is in the messages."""
    await browser.post(session["id"], "code")
    async with await browser.console(session["id"]) as console, host.socket("/ws/host/pairing") as app:
        run = await start_run(app, console, session)
        for source, target, payload in (
            (app, console, OFFER), (console, app, ANSWER), (app, console, HOST_CONFIRM),
        ):  # fmt: skip
            await say(source, run, payload)
            assert (await heard(target, pairing.Forward)).payload == payload
        answer = await browser.post(session["id"], "activation", run_id=run.run_id, host_key=pack(public_key(host.key)))
        assert answer.status_code == 200, answer.text
        await say(console, run, BROWSER_CONFIRM)
        assert (await heard(app, pairing.Forward)).payload == BROWSER_CONFIRM
        assert (await heard(app, pairing.RunEnded)).code == ""
        assert (await heard(console, pairing.RunEnded)).code == ""


async def activate(browser: Browser, host: Host) -> tuple[dict[str, Any], ClientConnection]:
    """A session that is active, and its control socket."""
    session = await browser.prepare()
    await pair(browser, host, session)
    socket = await host.control(session["id"])
    await host.active(socket, session["id"])
    return session, socket


async def dial(
    browser: Browser, host: Host, session_id: str, ctl: ClientConnection
) -> tuple[ClientConnection, ClientConnection, str]:
    """Open a connection up to the relay's word that both ends are there."""
    answer = await browser.post(session_id, "connections", tool="remote_control")
    assert answer.status_code == 200, answer.text
    offer = await told(ctl, control.OpenConnection)
    viewer = await browser.socket("/ws/relay")
    await viewer.send(encode(relay.RelayHello(ticket=unpack(answer.json()["ticket"]), role="viewer")))
    there = await host.socket("/ws/relay")
    await there.send(encode(relay.RelayHello(ticket=offer.ticket, role="host")))
    relay.paired.decode(await raw(viewer))
    relay.paired.decode(await raw(there))
    return viewer, there, offer.connection_id
