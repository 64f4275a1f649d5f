"""The customer's computer for tests: a virtual screen with a program on it, and the real host in its terminal form."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.processes import Program, eventually


class CustomerScreen:
    """A private Xvfb with a keyboard layout, and a terminal that writes what is typed into a file."""

    def __init__(self, folder: Path, *, size: str = "1024x768", layout: str = "us") -> None:
        self.folder = folder
        read, write = os.pipe()
        self._xvfb = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=(write,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as pipe:
            self.display = f":{pipe.readline().strip()}"
        subprocess.run(["setxkbmap", "-display", self.display, layout], check=True, stderr=subprocess.DEVNULL)
        self._programs: list[Program] = []

    @property
    def env(self) -> dict[str, str]:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return {
            "DISPLAY": self.display,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_STATE_HOME": str(home / ".local/state"),
            "XDG_RUNTIME_DIR": str(home),
            "LANG": "C.UTF-8",
        }

    def typing_terminal(self) -> Path:
        """Open a terminal over the whole screen; return the file in which typed lines appear."""
        typed = self.folder / "typed.txt"
        typed.write_bytes(b"")
        command = [
            "xterm", "-u8", "-geometry", "200x80+0+0", "-bg", "#203040", "-fg", "#f0f0f0",
            "-e", "sh", "-c", f"cat > {typed}",
        ]  # fmt: skip
        self._programs.append(Program(command, self.folder / "xterm.log", self.env))
        eventually(lambda: self.windows() > 0, "the terminal's window")
        return typed

    def windows(self) -> int:
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--class", "xterm"],
            env={**os.environ, **self.env}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return len(found.stdout.split())

    def stop(self) -> None:
        for program in self._programs:
            program.stop()
        self._xvfb.terminate()
        self._xvfb.wait(10)


class HostProgram:
    """The real host, driven as a person would in a terminal."""

    def __init__(
        self,
        screen: CustomerScreen,
        server: str,
        number: str | None = None,
        *,
        main: str = "zuruf.host.app",
        env: Mapping[str, str] | None = None,
        resume: bool = False,
        data_dir: str = "host-state",
    ) -> None:
        self.data_dir = screen.folder / data_dir
        self.home = screen.folder / "home"
        command = [sys.executable, "-m", main, "--cli", "--language", "de", "--data-dir", str(self.data_dir)]
        command += ["--resume"] if resume else ["--server", server]
        if number is not None:
            command += ["--number", number]
        self.program = Program(command, screen.folder / "host.log", {**screen.env, **(env or {})})

    def event(self, name: str, patience_s: float = 30) -> dict[str, Any]:
        """Return the facts of the next status line of this name."""
        line = self.program.line(f"zuruf: {name} ", patience_s)
        return dict(json.loads(line.split(" ", 2)[2]))

    def state(self, **wanted: object) -> dict[str, Any]:
        """Return the next state in which these facts hold."""
        while True:
            facts = self.event("state")
            if all(facts[key] == value for key, value in wanted.items()):
                return facts

    def connected(self) -> dict[str, Any]:
        """Return the next state in which a technician is connected."""
        while True:
            facts = self.event("state")
            if facts["connections"]:
                return facts

    def type_code(self, code: str) -> None:
        self.event("code_needed")
        self.program.say(code)

    def gone(self) -> None:
        """Check that the process has ended and nothing it wrote is left."""
        self.program.process.wait(20)
        assert self.program.process.returncode == 0, self.program.log.read_text(errors="replace")[-2000:]
        assert not self.data_dir.exists(), sorted(self.data_dir.rglob("*"))
        left = [path for path in self.home.rglob("*") if path.is_file()]
        assert left == []

    def stop(self) -> None:
        self.program.stop()
