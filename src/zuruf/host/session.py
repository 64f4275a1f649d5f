"""The resident host: one active session, from its activation to nothing left. Decides nothing the features decide."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from zuruf.host.clock import Clock, SessionTimer
from zuruf.host.connection.admission import Standing
from zuruf.host.connection.channel import Tool
from zuruf.host.connection.control import ControlLink
from zuruf.host.connection.link import Link
from zuruf.host.connection.manager import Connections, Secrets
from zuruf.host.connection.reports import ENDED, REMOVED, PendingReports, signed
from zuruf.host.connection.tries import PasswordTries
from zuruf.host.consent.rights import Rights
from zuruf.host.consent.state import ConsentState
from zuruf.host.platform.base import Platform
from zuruf.host.removal.plan import CUSTOMER, EXPIRED, REJECTED, RemovalStep, receipt
from zuruf.host.removal.work import OnStep, remove
from zuruf.host.state import Ending, HostState, StateStore
from zuruf.host.transport import Transport
from zuruf.host.ui.port import Action, AllowPasswords, Caller, EndSession, SetRights, UserInterface, View
from zuruf.host.ui.receipt import receipt_text
from zuruf.host.ui.texts import Texts
from zuruf.protocol.codes import Code
from zuruf.protocol.control import End, OpenConnection, Rejected, ReportAccepted
from zuruf.protocol.secure_channel import ChannelFactory
from zuruf.protocol.signatures import public_key

log = logging.getLogger(__name__)

TICK_S = 1.0
"""The longest the end by the clock can be late after a suspension; otherwise it comes on time."""


DeleteDownload = Callable[[str], Awaitable[bool]]
"""Deletes the file the customer downloaded, with the customer's own rights; whether it is gone."""


@dataclass(frozen=True)
class Surroundings:
    """What a session's host works with."""

    platform: Platform
    clock: Clock
    transport: Transport
    tools: Mapping[str, Tool]
    channel_factory: ChannelFactory
    ui: UserInterface
    on_step: OnStep
    language: str = "en"
    """Of the receipt that the customer can keep."""
    delete_download: DeleteDownload | None = None


class ResidentHost:
    """Run it once. It ends by itself when the session is over; cancelled, it leaves the session for the next start."""

    def __init__(self, state: HostState, store: StateStore, surroundings: Surroundings) -> None:
        self._state = state
        self._store = store
        self._with = surroundings
        self._caller = Caller(state.number, state.company, state.technician)
        self._timer = SessionTimer.resume(state.timer, surroundings.clock.read())
        self._tries = PasswordTries(state.tries)
        self._consent = ConsentState(state.rights)
        self._reports = PendingReports(state.reports)
        self._link_state = Link.CONNECTING
        self._ending: asyncio.Future[Ending] | None = None
        self._all_accepted = asyncio.Event()
        self._saving: set[asyncio.Task[None]] = set()
        self._link = ControlLink(
            surroundings.transport,
            state.session_id,
            state.private_key,
            lambda: self._reports.all,
            self._handle,
            self._linked,
        )
        self._connections = Connections(
            transport=surroundings.transport,
            secrets=Secrets(state.session_id, public_key(state.private_key), state.salt, state.prs),
            tools=surroundings.tools,
            channel_factory=surroundings.channel_factory,
            consent=self._consent,
            tries=self._tries,
            session_s=self._session_s,
            standing=self._standing,
            save=self._save,
            ask=lambda tool: surroundings.ui.ask_connection(self._caller, tool),
            report=self._link.send,
            on_change=self._show,
        )

    async def run(self) -> None:
        """Serve the session until it has ended and everything is removed."""
        self._ending = asyncio.get_running_loop().create_future()
        if self._state.ending is not None:
            self._ending.set_result(self._state.ending)
        helpers = [asyncio.create_task(self._link.run())]
        try:
            if not self._ending.done():
                helpers += [asyncio.create_task(self._tick()), asyncio.create_task(self._obey())]
                self._consent.watch(self._rights_changed)
                self._show()
            ending = await self._until_ended(self._ending, helpers)
            for helper in helpers[1:]:
                helper.cancel()
            await self._remove(ending)
            await self._farewell(ending)
        except asyncio.CancelledError:
            await self._leave()
            raise
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)

    @staticmethod
    async def _until_ended(ending: "asyncio.Future[Ending]", helpers: list[asyncio.Task[None]]) -> Ending:
        waiting: set[asyncio.Future[Any]] = {ending, *helpers}
        while not ending.done():
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for finished in done:
                # When a helper broke, the process must not stay and pretend to work.
                finished.result()
        return ending.result()

    async def _leave(self) -> None:
        """Stop without ending the session: the computer goes down, or the customer signs out."""
        await self._connections.close_all(Code.HOST_OFFLINE)
        with contextlib.suppress(OSError):
            await self._save()
        await self._store.close()

    # What happens

    def _handle(self, message: OpenConnection | End | ReportAccepted | Rejected) -> None:
        match message:
            case OpenConnection():
                self._connections.open(message)
            case End():
                self._end(message.reason)
            case ReportAccepted():
                if self._reports.accepted(message.kind):
                    self._save_soon()
                if not self._reports.all:
                    self._all_accepted.set()
            case Rejected() if message.final:
                self._end(REJECTED)
                self._all_accepted.set()
            case Rejected():
                log.info("control: not admitted now, %s", message.code)

    def _end(self, reason: str) -> None:
        assert self._ending is not None
        if not self._ending.done():
            wall = datetime.fromtimestamp(self._with.clock.read().wall_s, UTC)
            at = wall.isoformat(timespec="seconds").replace("+00:00", "Z")
            self._ending.set_result(Ending(reason=reason, at=at))  # type: ignore[arg-type]

    async def _tick(self) -> None:
        shown_minute = -1
        while True:
            now = self._with.clock.read()
            if self._timer.expired(now):
                self._end(EXPIRED)
                return
            if self._timer.mark_due(now):
                self._save_soon()
            remaining_s = self._timer.remaining_s(now)
            if int(remaining_s) // 60 != shown_minute:
                shown_minute = int(remaining_s) // 60
                self._show()
            await self._with.clock.sleep(min(TICK_S, remaining_s))

    async def _obey(self) -> None:
        while True:
            self._act(await self._with.ui.next_action())

    def _act(self, action: Action) -> None:
        match action:
            case EndSession():
                self._end(CUSTOMER)
            case SetRights():
                self._consent.set(**action.switches)
            case AllowPasswords():
                self._tries.allow_again()
                self._save_soon()
                self._show()

    def _rights_changed(self, _rights: Rights) -> None:
        self._save_soon()
        self._show()

    def _linked(self, link: Link) -> None:
        if link is not self._link_state:
            self._link_state = link
            self._show()

    # What is known

    def _session_s(self) -> float:
        return self._timer.elapsed_s(self._with.clock.read())

    def _standing(self, open_connections: int) -> Standing:
        return Standing(
            active=self._ending is not None and not self._ending.done(),
            expired=self._timer.expired(self._with.clock.read()),
            entitled_tools=self._state.tools,
            served_tools=self._with.tools,
            open_connections=open_connections,
        )

    def _show(self) -> None:
        if self._ending is None or self._ending.done():
            return
        refusal = self._tries.refusal(self._session_s())
        self._with.ui.show(
            View(
                caller=self._caller,
                link=self._link_state,
                connections=tuple(self._connections.serving),
                remaining_s=self._timer.remaining_s(self._with.clock.read()),
                rights=self._consent.rights,
                passwords_closed=refusal is not None and refusal.code is Code.PASSWORD_CLOSED,
                downloaded=bool(self._state.downloaded),
            )
        )

    def _snapshot(self) -> HostState:
        state = self._state
        state.timer = self._timer.mark(self._with.clock.read())
        state.tries = self._tries.record
        state.rights = self._consent.rights
        state.reports = self._reports.all
        return state

    async def _save(self) -> None:
        await self._store.save(self._snapshot())

    def _save_soon(self) -> None:
        async def save() -> None:
            try:
                await self._save()
            except OSError as error:
                log.warning("state not saved: %s", error.strerror)

        task = asyncio.create_task(save())
        self._saving.add(task)
        task.add_done_callback(self._saving.discard)

    # The end

    async def _remove(self, ending: Ending) -> None:
        on_step = self._with.on_step
        state = self._state
        if ending.reason in (CUSTOMER, EXPIRED):
            detail: dict[str, object] = {"reason": ending.reason, "at": ending.at}
            self._reports.add(signed(state.private_key, state.session_id, ENDED, detail))
        state.phase, state.ending = "removing", ending
        state.prs = state.salt = b""
        # The customer's end cuts the technician off now, however long the disk takes to write it down.
        closing = asyncio.create_task(self._connections.close_all(Code.SESSION_ENDED))
        try:
            await self._save()
        except OSError as error:
            # A full disk must not keep the app on the computer.
            log.warning("end not recorded: %s", error.strerror)
        on_step(RemovalStep.END_RECORDED)
        await closing
        on_step(RemovalStep.CONNECTIONS_CLOSED)
        downloaded = await self._download_deleted()
        await self._store.close()
        left = await asyncio.to_thread(remove, state.created, self._with.platform, on_step)
        removed = receipt(ending, state.created, left, self._with.platform.finishing, downloaded)
        self._reports.add(signed(state.private_key, state.session_id, REMOVED, removed))
        on_step(RemovalStep.RECEIPT_MADE)
        text = receipt_text(Texts(self._with.language), self._caller, removed)
        self._with.ui.ended(ending.reason, text)

    async def _download_deleted(self) -> bool | None:
        """Delete the downloaded file where there is one and the customer agrees; None: it is not to be deleted."""
        delete = self._with.delete_download
        if delete is None or not self._state.downloaded or not self._consent.rights.delete_download:
            return None
        return await delete(self._state.downloaded)

    async def _farewell(self, ending: Ending) -> None:
        """Tell the server, for a few seconds and from memory alone: nothing is left on the disk to repeat it from.

        Without a connection the server learns of the end by its own clock, and the removal stays unconfirmed.
        """
        if ending.reason != REJECTED:
            self._all_accepted.clear()
            if self._link_state is Link.ONLINE:
                for report in self._reports.all:
                    self._link.send(report)
            else:
                self._link.wake()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._with.transport.patience.farewell_s):
                    await self._all_accepted.wait()
        await self._with.ui.seen()
