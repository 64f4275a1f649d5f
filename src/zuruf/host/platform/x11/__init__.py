"""Linux desktops through the X protocol. ``platform.py`` is what the host uses; the rest serves it.

platform.py       X11Platform: the whole Platform
desktop.py        one connection's use of the display: assembles the parts below
display.py        the X connection on the event loop
screen.py         XDamage, MIT-SHM, root window's size (with cursor.py, shared_memory.py)
pointer.py        XTEST mouse
keyboard.py       XTEST keyboard, spare keycodes
decide.py         which key types what the viewer means (pure)
keymap.py         the keyboard layout as XKB has it (pure)
keymap_reader.py  reads that layout from the server
keysyms.py        characters, keysyms and positions (tables)
clipboard.py      selections
"""
