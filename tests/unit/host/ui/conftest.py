"""One screen for all windows of a run: Tk never lets go of a display, and ends the process when one goes away."""

from collections.abc import Iterator

import pytest

from tests.support.x11 import x_server

WIDTH, HEIGHT = 1280, 720


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    with x_server(WIDTH, HEIGHT) as server:
        yield server.display
