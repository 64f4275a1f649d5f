"""Self-test of the pipes between the app's processes: who gets in, and who does not."""

import os
import socket
from collections.abc import Callable
from pathlib import PureWindowsPath
from typing import Any

import pywintypes
import win32api
import win32con
import win32file
import win32pipe

from zuruf.host.platform.windows import pipes, processes, sddl
from zuruf.host.platform.windows.self_test.report import Failed, Lines, Seen

_WAIT_S = 5.0


def try_pipes(lines: Lines) -> None:
    """Look at the rights of a pipe, and try to get at one in every way that must not work."""
    lines.attempt("Pipe: Rechte", "pipe: rights", _rights)
    lines.attempt(
        "Pipe: keine zweite gleichen Namens", "pipe: no second one of its name", lambda: _refused(_second_instance)
    )
    lines.attempt("Pipe: niemand aus dem Netz", "pipe: nobody from the network", lambda: _refused(_from_afar))
    lines.attempt("Pipe: kein anderer Server", "pipe: no other server", lambda: _refused(_other_server))
    lines.attempt("Pipe: kein anderer Client", "pipe: no other client", lambda: _refused(_other_client))


def _rights() -> str:
    asked = sddl.pipe(processes.own_sid())
    listening = pipes.ListeningPipe(asked)
    try:
        found = listening.sddl()
    finally:
        listening.close()
    who = {entry.rpartition(";")[2].rstrip(")") for entry in found.partition("D:")[2].split("(")[1:]}
    if len(who) != 1:
        raise Failed(f"verlangt {asked}, gelesen {found}", f"asked {asked}, read {found}")
    return f"{asked} → {found}"


def _refused(action: Callable[[], None]) -> Seen:
    try:
        action()
    except (pywintypes.error, OSError) as error:
        return str(error)
    raise Failed("wurde nicht abgewiesen", "was not refused")


def _listening() -> pipes.ListeningPipe:
    return pipes.ListeningPipe(sddl.pipe(processes.own_sid()))


def _second_instance() -> None:
    first = _listening()
    try:
        # Not even without asking to be the first.
        win32pipe.CreateNamedPipe(
            first.name, win32pipe.PIPE_ACCESS_DUPLEX, 0, 1, 4096, 4096, 0, pywintypes.SECURITY_ATTRIBUTES()
        )
    finally:
        first.close()


def _from_afar() -> None:
    listening = _listening()
    try:
        _open(rf"\\{socket.gethostname()}\pipe\{PureWindowsPath(listening.name).name}")
    finally:
        listening.close()


def _other_server() -> None:
    listening = _listening()
    try:
        pipes.open_pipe(listening.name, os.getpid() + 4)
    finally:
        listening.close()


def _other_client() -> None:
    ping = str(PureWindowsPath(win32api.GetSystemDirectory()) / "ping.exe")
    child = processes.start_child([ping, "-n", "60", "127.0.0.1"])
    listening = _listening()
    try:
        intruder = _open(listening.name)
        listening.accept(child, _WAIT_S)
        intruder.Close()
    finally:
        child.kill()


def _open(name: str) -> Any:
    handle: Any = win32file.CreateFile(name, sddl.PIPE_ACCESS, 0, None, win32con.OPEN_EXISTING, 0, None)
    return handle
