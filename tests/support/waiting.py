"""Waiting for what happens in this process, in its event loop. For other processes: ``processes.eventually``."""

import asyncio
from collections.abc import Callable
from typing import Any

PATIENCE_S = 20


async def until(condition: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """Return the condition's first true value; the event loop runs meanwhile. Raises TimeoutError."""
    async with asyncio.timeout(patience_s):
        while not (value := condition()):  # noqa: ASYNC110 - what is waited for is outside this process
            await asyncio.sleep(0.01)
        return value
