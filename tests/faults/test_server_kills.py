"""The server dies by SIGKILL at every named step and is started again: nothing committed is lost or done twice."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.support import flow
from tests.support.flow import Host, Technician
from tests.support.processes import Mailbox, ServerProgram, eventually
from zuruf.server.invitations import service as invitations
from zuruf.server.jobs import worker
from zuruf.server.relay import hub
from zuruf.server.sessions import connections, pairing_broker
from zuruf.server.sessions import service as sessions

EMAIL = "jana@muster.example"
POINTS = sorted(
    {
        *invitations.FAULT_POINTS, *worker.FAULT_POINTS, *hub.FAULT_POINTS, *connections.FAULT_POINTS,
        *pairing_broker.FAULT_POINTS, *sessions.FAULT_POINTS,
    }
)  # fmt: skip
_BROKEN = (httpx.HTTPError, ConnectionClosed, InvalidHandshake, OSError, TimeoutError)


class Walk:
    """The whole flow in steps; a step that meets a dead server is taken again after its restart."""

    def __init__(self, folder: Path, point: str) -> None:
        self.offset = folder / "offset"
        self.mark = folder / "offset.killed"
        self.mailbox = Mailbox().start()
        smtp = {
            "ZURUF_SMTP_HOST": "127.0.0.1", "ZURUF_SMTP_PORT": str(self.mailbox.port), "ZURUF_SMTP_SECURITY": "none",
        }  # fmt: skip
        self.server = ServerProgram(folder, smtp)
        flow.seed_sqlite(self.server.data_dir, EMAIL)
        self.server.start("tests.support.server_main", str(self.offset), point)
        self.technician = Technician(self.server.url, EMAIL)
        self.host = Host(self.server.url)

    def step(self, work: Callable[[], Any]) -> Any:
        """Do it, once more where the server died on the way."""
        try:
            return work()
        except _BROKEN:
            assert self.server.program is not None
            self.server.program.process.wait(10)
            self.restart()
            return work()

    def restart(self) -> None:
        self.server.stop()
        self.server.start("tests.support.server_main", str(self.offset))

    def restart_if_killed(self) -> None:
        assert self.server.program is not None
        if self.server.program.process.poll() is not None:
            self.restart()

    def prepare(self) -> dict[str, Any]:
        items = self.technician.ok(self.technician.http.get("/api/v1/sessions"))["items"]
        return dict(items[0]) if items else self.technician.prepare()

    def mail(self, session_id: str) -> None:
        def sent() -> bool:
            self.restart_if_killed()
            try:
                return bool(self.technician.session(session_id)["progress"]["mail_state"] == "sent")
            except _BROKEN:
                return False

        # A lease that the dead worker held lapses by the clock, which is moved instead of waited for.
        def sent_after_lease() -> bool:
            if sent():
                return True
            if self.mark.exists() and not self.offset.exists():
                self.offset.write_text("100")
            return False

        eventually(sent_after_lease, "mail sent", 40)

    def activate(self, session: dict[str, Any]) -> None:
        state = self.technician.session(session["id"])
        if state["state"] != "active" and not self.host.session_id:
            self.technician.post(session["id"], "code")
            assert flow.pair(self.technician, self.host, session) == ""

    def report_active(self) -> None:
        with self.host.control() as ctl:
            self.host.active(ctl)

    def use(self, session_id: str) -> None:
        with self.host.control() as ctl:
            self.host.active(ctl)
            viewer, there, mine, its = flow.connect_ends(self.technician, self.host, session_id, ctl)
            with viewer, there:
                there.send(its.seal(b"pixels"))
                assert mine.open(viewer.recv(timeout=10)) == b"pixels"  # type: ignore[arg-type]

    def end(self, session_id: str) -> None:
        self.technician.post(session_id, "end")

    def remove(self) -> None:
        try:
            with self.host.control() as ctl:
                self.host.removed(ctl)
        except AssertionError:
            # The server that died had committed the receipt: it does not let the host in again.
            assert self.mark.read_text() == "removal.confirmed"


@pytest.mark.parametrize("point", POINTS)
def test_a_session_survives_a_kill(tmp_path: Path, point: str) -> None:
    walk = Walk(tmp_path, point)
    try:
        session = walk.step(walk.prepare)
        walk.mail(session["id"])
        walk.step(lambda: walk.activate(session))
        walk.step(walk.report_active)
        walk.step(lambda: walk.use(session["id"]))
        walk.step(lambda: walk.end(session["id"]))
        walk.step(walk.remove)
        walk.restart_if_killed()
        assert walk.mark.exists(), f"{point} was never reached"
        assert walk.mark.read_text() == point

        found = walk.technician.session(session["id"])
        assert (found["state"], found["end_reason"], found["removal"]) == ("ended", "technician", "confirmed")
        assert {str(mail["Message-ID"]) for mail in walk.mailbox.mails} == {str(walk.mailbox.mails[0]["Message-ID"])}
        assert len(walk.mailbox.mails) == (2 if point in ("mail.after_send",) else 1)
        events = [
            item["event"] for item in walk.technician.ok(walk.technician.http.get("/api/v1/audit?limit=500"))["items"]
        ]
        for once in ("session.prepared", "session.activated", "session.ended", "session.host_removed"):
            assert events.count(once) == 1, (once, events)
        with closing(sqlite3.connect(walk.server.data_dir / "zuruf.sqlite3")) as db:
            assert db.execute("SELECT count(*) FROM user_slots WHERE session_id IS NOT NULL").fetchone() == (0,)
            assert db.execute("SELECT count(*) FROM sessions").fetchone() == (1,)
    finally:
        walk.technician.close()
        walk.host.close()
        walk.server.stop()
        walk.mailbox.stop()
