"""Starts everything a newcomer needs on loopback and prints where it is. Ctrl-C ends all of it, and only that."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = ROOT / "var" / "demo"
COMPANY, EMAIL, NAME = "Muster IT GmbH", "jana.weber@muster.example", "Jana Weber"
SCREEN = "1280x800x24"


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"\033[1;34m▸ {text}\033[0m", flush=True)


def free_port(preferred: int) -> int:
    """Return the preferred port, or any free one where it is taken."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise RuntimeError("no free port")


def wait_for(url: str, process: subprocess.Popen[bytes], patience_s: float = 30) -> None:
    """Wait until the address answers. Raises RuntimeError where the process ends or nothing answers in time."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"ended at once: {process.args}")
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"no answer: {url}")


class Demo:
    """The processes of the demo, in the order they were started."""

    def __init__(self) -> None:
        self._processes: list[subprocess.Popen[bytes]] = []
        DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._log = (DATA / "demo.log").open("ab")

    def start(self, *command: str, env: dict[str, str] | None = None, **options: object) -> subprocess.Popen[bytes]:
        """Start a program of its own process group; its output goes to the log."""
        process = subprocess.Popen(
            command, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            start_new_session=True, cwd=ROOT, **options,  # type: ignore[call-overload]
        )  # fmt: skip
        self._processes.append(process)
        return process

    def display(self) -> str:
        """Start a virtual screen and return its name."""
        read, write = os.pipe()
        self.start(
            "Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset", pass_fds=(write,)
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            return f":{pipe.readline().strip()}"

    def stop(self) -> None:
        """End everything that was started, newest first."""
        # make hands on the signal that it got itself: a second one must not cut the tidying short.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        for process in reversed(self._processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in reversed(self._processes):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        self._log.close()


def credentials(env: dict[str, str]) -> str:
    """Create company and administrator on the first run; return the administrator's password."""
    kept = DATA / "password"
    if kept.exists():
        return kept.read_text().strip()
    say("creating company and administrator")
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    zuruf = [sys.executable, "-m", "zuruf.server.cli"]
    run = {"cwd": ROOT, "env": {**os.environ, **env}, "check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([*zuruf, "company", "create", COMPANY, "--plan", "plus"], **run)  # type: ignore[call-overload]
    user = ["user", "create", "--company", COMPANY, "--email", EMAIL, "--name", NAME, "--role", "administrator"]
    subprocess.run([*zuruf, *user], input=f"{password}\n".encode(), **run)  # type: ignore[call-overload]
    kept.touch(mode=0o600)
    kept.write_text(password)
    return password


def customer_pc(demo: Demo, server: str) -> str:
    """Start the demo customer's PC and return the address at which its screen can be used."""
    display = demo.display()
    env = {"DISPLAY": display, "LANG": "de_DE.UTF-8", "HOME": str(DATA / "customer"), "XDG_CONFIG_HOME": ""}
    env = {key: value for key, value in env.items() if value}
    (DATA / "customer").mkdir(exist_ok=True)
    subprocess.run(["setxkbmap", "-display", display, "de"], check=False, stderr=subprocess.DEVNULL)
    demo.start("xsetroot", "-solid", "#2f5d8a", env=env)
    demo.start("openbox", env=env)
    demo.start(
        "xterm", "-u8", "-geometry", "76x18+520+60", "-title", "Terminal", "-fa", "DejaVu Sans Mono", "-fs", "11",
        "-e", "env", "-C", env["HOME"], "PS1=kunde@demo-pc:~$ ", "sh", env=env,
    )  # fmt: skip
    demo.start("xclock", "-digital", "-geometry", "260x50+980+700", env=env)
    demo.start("xedit", "-geometry", "560x300+60+420", env=env)
    demo.start(sys.executable, "-m", "demo.desktop", "--server", server, env=env)
    vnc, page = free_port(5999), free_port(6080)
    demo.start(
        "x11vnc", "-display", display, "-localhost", "-rfbport", str(vnc), "-forever", "-shared", "-nopw", "-no6",
        "-quiet", "-noxrecord",
    )  # fmt: skip
    web = demo.start("websockify", "--web", "/usr/share/novnc", f"127.0.0.1:{page}", f"127.0.0.1:{vnc}")
    wait_for(f"http://127.0.0.1:{page}/vnc.html", web)
    return f"http://127.0.0.1:{page}/vnc.html?autoconnect=1&resize=scale"


def main() -> None:
    """Run until interrupted."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    demo = Demo()
    try:
        port, smtp, page = free_port(8080), free_port(2525), free_port(8025)
        url, mail = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{page}"
        env = {
            "ZURUF_DATA_DIR": str(DATA), "ZURUF_PUBLIC_URL": url, "ZURUF_LISTEN_PORT": str(port),
            "ZURUF_SMTP_HOST": "127.0.0.1", "ZURUF_SMTP_PORT": str(smtp), "ZURUF_SMTP_SECURITY": "none",
            "ZURUF_SMTP_SENDER": f"{COMPANY} <support@muster.example>",
        }  # fmt: skip
        password = credentials(env)
        say("starting mail catcher, server and demo customer PC")
        catcher = demo.start(
            sys.executable, "-m", "demo.mail_catcher", "--smtp-port", str(smtp), "--page-port", str(page)
        )
        wait_for(mail, catcher)
        server = demo.start(sys.executable, "-m", "zuruf.server.cli", "serve", env=env)
        wait_for(f"{url}/api/v1/health", server)
        pc = customer_pc(demo, url)
        print(
            f"\n  1  Console      {url}\n     Anmelden als  {EMAIL}\n     Passwort      {password}\n"
            f"\n  2  Postfach     {mail}      (every mail lands here)"
            f"\n  3  Kunden-PC    {pc}"
            f"\n\n  Log: {DATA / 'demo.log'} · Ctrl-C ends everything.\n",
            flush=True,
        )
        server.wait()
        raise RuntimeError("the server has ended; see the log")
    except KeyboardInterrupt:
        print()
    finally:
        demo.stop()


if __name__ == "__main__":
    main()
