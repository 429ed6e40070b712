#!/bin/sh
# Recompiles requirements.lock: one file for every supported Python and platform, hashed, without any address.
set -eu
cd "$(dirname "$0")/.."
target="lock"
. scripts/find_python.sh

find_python
if [ ! -x .venv-lock/bin/uv ]; then
    echo "lock: creating .venv-lock with uv" >&2
    "$python" -m venv --clear .venv-lock
    .venv-lock/bin/python -m pip --disable-pip-version-check -q install uv 2>&1 | grep -v '^WARNING' >&2 || true
    [ -x .venv-lock/bin/uv ] || { echo "lock: uv could not be installed" >&2; exit 1; }
fi
# Where the package index is reached through other addresses, uv takes them from its own settings (UV_INDEX_URL,
# UV_FIND_LINKS, ...); --no-emit-* keeps every one of them out of the file. The extra `nuts` is left out: whatever is
# locked is installed by make setup, and JAX is half a gigabyte that only make bench-nuts asks for.
.venv-lock/bin/uv pip compile pyproject.toml \
    --universal --python-version 3.11 --generate-hashes \
    --extra airflow --extra quality --extra compose --extra stack --extra dev \
    --no-emit-index-url --no-emit-find-links --no-header \
    ${UPGRADE:+--upgrade} --quiet --output-file requirements.lock
echo "lock: requirements.lock pins $(grep -c '==' requirements.lock) packages" >&2
