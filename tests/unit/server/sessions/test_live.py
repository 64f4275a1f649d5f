"""Live updates of a live server."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx

from tests.unit.server.conftest import LiveServer, NewCompany, NewUser
from tests.unit.server.sessions.ends import Browser


async def events(answer: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    name = ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def until_state(stream: AsyncIterator[tuple[str, Any]], state: str) -> dict[str, Any]:
    async for name, data in stream:
        if name == "session" and data["state"] == state:
            return dict(data)
    raise AssertionError("the stream ended")


async def test_a_company_sees_what_happens_to_its_sessions(browser: Browser) -> None:
    async with browser.http.stream("GET", "/api/v1/events") as answer:
        stream = events(answer)
        assert await anext(stream) == ("hello", {})
        session = await browser.prepare()
        assert (await until_state(stream, "prepared"))["id"] == session["id"]
        await browser.post(session["id"], "end")
        assert (await until_state(stream, "ended"))["end_reason"] == "cancelled"


async def test_a_company_sees_nothing_of_another_one(
    browser: Browser, live_server: LiveServer, new_company: NewCompany, new_user: NewUser
) -> None:
    stranger = Browser(live_server)
    other = await new_company("Andere GmbH")
    await stranger.sign_in((await new_user(other, email="x@andere.test")).email)
    async with stranger.http.stream("GET", "/api/v1/events") as answer:
        stream = events(answer)
        await anext(stream)
        await browser.prepare()
        theirs = await stranger.prepare()
        assert (await until_state(stream, "prepared"))["id"] == theirs["id"]
    await stranger.http.aclose()


async def test_the_stream_ends_with_the_web_session(browser: Browser) -> None:
    async with browser.http.stream("GET", "/api/v1/events") as answer:
        stream = events(answer)
        await anext(stream)
        session = await browser.prepare()
        await until_state(stream, "prepared")
        other = Browser(browser.server)
        await other.sign_in("tina@hilfe.test")
        assert (await browser.http.post("/api/v1/auth/sign-out")).status_code == 204
        await other.post(session["id"], "end")
        assert "signed_out" in [name async for name, _ in stream]
        await other.http.aclose()


async def test_without_a_sign_in_there_is_no_stream(live_server: LiveServer) -> None:
    async with httpx.AsyncClient(base_url=live_server.url) as client:
        assert (await client.get("/api/v1/events")).status_code == 401


async def test_a_stream_ends_when_the_server_is_to_stop(browser: Browser, live_server: LiveServer) -> None:
    async with browser.http.stream("GET", "/api/v1/events") as answer:
        stream = events(answer)
        assert await anext(stream) == ("hello", {})
        live_server.app.state.context.stopping.set()
        assert [event async for event in stream] == []
