"""A technician and a host at a live server."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.server.conftest import LiveServer, NewUser
from tests.unit.server.sessions.ends import Browser, Host
from zuruf.server.companies.service import CompanyView


@pytest.fixture
async def browser(live_server: LiveServer, company: CompanyView, new_user: NewUser) -> AsyncIterator[Browser]:
    user = await new_user(company)
    made = Browser(live_server)
    await made.sign_in(user.email)
    yield made
    await made.http.aclose()


@pytest.fixture
def host(live_server: LiveServer) -> Host:
    return Host(live_server)
