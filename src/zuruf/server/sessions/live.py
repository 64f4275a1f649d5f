"""Live updates for the console: server-sent events of the caller's company (HTML standard, 9.2)."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from zuruf.server.auth.dependencies import CurrentPrincipal
from zuruf.server.auth.service import Principal

router = APIRouter(prefix="/api/v1", tags=["live"])

_HEARTBEAT_S = 15.0


@router.get("/events", response_class=StreamingResponse)
async def events(request: Request, principal: CurrentPrincipal) -> StreamingResponse:
    """Stream every change of the company's sessions until the web session ends."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(request, principal), media_type="text/event-stream", headers=headers)


async def _stream(request: Request, principal: Principal) -> AsyncIterator[str]:
    context = request.app.state.context
    async with context.adapters.bus.subscribe(f"company:{principal.company.id}") as hints:
        yield "event: hello\ndata: {}\n\n"
        upcoming = asyncio.ensure_future(anext(hints))
        stopping = asyncio.ensure_future(context.stopping.wait())
        try:
            while True:
                done, _ = await asyncio.wait(
                    {upcoming, stopping}, timeout=_HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED
                )
                if stopping in done:
                    return
                if not await context.auth.still_valid(principal):
                    yield "event: signed_out\ndata: {}\n\n"
                    return
                if not done:
                    yield "event: ping\ndata: {}\n\n"
                    continue
                session_id = upcoming.result().session_id
                upcoming = asyncio.ensure_future(anext(hints))
                found = await context.sessions.company_view(principal.company.id, session_id)
                if found is not None:
                    yield f"event: session\ndata: {found.model_dump_json()}\n\n"
        finally:
            upcoming.cancel()
            stopping.cancel()
