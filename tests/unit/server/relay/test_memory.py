"""What a reader that has stopped costs the server's process: a process of its own, measured from outside."""

from pathlib import Path

import psutil
import pytest
from bench.relay.run import masked, zuruf_relay

from zuruf.protocol.limits import RELAY_MESSAGE_MAX

LIMIT = 8 * 1024 * 1024
QUIET_S = 1.0
"""So long nothing more is taken: the relay has stopped reading."""
OFFERED = 64 * 1024 * 1024


@pytest.mark.parametrize("size", [1024, 16 * 1024, RELAY_MESSAGE_MAX])
def test_a_reader_that_stops_costs_less_than_eight_mebibytes(tmp_path: Path, size: int) -> None:
    with zuruf_relay(tmp_path / "data") as (server, (sender, _reader)):
        before = _memory(server)
        unit = masked(bytes(size))
        sender.settimeout(QUIET_S)
        taken, position = 0, 0
        try:
            while taken < OFFERED:
                count = sender.send(unit[position:])
                taken += count
                position = (position + count) % len(unit)
        except TimeoutError:
            pass
        assert taken < OFFERED, "the relay went on reading"
        assert taken > size, "nothing was relayed at all"
        assert _memory(server) - before < LIMIT


def _memory(server: psutil.Process) -> int:
    return int(server.memory_full_info().uss)
