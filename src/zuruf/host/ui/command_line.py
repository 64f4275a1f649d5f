"""The line-based interface (``--cli``) for servers without a window, and for tests. Documented in docs/host-cli.md.

Every status line is ``zuruf: <event> <JSON object>``; every other line is for a person and may change. Answers and
commands are lines on standard input.
"""

import asyncio
import contextlib
import json
import os
import sys
import threading
from collections.abc import Callable
from typing import TextIO

from zuruf.host.consent import activity
from zuruf.host.ui.port import (
    Action,
    AllowPasswords,
    Busy,
    Caller,
    CustomerLeft,
    EndSession,
    Problem,
    SetRights,
    View,
)
from zuruf.host.ui.texts import Texts

PREFIX = "zuruf: "
_LINE_MAX_BYTES = 4096
_SWITCHES = ("ask", "view", "control", "clipboard", "files", "dashboard", "delete_download")


class CommandLine:
    """Reads one stream in a thread of its own, so that the event loop never waits for a person."""

    def __init__(self, texts: Texts, source: int | None = None, target: TextIO | None = None) -> None:
        self._texts = texts
        self._source = sys.stdin.fileno() if source is None else source
        self._target = target or sys.stdout
        self._question: asyncio.Future[bool] | None = None
        self._answers: asyncio.Queue[str | None] = asyncio.Queue()
        self._actions: asyncio.Queue[Action] = asyncio.Queue()
        self._asking = asyncio.Lock()
        self._active = False
        self._shown: dict[str, object] = {}

    def start(self) -> None:
        """Begin to read. Call once, in the event loop's thread."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=_read, args=(self._source, loop, self._take), name="stdin", daemon=True).start()

    def _take(self, line: str | None) -> None:
        if line is not None:
            line = line.strip()
        if not self._active:
            self._answers.put_nowait(line)
        elif line:
            self._command(line.lower())

    def _command(self, line: str) -> None:
        name, _, value = line.partition(" ")
        if name in ("yes", "no") and self._question is not None and not self._question.done():
            self._question.set_result(name == "yes")
        elif name == "end":
            self._actions.put_nowait(EndSession())
        elif name == "allow":
            self._actions.put_nowait(AllowPasswords())
        elif name in _SWITCHES and value in ("on", "off"):
            self._actions.put_nowait(SetRights({name: value == "on"}))
        else:
            self._say("unknown_command", {"line": line[:100]})

    def _say(self, event: str, facts: dict[str, object], text: str = "") -> None:
        # A reader that went away must not end a session.
        with contextlib.suppress(OSError, ValueError):
            if text:
                self._target.write(text + "\n")
            self._target.write(f"{PREFIX}{event} {json.dumps(facts, ensure_ascii=False, sort_keys=True)}\n")
            self._target.flush()

    async def _answer(self, event: str, facts: dict[str, object], text: str, problem: Problem | None) -> str:
        if problem is not None:
            facts |= {"problem": problem.code.value, "tries_left": problem.tries_left}
            text = self._problem(problem) + "\n" + text
        self._say(event, facts, text)
        line = await self._answers.get()
        if line is None:
            raise CustomerLeft
        return line

    def _problem(self, problem: Problem) -> str:
        text = self._texts.problem(problem)
        return f"{text}\n\n{problem.report}\n" if problem.report else text

    async def ask_number(self, problem: Problem | None) -> str:
        """Ask with the status line ``number_needed``."""
        return await self._answer("number_needed", {}, self._texts("number.label"), problem)

    async def ask_code(self, caller: Caller, problem: Problem | None) -> str:
        """Ask with the status line ``code_needed``."""
        t = self._texts
        text = "\n".join(
            (
                t("caller", technician=caller.technician, company=caller.company),
                t("session_number", number=caller.number),
                f"{t('trust')} {t('trust.asked')}",
                f"{t('possible')}\n{t('possible.list')}",
                t("possible.end"),
                t("code.label"),
            )
        )
        return await self._answer("code_needed", _caller(caller), text, problem)

    async def ask_connection(self, caller: Caller, tool: str) -> bool:
        """Ask with the status line ``connection_question``; one question after the other."""
        t = self._texts
        text = t("question", technician=caller.technician, company=caller.company, tool=t(f"tool.{tool}"))
        async with self._asking:
            self._question = asyncio.get_running_loop().create_future()
            self._say("connection_question", {"tool": tool}, f"{text} (yes/no)")
            return await self._question

    def busy(self, what: Busy) -> None:
        """Say ``busy``."""
        self._say("busy", {"what": what}, self._texts(f"busy.{what}"))

    async def refuse(self, problem: Problem) -> None:
        """Say ``refused``."""
        text = self._texts("refused.title") + "\n" + self._problem(problem)
        self._say("refused", {"problem": problem.code.value}, text)

    def show(self, view: View) -> None:
        """Say ``state`` when something other than the time left has changed."""
        self._active = True
        facts: dict[str, object] = {
            "link": view.link.value,
            "connections": [_connection(tool, report) for tool, report in view.connections],
            **{name: getattr(view.rights, name) for name in _SWITCHES},
            "passwords_closed": view.passwords_closed,
        }
        if facts != self._shown:
            self._shown = facts
            self._say("state", facts | {"remaining_s": int(view.remaining_s)} | _caller(view.caller))

    async def next_action(self) -> Action:
        """Return the next command; the end of the input is none, a session goes on without a terminal."""
        return await self._actions.get()

    def ended(self, reason: str, receipt: str) -> None:
        """Say ``ended``."""
        text = "\n".join((self._texts("ended.title"), self._texts(f"ended.{reason}"), self._texts("ended.removed")))
        self._say("ended", {"reason": reason}, f"{text}\n\n{receipt}" if receipt else text)

    async def seen(self) -> None:
        """Return at once: the lines stay where they are."""


def _connection(tool: str, report: str) -> dict[str, str]:
    what, name = activity.parts(report)
    return {"tool": tool, "activity": what, "name": name} if name else {"tool": tool, "activity": what}


def _caller(caller: Caller) -> dict[str, object]:
    return {"number": caller.number, "company": caller.company, "technician": caller.technician}


def _read(source: int, loop: asyncio.AbstractEventLoop, take: Callable[[str | None], None]) -> None:
    # Straight from the descriptor: a thread that waits inside sys.stdin holds a lock that the interpreter's exit needs.
    pending = b""
    # The loop is closed when the app has ended while this thread still waited for a line.
    with contextlib.suppress(RuntimeError):
        while data := _some(source):
            *lines, pending = (pending + data)[-_LINE_MAX_BYTES:].split(b"\n")
            for line in lines:
                loop.call_soon_threadsafe(take, line.decode(errors="replace"))
        loop.call_soon_threadsafe(take, None)


def _some(source: int) -> bytes:
    try:
        return os.read(source, _LINE_MAX_BYTES)
    except OSError:
        return b""
