"""Plans and what they entitle to. The host enforces the same list, sealed at pairing; see docs/protocol.md."""

from enum import StrEnum


class Plan(StrEnum):
    """What a company has bought."""

    BASIC = "basic"
    PLUS = "plus"
    PREMIER = "premier"
    BASE = "base"


class Tool(StrEnum):
    """What a connection is used for."""

    REMOTE_CONTROL = "remote_control"
    FILE_MANAGER = "file_manager"
    DASHBOARD = "dashboard"


def entitlements(plan: Plan, insight: bool) -> frozenset[Tool]:
    """Return the tools of a plan; ``insight`` is the module of that name, which counts with Base only."""
    tools = {Tool.REMOTE_CONTROL}
    if plan in (Plan.PLUS, Plan.PREMIER, Plan.BASE):
        tools.add(Tool.FILE_MANAGER)
    if plan in (Plan.PLUS, Plan.PREMIER) or (plan is Plan.BASE and insight):
        tools.add(Tool.DASHBOARD)
    return frozenset(tools)
