"""One X server per test module, a desktop on it per test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.x11 import Drawing, XServer, x_server
from zuruf.host.platform.x11.desktop import X11Desktop


class Listener:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.damages = 0
        self.sizes = 0
        self.cursors = 0
        self.texts: list[str] = []
        self.reasons: list[str] = []

    def damaged(self) -> None:
        self.damages += 1

    def resized(self) -> None:
        self.sizes += 1

    def cursor_changed(self) -> None:
        self.cursors += 1

    def clipboard_changed(self, text: str) -> None:
        self.texts.append(text)

    def lost(self, reason: str) -> None:
        self.reasons.append(reason)


@pytest.fixture(scope="module")
def server() -> Iterator[XServer]:
    with x_server() as running:
        yield running


@pytest.fixture
def drawing(server: XServer) -> Iterator[Drawing]:
    with Drawing(server.display) as client:
        yield client


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
async def desktop(server: XServer, listener: Listener) -> AsyncIterator[X11Desktop]:
    opened = X11Desktop(server.display, listener)
    yield opened
    await opened.close()
