"""A private PostgreSQL cluster for one test process: Debian's binaries, Unix socket only, nothing synced to disk."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

ADMINISTRATOR = "zuruf"


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    in_path = shutil.which("postgres")
    if in_path is None:
        raise RuntimeError("PostgreSQL is missing; run `make setup-test`")
    return Path(in_path).parent


class PostgresCluster:
    """initdb and a server in a folder of its own. PostgreSQL refuses to run as root, so root lends it a user."""

    def __init__(self) -> None:
        self._bin = _binaries()
        self._root = Path(tempfile.mkdtemp(prefix="zuruf-postgres-"))
        self._as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        if self._as_user:
            shutil.chown(self._root, "postgres", "postgres")
        self._process = self._start()
        self._databases = 0

    def _start(self) -> subprocess.Popen[bytes]:
        data = self._root / "data"
        self._run(
            "initdb", "-D", str(data), "-U", ADMINISTRATOR, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"
        )
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._root),
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "max_connections": "200",
            "shared_buffers": "32MB",
            "deadlock_timeout": "200ms",
        }
        command = [str(self._bin / "postgres"), "-D", str(data)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        # Ends with us even where we are killed.
        command = ["setpriv", "--pdeathsig", "INT", *command]
        with (self._root / "log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._as_user
            )
        deadline = time.monotonic() + 60
        while subprocess.run(
            [str(self._bin / "pg_isready"), "-q", "-h", str(self._root), "-U", ADMINISTRATOR, "-d", "postgres"],
            check=False,
        ).returncode:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._root / "log").read_text(errors="replace"))
            time.sleep(0.05)
        return process

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._bin / program), *arguments], cwd="/", capture_output=True, check=False, **self._as_user
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode(errors="replace"))

    def url(self, name: str) -> str:
        """SQLAlchemy's address of a database."""
        return f"postgresql+asyncpg://{ADMINISTRATOR}@/{name}?host={self._root}"

    def create(self, template: str = "template1") -> str:
        """Make a new database, a copy of ``template``, and return its name."""
        self._databases += 1
        name = f"test_{self._databases}"
        self._run("createdb", "-h", str(self._root), "-U", ADMINISTRATOR, "-T", template, name)
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._run("dropdb", "-h", str(self._root), "-U", ADMINISTRATOR, "--force", name)

    def stop(self) -> None:
        """Shut down and remove the folder."""
        self._process.send_signal(2)
        self._process.wait(30)
        shutil.rmtree(self._root)
