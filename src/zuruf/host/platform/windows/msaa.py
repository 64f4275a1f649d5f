"""A control's description in the numbers of Microsoft Active Accessibility, and which events a change is. Pure.

Sources: Microsoft's pages "Object Roles", "Object State Constants", "Event Constants" (winuser.h, oleacc.h).
"""

from zuruf.host.ui.accessibility import Description, Role

ROLES = {
    Role.TEXT: 0x29,  # ROLE_SYSTEM_STATICTEXT
    Role.GROUP: 0x14,  # ROLE_SYSTEM_GROUPING
    Role.BUTTON: 0x2B,  # ROLE_SYSTEM_PUSHBUTTON
    Role.CHECK_BOX: 0x2C,  # ROLE_SYSTEM_CHECKBUTTON
    Role.EDIT: 0x2A,  # ROLE_SYSTEM_TEXT
    Role.DOCUMENT: 0x0F,  # ROLE_SYSTEM_DOCUMENT
}

STATE_FOCUSED, STATE_CHECKED, STATE_READ_ONLY, STATE_FOCUSABLE = 0x4, 0x10, 0x40, 0x100000

EVENT_ALERT, EVENT_FOCUS, EVENT_STATE, EVENT_NAME, EVENT_VALUE = 0x0002, 0x8005, 0x800A, 0x800C, 0x800E

_READ_ONLY = frozenset({Role.TEXT, Role.GROUP, Role.DOCUMENT})
_FOCUSABLE = frozenset({Role.BUTTON, Role.CHECK_BOX, Role.EDIT, Role.DOCUMENT})


def state(description: Description) -> int:
    """Return the state's bits."""
    bits = STATE_READ_ONLY if description.role in _READ_ONLY else 0
    if description.role in _FOCUSABLE:
        bits |= STATE_FOCUSABLE
    if description.focused:
        bits |= STATE_FOCUSED
    if description.checked:
        bits |= STATE_CHECKED
    return bits


def events(old: Description | None, new: Description) -> list[int]:
    """Return what a screen reader must hear of; the focus comes last, when all it will ask for is true."""
    heard = []
    if old is not None and old.name != new.name:
        heard.append(EVENT_NAME)
    if old is not None and old.value != new.value:
        heard.append(EVENT_VALUE)
    if old is not None and old.checked != new.checked:
        heard.append(EVENT_STATE)
    if new.focused and (old is None or not old.focused):
        heard.append(EVENT_FOCUS)
    return heard
