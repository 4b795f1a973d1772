#!/bin/sh
# Makes the Python environment of the tests and benchmarks in .build-tools/venv and prints the path of its python.
#
# Does nothing when the environment was made from this very requirements.txt. Needs Python 3.11 or later and a package
# index; as root on Debian it installs a missing python3-venv itself, and iproute2, whose ss and ip the tests compare with.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
venv=$here/../../.build-tools/venv
stamp=$venv/.requirements.sha256
wanted=$(sha256sum <"$here/requirements.txt")

if ! command -v ss >/dev/null || ! command -v ip >/dev/null; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "setup.sh: ss and ip are missing; on Debian: apt-get install iproute2" >&2
        exit 1
    fi
    { apt-get update && apt-get install --yes --no-install-recommends iproute2; } >&2
fi

if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
            echo "setup.sh: python3 with venv is missing; on Debian: apt-get install python3-venv" >&2
            exit 1
        fi
        { apt-get update && apt-get install --yes --no-install-recommends python3-venv; } >&2
    fi
    if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        echo "setup.sh: $(python3 --version) is too old, 3.11 is needed" >&2
        exit 1
    fi
    # A stamp is written only by a run that came to its end, so an interrupted one is begun afresh.
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
    echo "$wanted" >"$stamp"
fi

(cd "$venv/bin" && echo "$PWD/python")
