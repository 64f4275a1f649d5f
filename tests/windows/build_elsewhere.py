"""Builds the app quickly in a process of its own.

usage: python -m tests.windows.build_elsewhere PORT AUTHORITY OUTPUT UMASK
"""

import os
import sys
from pathlib import Path

from tests.windows.conftest import app_plan
from zuruf.installer.build import build

port, authority, output, umask = sys.argv[1:]
os.umask(int(umask, 8))
print(build(app_plan(int(port), Path(authority).read_text(), Path(output)), lambda _: None).sha256)
