"""Secrets are looked for wherever the server could keep them. The same search finds them without encryption."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.support import canary, flow
from tests.support.plain_channel import PlainChannel
from tests.support.processes import Mailbox, ServerProgram, eventually
from zuruf.protocol.codec import encode
from zuruf.protocol.remote_control import Clipboard, Update
from zuruf.protocol.secure_channel import ChannelFactory, SecureChannel

EMAIL = "jana@muster.example"
CUSTOMER = "kanarie@kunde.example"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[ServerProgram, Mailbox]]:
    mailbox = Mailbox().start()
    smtp = {"ZURUF_SMTP_HOST": "127.0.0.1", "ZURUF_SMTP_PORT": str(mailbox.port), "ZURUF_SMTP_SECURITY": "none"}
    server = ServerProgram(tmp_path, smtp)
    flow.seed_sqlite(server.data_dir, EMAIL)
    server.start()
    yield server, mailbox
    server.stop()
    mailbox.stop()


def _stalled(sent: list[int]) -> None:
    """Return when nothing more goes through."""
    counts: list[int] = []

    def look() -> bool:
        counts.append(len(sent))
        return len(counts) > 20 and counts[-1] == counts[-20] > 0

    eventually(look, "the relay is full")


@pytest.mark.parametrize("build", ["encrypted", "plain"])
def test_secrets_stay_with_the_two_ends(house: tuple[ServerProgram, Mailbox], build: str) -> None:
    server, mailbox = house
    channel: ChannelFactory = SecureChannel if build == "encrypted" else PlainChannel
    technician, host = flow.Technician(server.url, EMAIL), flow.Host(server.url)
    code = "".join(secrets.choice("0123456789") for _ in range(9)).encode()
    password = f"pw-{secrets.token_hex(12)}"
    session = technician.prepare(CUSTOMER)
    mailbox.wait()
    technician.post(session["id"], "code")
    assert flow.pair(technician, host, session, code=code, password=password) == ""
    assert host.settings is not None
    pixels = secrets.token_bytes(64)
    with host.control() as ctl:
        host.active(ctl)
        _viewer, there, keys = flow.agree(technician, host, session["id"], ctl, password=password)
        canaries = {
            "password": password.encode(),
            "code": code,
            "prs": host.settings.prs,
            "host key": host.key,
            "connection key": keys.host,
            "screen": pixels,
        }
        its = channel(keys.host, keys.browser)
        everything = b"".join(canaries.values()) * 100
        sent: list[int] = []

        def talk() -> None:
            with suppress(ConnectionClosed):
                for number in range(2000):
                    there.send(its.seal(encode(Update(frame=number, last=True, data=everything))))
                    there.send(its.seal(encode(Clipboard(text=str(everything)))))
                    sent.append(number)

        # The viewer does not read: the relay fills up, and what it holds stays where the search can see it.
        talking = threading.Thread(target=talk)
        talking.start()
        _stalled(sent)
        assert server.program is not None
        in_memory = canary.in_memory(canaries, server.program.process.pid)
        assert in_memory == (set() if build == "encrypted" else set(canaries))
        technician.post(session["id"], "end")
        talking.join(20)
        assert not talking.is_alive()
        host.removed(ctl)

    places = [server.data_dir, server.log]
    assert canary.in_files({"number": session["number"].encode(), "customer": CUSTOMER.encode()}, places) == {
        "number",
        "customer",
    }, "the search does not see what is there"
    assert canary.in_files(canaries, places) == set()
    assert canary.in_texts({"number": session["number"].encode()}, mailbox.raw) == {"number"}
    assert canary.in_texts(canaries, mailbox.raw) == set()
    technician.close()
    host.close()


def test_a_web_session_is_stored_as_a_hash_only(house: tuple[ServerProgram, Mailbox]) -> None:
    server, _ = house
    technician = flow.Technician(server.url, EMAIL)
    token = technician.http.cookies["zuruf_session"]
    assert canary.in_files({"token": token.encode(), "password": flow.ACCOUNT.encode()}, [server.data_dir]) == set()
    assert canary.in_files({"argon2": b"$argon2id$"}, [server.data_dir]) == {"argon2"}
    technician.close()
