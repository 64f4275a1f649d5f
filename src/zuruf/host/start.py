"""Where ``zuruf-host.exe`` begins. Only a fork in the road: ``roles`` is the place to read on.

A session's service runs as long as the session and does next to nothing: it must not load the app for that.
"""

import sys


def main() -> int:
    """Run what the command line names; returns the exit code."""
    if sys.argv[1:2] == ["--service"]:
        from zuruf.host.platform.windows.service import main as be_service

        return be_service(sys.argv[2:])
    from zuruf.host.roles import main as run_role

    return run_role()


if __name__ == "__main__":
    sys.exit(main())
