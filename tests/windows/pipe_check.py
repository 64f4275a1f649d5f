r"""Proves on a Windows runtime that nobody but the started helper gets at a helper's pipe, and measures the line.

Run it with the app's runtime and the source on its path: ``python.exe pipe_check.py``. Every line says what was
proved; the first thing that does not hold ends it with an exception. It starts itself as the helper.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable

import pywintypes
import win32file
import win32pipe

from zuruf.host.helpers.pipe import MESSAGE_MAX, PipeClosed
from zuruf.host.platform.windows import pipes, processes, session_probe
from zuruf.host.platform.windows.sddl import PIPE_ACCESS, pipe
from zuruf.host.platform.windows.starter import WindowsHelper, WindowsHelperStarter, join_resident

ROUND_TRIPS = 500
SLEEP, FAIL = "import time; time.sleep(60)", "raise SystemExit(9)"


async def helper(name: str, server_pid: int) -> None:
    line = await join_resident(name, server_pid)
    try:
        while True:
            message = await line.receive()
            if message == b"die":
                os._exit(3)
            if message == b"too long":
                line._transport.write((MESSAGE_MAX + 1).to_bytes(4, "little") + b"x")  # type: ignore[union-attr]
                continue
            await line.send(message)
    except PipeClosed:
        await line.close()


def refused(action: Callable[[], object], expected: type[BaseException]) -> str:
    try:
        action()
    except expected as error:
        return str(error)
    raise AssertionError("not refused")


def listening() -> pipes.ListeningPipe:
    return pipes.ListeningPipe(pipe(processes.own_sid()))


def child(code: str) -> processes.Child:
    return processes.start_child([sys.executable, "-c", code])


def check_the_pipe() -> None:
    made = listening()
    print("rights asked for:", pipe(processes.own_sid()))
    print("rights read back:", made.sddl())

    def second(flags: int) -> None:
        win32pipe.CreateNamedPipe(made.name, 3 | flags, 0, 1, 4096, 4096, 0, pywintypes.SECURITY_ATTRIBUTES())

    for flags in (0x40000000, 0x40000000 | 0x00080000):
        print("a second instance is refused:", refused(lambda flags=flags: second(flags), pywintypes.error))
    print("another server is refused:", refused(lambda: pipes.open_pipe(made.name, 1), pipes.WrongProcess))
    print("another name is refused:", refused(lambda: pipes.open_pipe(r"\\.\pipe\x", os.getpid()), FileNotFoundError))

    waiting, sleeper = listening(), child(SLEEP)
    intruder = win32file.CreateFile(waiting.name, PIPE_ACCESS, 0, None, 3, 0x40000000, None)
    print("another client is refused:", refused(lambda: waiting.accept(sleeper, 5), pipes.WrongProcess))
    intruder.Close()
    print(
        "a helper that does not come is not waited for:",
        refused(lambda: listening().accept(sleeper, 0.2), TimeoutError),
    )
    sleeper.kill()
    assert sleeper.wait(10), "the child outlives its job"
    failing = child(FAIL)
    print("a helper that ends is noticed:", refused(lambda: listening().accept(failing, 30), ChildProcessError))


async def check_a_helper(started: WindowsHelper) -> None:
    for size in (100, 4000):
        begin = time.perf_counter()
        for _ in range(ROUND_TRIPS):
            await started.pipe.send(b"x" * size)
            assert len(await started.pipe.receive()) == size
        print(f"{(time.perf_counter() - begin) / ROUND_TRIPS * 1e6:.0f} µs a round trip of {size} bytes")
    big = os.urandom(MESSAGE_MAX)
    begin = time.perf_counter()
    for _ in range(20):
        await started.pipe.send(big)
        assert await started.pipe.receive() == big
    print(f"{2 * 20 * MESSAGE_MAX / (time.perf_counter() - begin) / 1e6:.0f} MB/s")


async def closed(started: WindowsHelper, message: bytes) -> str:
    await started.pipe.send(message)
    try:
        await started.pipe.receive()
    except PipeClosed as error:
        async with asyncio.timeout(10):
            await started.ended()
        await started.stop()
        return str(error)
    raise AssertionError("not closed")


async def check_helpers() -> None:
    starter = WindowsHelperStarter([sys.executable, __file__], session_probe.own_user())
    session = starter.session()
    print("the customer's session:", session)
    window = await starter.start("window", session)
    await check_a_helper(window)
    print("too long a message ends the helper:", await closed(window, b"too long"))
    desktop = await starter.start("desktop", session)
    print("a helper that dies is noticed:", await closed(desktop, b"die"))
    starting = asyncio.create_task(starter.start("desktop", None))
    await asyncio.sleep(0)
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    assert starting.cancelled()
    print("a start that is cancelled ends")


def main() -> None:
    if "--server-pid" in sys.argv:
        asyncio.run(helper(sys.argv[2], int(sys.argv[4])))
        return
    check_the_pipe()
    asyncio.run(check_helpers())
    print("all holds")


if __name__ == "__main__":
    main()
