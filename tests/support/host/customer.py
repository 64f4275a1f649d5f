"""A customer at the keyboard, as a second adapter of the UserInterface protocol: answers are given beforehand."""

import asyncio
from collections.abc import Callable, Sequence

from zuruf.host.ui.port import Action, Busy, Caller, CustomerLeft, Problem, View


class ScriptedCustomer:
    """Types the codes given, keeps everything that was shown. ``None`` among the codes: leaves."""

    def __init__(self, numbers: Sequence[str] = (), codes: Sequence[str] = ()) -> None:
        self.numbers = list(numbers)
        self.codes = list(codes)
        self.allow_connections = asyncio.Event()
        self.allowed = True
        self.problems: list[Problem] = []
        self.callers: list[Caller] = []
        self.questions: list[str] = []
        self.views: list[View] = []
        self.refused: Problem | None = None
        self.end_reason: str | None = None
        self.receipt = ""
        self.actions: asyncio.Queue[Action] = asyncio.Queue()
        self._changed = asyncio.Event()

    async def ask_number(self, problem: Problem | None) -> str:
        return self._type(self.numbers, problem)

    async def ask_code(self, caller: Caller, problem: Problem | None) -> str:
        self.callers.append(caller)
        return self._type(self.codes, problem)

    def _type(self, answers: list[str], problem: Problem | None) -> str:
        if problem is not None:
            self.problems.append(problem)
        if not answers:
            raise CustomerLeft
        return answers.pop(0)

    async def ask_connection(self, caller: Caller, tool: str) -> bool:
        self.questions.append(tool)
        await self.allow_connections.wait()
        return self.allowed

    def busy(self, what: Busy) -> None:
        pass

    async def refuse(self, problem: Problem) -> None:
        self.refused = problem

    def show(self, view: View) -> None:
        self.views.append(view)
        self._wake()

    async def next_action(self) -> Action:
        return await self.actions.get()

    def ended(self, reason: str, receipt: str) -> None:
        self.end_reason = reason
        self.receipt = receipt
        self._wake()

    async def seen(self) -> None:
        pass

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def sees(self, wanted: Callable[[View], bool]) -> View:
        """Wait until the session looks like this."""
        async with asyncio.timeout(20):
            while not self.views or not wanted(self.views[-1]):
                await self._changed.wait()
        return self.views[-1]

    async def sees_end(self) -> str:
        """Wait until the session has ended, and return why."""
        async with asyncio.timeout(20):
            while self.end_reason is None:
                await self._changed.wait()
        return self.end_reason
