"""MB per CPU-second of the production server's relay, beside a raw asyncio copy relay in the same run.

``python -m bench.relay.run`` prints a Markdown table. Both relays are processes of their own; what counts is the CPU
time (user and system) that theirs grows by while a fixed amount goes from one client to another. The clients write
prepared bytes and read into one buffer, so that they are faster than any relay. The raw relay copies without
framing: it is what asyncio's streams can do at all.
"""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
from tests.support import flow
from websockets.frames import Frame, Opcode

from zuruf.protocol import control
from zuruf.protocol.codec import encode
from zuruf.protocol.relay import RelayHello

SIZES = (16 * 1024, 256 * 1024)
AMOUNT = 1_000_000_000
ROUNDS = 3
READ = 256 * 1024
"""What asyncio's own transport takes from a socket at once; smaller makes the yardstick slower."""
EMAIL = "bench@zuruf.test"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def process(*command: str, port: int, **environment: str) -> Iterator[psutil.Process]:
    """A server of its own, listening on ``port``."""
    child = subprocess.Popen([sys.executable, *command], env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        for _ in range(800):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            raise RuntimeError(f"{command} does not listen")
        yield psutil.Process(child.pid)
    finally:
        child.kill()
        child.wait()


def read_exactly(connection: socket.socket, amount: int) -> bytes:
    data = b""
    while len(data) < amount:
        part = connection.recv(amount - len(data))
        if not part:
            raise ConnectionError(f"closed after {data!r}")
        data += part
    return data


def websocket(port: int, ticket: bytes, role: str) -> socket.socket:
    """An end of a relayed connection, admitted, without a library's cost on the client's side."""
    connection = socket.create_connection(("127.0.0.1", port))
    origin = f"Origin: http://127.0.0.1:{port}\r\n" if role == "viewer" else ""
    connection.sendall(
        f"GET /ws/relay HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{origin}"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += read_exactly(connection, 1)
    if b" 101 " not in answer.split(b"\r\n")[0]:
        raise ConnectionError(answer.decode())
    connection.sendall(masked(encode(RelayHello(ticket=ticket, role=role))))
    return connection


def masked(payload: bytes) -> bytes:
    return Frame(Opcode.BINARY, payload).serialize(mask=True)


def header_length(size: int) -> int:
    return 2 if size < 126 else 4 if size < 65536 else 10


def copy(source: socket.socket, target: socket.socket, unit: bytes, arriving: int, count: int) -> None:
    """Send ``unit`` so many times and read what arrives of each until all is there."""
    sender = threading.Thread(target=lambda: [source.sendall(unit) for _ in range(count)])
    sender.start()
    left, buffer = arriving * count, bytearray(1 << 20)
    while left:
        got = target.recv_into(buffer, min(left, len(buffer)))
        if not got:
            raise ConnectionError("the relay closed")
        left -= got
    sender.join()


def measure(server: psutil.Process, work: threading.Thread) -> float:
    """CPU seconds that the server spends while the work is done."""
    before = server.cpu_times()
    work.start()
    work.join()
    after = server.cpu_times()
    return (after.user + after.system) - (before.user + before.system)


def rate(server: psutil.Process, ends: tuple[socket.socket, socket.socket], size: int, framed: bool) -> float:
    payload = os.urandom(size)
    unit = masked(payload) if framed else payload
    arriving = size + (header_length(size) if framed else 0)
    copy(*ends, unit, arriving, max(1, AMOUNT // 20 // size))
    count = AMOUNT // size
    seconds = measure(server, threading.Thread(target=copy, args=(*ends, unit, arriving, count)))
    return count * size / 1e6 / seconds


@contextmanager
def raw_relay() -> Iterator[tuple[psutil.Process, tuple[socket.socket, socket.socket]]]:
    port = free_port()
    with (
        process("-m", "bench.relay.run", "raw", str(port), port=port) as server,
        socket.create_connection(("127.0.0.1", port)) as one,
        socket.create_connection(("127.0.0.1", port)) as other,
    ):
        yield server, (one, other)


@contextmanager
def zuruf_relay(folder: Path) -> Iterator[tuple[psutil.Process, tuple[socket.socket, socket.socket]]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    flow.seed_sqlite(folder, EMAIL)
    environment = {"ZURUF_DATA_DIR": str(folder), "ZURUF_LISTEN_PORT": str(port), "ZURUF_PUBLIC_URL": url}
    with process("-m", "zuruf.server.cli", "serve", port=port, **environment) as server:
        technician, host = flow.Technician(url, EMAIL), flow.Host(url)
        session = technician.prepare()
        technician.post(session["id"], "code")
        flow.pair(technician, host, session)
        with closing(technician.http), host.control() as ctl:
            host.active(ctl)
            told = technician.post(session["id"], "connections", tool="remote_control")
            offer = host.expect(ctl, control.OpenConnection)
            with (
                websocket(port, flow.unpack(told["ticket"]), "viewer") as viewer,
                websocket(port, offer.ticket, "host") as there,
            ):
                for end in (viewer, there):
                    head = read_exactly(end, 2)
                    read_exactly(end, head[1])
                yield server, (there, viewer)


async def serve_raw(port: int) -> None:
    """The yardstick: two sockets, asyncio's streams, as fast as they go."""
    waiting: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(READ):
            writer.write(data)
            await writer.drain()

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        waiting.append((reader, writer))
        if len(waiting) == 3:  # the first one was the probe that found us listening
            (one, to_one), (other, to_other) = waiting[1:]
            await asyncio.gather(forward(one, to_other), forward(other, to_one))

    server = await asyncio.start_server(joined, "127.0.0.1", port, limit=READ)
    await server.serve_forever()


def main() -> None:
    if sys.argv[1:2] == ["raw"]:
        asyncio.run(serve_raw(int(sys.argv[2])))
        return
    results: dict[tuple[str, int], list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, raw_relay() as raw, zuruf_relay(Path(folder) / "data") as zuruf:
        for _ in range(ROUNDS):
            for size in SIZES:
                results.setdefault(("raw", size), []).append(rate(*raw, size, framed=False))
                results.setdefault(("zuruf", size), []).append(rate(*zuruf, size, framed=True))
    print(f"Median of {ROUNDS} rounds of {AMOUNT / 1e6:.0f} MB, MB per CPU-second of the relay's process:\n")
    print("| message | raw asyncio copy | Zuruf's relay | ratio |\n|---|---|---|---|")
    for size in SIZES:
        raw_rate, ours = (statistics.median(results[name, size]) for name in ("raw", "zuruf"))
        print(f"| {size // 1024} KiB | {raw_rate:.0f} | {ours:.0f} | {ours / raw_rate:.2f} |")


if __name__ == "__main__":
    main()
