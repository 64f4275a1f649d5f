"""Processes that do in a customer's session what the resident, a service, cannot: show a window, share the desktop.

Each helper is started by the resident and joined to it by one pipe. ``pipe`` is the port; ``window_proxy`` and
``desktop_proxy`` run in the resident, ``window_helper`` and ``desktop_helper`` at the other end. Nothing here knows an
operating system: who starts processes and makes pipes is the platform's.
"""
