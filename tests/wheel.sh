#!/bin/sh
# Build the wheel, install it alone into a new venv, and ingest the sample papers from another folder.
# usage: tests/wheel.sh PYTHON (one that has `build`)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
python=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$python" -m build --wheel --outdir "$place/dist" "$root" >"$place/build.log" 2>&1 || { cat "$place/build.log"; exit 1; }
"$python" -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check "$place"/dist/*.whl
cp -r "$root/corpus/papers" "$place/papers"
cd "$place"
"$place/venv/bin/evidence" ingest papers --db wheel.db
"$place/venv/bin/evidence" verify wheel.db
rows=$("$place/venv/bin/evidence" query wheel.db --format jsonl | wc -l)
[ "$rows" -gt 0 ] || { echo "the wheel found no evidence"; exit 1; }
echo "wheel ok: $rows rows"
