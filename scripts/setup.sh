#!/bin/sh
# Creates .venv from requirements.lock and installs this project into it. Safe to repeat (at once when nothing
# changed) and after an interruption (a half-installed environment is built anew).
set -eu
cd "$(dirname "$0")/.."
target="setup"
. scripts/find_python.sh

stamp=".venv/.complete"      # written last: the environment is whole and belongs to this lock and this folder
started=".venv/.installing"  # there while packages are being installed
log=".venv/setup.log"
key="$(cat requirements.lock pyproject.toml scripts/setup.sh | cksum) $PWD"

is_complete() {
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$key" ] && [ -x .venv/bin/python ]
}

# Two `make` at once in one folder: the second waits for the first. Where flock is missing, they are on their own.
if ! is_complete && command -v flock >/dev/null 2>&1; then
    exec 9<requirements.lock
    flock 9
fi
is_complete && exit 0

say() { printf 'setup: %s\n' "$*" >&2; }

# pip's own lines go to the log; of a failure the errors are shown, without the warnings around them.
run_pip() {
    .venv/bin/python -m pip --disable-pip-version-check --no-input "$@" >>"$log" 2>&1 &
    running=$!
    show_progress
    if ! wait "$running"; then
        say "pip failed:"
        grep -vE '^ *(WARNING|Collecting|Requirement already|Using cached|Downloading|Looking in)' "$log" | tail -20 >&2
        say "the whole log is in $log; once the cause is gone, run make setup again"
        exit 1
    fi
}

# While pip collects packages, a line for every fifty.
show_progress() {
    total=$(grep -c '==' requirements.lock)
    shown=0
    while kill -0 "$running" 2>/dev/null; do
        seen=$(grep -cE '^(Collecting|Requirement already)' "$log" || true)
        if grep -q '^Installing collected' "$log"; then
            [ "$shown" = 0 ] || say "all $total packages are here, unpacking"
            break
        elif [ "$seen" -ge $((shown + 50)) ]; then
            shown=$seen
            say "$seen of $total packages"
        fi
        sleep 1
    done
}

can_be_kept() {
    [ -x .venv/bin/python ] && [ ! -e "$started" ] && .venv/bin/python -c 'import pip' 2>/dev/null || return 1
    # A virtual environment knows its own path: one that was moved is of no use.
    [ ! -f "$stamp" ] || case "$(cat "$stamp")" in *" $PWD") true ;; *) false ;; esac
}

begun=$(date +%s)
if can_be_kept; then
    say "the lock or the project changed: bringing .venv up to date"
else
    find_python
    say "creating .venv with $("$python" --version 2>&1)"
    if ! problem=$("$python" -m venv --clear .venv 2>&1); then
        printf '%s\n' "$problem" >&2
        say "the virtual environment could not be made; on Debian and Ubuntu the package python3-venv is missing"
        exit 1
    fi
fi

: >"$started"
rm -f "$stamp"
: >"$log"
say "installing the locked packages, each checked against its hash (some minutes the first time)"
# pip runs in the background, where a shell keeps an interruption from it: pass it on.
trap 'kill "$running" 2>/dev/null || true; exit 130' INT TERM
run_pip install --no-deps --require-hashes --progress-bar off -r requirements.lock
run_pip install --no-deps --no-build-isolation --progress-bar off --editable .
trap - INT TERM
printf '%s' "$key" >"$stamp"
rm -f "$started"
say "ready after $(($(date +%s) - begun)) s"
