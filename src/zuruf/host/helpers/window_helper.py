"""The window helper's side of its pipe: shows what the resident says, reports what the customer wants. No widgets."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from zuruf.host.helpers.pipe import Pipe, PipeClosed
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
    to_window,
    want_of,
)
from zuruf.host.ui.port import CustomerLeft, UserInterface
from zuruf.protocol.codec import encode

log = logging.getLogger(__name__)

_DELETE_TRIES = 8
_DELETE_WAIT_S = 0.4
"""A virus scanner may hold a file for a moment that was just looked at."""


async def serve_window(pipe: Pipe, ui: UserInterface) -> None:
    """Show the session in ``ui`` until the pipe closes. Raises ProtocolError for what no resident of ours says."""
    await _WindowHelper(pipe, ui).run()


class _WindowHelper:
    def __init__(self, pipe: Pipe, ui: UserInterface) -> None:
        self._pipe = pipe
        self._ui = ui
        self._question: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        listening = asyncio.create_task(self._listen())
        wanting = asyncio.create_task(self._pass_wants())
        try:
            done, _pending = await asyncio.wait({listening, wanting}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except PipeClosed:
            log.info("the resident closed the pipe")
        finally:
            tasks = {listening, wanting, *self._tasks}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._pipe.close()

    async def _listen(self) -> None:
        while True:
            self._do(to_window.decode(await self._pipe.receive()))

    async def _pass_wants(self) -> None:
        while True:
            await self._say(want_of(await self._ui.next_action()))

    async def _say(self, message: ToResident) -> None:
        await self._pipe.send(encode(message))

    def _do(self, message: ToWindow) -> None:
        match message:
            case Show():
                self._ui.show(message.view)
            case Ask():
                self._hide_question()
                self._question = self._begin(self._ask(message))
            case HideQuestion():
                self._hide_question()
            case DeleteDownload():
                self._begin(self._delete(Path(message.path)))
            case Ended():
                self._ui.ended(message.reason, message.receipt)
                self._begin(self._seen(self._ui.seen()))
            case Refuse():
                self._begin(self._seen(self._ui.refuse(message.problem)))

    def _begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        async def run() -> None:
            with contextlib.suppress(PipeClosed, CustomerLeft):
                await work

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _hide_question(self) -> None:
        if self._question is not None:
            self._question.cancel()
            self._question = None

    async def _ask(self, ask: Ask) -> None:
        allowed = await self._ui.ask_connection(ask.caller, ask.tool)
        await self._say(Answer(ask.question, allowed))

    async def _seen(self, seeing: Coroutine[Any, Any, None]) -> None:
        await seeing
        await self._say(Seen())

    async def _delete(self, file: Path) -> None:
        await self._say(DownloadDeleted(await _deleted(file)))


async def _deleted(file: Path) -> bool:
    """Delete the file, or take note that it is gone already; False: it cannot be deleted."""
    for _attempt in range(_DELETE_TRIES):
        try:
            await asyncio.to_thread(file.unlink, missing_ok=True)
        except (OSError, ValueError) as error:
            log.info("the downloaded file stays: %s", type(error).__name__)
            await asyncio.sleep(_DELETE_WAIT_S)
        else:
            return True
    return False
