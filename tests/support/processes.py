"""Programs that tests start and end: the real server, the real mail server, any other. Not for what they say."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ROOT = Path(__file__).parents[2]
T = TypeVar("T")


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(look: Callable[[], T | bool | None], what: str, patience_s: float = 20) -> T:
    """Return the first result that is true. Raises AssertionError when patience runs out."""
    end = time.monotonic() + patience_s
    while True:
        found = look()
        if found:
            return found  # type: ignore[return-value]
        if time.monotonic() > end:
            raise AssertionError(f"not within {patience_s} s: {what}")
        time.sleep(0.03)


class Program:
    """One process of its own group, its standard output read line by line, its errors kept in a file."""

    def __init__(self, command: Sequence[str], log: Path, env: dict[str, str] | None = None) -> None:
        self.log = log
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.seen: list[str] = []
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                command, env={**os.environ, **(env or {})}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=errors, text=True, bufsize=1, start_new_session=True, cwd=ROOT,
            )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def line(self, prefix: str, patience_s: float = 30) -> str:
        """Return the next line that begins so. Raises AssertionError when the program ends or patience runs out."""
        end = time.monotonic() + patience_s
        while True:
            try:
                found = self._lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                found = None
            if found is None:
                tail = self.log.read_text(errors="replace")[-3000:]
                raise AssertionError(f"no line {prefix!r}; seen {self.seen[-12:]}; {tail}")
            self.seen.append(found)
            if found.startswith(prefix):
                return found

    def say(self, text: str) -> None:
        """Type a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        """SIGKILL, to it and what it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        """SIGTERM, and SIGKILL for one that does not listen."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(8)
        except subprocess.TimeoutExpired:
            self.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


class Mailbox:
    """A real SMTP server on loopback that keeps what it gets."""

    def __init__(self, port: int = 0) -> None:
        self.port = port or free_port()
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self._controller: Controller | None = None

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.raw.append(content)
        self.mails.append(message)
        return "250 kept"

    def start(self) -> "Mailbox":
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def wait(self, count: int = 1) -> EmailMessage:
        """Return the newest mail once there are this many."""
        eventually(lambda: len(self.mails) >= count, f"{count} mails")
        return self.mails[-1]


class ServerProgram:
    """The server as it runs in production, or the same with a clock and fault points that the test holds."""

    def __init__(
        self, folder: Path, env: dict[str, str], port: int | None = None, public_port: int | None = None
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{public_port or self.port}"
        self.folder = folder
        self.log = folder / "server.log"
        self.data_dir = folder / "data"
        self.env = {
            "ZURUF_DATA_DIR": str(self.data_dir),
            "ZURUF_PUBLIC_URL": self.url,
            "ZURUF_LISTEN_PORT": str(self.port),
            **env,
        }
        self.program: Program | None = None

    def start(self, main: str = "zuruf.server.cli", *arguments: str) -> "ServerProgram":
        command = [sys.executable, "-m", main, *(arguments or ("serve",))]
        self.program = Program(command, self.log, self.env)
        eventually(self._answers, "server answers", 40)
        return self

    def _answers(self) -> bool:
        assert self.program is not None
        assert self.program.process.poll() is None, self.log.read_text(errors="replace")[-3000:]
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        assert self.program is not None
        self.program.kill()

    def stop(self) -> None:
        if self.program is not None:
            self.program.stop()
