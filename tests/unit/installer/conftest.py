"""What the tests of building and signing share: one authority, publishers, a small program. Made once a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.code_signing import Authority, Holder, windows_program
from tests.support.timestamps import timestamp_server


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def foundation(authority: Authority) -> Holder:
    """Calls itself as the Foundation does, below our own authority."""
    return authority.publisher("Python Software Foundation")


@pytest.fixture(scope="session")
def publisher(authority: Authority) -> Holder:
    return authority.publisher("Muster IT GmbH")


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return windows_program(tmp_path_factory.mktemp("program") / "program.exe")


@pytest.fixture(scope="session")
def timestamp_url(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with timestamp_server(authority, tmp_path_factory.mktemp("timestamps")) as (url, _):
        yield url
