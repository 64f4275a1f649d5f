"""The desktop helper's side of its pipe: shares the desktop of the session it runs in, for one connection."""

import asyncio
import contextlib
import logging

from zuruf.host.connection.channel import ChannelClosed
from zuruf.host.consent.state import ConsentState
from zuruf.host.helpers.desktop_messages import Doing, Open, Over, SetRights, to_desktop
from zuruf.host.helpers.line import Line
from zuruf.host.helpers.pipe import Pipe, PipeClosed
from zuruf.host.platform.base import Platform
from zuruf.host.remote_control.session import share
from zuruf.protocol.codec import ProtocolError
from zuruf.protocol.codes import Code

log = logging.getLogger(__name__)

_LAST_WORD_S = 5.0


class _LineChannel:
    """The line as the tool sees it: a ``connection.channel.Channel``."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def send(self, message: bytes) -> None:
        try:
            await self._line.send(message)
        except PipeClosed as error:
            raise ChannelClosed(str(error)) from error

    async def recv(self) -> bytes:
        try:
            return await self._line.receive()
        except PipeClosed as error:
            raise ChannelClosed(str(error)) from error


async def serve_desktop(pipe: Pipe, platform: Platform) -> None:
    """Share the desktop until the pipe closes or there is nothing to share. Raises ProtocolError.

    Whatever the viewer holds down is released in the end, however it ends.
    """
    try:
        await _serve(pipe, platform)
    except PipeClosed:
        log.info("the resident closed the pipe")
    finally:
        await pipe.close()


async def _serve(pipe: Pipe, platform: Platform) -> None:
    opening = to_desktop.decode(await pipe.receive())
    if not isinstance(opening, Open):
        raise ProtocolError("the first message must open")
    consent = ConsentState(opening.rights)

    def heard(news: object) -> None:
        if not isinstance(news, SetRights):
            raise ProtocolError("opened twice")
        consent.set(**{name: getattr(news.rights, name) for name in news.rights.__struct_fields__})

    line = Line(pipe, to_desktop, heard)
    reading = asyncio.create_task(line.run())
    sharing = asyncio.create_task(
        share(_LineChannel(line), platform, consent, lambda what: line.tell(Doing(what)), opening.frames_before)
    )
    try:
        await asyncio.wait({reading, sharing}, return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            reading.result()
        await _say_over(line, reading, await _outcome(sharing))
    finally:
        for task in (sharing, reading):
            task.cancel()
        await asyncio.gather(sharing, reading, return_exceptions=True)


async def _outcome(sharing: "asyncio.Task[Code]") -> Code:
    try:
        return await sharing
    except ChannelClosed as error:
        raise PipeClosed(str(error)) from error


async def _say_over(line: Line, reading: "asyncio.Task[None]", code: Code) -> None:
    """Tell the resident, and let it close the pipe: what is on its way there must not be lost."""
    line.tell(Over(code.value))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WORD_S):
            await line.told()
            await asyncio.wait({reading})
