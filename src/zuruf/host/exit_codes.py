"""The exit codes of the app's processes; the unpacking stage and the service go by them."""

EXIT_DONE, EXIT_BROKEN, EXIT_USAGE, EXIT_REFUSED, EXIT_LEFT, EXIT_INSTALLED, EXIT_SILENT, EXIT_OVER = range(8)
"""Done, or stopped · internal error · bad arguments · refused · the customer left before a session ·
the session lives on in another process, which needs the program's folder · broken before anybody could be told ·
the resident has no session any more: the service need not start it again. Not 0: with that one, a process can be
killed too."""
