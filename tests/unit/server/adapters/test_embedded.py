"""One machine's adapters: the outbox folder, the bus, the directory that answers itself, the clock."""

import asyncio
import email
import email.policy
import stat
from datetime import UTC
from pathlib import Path

import pytest

from zuruf.server.adapters.embedded import MemoryBus, OwnRelay, SystemClock, embedded
from zuruf.server.adapters.mail import OutboxMailer, SmtpMailer
from zuruf.server.ports import Event, Mail
from zuruf.server.settings import Settings, SmtpSettings

_MAIL = Mail("karla@kunde.test", "Hilfe", "Text", "<p>HTML</p>", "<abc.1@zuruf.test>")


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_the_outbox_holds_each_mail_as_a_file_for_the_servers_user_only(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    mailer = OutboxMailer(folder, "Zuruf <z@hilfe.test>")
    result = await mailer.send(_MAIL)
    (path,) = folder.iterdir()
    assert (result.delivered, path.name) == (True, "abc.1.eml")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert parsed["To"] == "karla@kunde.test"


async def test_the_same_mail_again_is_the_same_file(tmp_path: Path) -> None:
    mailer = OutboxMailer(tmp_path, "Zuruf <z@hilfe.test>")
    await mailer.send(_MAIL)
    await mailer.send(_MAIL)
    assert _names(tmp_path) == ["abc.1.eml"]


async def test_an_outbox_that_cannot_be_written_may_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = await OutboxMailer(tmp_path / "file" / "outbox", "z@hilfe.test").send(_MAIL)
    assert (result.delivered, result.final) == (False, False)


async def test_the_bus_reaches_every_subscriber_of_a_topic_and_no_other() -> None:
    bus, event = MemoryBus(), Event("company:1", "session", "s")
    async with bus.subscribe("company:1") as a, bus.subscribe("company:1") as b, bus.subscribe("company:2") as c:
        await bus.publish(event)
        assert [await anext(a), await anext(b)] == [event, event]
        await bus.publish(Event("company:2", "session", "t"))
        assert (await anext(c)).session_id == "t"


async def test_a_slow_reader_loses_the_oldest_and_holds_up_nobody() -> None:
    bus = MemoryBus()
    async with bus.subscribe("t") as events:
        for number in range(300):
            await bus.publish(Event("t", str(number)))
        got = [(await anext(events)).kind for _ in range(256)]
    assert got == [str(number) for number in range(44, 300)]


async def test_nothing_is_kept_of_who_has_left() -> None:
    bus = MemoryBus()
    async with bus.subscribe("t"):
        pass
    await bus.publish(Event("t", "k"))
    async with bus.subscribe("t") as events:
        await bus.publish(Event("t", "new"))
        assert (await anext(events)).kind == "new"


@pytest.mark.parametrize(
    ("public_url", "relay"),
    [
        ("https://hilfe.test", "wss://hilfe.test/ws/relay"),
        ("http://127.0.0.1:8080/", "ws://127.0.0.1:8080/ws/relay"),
    ],
)
async def test_one_machine_relays_everything_itself(public_url: str, relay: str) -> None:
    address = await OwnRelay(public_url).locate("any")
    assert (address.url, address.epoch) == (relay, 1)


async def test_the_system_clock_is_in_utc_and_goes_on_while_somebody_sleeps() -> None:
    clock = SystemClock()
    before = clock.now()
    async with asyncio.timeout(10):
        await clock.sleep(0.01)
    assert before.tzinfo is UTC
    assert clock.now() > before


def test_mail_goes_to_the_outbox_unless_a_mail_server_is_named(tmp_path: Path) -> None:
    without = Settings(_env_file=None, data_dir=tmp_path, smtp=SmtpSettings(_env_file=None))
    with_smtp = Settings(_env_file=None, data_dir=tmp_path, smtp=SmtpSettings(_env_file=None, host="mail.test"))
    assert isinstance(embedded(without).mailer, OutboxMailer)
    assert isinstance(embedded(with_smtp).mailer, SmtpMailer)
