"""From the start of the app to a paired session: number, refusals, security code, tries. Installs nothing itself."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from zuruf.host.build_info import APP_VERSION
from zuruf.host.clock import Clock, SessionTimer, TimerMark
from zuruf.host.pairing.client import PairingClient
from zuruf.host.pairing.code import CodeTries, parse_code, parse_number
from zuruf.host.pairing.run import Failed, Paired
from zuruf.host.platform.base import Platform, Refusal
from zuruf.host.transport import NoServer, PublicFacts, Transport
from zuruf.host.ui.port import Caller, Problem, UserInterface
from zuruf.protocol.codes import Code
from zuruf.protocol.handshake_messages import Settings
from zuruf.protocol.signatures import new_private_key

log = logging.getLogger(__name__)

_HOPELESS = frozenset({Code.SESSION_ENDED, Code.LINK_LAPSED, Code.UNKNOWN_NUMBER, Code.APP_TOO_OLD})
"""After these another code does not help."""
_ARRIVING = frozenset({Code.TECHNICIAN_AWAY, Code.ANOTHER_APP_PAIRS})
"""These may be over in a moment. As long as no try was spent, the customer need not type the code again."""
_ARRIVING_ATTEMPTS = 3
_DETAIL_MAX = 80
"""Characters of a refusal's detail that the server takes."""


class AppRefused(Exception):
    """The app does not go on here; the customer has been told why."""

    def __init__(self, code: Code) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True)
class Joined:
    """A paired session, not yet installed. ``timer`` began when the browser's proof was found good."""

    session_id: str
    number: str
    private_key: bytes
    settings: Settings
    timer: TimerMark


class Joining:
    """Walks the customer to a paired session."""

    def __init__(self, transport: Transport, platform: Platform, clock: Clock, ui: UserInterface) -> None:
        self._transport = transport
        self._platform = platform
        self._clock = clock
        self._ui = ui

    async def run(self, number: str | None, refusal: Refusal | None) -> Joined:
        """Return the paired session. Raises AppRefused, or CustomerLeft.

        ``number``: from the arguments or the file's name. ``refusal``: what was found before, or by somebody else.
        """
        facts = await self._find(number)
        await self._transport.tell(facts.number, "started")
        refusal = refusal or self._platform.refusal()
        if refusal is not None:
            await self.refuse(facts.number, refusal)
        if _version(APP_VERSION) < _version(facts.minimum_app_version):
            await self.refuse(facts.number, Refusal(Code.APP_TOO_OLD))
        return await self._pair(facts)

    async def refuse(self, number: str, refusal: Refusal) -> NoReturn:
        """Tell technician and customer that the app does not go on here. Raises AppRefused."""
        code, detail = refusal
        if code is Code.SYSTEM_TOO_OLD and not detail:
            # Known to this app alone: the stage that found it knows numbers, but no name.
            detail = self._platform.system()[:_DETAIL_MAX]
        if code.startswith("ZRF-5") or code is Code.APP_TOO_OLD:
            await self._transport.tell(number, "refused", code.value, detail)
        await self._ui.refuse(Problem(code, detail=detail))
        raise AppRefused(code)

    async def _find(self, number: str | None) -> PublicFacts:
        problem: Problem | None = None
        while True:
            typed, number = number or await self._ui.ask_number(problem), None
            digits = parse_number(typed)
            if digits is None:
                problem = Problem(Code.BAD_INPUT, typed=typed)
                continue
            self._ui.busy("looking_up")
            try:
                facts = await self._transport.facts(digits)
            except NoServer as error:
                log.info("no server: %s", error)
                problem = self._unreachable(error, typed)
                continue
            if facts is not None and facts.state == "open":
                return facts
            problem = Problem(Code.UNKNOWN_NUMBER if facts is None else Code.SESSION_ENDED, typed=typed)

    def _unreachable(self, error: NoServer, typed: str) -> Problem:
        where = self._transport.address
        at = datetime.fromtimestamp(self._clock.read().wall_s, UTC).isoformat(timespec="seconds")
        lines = (f"{Code.NO_CONNECTION.value} {at}", f"app {APP_VERSION}, {self._platform.system()}", where, str(error))
        return Problem(Code.NO_CONNECTION, detail=where, report="\n".join(lines), typed=typed)

    async def _pair(self, facts: PublicFacts) -> Joined:
        caller = Caller(facts.number, facts.company, facts.technician)
        client = PairingClient(self._transport, facts.number, self._platform.name, new_private_key())
        tries = CodeTries()
        problem: Problem | None = None
        try:
            while True:
                code = parse_code(await self._ui.ask_code(caller, problem))
                if code is None:
                    problem = Problem(Code.BAD_INPUT)
                    continue
                self._ui.busy("pairing")
                outcome = await self._attempt(client, tries, code)
                if isinstance(outcome, Joined):
                    return outcome
                if outcome.code in _HOPELESS:
                    await self.refuse(facts.number, Refusal(outcome.code))
                problem = outcome
        finally:
            await client.close()

    async def _attempt(self, client: PairingClient, tries: CodeTries, code: str) -> Joined | Problem:
        verified_at = self._clock.read()
        spent = False

        def spend() -> None:
            nonlocal spent
            spent = True
            tries.spend(code, self._clock.read().boottime_s)

        def verified() -> None:
            nonlocal verified_at
            verified_at = self._clock.read()

        for attempt in range(1 + _ARRIVING_ATTEMPTS):
            if attempt > 0:
                await asyncio.sleep(self._transport.patience.away_s)
            # Asked before every attempt, not once: each may give somebody in the middle a guess.
            dead = tries.refusal(code, self._clock.read().boottime_s)
            if dead is not None:
                return Problem(dead)
            outcome = await client.attempt(code, spend, verified)
            if spent or not (isinstance(outcome, Failed) and outcome.code in _ARRIVING):
                break
        if isinstance(outcome, Paired):
            timer = SessionTimer.start(outcome.settings.duration_s, verified_at)
            return Joined(
                session_id=outcome.session_id,
                number=client.number,
                private_key=client.private_key,
                settings=outcome.settings,
                timer=timer.mark(verified_at),
            )
        return self._problem(outcome, tries, code)

    @staticmethod
    def _problem(failed: Failed, tries: CodeTries, code: str) -> Problem:
        left = tries.tries_left if failed.tries_left is None else min(failed.tries_left, tries.tries_left)
        if failed.code is Code.CODE_DEAD or (failed.code is Code.WRONG_CODE and left == 0):
            tries.died(code)
            return Problem(Code.CODE_DEAD)
        return Problem(failed.code, left if failed.code is Code.WRONG_CODE else None)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in text.split(".")[:3])
