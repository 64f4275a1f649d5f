"""Starts the resident's helpers and joins them to it: ``helpers.pipe.HelperStarter`` on Windows."""

import asyncio
import os
import threading
from collections.abc import Sequence

from zuruf.host.helpers.pipe import Role
from zuruf.host.platform.windows import pipes, processes, session_probe
from zuruf.host.platform.windows.framed_pipe import FramedPipe
from zuruf.host.platform.windows.sddl import pipe
from zuruf.host.platform.windows.sessions import choose

CONNECT_WITHIN_S = 30.0
"""A program's first start on a slow disk, with a virus scanner reading every file of it."""


class WindowsHelper:
    """See ``helpers.pipe.Helper``."""

    def __init__(self, child: processes.Child, line: FramedPipe) -> None:
        self.pipe = line
        self._child = child
        self._ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        # A thread of its own: the loop's few threads are for what ends soon.
        threading.Thread(target=self._watch, args=(loop,), name="helper", daemon=True).start()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        self._child.wait()
        try:
            loop.call_soon_threadsafe(self._ended.set)
        except RuntimeError:
            # The loop has ended before the helper.
            return

    async def ended(self) -> None:
        """See ``Helper.ended``."""
        await self._ended.wait()

    async def stop(self) -> None:
        """See ``Helper.stop``."""
        self._child.kill()
        await self.pipe.close()


class WindowsHelperStarter:
    """See ``helpers.pipe.HelperStarter``.

    ``program``: the command that starts the app. ``customer``: who installed it, see ``sessions.choose``.
    """

    def __init__(self, program: Sequence[str], customer: str) -> None:
        self._program = tuple(program)
        self._customer = customer

    def session(self) -> int | None:
        """See ``HelperStarter.session``."""
        return choose(session_probe.sessions(), session_probe.console(), self._customer)

    async def start(self, role: Role, session: int | None) -> WindowsHelper:
        """See ``HelperStarter.start``."""
        where = session if session is not None else session_probe.console()
        if where is None:
            raise OSError("no session at the console")
        listening = pipes.ListeningPipe(self._rights(role, where))
        command = [*self._program, f"--{role}", listening.name, "--server-pid", str(os.getpid())]
        # Not in a thread: cancelled between start and the next line, a process would stay that nobody knows.
        child = (processes.start_as_user if role == "window" else processes.start_as_system)(command, where)
        try:
            handle = await asyncio.to_thread(listening.accept, child, CONNECT_WITHIN_S)
            return WindowsHelper(child, await pipes.connected(handle))
        except BaseException:
            # Its end also ends the wait in the thread.
            child.kill()
            raise

    @staticmethod
    def _rights(role: Role, session: int) -> str:
        return pipe(processes.own_sid(), processes.user_sid(session) if role == "window" else None)


async def join_resident(name: str, server_pid: int) -> FramedPipe:
    """In a helper: return the pipe to the resident that started it. Raises OSError."""
    return await pipes.connected(pipes.open_pipe(name, server_pid))
