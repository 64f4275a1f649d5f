"""What the customer wants and nobody has taken yet: one of each kind, so that it cannot grow. Ending comes first."""

import asyncio

from zuruf.host.ui.port import Action, AllowPasswords, EndSession, SetRights


class Wishes:
    """Belongs to the event loop's thread. Switches turned several times count as they are last."""

    def __init__(self) -> None:
        self._ending = False
        self._switches: dict[str, bool] = {}
        self._passwords = False
        self._any = asyncio.Event()

    def add(self, action: Action) -> None:
        """Note what the customer wants."""
        match action:
            case EndSession():
                self._ending = True
            case SetRights():
                self._switches |= action.switches
            case AllowPasswords():
                self._passwords = True
        self._any.set()

    async def next(self) -> Action:
        """Wait for the next wish and take it."""
        while True:
            if self._ending:
                self._ending = False
                return EndSession()
            if self._switches:
                switches, self._switches = self._switches, {}
                return SetRights(switches)
            if self._passwords:
                self._passwords = False
                return AllowPasswords()
            self._any.clear()
            await self._any.wait()
