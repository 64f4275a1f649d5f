"""The two ends of a session without browser and screen: a technician by HTTP and a host, both over real sockets."""

import asyncio
import base64
import json
import os
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from zuruf.protocol import PROTOCOL_VERSION, control, handshake_messages, pairing, relay
from zuruf.protocol.codec import encode
from zuruf.protocol.handshake import Binding, BrowserHandshake, HostHandshake, Keys, Purpose
from zuruf.protocol.secure_channel import ChannelFactory, RecordChannel, SecureChannel
from zuruf.protocol.signatures import (
    control_transcript,
    derive_prs,
    new_private_key,
    public_key,
    report_transcript,
    sign,
)
from zuruf.server import schema
from zuruf.server.adapters.embedded import SystemClock
from zuruf.server.audit import service as audit
from zuruf.server.companies import service as companies
from zuruf.server.db import Database
from zuruf.server.plans.policy import Plan
from zuruf.server.users import service as users

ACCOUNT = "korrekt-pferd-batterie"
CODE = b"123456789"
PASSWORD = "mond-tisch-regen-7"
PATIENCE_S = 15
_NAMES = ("Jana Weber", "Ben Krause", "Ana Lindt")


def seed(database_url: str, *people: str, plan: Plan = Plan.BASIC, company: str = "Muster GmbH") -> str:
    """Create the schema, a company and its technicians by e-mail address; return the company's id."""

    async def work() -> str:
        database = Database(database_url)
        await schema.upgrade(database)
        now = SystemClock().now()
        async with database.transaction() as db:
            found = await companies.create(db, name=company, locale="de", plan=plan, insight=False, now=now)
            await audit.start_chain(db, found.id)
            for number, email in enumerate(people):
                role = users.Role.ADMINISTRATOR if number == 0 else users.Role.TECHNICIAN
                await users.create(
                    db, company_id=found.id, email=email, name=_NAMES[number % len(_NAMES)], role=role, locale="de",
                    password=ACCOUNT, now=now,
                )  # fmt: skip
        await database.close()
        return found.id

    # In a thread of its own: the browser's driver keeps an event loop running in the test's.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()


def seed_sqlite(data_dir: Path, *people: str, plan: Plan = Plan.BASIC) -> str:
    data_dir.mkdir(parents=True, exist_ok=True)
    return seed(f"sqlite+aiosqlite:///{data_dir / 'zuruf.sqlite3'}", *people, plan=plan)


def unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def pack(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Technician:
    """A signed-in browser, as far as the server can tell."""

    def __init__(self, url: str, email: str, trust: ssl.SSLContext | None = None) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, headers={"Origin": url}, timeout=PATIENCE_S, verify=trust or True)
        self._trust = trust
        self._sockets: list[ClientConnection] = []
        self.sign_in(email)

    def sign_in(self, email: str) -> None:
        self.ok(self.http.post("/api/v1/auth/sign-in", json={"email": email, "password": ACCOUNT}))

    @staticmethod
    def ok(answer: httpx.Response) -> Any:
        assert answer.is_success, f"{answer.request.url}: {answer.status_code} {answer.text}"
        return answer.json()

    def prepare(self, customer: str = "kunde@kunde.example") -> dict[str, Any]:
        return dict(self.ok(self.http.post("/api/v1/sessions", json={"customer_email": customer, "locale": "de"})))

    def session(self, session_id: str) -> dict[str, Any]:
        return dict(self.ok(self.http.get(f"/api/v1/sessions/{session_id}")))

    def post(self, session_id: str, action: str, **body: object) -> Any:
        return self.ok(self.http.post(f"/api/v1/sessions/{session_id}/{action}", json=body))

    def socket(self, path: str) -> ClientConnection:
        address = self.url.replace("http", "ws", 1) + path
        socket = connect(
            address, origin=Origin(self.url), compression=None, open_timeout=PATIENCE_S, legacy=True, ssl=self._trust
        )
        self._sockets.append(socket)
        return socket

    def close(self) -> None:
        for socket in self._sockets:
            socket.close()
        self.http.close()

    def pairing_socket(self, session_id: str) -> ClientConnection:
        socket = self.socket("/ws/console/pairing")
        ticket = unpack(self.post(session_id, "pairing-ticket")["ticket"])
        socket.send(encode(pairing.ConsoleHello(ticket=ticket)))
        assert isinstance(hear(socket), pairing.ConsoleReady)
        return socket


def hear(socket: ClientConnection) -> pairing.PairingMessage:
    return pairing.decoder.decode(socket.recv(timeout=PATIENCE_S))


class Host:
    """An app that has no screen: pairs, reports, dials the relay."""

    def __init__(self, url: str) -> None:
        self.url = url.replace("http", "ws", 1)
        self.key = new_private_key()
        self.session_id = ""
        self._sockets: list[ClientConnection] = []
        self.settings: handshake_messages.Settings | None = None

    def socket(self, path: str) -> ClientConnection:
        socket = connect(self.url + path, compression=None, open_timeout=PATIENCE_S, legacy=True)
        self._sockets.append(socket)
        return socket

    def close(self) -> None:
        for socket in self._sockets:
            socket.close()

    def hello(self, number: str) -> pairing.HostHello:
        return pairing.HostHello(number=number, protocol=PROTOCOL_VERSION, app_version="0.1.0", platform="test")

    def control(self) -> ClientConnection:
        socket = self.socket("/ws/host/control")
        challenge = control.to_host.decode(socket.recv(timeout=PATIENCE_S))
        assert isinstance(challenge, control.Challenge)
        signature = sign(self.key, control_transcript(self.session_id, challenge.nonce))
        socket.send(
            encode(
                control.Authenticate(
                    session_id=self.session_id, signature=signature, app_version="0.1.0", protocol=PROTOCOL_VERSION
                )
            )
        )
        welcome = control.to_host.decode(socket.recv(timeout=PATIENCE_S))
        assert isinstance(welcome, control.Welcome), welcome
        return socket

    def report(self, socket: ClientConnection, kind: str, **detail: object) -> None:
        """Send a report and wait until it is accepted; other messages on the way are dropped."""
        text = json.dumps(detail)
        signature = sign(self.key, report_transcript(self.session_id, kind, text))
        socket.send(encode(control.Report(kind=kind, detail=text, signature=signature)))
        self.expect(socket, control.ReportAccepted)

    @staticmethod
    def expect(socket: ClientConnection, kind: type[Any]) -> Any:
        while True:
            message = control.to_host.decode(socket.recv(timeout=PATIENCE_S))
            if isinstance(message, kind):
                return message

    def active(self, socket: ClientConnection) -> None:
        self.report(socket, "active", hostname="kunden-pc", system="Testsystem", app_version="0.1.0")

    def removed(self, socket: ClientConnection) -> None:
        self.report(socket, "removed", reason="technician", at="2026-01-01T00:00:00Z", installed=[], removed=[])


def pair(
    technician: Technician,
    host: Host,
    session: dict[str, Any],
    *,
    code: bytes = CODE,
    typed: bytes | None = None,
    password: str = PASSWORD,
) -> str:
    """Run one try; return the empty text for success, or the code with which it ended."""
    typed = typed or code
    session_id = session["id"]
    console = technician.pairing_socket(session_id)
    app = host.socket("/ws/host/pairing")
    with console, app:
        app.send(encode(host.hello(session["number"])))
        run = hear(app)
        if isinstance(run, pairing.Refused):
            return run.code
        assert isinstance(run, pairing.RunStarted)
        assert hear(console) == run
        binding = Binding(Purpose.PAIRING, session_id, run.run_id)
        ours, theirs = (
            HostHandshake(binding, typed, public_key(host.key)),
            BrowserHandshake(binding, code),
        )

        def say(socket: ClientConnection, message: Any) -> None:
            socket.send(encode(pairing.Forward(run_id=run.run_id, payload=encode(message))))

        def heard(socket: ClientConnection) -> Any:
            message = hear(socket)
            assert isinstance(message, pairing.Forward), message
            return handshake_messages.decoder.decode(message.payload)

        say(app, ours.start())
        say(console, theirs.accept(heard(console)))
        say(app, ours.answer(heard(app)))
        confirm = heard(console)
        if typed != code:
            console.send(encode(pairing.RunFailed(run_id=run.run_id, code="ZRF-303")))
            ended = hear(app)
            assert isinstance(ended, pairing.RunEnded)
            return ended.code
        theirs.verify(confirm)
        technician.post(session_id, "activation", run_id=run.run_id, host_key=pack(public_key(host.key)))
        host.session_id = session_id
        salt = os.urandom(16)
        settings = handshake_messages.Settings(
            duration_s=86400, tools=["remote_control"], salt=salt, prs=derive_prs(password, salt),
            technician="Jana Weber", company="Muster GmbH",
        )  # fmt: skip
        say(console, theirs.confirm(settings))
        _, host.settings = ours.finish(heard(app))
        ended = hear(app)
        assert isinstance(ended, pairing.RunEnded)
        return ended.code


def join_relay(
    technician: Technician, host: Host, session_id: str, ctl: ClientConnection
) -> tuple[ClientConnection, ClientConnection, dict[str, Any]]:
    """Open a connection up to the relay; return the viewer's socket, the host's, and what the viewer was told."""
    told = technician.post(session_id, "connections", tool="remote_control")
    offer = host.expect(ctl, control.OpenConnection)
    viewer = technician.socket("/ws/relay")
    viewer.send(encode(relay.RelayHello(ticket=unpack(told["ticket"]), role="viewer")))
    there = host.socket("/ws/relay")
    there.send(encode(relay.RelayHello(ticket=offer.ticket, role="host")))
    for socket in (viewer, there):
        relay.paired.decode(socket.recv(timeout=PATIENCE_S))
    return viewer, there, told


def connect_ends(
    technician: Technician,
    host: Host,
    session_id: str,
    ctl: ClientConnection,
    *,
    password: str = PASSWORD,
    channel: ChannelFactory = SecureChannel,
) -> tuple[ClientConnection, ClientConnection, RecordChannel, RecordChannel]:
    """Open a whole connection; return both sockets and both channels (viewer's first)."""
    viewer, there, keys = agree(technician, host, session_id, ctl, password=password)
    return viewer, there, channel(keys.browser, keys.host), channel(keys.host, keys.browser)


def agree(
    technician: Technician, host: Host, session_id: str, ctl: ClientConnection, *, password: str = PASSWORD
) -> tuple[ClientConnection, ClientConnection, Keys]:
    """Open a connection up to the agreed keys. Raises WrongSecret for a wrong password."""
    viewer, there, told = join_relay(technician, host, session_id, ctl)
    assert host.settings is not None
    binding = Binding(Purpose.CONNECTING, session_id, told["connection_id"], "remote_control", told["epoch"])
    ours = HostHandshake(binding, host.settings.prs, public_key(host.key), host.settings.salt)

    def heard(socket: ClientConnection) -> Any:
        data = socket.recv(timeout=PATIENCE_S)
        assert isinstance(data, bytes)
        return handshake_messages.decoder.decode(data)

    there.send(encode(ours.start()))
    offer = heard(viewer)
    theirs = BrowserHandshake(binding, derive_prs(password, offer.salt), unpack(told["host_key"]))
    viewer.send(encode(theirs.accept(offer)))
    there.send(encode(ours.answer(heard(there))))
    keys = theirs.verify(heard(viewer))
    viewer.send(encode(theirs.confirm()))
    ours.finish(heard(there))
    return viewer, there, keys


def vouch(
    technician: Technician,
    session: dict[str, Any],
    code: bytes,
    password: str,
    ready: Callable[[], None],
    duration_s: int = 86400,
) -> None:
    """Be the technician's browser for a real app: wait for its try with this code, and hand it the password's PRS.

    ``ready`` is called when the customer may type.
    """
    session_id = session["id"]
    with technician.pairing_socket(session_id) as console:
        ready()
        run = hear(console)
        assert isinstance(run, pairing.RunStarted), run
        browser = BrowserHandshake(Binding(Purpose.PAIRING, session_id, run.run_id), code)

        def say(message: Any) -> None:
            console.send(encode(pairing.Forward(run_id=run.run_id, payload=encode(message))))

        def heard() -> Any:
            message = hear(console)
            assert isinstance(message, pairing.Forward), message
            return handshake_messages.decoder.decode(message.payload)

        offer = heard()
        say(browser.accept(offer))
        browser.verify(heard())
        technician.post(session_id, "activation", run_id=run.run_id, host_key=pack(offer.host_key))
        salt = os.urandom(16)
        settings = handshake_messages.Settings(
            duration_s=duration_s, tools=["remote_control"], salt=salt, prs=derive_prs(password, salt),
            technician="Jana Weber", company="Muster GmbH",
        )  # fmt: skip
        say(browser.confirm(settings))
        ended = hear(console)
        assert isinstance(ended, pairing.RunEnded)
        assert ended.code == "", ended
