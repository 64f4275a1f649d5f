"""Wakes Tk where it can wait for file descriptors: everywhere but on Windows."""

import contextlib
import os
import sys
import tkinter as tk
from collections.abc import Callable

assert sys.platform != "win32"


class PipeWaker:
    """A ``Waker`` that is a pipe to itself."""

    def __init__(self, root: tk.Tk, call: Callable[[], None]) -> None:
        self._root = root
        self._call = call
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._reading, False)
        os.set_blocking(self._writing, False)
        root.createfilehandler(self._reading, tk.READABLE, self._woken)

    def _woken(self, _file: int, _mask: int) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._reading, 4096)
        self._call()

    def wake(self) -> None:
        """Write into the pipe; a full one wakes as well."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._writing, b"!")

    def close(self) -> None:
        """Close the pipe."""
        self._root.deletefilehandler(self._reading)
        os.close(self._reading)
        os.close(self._writing)
