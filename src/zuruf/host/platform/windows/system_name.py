"""What this Windows is called, for people. Pure."""

_FIRST_BUILD_OF_11 = 22000


def system_name(product: str, release: str, build: int) -> str:
    """Return for example ``Windows 11 Pro 23H2 (22631)`` from what the registry says; ``release`` may be empty.

    Windows 11 still calls itself 10 there.
    """
    name = product or "Windows"
    if build >= _FIRST_BUILD_OF_11:
        name = name.replace("Windows 10", "Windows 11")
    return " ".join(part for part in (name, release, f"({build})") if part)
