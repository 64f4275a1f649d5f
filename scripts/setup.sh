#!/usr/bin/env bash
# Sets up what a make target needs and says what it does. A second run finds everything in place and takes a second.
# usage: scripts/setup.sh base|test|demo|host|windows
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\033[1;34m▸ %s\033[0m\n' "$*"; }

BASE="ca-certificates python3-venv python3-tk xkb-data"
TEST="xvfb chromium postgresql xdotool xclip xterm x11-utils x11-xkb-utils x11-xserver-utils openbox iproute2 fonts-dejavu-core fonts-liberation"
DEMO="xvfb openbox xterm x11-apps x11-utils x11-xserver-utils x11-xkb-utils x11vnc novnc websockify xdotool fonts-dejavu-core fonts-liberation"

HOST="gcc-mingw-w64-x86-64 nsis osslsigncode"
TEST="$TEST $HOST softhsm2 libengine-pkcs11-openssl openssl"
WINDOWS="$TEST wine wine64 faketime imagemagick locales tesseract-ocr tesseract-ocr-deu"

packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "Please install these Debian packages as root, then run again: ${missing[*]}" >&2; exit 1; }
        as_root=(sudo)
    fi
    say "installing Debian packages: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Debian's Python has tkinter; another python3 in front of it in PATH may not.
python=/usr/bin/python3
[ -x "$python" ] || python=$(command -v python3)

what=${1:-base}
packages $BASE
[ "$what" = test ] && packages $TEST
[ "$what" = demo ] && packages $DEMO
[ "$what" = host ] && packages $HOST
[ "$what" = windows ] && packages $WINDOWS

mkdir -p .stamps
if ! cmp -s scripts/uv.txt .stamps/uv 2>/dev/null || [ ! -x .tools/bin/uv ]; then
    say "installing uv into .tools"
    "$python" -m venv .tools
    .tools/bin/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary=:all: -r scripts/uv.txt
    cp scripts/uv.txt .stamps/uv
fi
if ! cat pyproject.toml uv.lock 2>/dev/null | cmp -s - .stamps/python || [ ! -x .venv/bin/python ]; then
    say "installing Python packages from uv.lock into .venv"
    .tools/bin/uv sync -q --frozen --all-extras --python "$python"
    cat pyproject.toml uv.lock > .stamps/python
fi
if ! cmp -s web/package-lock.json .stamps/npm 2>/dev/null || [ ! -d web/node_modules ]; then
    say "installing web packages from package-lock.json into web/node_modules (no install scripts)"
    # Not `npm ci`: it refuses a lock that lacks optional packages of other platforms. Versions and hashes are the lock's.
    (cd web && PATH="$PWD/../.venv/bin:$PATH" npm install --no-save --ignore-scripts --silent --no-audit --no-fund)
    cp web/package-lock.json .stamps/npm
fi
