"""The life of a session, told as scripts."""

from datetime import UTC, datetime, timedelta

import pytest

from zuruf.protocol.limits import CODE_TRIES
from zuruf.server.audit.events import AuditEvent
from zuruf.server.sessions import events as e
from zuruf.server.sessions.events import EndReason, Removal, State, Timer
from zuruf.server.sessions.machine import (
    CODE_LIFETIME,
    EARLY_EXPIRY,
    INSTALLATION_PATIENCE,
    REMOVAL_PATIENCE,
    SessionData,
    SessionMachine,
)

DAY = timedelta(hours=24)
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
KEY = bytes(range(32))
SIGNATURE = bytes(range(64))
ACTIVE = e.HostActive("pc", "Windows 11", "1.0")


class Playbook:
    """Feeds a machine; ``at`` is the time since the session was prepared."""

    def __init__(self, duration: timedelta = DAY, link_lifetime: timedelta = DAY) -> None:
        self.data = SessionData(duration=duration, link_lifetime=link_lifetime)
        self.machine = SessionMachine(self.data)
        self.at = timedelta()
        self.last: list[e.Command] = []
        self.take(e.Prepared())

    def take(self, *events: e.Event) -> "Playbook":
        for event in events:
            self.last = self.machine.handle(event, START + self.at)
        return self

    def after(self, time: timedelta) -> "Playbook":
        self.at += time
        return self

    def commanded(self, kind: type) -> bool:
        return any(isinstance(command, kind) for command in self.last)

    @property
    def audited(self) -> list[AuditEvent]:
        return [command.event for command in self.last if isinstance(command, e.Audit)]


def prepared() -> Playbook:
    return Playbook()


def pairing() -> Playbook:
    return prepared().take(e.CodeIssued("code"), e.RunStarted("run"))


def registered() -> Playbook:
    return pairing().take(e.TrySpent("run"), e.KeyRegistered("run", KEY))


def paired() -> Playbook:
    return registered().take(e.RunConfirmed("run"))


def active() -> Playbook:
    return paired().take(ACTIVE)


def ended() -> Playbook:
    return active().take(e.EndRequested("user"))


def test_a_prepared_session_waits_for_its_link_to_lapse() -> None:
    book = prepared()
    assert book.data.state is State.PREPARED
    assert book.last == [e.ScheduleTimer(Timer.LINK, START + DAY)]


def test_a_session_becomes_active_with_the_right_code() -> None:
    book = active()
    assert (book.data.state, book.data.activated_at, book.data.expires_at) == (State.ACTIVE, START, START + DAY)
    assert book.last[:2] == [e.CancelTimer(Timer.LINK), e.ScheduleTimer(Timer.EXPIRY, START + DAY)]
    assert book.data.hostname == "pc"


def test_the_clock_starts_with_the_hosts_report_and_not_with_the_code() -> None:
    book = paired().after(timedelta(minutes=20)).take(ACTIVE)
    assert book.data.expires_at == START + timedelta(minutes=20) + DAY


def test_an_app_that_leaves_leads_back_to_prepared() -> None:
    book = pairing().take(e.AppLeft("run"))
    assert (book.data.state, book.data.run_id) == (State.PREPARED, None)
    assert book.data.code_alive(START)


def test_an_app_that_leaves_before_the_browser_confirmed_loses_its_key() -> None:
    book = registered().take(e.AppLeft("run"))
    assert (book.data.state, book.data.host_key) == (State.PREPARED, None)


def test_an_app_that_leaves_after_the_browser_confirmed_is_expected_to_become_active() -> None:
    book = paired().take(e.AppLeft("run"))
    assert (book.data.state, book.data.host_key) == (State.PAIRING, KEY)
    assert book.take(ACTIVE).data.state is State.ACTIVE


def test_a_host_cannot_become_active_before_the_browser_confirmed() -> None:
    assert registered().take(ACTIVE).data.state is State.PAIRING


def test_a_new_code_turns_away_the_host_of_the_old_one() -> None:
    book = paired().take(e.CodeIssued("second"), ACTIVE)
    assert (book.data.state, book.data.host_key) == (State.PREPARED, None)


@pytest.mark.parametrize("tries", range(1, CODE_TRIES))
def test_a_code_lives_until_its_tries_are_spent(tries: int) -> None:
    book = prepared().take(e.CodeIssued("code"))
    for number in range(tries):
        book.take(e.RunStarted(str(number)), e.TrySpent(str(number)), e.AppLeft(str(number)))
    assert book.data.code_alive(START)
    assert book.data.code_tries_left == CODE_TRIES - tries


def test_a_code_is_dead_after_five_tries_and_the_session_is_not() -> None:
    book = prepared().take(e.CodeIssued("code"))
    for number in range(CODE_TRIES):
        book.take(e.RunStarted(str(number)), e.TrySpent(str(number)), e.AppLeft(str(number)))
    assert book.audited == [AuditEvent.PAIRING_FAILED, AuditEvent.CODE_DIED]
    assert book.commanded(e.StopPairing)
    assert book.data.state is State.PREPARED
    assert book.take(e.RunStarted("sixth")).data.state is State.PREPARED
    assert book.take(e.CodeIssued("second"), e.RunStarted("first")).data.state is State.PAIRING


def test_the_fifth_try_may_be_the_right_one() -> None:
    book = prepared().take(e.CodeIssued("code"))
    for number in range(CODE_TRIES - 1):
        book.take(e.RunStarted(str(number)), e.TrySpent(str(number)), e.AppLeft(str(number)))
    book.take(e.RunStarted("run"), e.TrySpent("run"), e.KeyRegistered("run", KEY), e.RunConfirmed("run"), ACTIVE)
    assert book.data.state is State.ACTIVE


def test_a_code_dies_of_age_also_within_a_run() -> None:
    book = pairing().after(CODE_LIFETIME).take(e.TimerFired(Timer.CODE))
    assert (book.data.state, book.data.code_id) == (State.PREPARED, None)
    assert book.commanded(e.StopPairing)
    assert book.take(e.KeyRegistered("run", KEY)).data.host_key is None


def test_a_key_is_registered_by_the_run_that_is_going_on_only() -> None:
    assert pairing().take(e.KeyRegistered("another", KEY)).data.host_key is None
    assert prepared().take(e.KeyRegistered("run", KEY)).data.host_key is None


def test_what_the_app_says_of_itself_never_ends_a_session() -> None:
    book = prepared().take(e.AppStarted(), e.AppRefused("ZRF-502", "LogMeIn"))
    assert (book.data.state, book.data.refusal_code, book.data.refusal_detail) == (State.PREPARED, "ZRF-502", "LogMeIn")


@pytest.mark.parametrize("later", [[e.AppStarted()], [e.CodeIssued("code"), e.RunStarted("run")]])
def test_an_app_that_goes_on_clears_the_refusal(later: list[e.Event]) -> None:
    book = prepared().take(e.AppStarted(), e.AppRefused("ZRF-502", "LogMeIn")).take(*later)
    assert (book.data.refusal_code, book.data.refusal_detail, book.data.refusal_at) == (None, None, None)


def test_the_same_refusal_is_told_once_and_another_finding_again() -> None:
    book = prepared().take(e.AppRefused("ZRF-502", "LogMeIn"))
    assert book.take(e.AppRefused("ZRF-502", "LogMeIn")).last == []
    details = {"code": "ZRF-502", "detail": "Zuruf"}
    assert book.take(e.AppRefused("ZRF-502", "Zuruf")).last == [e.Audit(AuditEvent.APP_REFUSED, "customer", details)]


@pytest.mark.parametrize(("script", "reason"), [(prepared, EndReason.CANCELLED), (pairing, EndReason.CANCELLED)])
def test_a_session_that_was_never_active_is_cancelled(script: object, reason: EndReason) -> None:
    book = script().take(e.EndRequested("user"))  # type: ignore[operator]
    assert (book.data.end_reason, book.data.removal) == (reason, Removal.NONE)
    assert book.commanded(e.ReleaseSlots)


def test_the_technician_ends_an_active_session_and_the_host_is_told() -> None:
    book = ended()
    assert (book.data.end_reason, book.data.removal) == (EndReason.TECHNICIAN, Removal.PENDING)
    assert e.TellHostToEnd(EndReason.TECHNICIAN) in book.last
    assert book.commanded(e.CloseConnections)


def test_the_customer_ends_an_active_session() -> None:
    assert active().take(e.HostEnded(EndReason.CUSTOMER)).data.end_reason is EndReason.CUSTOMER


@pytest.mark.parametrize("late", [timedelta(), timedelta(microseconds=1), timedelta(days=30)])
def test_a_session_expires_at_its_time_however_late_the_timer_comes(late: timedelta) -> None:
    book = active().after(DAY + late).take(e.TimerFired(Timer.EXPIRY))
    assert (book.data.end_reason, book.data.ended_at) == (EndReason.EXPIRED, START + DAY)


def test_a_timer_that_comes_early_is_set_again() -> None:
    book = active().after(DAY - timedelta(microseconds=1)).take(e.TimerFired(Timer.EXPIRY))
    assert book.data.state is State.ACTIVE
    assert book.last == [e.ScheduleTimer(Timer.EXPIRY, START + DAY)]


def test_whatever_comes_after_the_time_finds_the_session_expired() -> None:
    book = active().after(DAY).take(e.EndRequested("user"))
    assert (book.data.end_reason, book.data.ended_at) == (EndReason.EXPIRED, START + DAY)


def test_the_host_may_be_a_little_ahead_with_the_end() -> None:
    book = active().after(DAY - EARLY_EXPIRY).take(e.HostEnded(EndReason.EXPIRED))
    assert book.data.end_reason is EndReason.EXPIRED


def test_a_host_that_expires_much_too_early_counts_as_ended_by_the_customer() -> None:
    book = active().after(DAY - EARLY_EXPIRY - timedelta(seconds=1)).take(e.HostEnded(EndReason.EXPIRED))
    assert book.data.end_reason is EndReason.CUSTOMER


def test_a_link_lapses() -> None:
    book = prepared().after(DAY).take(e.TimerFired(Timer.LINK))
    assert (book.data.state, book.data.end_reason, book.data.ended_at) == (State.ENDED, EndReason.LAPSED, START + DAY)


def test_a_customer_is_not_turned_away_while_the_app_installs_itself() -> None:
    book = prepared().after(DAY - timedelta(minutes=1))
    book.take(e.CodeIssued("code"), e.RunStarted("run"), e.KeyRegistered("run", KEY), e.RunConfirmed("run"))
    assert book.last == [e.ScheduleTimer(Timer.LINK, START + book.at + INSTALLATION_PATIENCE)]
    assert book.after(timedelta(minutes=30)).take(ACTIVE).data.state is State.ACTIVE


def test_a_removal_is_confirmed_by_the_hosts_receipt() -> None:
    book = ended().take(e.HostRemoved("{}", SIGNATURE))
    assert (book.data.removal, book.data.removal_receipt) == (Removal.CONFIRMED, "{}")
    assert book.data.removal_signature == SIGNATURE
    proof = {"receipt": "{}", "signature": SIGNATURE.hex()}
    assert e.Audit(AuditEvent.HOST_REMOVED, "host", proof) in book.last


def test_a_receipt_stays_the_first_one() -> None:
    book = ended().take(e.HostRemoved("{}", SIGNATURE)).take(e.HostRemoved("[]", bytes(64)))
    assert (book.data.removal_receipt, book.data.removal_signature, book.last) == ("{}", SIGNATURE, [])


def test_a_removal_that_nobody_confirms_is_unconfirmed_until_the_host_is_heard_again() -> None:
    book = ended().after(REMOVAL_PATIENCE).take(e.TimerFired(Timer.REMOVAL))
    assert book.data.removal is Removal.UNCONFIRMED
    assert book.take(e.HostRemoved("{}", SIGNATURE)).data.removal is Removal.CONFIRMED


def test_a_host_that_comes_back_after_the_end_is_told_again() -> None:
    assert ended().take(e.HostOnline()).last == [e.TellHostToEnd(EndReason.TECHNICIAN)]


def test_a_receipt_without_an_end_ends_the_session() -> None:
    book = active().take(e.HostRemoved("{}", SIGNATURE))
    assert (book.data.end_reason, book.data.removal) == (EndReason.CUSTOMER, Removal.CONFIRMED)


def test_being_offline_ends_nothing() -> None:
    assert active().take(e.HostOnline(), e.HostOffline()).data.state is State.ACTIVE
