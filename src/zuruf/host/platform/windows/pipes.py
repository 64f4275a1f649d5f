r"""Named pipes between the resident and its helpers: made for one process, opened by that process alone.

The name is random, the access list names one user, there is one instance, nobody on the network gets in, and each end
checks the other's process id: the server that of the process it started, whose handle it keeps open so that the id
cannot pass to another; the client the one on its command line.
"""

import asyncio
import os
import re
from typing import Any

import pywintypes
import win32con
import win32event
import win32file
import win32pipe
import winerror

from zuruf.host.platform.windows.errors import windows_errors
from zuruf.host.platform.windows.framed_pipe import FramedPipe
from zuruf.host.platform.windows.processes import Child
from zuruf.host.platform.windows.sddl import PIPE_ACCESS
from zuruf.host.platform.windows.security import attributes, describe_handle

_PREFIX = "\\\\.\\pipe\\zuruf-"
_NAME = re.compile(re.escape(_PREFIX) + "[0-9a-f]{32}")
_BUFFER_BYTES = 64 * 1024
_IDENTIFIED_ONLY = win32con.SECURITY_SQOS_PRESENT | win32file.SECURITY_IDENTIFICATION
"""The server may learn who the client is, and not act as it."""


class WrongProcess(OSError):
    """Another process than the expected one is at the other end."""


class ListeningPipe:
    """A pipe that waits for one helper."""

    @windows_errors()
    def __init__(self, sddl: str) -> None:
        """Make the pipe with these rights. Raises OSError, also where the name is taken."""
        self.name = _PREFIX + os.urandom(16).hex()
        self._handle: Any = win32pipe.CreateNamedPipe(
            self.name,
            win32pipe.PIPE_ACCESS_DUPLEX | win32pipe.FILE_FLAG_FIRST_PIPE_INSTANCE | win32con.FILE_FLAG_OVERLAPPED,
            win32pipe.PIPE_TYPE_BYTE | win32pipe.PIPE_READMODE_BYTE | win32pipe.PIPE_REJECT_REMOTE_CLIENTS,
            1,
            _BUFFER_BYTES,
            _BUFFER_BYTES,
            0,
            attributes(sddl),
        )

    def sddl(self) -> str:
        """The rights the pipe has, read back."""
        return describe_handle(self._handle)

    @windows_errors()
    def accept(self, child: Child, timeout_s: float) -> Any:
        """Block until the child has opened the pipe; returns the handle.

        Raises WrongProcess, TimeoutError, or ChildProcessError when the child ends first.
        """
        waiting = pywintypes.OVERLAPPED()
        waiting.hEvent = win32event.CreateEvent(None, True, False, None)
        if win32pipe.ConnectNamedPipe(self._handle, waiting) != winerror.ERROR_PIPE_CONNECTED:
            which = win32event.WaitForMultipleObjects(
                [waiting.hEvent, child.process], False, max(0, int(timeout_s * 1000))
            )
            if which != win32event.WAIT_OBJECT_0:
                win32file.CancelIo(self._handle)
                win32event.WaitForSingleObject(waiting.hEvent, win32event.INFINITE)
                self.close()
                if which == win32event.WAIT_TIMEOUT:
                    raise TimeoutError("the helper does not connect")
                raise ChildProcessError(f"the helper ended with exit code {child.exit_code()}")
        if win32pipe.GetNamedPipeClientProcessId(self._handle) != child.pid:
            self.close()
            raise WrongProcess("another process opened the helper's pipe")
        return self._handle

    def close(self) -> None:
        """Let go of the pipe. Repeatable; not after ``accept`` has returned its handle."""
        self._handle.Close()


@windows_errors()
def open_pipe(name: str, server_pid: int) -> Any:
    """In the helper: open the pipe of the process that started it; returns the handle. Raises OSError, WrongProcess."""
    if _NAME.fullmatch(name) is None:
        raise FileNotFoundError("not the name of a helper's pipe")
    handle: Any = win32file.CreateFile(
        name,
        PIPE_ACCESS,
        0,
        None,
        win32con.OPEN_EXISTING,
        win32con.FILE_FLAG_OVERLAPPED | _IDENTIFIED_ONLY,
        None,
    )
    if win32pipe.GetNamedPipeServerProcessId(handle) != server_pid:
        handle.Close()
        raise WrongProcess("another process made the helper's pipe")
    return handle


async def connected(handle: Any) -> FramedPipe:
    """Serve an open pipe in this event loop, which has to be Windows' own (the proactor's)."""
    # asyncio has transports for pipes, and no public way to make one of a handle that is open already; its own
    # start_serving_pipe would give the pipe no access list.
    windows_utils: Any = asyncio.windows_utils  # type: ignore[attr-defined, unused-ignore]
    loop: Any = asyncio.get_running_loop()
    pipe = FramedPipe()
    begun = loop.create_future()
    loop._make_duplex_pipe_transport(windows_utils.PipeHandle(handle.Detach()), pipe, waiter=begun)
    await begun
    return pipe
