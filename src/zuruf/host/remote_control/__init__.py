"""What a remote-control connection does: tiles out, input in. Not for operating-system calls.

session.py     serve(): one connection from its first message to its last (read this first)
sender.py      what goes to the viewer, and when: frames, cursor, clipboard, rights
receiver.py    what the viewer's messages do, as far as the customer allows it
notices.py     what happened on the desktop and waits to be told
tiles.py       which tiles changed (pure)
shadow.py      which pixels of them the viewer does not have yet (pure)
rectangles.py  pixels as rectangles of the protocol (pure)
deflate.py     the connection's one compressed stream (pure)
flow.py        how many frames may be under way (pure)
doing.py       what the customer is told the technician does
"""
