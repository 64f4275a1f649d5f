"""The Windows app as operators build it, a server over TLS that hands it out, and customers' PCs under Wine."""

import contextlib
import os
import shutil
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import flow
from tests.support.browser import ARTIFACTS
from tests.support.certificate import certificate
from tests.support.processes import Program, eventually, free_port
from tests.support.wine import GERMAN, Language, WineComputer, wine_computer
from zuruf.installer.build import DEFAULT_INSTALLED_HOSTS, FILE_NAME, Built, Plan, build
from zuruf.installer.bundle import BuiltIn
from zuruf.server.plans.policy import Plan as Subscription

PARTS = Path(os.environ.get("ZURUF_PARTS", "~/.cache/zuruf/parts")).expanduser()
TECHNICIAN = "jana@muster.example"
CODE, PASSWORD = flow.CODE, flow.PASSWORD
TITLE = {"de": "Support-Sitzung", "en": "Support session"}


SWEEP = bool(os.environ.get("ZURUF_SWEEP"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what takes minutes to the sweep; give the rest the time that a build and a Windows need when busy."""
    long = [item for item in items if item.get_closest_marker("sweep") and not SWEEP]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]
    for item in items:
        if item.path.parent == Path(__file__).parent and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(600))


@dataclass(frozen=True)
class Operator:
    """What one operator has: an address, an authority, a built app."""

    port: int
    authority: str
    certificate: Path
    app: Path
    built: Built

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.authority)


def app_plan(port: int, authority: str, output: Path, **changes: Any) -> Plan:
    """Return the plan of a release build, packed quickly."""
    built_in = BuiltIn(
        version=version("zuruf"), server=f"https://127.0.0.1:{port}", certificate_authority=authority,
        brand="Muster GmbH", installed_hosts=DEFAULT_INSTALLED_HOSTS, development=False,
    )  # fmt: skip
    return Plan(built_in, output, PARTS, quick=True, **changes)


@pytest.fixture(scope="session")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """Build the release app for a server of this test process."""
    folder = tmp_path_factory.mktemp("operator")
    authority, path = certificate(folder)
    port = free_port()
    built = build(app_plan(port, authority, folder / FILE_NAME), print)
    return Operator(port, authority, path, built.file, built)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all test processes share."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "wine-template"


class Server:
    """The real server over TLS, with the app's file."""

    def __init__(self, operator: Operator, folder: Path, app: Path | None = None, **settings: str) -> None:
        self.operator = operator
        self.url = operator.url
        self.data_dir = folder / "data"
        self.log = folder / "server.log"
        self.env = {
            "ZURUF_DATA_DIR": str(self.data_dir),
            "ZURUF_PUBLIC_URL": self.url,
            "ZURUF_LISTEN_PORT": str(operator.port),
            "ZURUF_TLS_CERTIFICATE": str(operator.certificate),
            "ZURUF_TLS_KEY": str(operator.certificate),
            "ZURUF_HOST_APP": str(app or operator.app),
            **settings,
        }
        self.program: Program | None = None
        flow.seed_sqlite(self.data_dir, TECHNICIAN, plan=Subscription.PLUS)

    def start(self) -> "Server":
        self.program = Program([sys.executable, "-m", "zuruf.server.cli", "serve"], self.log, self.env)
        eventually(self._answers, "the server answers", 40)
        return self

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v1/health", verify=self.operator.trust).is_success
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        if self.program is not None:
            self.program.stop()
            self.program = None


@dataclass
class House:
    """Server, technician and one customer's PC."""

    operator: Operator
    server: Server
    technician: flow.Technician
    pc: WineComputer
    language: str = "de"
    name: str = ""
    sessions: list[dict[str, Any]] = field(default_factory=list)

    def prepare(self) -> dict[str, Any]:
        """Prepare a session as the console does."""
        session = self.technician.prepare()
        self.technician.post(session["id"], "code")
        self.sessions.append(session)
        return session

    def session(self, session: dict[str, Any]) -> dict[str, Any]:
        return self.technician.session(session["id"])

    def download(self, session: dict[str, Any], name: str | None = None) -> Path:
        """Fetch the app as the customer's browser does; return where it was saved."""
        answer = self.technician.http.get(f"/download/{session['number']}")
        assert answer.is_success, answer.text
        offered = answer.headers["content-disposition"].split('filename="')[1].rstrip('"')
        file = self.pc.drive / "users/anna/Downloads" / (name or offered)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(answer.content)
        return file

    def run(self, file: Path, *arguments: str) -> None:
        """Double-click."""
        self.pc.start(self.pc.windows_path(file), *arguments)

    def window(self, patience_s: float = 60) -> str:
        """Return the app's window once it is there."""
        return self.pc.wait_window(TITLE[self.language], patience_s)

    def started(self, session: dict[str, Any]) -> None:
        """Wait until the app asks for the code, as the technician sees it."""
        eventually(lambda: self.session(session)["progress"]["app_started_at"], "the app has started", 60)
        self.window()

    def type_code(self, code: bytes = CODE) -> None:
        """Type the code into the window, replacing what is in the field."""
        self.pc.press("ctrl+a")
        self.pc.type(code.decode())
        self.pc.press("Return")

    def type_code_until(self, code: bytes, done: Callable[[], bool]) -> None:
        """Type the code; the field may not be there yet, then the customer types again."""
        for _ in range(4):
            self.type_code(code)
            with contextlib.suppress(AssertionError):
                eventually(done, "the code is taken", 6)
                return
        raise AssertionError("the window does not take the code")

    def pair(self, session: dict[str, Any], duration_s: int = 86400) -> None:
        """The technician reads the code out, the customer types it."""
        done = threading.Event()

        def ready() -> None:
            threading.Thread(target=self.type_code_until, args=(CODE, done.is_set), daemon=True).start()

        try:
            flow.vouch(self.technician, session, CODE, PASSWORD, ready, duration_s)
        finally:
            done.set()

    def active(self, session: dict[str, Any], patience_s: float = 60) -> dict[str, Any]:
        """Return the session once it is active and its host is there."""
        return eventually(
            lambda: (found := self.session(session))["state"] == "active" and found["host_online"] and found,
            f"the session is active: {self.log_tail()}",
            patience_s,
        )

    def activate(self, duration_s: int = 86400) -> dict[str, Any]:
        """Walk a customer from the download to an active session."""
        session = self.prepare()
        self.run(self.download(session))
        self.started(session)
        self.pair(session, duration_s)
        return self.active(session)

    def end(self, session: dict[str, Any]) -> None:
        self.technician.post(session["id"], "end")

    def removed(self, session: dict[str, Any], patience_s: float = 60) -> dict[str, Any]:
        """Return the session once its removal is confirmed."""
        return eventually(
            lambda: (found := self.session(session))["removal"] == "confirmed" and found,
            f"the removal is confirmed: {self.log_tail()}",
            patience_s,
        )

    def program_folders(self) -> list[Path]:
        return sorted((self.pc.drive / "Program Files").glob("Zuruf*"))

    def gone(self, patience_s: float = 60) -> None:
        """Wait until nothing of the app runs and its folder is no more."""
        eventually(
            lambda: not self.program_folders() and not self.pc.running("zuruf-host"),
            f"the app is gone: {self.program_folders()} {self.pc.running('zuruf-host')} {self.log_tail()}",
            patience_s,
        )

    def log_tail(self) -> str:
        """Return the ends of the app's logs, for failures."""
        logs = [log for folder in self.program_folders() for log in folder.rglob("*.log")]
        return "\n".join(f"== {log.name}\n{log.read_text(encoding='utf-8', errors='replace')[-1500:]}" for log in logs)

    def picture(self, name: str) -> None:
        """Keep what the customer sees as an artefact."""
        self.pc.picture(ARTIFACTS / "windows" / f"{name}-{self.language}.png")


@contextmanager
def open_house(
    operator: Operator,
    folder: Path,
    template: Path,
    language: Language = GERMAN,
    app: Path | None = None,
    **settings: str,
) -> Iterator[House]:
    server = Server(operator, folder, app, **settings).start()
    technician = flow.Technician(server.url, TECHNICIAN, operator.trust)
    try:
        with wine_computer(folder, template, language) as pc:
            yield House(operator, server, technician, pc, "de" if language is GERMAN else "en")
    finally:
        technician.close()
        server.stop()


@pytest.fixture
def house(operator: Operator, tmp_path: Path, template: Path) -> Iterator[House]:
    with open_house(operator, tmp_path, template) as found:
        yield found
    shutil.rmtree(tmp_path, ignore_errors=True)
