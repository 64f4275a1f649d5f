"""Whom the host serves, whatever the server asks."""

from hypothesis import given
from hypothesis import strategies as st

from zuruf.host.connection.admission import CONNECTIONS_MAX, Standing, refusal
from zuruf.protocol.codes import Code

TOOLS = st.sampled_from(["remote_control", "file_manager", "dashboard"])
STANDINGS = st.builds(
    Standing,
    active=st.booleans(),
    expired=st.booleans(),
    entitled_tools=st.sets(TOOLS),
    served_tools=st.sets(TOOLS),
    open_connections=st.integers(0, 2 * CONNECTIONS_MAX),
)


@given(tool=TOOLS, standing=STANDINGS)
def test_nothing_is_served_that_any_rule_forbids(tool: str, standing: Standing) -> None:
    allowed = (
        standing.active
        and not standing.expired
        and tool in standing.entitled_tools
        and tool in standing.served_tools
        and standing.open_connections < CONNECTIONS_MAX
    )
    assert (refusal(tool, standing) is None) == allowed


def test_the_plan_is_named_before_what_the_build_can_do() -> None:
    standing = Standing(True, False, entitled_tools=[], served_tools=[], open_connections=0)
    assert refusal("dashboard", standing) is Code.TOOL_NOT_IN_PLAN
