"""A small server and a customer's computer in a folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.host.house import House
from tests.support.host.server import FakeServer


@pytest.fixture
async def server() -> AsyncIterator[FakeServer]:
    async with FakeServer() as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, server: FakeServer) -> House:
    root = tmp_path / "home"
    root.mkdir()
    return House(root, server.url)
