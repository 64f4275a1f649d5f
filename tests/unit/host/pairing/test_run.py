"""One pairing run, message by message."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.host.technician import CODE, Technician
from zuruf.host.pairing.run import Failed, Paired, PairingRun
from zuruf.protocol import pairing
from zuruf.protocol.codec import ProtocolError
from zuruf.protocol.codes import Code
from zuruf.protocol.pairing import Forward, Refused, RunEnded, RunFailed, RunStarted

SESSION, RUN = str(uuid.uuid4()), str(uuid.uuid4())
STARTED = RunStarted(run_id=RUN, session_id=SESSION, tries_left=5)


class Tries:
    spent = 0

    def spend(self) -> None:
        self.spent += 1


def begun(code: str = CODE) -> tuple[PairingRun, Tries, Forward]:
    tries = Tries()
    run = PairingRun(code, b"k" * 32, tries.spend)
    (offer,) = run.handle(STARTED).send
    assert isinstance(offer, Forward)
    return run, tries, offer


def forwarded(payload: bytes | None) -> Forward:
    assert payload is not None
    return Forward(run_id=RUN, payload=payload)


def test_the_try_is_spent_before_the_hosts_proof_leaves() -> None:
    run, tries, offer = begun()
    browser = Technician(SESSION).pair(RUN)
    assert tries.spent == 0
    (confirm,) = run.handle(forwarded(browser(offer.payload))).send
    assert tries.spent == 1
    assert isinstance(confirm, Forward)
    outcome = run.handle(forwarded(browser(confirm.payload))).outcome
    assert isinstance(outcome, Paired)
    assert outcome.settings.technician == "Tina Technik"


def test_the_browser_sees_that_the_code_is_wrong() -> None:
    run, _tries, offer = begun("000000000")
    browser = Technician(SESSION).pair(RUN)
    (confirm,) = run.handle(forwarded(browser(offer.payload))).send
    assert isinstance(confirm, Forward)
    assert browser(confirm.payload) is None
    assert run.handle(RunEnded(run_id=RUN, code=Code.WRONG_CODE, tries_left=3)).outcome == Failed(Code.WRONG_CODE, 3)


def test_a_browser_that_lies_about_the_code_is_told_so_once() -> None:
    run, _tries, offer = begun()
    browser = Technician(SESSION).pair(RUN)
    (confirm,) = run.handle(forwarded(browser(offer.payload))).send
    assert isinstance(confirm, Forward)
    proof = browser(confirm.payload)
    assert proof is not None
    altered = proof[:-1] + bytes([proof[-1] ^ 1])
    step = run.handle(forwarded(altered))
    assert step.send == [RunFailed(run_id=RUN, code=Code.WRONG_CODE)]
    assert step.outcome is None
    assert run.handle(forwarded(proof)).outcome is None
    assert run.handle(RunEnded(run_id=RUN, code="", tries_left=4)).outcome == Failed(Code.WRONG_CODE, 4)


@given(payload=st.binary(max_size=2048))
def test_nonsense_from_the_browser_is_a_broken_handshake(payload: bytes) -> None:
    run, tries, _offer = begun()
    step = run.handle(forwarded(payload))
    assert step.send == [RunFailed(run_id=RUN, code=Code.HANDSHAKE_BROKEN)]
    assert tries.spent == 0


def test_messages_of_another_run_are_ignored() -> None:
    run, _tries, _offer = begun()
    other = str(uuid.uuid4())
    for message in (
        Forward(run_id=other, payload=b""),
        RunFailed(run_id=other, code="x"),
        RunEnded(run_id=other, code="", tries_left=1),
    ):
        step = run.handle(message)
        assert (step.send, step.outcome) == ([], None)


@pytest.mark.parametrize("message", [STARTED, pairing.ConsoleReady()])
def test_a_message_without_a_place_is_refused(message: pairing.PairingMessage) -> None:
    run, _tries, _offer = begun()
    with pytest.raises(ProtocolError):
        run.handle(message)


@given(code=st.text(max_size=50))
def test_the_customer_only_ever_sees_codes_of_ours(code: str) -> None:
    outcome = PairingRun(CODE, b"k" * 32, lambda: None).handle(Refused(code=code)).outcome
    assert isinstance(outcome, Failed)
    assert outcome.code in set(Code)


def test_a_run_that_ends_well_without_a_proof_is_none() -> None:
    run, _tries, _offer = begun()
    assert run.handle(RunEnded(run_id=RUN, code="", tries_left=0)).outcome == Failed(Code.HANDSHAKE_BROKEN, 0)
