"""One remote-control connection from its first message to its last. Knows no operating system and no network."""

import asyncio
import contextlib
import logging

from zuruf.host.connection.channel import Activity, Channel, ChannelClosed
from zuruf.host.consent.rights import Rights
from zuruf.host.consent.state import ConsentState
from zuruf.host.platform.base import Platform
from zuruf.host.platform.desktop import Desktop, NoScreen
from zuruf.host.remote_control.doing import Doing
from zuruf.host.remote_control.flow import Flow
from zuruf.host.remote_control.notices import Notices
from zuruf.host.remote_control.receiver import Receiver
from zuruf.host.remote_control.sender import Sender
from zuruf.protocol.codec import ProtocolError, encode
from zuruf.protocol.codes import Code
from zuruf.protocol.remote_control import Closing

log = logging.getLogger(__name__)

_CLOSING_PATIENCE_S = 2.0


def closing(code: Code) -> bytes:
    """Return the last message of a connection, which tells the viewer why the host closes."""
    return encode(Closing(code.value))


async def serve(channel: Channel, platform: Platform, consent: ConsentState, activity: Activity) -> None:
    """Show and share the desktop until the viewer leaves (ChannelClosed), breaks the protocol, or the desktop is lost.

    Whatever the viewer holds down is released in the end, however it ends.
    """
    await _say_closing(channel, await share(channel, platform, consent, activity))


async def share(
    channel: Channel, platform: Platform, consent: ConsentState, activity: Activity, frames_before: int = 0
) -> Code:
    """As ``serve``, but return why the host closes instead of telling the viewer: another process may go on.

    ``frames_before``: the highest number that a frame of this connection may have had until now.
    """
    notices = Notices()
    try:
        desktop = platform.open_desktop(notices)
    except NoScreen as error:
        log.warning("no desktop: %s", error)
        return Code.NO_SCREEN
    doing = Doing(activity)

    def follow(rights: Rights) -> None:
        with contextlib.suppress(NoScreen):
            desktop.clipboard.watch(rights.clipboard)
            if not rights.control:
                desktop.input.release_all()
        notices.rights_changed()

    stop_following = consent.watch(follow)
    try:
        desktop.clipboard.watch(consent.rights.clipboard)
        return await _run(channel, desktop, consent, notices, doing, Flow(frames_before))
    finally:
        stop_following()
        doing.stop()
        await desktop.close()


async def _run(
    channel: Channel, desktop: Desktop, consent: ConsentState, notices: Notices, doing: Doing, flow: Flow
) -> Code:
    """Send and receive until one of them ends; returns why the host closes."""
    sender = Sender(channel, desktop, consent, notices, flow, doing)
    receiver = Receiver(channel, desktop, consent, notices, flow, doing)
    tasks = [asyncio.create_task(sender.run()), asyncio.create_task(receiver.run())]
    try:
        done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    except ProtocolError as error:
        log.warning("the viewer broke the protocol: %s", error)
        return Code.MALFORMED_MESSAGE
    except NoScreen as error:
        log.warning("the desktop is lost: %s", error)
        return Code.NO_SCREEN
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    log.warning("the desktop is lost: %s", notices.lost_reason)
    return Code.NO_SCREEN


async def _say_closing(channel: Channel, code: Code) -> None:
    with contextlib.suppress(ChannelClosed, TimeoutError):
        async with asyncio.timeout(_CLOSING_PATIENCE_S):
            await channel.send(closing(code))
