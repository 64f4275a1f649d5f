"""The customer's window as the resident sees it: a ``UserInterface`` whose window lives in another process.

Keeps one window helper alive in the session the customer sits at: starts it again when it crashes, follows the customer
to another session, and tells every new helper what holds now. The latest view wins; a helper that does not read, breaks
the rules or talks too much is ended, and never holds the resident up. Not for deciding anything the customer decides.
"""

import asyncio
import logging

from zuruf.host.connection.backoff import Backoff
from zuruf.host.helpers.allowance import Allowance
from zuruf.host.helpers.following import POLL_S, stay, until_left
from zuruf.host.helpers.pipe import Helper, HelperStarter, Pipe, PipeClosed
from zuruf.host.helpers.processes import Processes
from zuruf.host.helpers.window_messages import (
    Answer,
    Ask,
    DeleteDownload,
    DownloadDeleted,
    Ended,
    HideQuestion,
    Refuse,
    Seen,
    Show,
    ToResident,
    ToWindow,
    action_of,
    to_resident,
)
from zuruf.host.helpers.wishes import Wishes
from zuruf.host.ui.port import Action, Busy, Caller, CustomerLeft, Problem, View
from zuruf.protocol.codec import ProtocolError, encode

log = logging.getLogger(__name__)

STUCK_S = 15.0
"""A helper that takes no message for so long shows nothing true any more."""
SEEN_MAX_S = 320.0
"""The longest the last page, and with it the program, can stay; the window itself gives five minutes for saving."""
DELETED_MAX_S = 15.0
"""Long enough for a window that has only just been started, on a slow disk."""
_BURST, _MESSAGES_PER_S = 64, 20.0
"""More than a person can click."""
_SLOTS = ("view", "question", "download", "last")
"""What a helper must know, in the order it is told."""


class WindowProxy:
    """A ``UserInterface`` for an active session. ``run`` it beside the session; ``close`` it when all is over."""

    def __init__(
        self,
        starter: HelperStarter,
        *,
        poll_s: float = POLL_S,
        stuck_s: float = STUCK_S,
        backoff: Backoff | None = None,
    ) -> None:
        """``poll_s``: how often to look where the customer sits."""
        self._starter = starter
        self._poll_s = poll_s
        self._stuck_s = stuck_s
        self._backoff = backoff or Backoff()
        self._present: dict[str, ToWindow] = {}
        self._news = asyncio.Event()
        self._asking = asyncio.Lock()
        self._questions = 0
        self._answer: asyncio.Future[bool] | None = None
        self._wishes = Wishes()
        self._seen = asyncio.Event()
        self._deleted: asyncio.Future[bool] | None = None
        self._helper_gone: asyncio.Event | None = None
        self._closing = asyncio.Event()
        self._finished = asyncio.Event()
        self._finished.set()
        self._processes = Processes(starter)

    # What the resident asks and shows

    async def ask_number(self, problem: Problem | None) -> str:
        """Raises CustomerLeft: there is nobody to ask, an active session has its number."""
        raise CustomerLeft

    async def ask_code(self, caller: Caller, problem: Problem | None) -> str:
        """Raises CustomerLeft: there is nobody to ask, an active session had its code."""
        raise CustomerLeft

    async def ask_connection(self, caller: Caller, tool: str) -> bool:
        """Ask in the window; while there is none, wait until one appears."""
        async with self._asking:
            self._questions += 1
            self._answer = asyncio.get_running_loop().create_future()
            self._set("question", Ask(self._questions, caller, tool))
            try:
                return await self._answer
            finally:
                self._set("question", None)

    def busy(self, what: Busy) -> None:
        """The window shows nothing of what the resident does before a session is active."""

    async def refuse(self, problem: Problem) -> None:
        """Show why the app does not go on; returns when the customer has seen it, at once where nobody is there."""
        self._seen.clear()
        self._set("last", Refuse(problem))
        await self.seen()

    def show(self, view: View) -> None:
        """Show the active session."""
        self._set("view", Show(view))

    async def next_action(self) -> Action:
        """Return the next thing the customer wants."""
        return await self._wishes.next()

    def ended(self, reason: str, receipt: str) -> None:
        """Show that everything is over. No further helper is started from now on."""
        self._seen.clear()
        self._set("last", Ended(reason, receipt))

    async def seen(self) -> None:
        """Return when the customer has seen the last page; at once where nobody is there to see it."""
        await self._while_there(self._seen, SEEN_MAX_S)

    async def delete_download(self, path: str) -> bool:
        """Have the window helper delete the downloaded file with the customer's own rights; False: it may be there.

        The resident must not do that itself: to where a path in a customer's folder leads, the customer decides.
        """
        if self._starter.session() is None:
            return False
        self._deleted = asyncio.get_running_loop().create_future()
        self._set("download", DeleteDownload(path))
        try:
            async with asyncio.timeout(DELETED_MAX_S):
                return await self._deleted
        except TimeoutError:
            return False
        finally:
            self._set("download", None)

    async def _while_there(self, event: asyncio.Event, patience_s: float) -> None:
        gone = self._helper_gone
        if gone is None:
            return
        waiting = {asyncio.create_task(event.wait()), asyncio.create_task(gone.wait())}
        try:
            await asyncio.wait(waiting, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    def _set(self, slot: str, message: ToWindow | None) -> None:
        if message is None:
            self._present.pop(slot, None)
        else:
            self._present[slot] = message
        self._news.set()

    # One helper after the other

    async def run(self) -> None:
        """Keep a window where the customer is until ``close``, or until the last page is gone; leaves no helper."""
        self._finished.clear()
        keeping = asyncio.create_task(self._keep_window())
        closing = asyncio.create_task(self._closing.wait())
        try:
            await asyncio.wait({keeping, closing}, return_when=asyncio.FIRST_COMPLETED)
            if keeping.done():
                keeping.result()
        finally:
            closing.cancel()
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await self._processes.all_ended()
            self._finished.set()

    async def close(self) -> None:
        """End the window helper and start none again; returns when it has ended. Repeatable."""
        self._closing.set()
        await self._finished.wait()

    async def _keep_window(self) -> None:
        while "last" not in self._present:
            try:
                await self._open_window()
            except Exception:
                # Whatever it was: without a window the customer has no way out of an active session.
                log.exception("the window broke")
                await asyncio.sleep(self._backoff.next_wait_s())

    async def _open_window(self) -> None:
        """Have one window where the customer sits, until it ends or the customer sits elsewhere."""
        session = self._starter.session()
        if session is None:
            await until_left(self._starter, None, self._poll_s)
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            helper = await self._processes.start("window", session)
        except OSError as error:
            log.warning("no window: %s", error)
        else:
            await self._serve(helper, session)
            self._backoff.lasted(loop.time() - began)
        if self._starter.session() == session:
            await stay(self._starter, session, self._backoff.next_wait_s(), self._poll_s)
        else:
            self._backoff.reset()

    async def _serve(self, helper: Helper, session: int) -> None:
        self._helper_gone = asyncio.Event()
        tasks = [
            asyncio.create_task(self._tell(helper.pipe)),
            asyncio.create_task(self._listen(helper.pipe)),
            asyncio.create_task(until_left(self._starter, session, self._poll_s)),
        ]
        try:
            done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except PipeClosed:
            log.info("the window helper left")
        except (ProtocolError, TimeoutError) as error:
            log.warning("the window helper is ended: %s", error or "it does not read")
        finally:
            for task in tasks:
                task.cancel()
            self._processes.end(helper)
            self._helper_gone.set()
            self._helper_gone = None
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _tell(self, pipe: Pipe) -> None:
        told: dict[str, ToWindow | None] = {}
        while True:
            self._news.clear()
            for slot in _SLOTS:
                before, now = told.get(slot), self._present.get(slot)
                told[slot] = now
                if now is not None and now is not before:
                    await self._send(pipe, now)
                elif now is None and isinstance(before, Ask):
                    await self._send(pipe, HideQuestion(before.question))
            await self._news.wait()

    async def _send(self, pipe: Pipe, message: ToWindow) -> None:
        async with asyncio.timeout(self._stuck_s):
            await pipe.send(encode(message))

    async def _listen(self, pipe: Pipe) -> None:
        loop = asyncio.get_running_loop()
        allowance = Allowance(_BURST, _MESSAGES_PER_S)
        while True:
            message = to_resident.decode(await pipe.receive())
            if not allowance.take(loop.time()):
                raise ProtocolError("it talks too much")
            self._take(message)

    def _take(self, message: ToResident) -> None:
        match message:
            case Answer():
                self._answered(message)
            case Seen():
                if "last" in self._present:
                    self._seen.set()
            case DownloadDeleted():
                if self._deleted is not None and not self._deleted.done():
                    self._deleted.set_result(message.gone)
            case _:
                self._wishes.add(action_of(message))

    def _answered(self, answer: Answer) -> None:
        """Take the answer to the present question; one to an earlier question came too late and means nothing."""
        question = self._present.get("question")
        if isinstance(question, Ask) and question.question == answer.question:
            assert self._answer is not None
            if not self._answer.done():
                self._answer.set_result(answer.allowed)
