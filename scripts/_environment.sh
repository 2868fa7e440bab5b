# Make .venv beside the project if it is missing and install the project with the extras
# named in $1 ("" for none), unless pyproject.toml is as it was at the last time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=${PYTHON:-python3}
if [ ! -x .venv/bin/python ]; then
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "aeviz needs Python 3.11 or later; '$python' is $("$python" --version 2>&1 || true)." \
            "Set PYTHON to another interpreter." >&2
        exit 2
    fi
    "$python" -m venv .venv
fi
extras=${1:-}
stamp=".venv/.aeviz-installed${extras:+-$extras}"
wanted=$(cksum < pyproject.toml)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    echo "installing aeviz${extras:+ with the extras [$extras]} into .venv (minutes, the first time) ..." >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable ".${extras:+[$extras]}" >&2
    # The first import compiles for a while and keeps the result on disk: do it once, here.
    .venv/bin/python -W ignore -c 'import umap' >/dev/null 2>&1
    echo "$wanted" > "$stamp"
fi
