"""Windows desktops. ``platform.py`` is what the host uses; the rest serves it.

platform.py         WindowsPlatform: the whole Platform
names.py            what the app is called there (pure)
sddl.py             who may do what (pure); security.py gives it and reads it back
refusals.py         why a computer cannot be supported (pure); probe.py looks
service_control.py  makes, starts, stops, deletes the service; service.py is the service, supervision.py its rule (pure)
task.py             the dead man's switch, a scheduled task (pure); commands.py runs Windows' own programs
remover.py          the command line that takes everything away (pure)
sessions.py         whose desktop is the customer's (pure); session_probe.py looks
processes.py        starts the helpers, each bound to who started it
pipes.py            named pipes for one process; framed_pipe.py messages on them (pure)
starter.py          starts a helper and joins it, both ends
registry.py         the registry; native.py what pywin32 lacks, through ctypes; errors.py makes OSError of its exception
desktop.py          one connection's use of the desktop: assembles the parts below
screen.py           the picture, taken again and again: pace.py when, changes.py what changed, cursor.py shapes (pure)
capture.py          takes it through GDI, on the desktop that input_desktop.py follows; bitmap.py is its memory
keyboard.py         presses what decide.py decides; pointer.py the mouse; keys.py tables (all pure)
input.py            SendInput, for the Injector of injector.py; layout.py asks Windows' keyboard layouts
clipboard.py        text both ways (pure); clipboard_access.py opens it; worker.py a thread for what may block
sas.py              Ctrl-Alt-Del and its policy (pure); sas_calls.py sends it
"""
