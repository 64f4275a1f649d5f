"""What only the system's own processes can try: this runs as the resident does, a child of the self-test's service.

Writes its lines into a file of its private folder, each as soon as it is known. Its second run starts the remover,
while service and processes still stand in the folder, and waits to be stopped.
"""

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path, PureWindowsPath
from typing import Any

import msgspec
import win32api

from zuruf.host.consent.rights import Rights
from zuruf.host.helpers.desktop_messages import Open, to_resident
from zuruf.host.helpers.line import Line as PipeLine
from zuruf.host.helpers.pipe import Helper, PipeClosed
from zuruf.host.platform.windows import processes, session_probe
from zuruf.host.platform.windows.names import SELF_TEST
from zuruf.host.platform.windows.platform import program_files
from zuruf.host.platform.windows.remover import Places, interpreter, remover_arguments
from zuruf.host.platform.windows.self_test.report import Failed, Line, Lines, NotPossible, Seen, Text
from zuruf.host.platform.windows.service import stop_with_service
from zuruf.host.platform.windows.starter import WindowsHelperStarter
from zuruf.protocol.codec import Decoder, ProtocolError, encode
from zuruf.protocol.limits import RECORD_PLAINTEXT_MAX
from zuruf.protocol.remote_control import Ack, Key, ScreenInfo, Update

FOUND_FILE = "found.jsonl"
LAST = b"end\n"
_SYSTEM = "S-1-5-18"
_STOPPED_WITHIN_S = 600.0
_HELPER_ENDS_WITHIN_S = 10.0
_PICTURE_WITHIN_S = 20.0
_ATTENTION_SHOWN_S = 5.0
_FULL_FRAME_MAX_S = 2.0

_from_host: Decoder[Any] = Decoder(ScreenInfo | Update, RECORD_PLAINTEXT_MAX)


def run_system_part(program: Path, data_dir: Path, sas: bool) -> int:
    """Be the resident of the self-test's service, for one of its two runs; returns the exit code."""
    stopped = threading.Event()
    stop_with_service(stopped.set)
    found = data_dir / FOUND_FILE
    if found.exists():
        places = Places(
            PureWindowsPath(win32api.GetSystemDirectory()), program_files(), PureWindowsPath(program.parent), SELF_TEST
        ).checked()
        processes.start_detached(f"{interpreter(places)} {remover_arguments(places)}", Path(places.system))
    else:
        with found.open("ab", buffering=0) as file:
            _try(Lines(lambda line: _written(file.write, line)), program, sas)
            file.write(LAST)
    stopped.wait(_STOPPED_WITHIN_S)
    return 0


def _written(write: Callable[[bytes], object], line: Line) -> None:
    write(msgspec.json.encode(line) + b"\n")


def _try(lines: Lines, program: Path, sas: bool) -> None:
    starter = WindowsHelperStarter([str(program)], session_probe.own_user())
    lines.attempt("System: Konto des Dienstes", "system: the service's account", _account)
    lines.attempt("System: Sitzungen", "system: sessions", lambda: _sessions(starter))
    lines.attempt(
        "System: Fensterhelfer mit den Rechten des Kunden",
        "system: window helper with the customer's rights",
        lambda: asyncio.run(_window(starter)),
    )
    lines.attempt(
        "System: Desktophelfer mit den Rechten des Systems, erstes Bild",
        "system: desktop helper with the system's rights, first picture",
        lambda: asyncio.run(_desktop(starter, _first_picture)),
    )
    lines.attempt(
        "System: Strg+Alt+Entf, Bild des sicheren Desktops, mit Esc zurück",
        "system: Ctrl+Alt+Del, picture of the secure desktop, back with Esc",
        lambda: _attention(starter, sas),
    )


def _account() -> str:
    sid, session = processes.own_sid(), session_probe.own_session()
    text = f"{sid} · {session}"
    if sid != _SYSTEM or session != 0:
        raise Failed(text, text)
    return text


def _sessions(starter: WindowsHelperStarter) -> str:
    sessions = " · ".join(
        f"{session.id} {'*' if session.active else '-'} {session.user or '?'}" for session in session_probe.sessions()
    )
    return f"{sessions} → {starter.session()}"


async def _window(starter: WindowsHelperStarter) -> str:
    session = starter.session()
    if session is None:
        raise NotPossible("niemand ist angemeldet", "nobody is signed in")
    begin = time.monotonic()
    helper = await starter.start("window", session)
    ready_ms = (time.monotonic() - begin) * 1000
    await _ended(helper)
    return f"{ready_ms:.0f} ms"


async def _ended(helper: Helper) -> None:
    """Close the pipe and see that the helper ends by itself."""
    try:
        await helper.pipe.close()
        async with asyncio.timeout(_HELPER_ENDS_WITHIN_S):
            await helper.ended()
    except TimeoutError:
        raise Failed("endet nicht, wenn die Pipe schließt", "does not end when its pipe closes") from None
    finally:
        await helper.stop()


Use = Callable[[PipeLine], Coroutine[Any, Any, Seen]]


async def _desktop(starter: WindowsHelperStarter, use: Use) -> Seen:
    helper = await starter.start("desktop", starter.session())
    line = PipeLine(helper.pipe, to_resident, lambda _news: None)
    await helper.pipe.send(encode(Open(Rights(), 0)))
    reading = asyncio.create_task(line.run())
    try:
        return await use(line)
    except (TimeoutError, PipeClosed) as error:
        log = _tail(Path(sys.executable).with_name("desktop.log"))
        raise Failed(f"kein Bild: {error} {log}", f"no picture: {error} {log}") from error
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await _ended(helper)


def _tail(log: Path) -> str:
    return " | ".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]) if log.exists() else ""


async def _first_picture(line: PipeLine) -> Seen:
    begin = time.monotonic()
    async with asyncio.timeout(_PICTURE_WITHIN_S):
        size, count = await _frame(line)
    return f"{size} · {count} bytes · {(time.monotonic() - begin) * 1000:.0f} ms"


async def _frame(line: PipeLine) -> tuple[str, int]:
    """Receive one whole frame and say that it was seen; returns the screen's size where it was told, and its bytes."""
    size, count = "", 0
    while True:
        data = await line.receive()
        with contextlib.suppress(ProtocolError):
            match _from_host.decode(data):
                case ScreenInfo(width, height):
                    size = f"{width}×{height}"
                case Update(frame, last, update):
                    count += len(update)
                    if last:
                        await line.send(encode(Ack(frame)))
                        return size, count


def _attention(starter: WindowsHelperStarter, sas: bool) -> Seen:
    if not sas:
        raise NotPossible("nur mit --self-test-sas", "only with --self-test-sas")
    return asyncio.run(_desktop(starter, _send_attention))


async def _send_attention(line: PipeLine) -> Seen:
    """What comes within some seconds of Ctrl-Alt-Del is its screen: the desktop was quiet before."""
    async with asyncio.timeout(_PICTURE_WITHIN_S):
        await _frame(line)
    await _quiet(line)
    chord = (("ControlLeft", "Control"), ("AltLeft", "Alt"), ("Delete", "Delete"))
    for is_down in (True, False):
        for code, key in chord:
            await line.send(encode(Key(code, key, is_down)))
    begin = time.monotonic()
    async with asyncio.timeout(_ATTENTION_SHOWN_S):
        _size, count = await _frame(line)
    shown_ms = (time.monotonic() - begin) * 1000
    await _quiet(line)
    for is_down in (True, False):
        await line.send(encode(Key("Escape", "Escape", is_down)))
    async with asyncio.timeout(_ATTENTION_SHOWN_S):
        _size, back = await _frame(line)
    return Text(
        f"Bild nach {shown_ms:.0f} ms ({count} Bytes), zurück ({back} Bytes)",
        f"picture after {shown_ms:.0f} ms ({count} bytes), back ({back} bytes)",
    )


async def _quiet(line: PipeLine) -> None:
    """Return when no frame has come for a moment."""
    with contextlib.suppress(TimeoutError):
        while True:
            async with asyncio.timeout(_FULL_FRAME_MAX_S):
                await _frame(line)
