"""The real host with a clock that the test moves: reads the offset from the file named in ZURUF_TEST_OFFSET."""

import asyncio
import os
import sys
from pathlib import Path

from tests.support.held_clock import HeldOffset
from zuruf.host import arguments
from zuruf.host.app import compose, start, this_platform
from zuruf.host.clock import Reading, SystemClock

_LOOK_S = 0.1


class HeldHostClock:
    """The computer's clocks, all moved by the same offset: as if that much time had passed."""

    def __init__(self, clock: SystemClock, offset: HeldOffset) -> None:
        self._clock = clock
        self._offset = offset

    def read(self) -> Reading:
        now, more = self._clock.read(), self._offset.seconds()
        return Reading(now.boot_id, now.boottime_s + more, now.wall_s + more)

    async def sleep(self, seconds: float) -> None:
        end = self.read().boottime_s + seconds
        # A file cannot wake anybody up: it has to be looked at.
        while (left := end - self.read().boottime_s) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left, _LOOK_S))


def main() -> int:
    platform = this_platform()
    offset = HeldOffset(Path(os.environ["ZURUF_TEST_OFFSET"]))
    clock = HeldHostClock(SystemClock(platform.boot_id, platform.boottime), offset)
    return start(compose(arguments.parse(sys.argv[1:], sys.argv[0]), platform=platform, clock=clock))


if __name__ == "__main__":
    sys.exit(main())
