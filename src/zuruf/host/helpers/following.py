"""Notices when the customer moves to another session of the same computer, or signs out."""

import asyncio

from zuruf.host.helpers.pipe import HelperStarter

POLL_S = 1.0


async def until_left(starter: HelperStarter, session: int | None, poll_s: float = POLL_S) -> None:
    """Return when the customer no longer sits at this session."""
    while starter.session() == session:  # noqa: ASYNC110 - what is waited for is outside this process
        await asyncio.sleep(poll_s)


async def stay(starter: HelperStarter, session: int | None, seconds: float, poll_s: float = POLL_S) -> None:
    """Wait so many seconds, but no longer than the customer sits at this session."""
    try:
        async with asyncio.timeout(seconds):
            await until_left(starter, session, poll_s)
    except TimeoutError:
        return
