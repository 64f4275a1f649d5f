"""Where the app's own files are that are no modules: catalogs, icons. Not for what a session writes.

On Windows the modules are in one archive, for Python finds them faster there than among hundreds of files. Other
programs than Python cannot look into it: what is no module lies beside it, in the same folders.
"""

from pathlib import Path

import zuruf.host

MODULES_ARCHIVE = "modules.zip"


def on_disk(package_file: str) -> Path:
    """Return where a package's other files are, from its ``__file__``."""
    return Path(*(part for part in Path(package_file).parent.parts if part != MODULES_ARCHIVE))


LOCALE = on_disk(zuruf.host.__file__) / "locale"
ICONS = on_disk(zuruf.host.__file__) / "ui" / "icons"
