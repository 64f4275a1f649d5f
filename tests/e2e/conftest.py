"""One whole installation for each test: server, mail server, customer's computer, browser. All of it real."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e import pages
from tests.support import flow
from tests.support.browser import chromium, context
from tests.support.customer import CustomerScreen, HostProgram
from tests.support.held_clock import HeldOffset
from tests.support.line import Line
from tests.support.processes import Mailbox, ServerProgram, free_port
from zuruf.server.plans.policy import Plan

TECHNICIAN = "jana@muster.example"
CUSTOMER = "kunde@kunde.example"


@dataclass
class Prepared:
    """A session that waits, with what its technician knows."""

    id: str
    number: str
    password: str
    mail: EmailMessage
    link: str


class Installation:
    """Everything that one walk through the house needs."""

    def __init__(
        self,
        folder: Path,
        browser: Browser,
        *,
        held: bool = False,
        server_port: int | None = None,
        public_port: int | None = None,
    ) -> None:
        self.folder = folder
        self.browser = browser
        self.offset = HeldOffset(folder / "offset")
        self.mailbox = Mailbox().start()
        self.app = folder / "app" / "Zuruf-Support-Session.exe"
        """Where the server looks for the app; there is none until a test puts it there."""
        self.server = ServerProgram(
            folder,
            {
                "ZURUF_SMTP_HOST": "127.0.0.1",
                "ZURUF_SMTP_PORT": str(self.mailbox.port),
                "ZURUF_SMTP_SECURITY": "none",
                "ZURUF_HOST_APP": str(self.app),
            },
            port=server_port,
            public_port=public_port,
        )
        self.held = held
        flow.seed_sqlite(self.server.data_dir, TECHNICIAN, "ben@muster.example", plan=Plan.PLUS)
        self.start_server()
        self.context: BrowserContext = context(browser)
        self.page: Page = self.context.new_page()
        self._screens: list[CustomerScreen] = []
        self._hosts: list[HostProgram] = []

    def start_server(self) -> None:
        if self.held:
            self.server.start("tests.support.server_main", str(self.folder / "offset"))
        else:
            self.server.start()

    def screen(self, *, layout: str = "us") -> CustomerScreen:
        folder = self.folder / f"pc{len(self._screens)}"
        folder.mkdir()
        screen = CustomerScreen(folder, layout=layout)
        self._screens.append(screen)
        return screen

    def host(
        self,
        screen: CustomerScreen,
        number: str | None = None,
        *,
        resume: bool = False,
        data_dir: str = "host-state",
    ) -> HostProgram:
        held = {"main": "tests.support.host_main", "env": {"ZURUF_TEST_OFFSET": str(self.folder / "offset")}}
        host = HostProgram(
            screen, self.server.url, number, resume=resume, data_dir=data_dir, **(held if self.held else {})
        )  # type: ignore[arg-type]
        self._hosts.append(host)
        return host

    def prepare(self) -> Prepared:
        """Sign in, prepare a session, and take the invitation out of the customer's mailbox."""
        before = len(self.mailbox.mails)
        pages.sign_in(self.page, self.server.url, TECHNICIAN)
        session_id, password = pages.new_session(self.page, CUSTOMER)
        mail = self.mailbox.wait(before + 1)
        part = mail.get_body(("plain",))
        assert part is not None
        found = re.search(r"http\S+/join/(\d{10})\S*", part.get_content())
        assert found is not None
        return Prepared(session_id, found[1], password, mail, found[0])

    def activate(self, prepared: Prepared, screen: CustomerScreen) -> HostProgram:
        """Let the customer run the app and type the code that the technician reads out."""
        host = self.host(screen, prepared.number)
        host.type_code(pages.security_code(self.page))
        pages.wait_active(self.page)
        host.state(link="online")
        return host

    def stop(self) -> None:
        self.context.close()
        for host in self._hosts:
            host.stop()
        for screen in self._screens:
            screen.stop()
        self.server.stop()
        self.mailbox.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def house(tmp_path: Path, browser: Browser) -> Iterator[Installation]:
    installation = Installation(tmp_path, browser)
    yield installation
    installation.stop()


@pytest.fixture
def held_house(tmp_path: Path, browser: Browser) -> Iterator[Installation]:
    """The same with clocks that the test moves, at the server and at the host."""
    installation = Installation(tmp_path, browser, held=True)
    yield installation
    installation.stop()


@pytest.fixture
def line_house(tmp_path: Path, browser: Browser) -> Iterator[tuple[Installation, Line]]:
    """The same with a line in front of the server that the test can cut."""
    port = free_port()
    line = Line(port)
    installation = Installation(tmp_path, browser, server_port=port, public_port=line.port)
    yield installation, line
    installation.stop()
    line.close()
