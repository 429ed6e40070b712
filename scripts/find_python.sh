# Sourced by setup.sh and lock.sh. Sets $python to an interpreter that can build the environment, or says what is
# missing and ends. The interpreter is tried, not only looked up: a pyenv shim exists for versions it cannot run.

oldest="3.11"
newest="3.13"

# Prints nothing where $1 serves, else why not.
why_not() {
    command -v "$1" >/dev/null 2>&1 || { echo "not found"; return; }
    "$1" - <<'PROBE' 2>/dev/null || echo "does not start"
import sys
version = ".".join(str(part) for part in sys.version_info[:3])
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    print(f"is version {version}")
else:
    try:
        import ensurepip, venv
    except ImportError as error:
        print(f"is version {version} without the module {error.name}")
PROBE
}

find_python() {
    tried=""
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        reason=$(why_not "$candidate")
        [ -z "$reason" ] && { python=$candidate; return 0; }
        tried="$tried
  $candidate $reason"
    done
    {
        echo "social-roi needs Python $oldest to $newest with its venv module. Tried:$tried"
        echo "What to do, one of:"
        echo "  Debian, Ubuntu  apt-get install python3 python3-venv"
        echo "  Fedora, RHEL    dnf install python3.12"
        echo "  macOS           brew install python@3.13"
        echo "  elsewhere       make $target PYTHON=/path/to/python3.12"
    } >&2
    return 1
}
