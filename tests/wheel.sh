#!/bin/sh
# Build sdist and, from it, the wheel; install the wheel where nothing of the clone can be seen; start it.
set -eu

here=$(pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

rm -rf dist
.venv/bin/python -m build --no-isolation --outdir dist . >"$place/build.log" 2>&1 || { tail -n 20 "$place/build.log"; exit 1; }
.venv/bin/python - <<'PYTHON'
import sys, tarfile, zipfile
from pathlib import Path

(wheel,), (sdist,) = Path("dist").glob("*.whl"), Path("dist").glob("*.tar.gz")
inside = zipfile.ZipFile(wheel).namelist()
needed = ("gateway/web/static/widget.js", "gateway/web/static/desk/index.html", "gateway/sample/orders.csv", "licenses/LICENSE")
missing = [name for name in needed if not any(held.endswith(name) for held in inside)]
astray = [name for name in inside if "node_modules" in name or name.startswith(("tests/", "benchmarks/"))]
with tarfile.open(sdist) as archive:
    astray += [name for name in archive.getnames() if "node_modules" in name]
if missing or astray:
    sys.exit(f"the wheel lacks {missing}, and holds {astray[:5]} which it should not")
print(f"{wheel.name}: {wheel.stat().st_size // 1024} KiB, {sdist.name}: {sdist.stat().st_size // 1024} KiB")
PYTHON

.venv/bin/uv venv --quiet --python .venv/bin/python "$place/venv"
export VIRTUAL_ENV="$place/venv"
.venv/bin/uv pip install --quiet --require-hashes --no-deps -r requirements/core.txt
.venv/bin/uv pip install --quiet --no-deps dist/*.whl
cd "$place" # so that nothing is imported from the clone
venv/bin/gateway --version
venv/bin/gateway init house
venv/bin/gateway check --config house/config.toml
venv/bin/gateway directory find CG2026112001 --config house/config.toml >/dev/null
port=$(venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
GATEWAY__SERVER__PORT=$port venv/bin/gateway run --config house/config.toml >run.log 2>&1 &
running=$!
venv/bin/python - "$port" <<'PYTHON' || { cat run.log; kill "$running"; exit 1; }
import sys, time, urllib.request

for path in ("/healthz", "/", "/widget.js", "/desk"):
    for tries in range(150):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}{path}", timeout=5) as answer:
                assert answer.status == 200 and answer.read()
            break
        except OSError:
            if tries == 149:
                sys.exit(f"{path} does not answer")
            time.sleep(0.2)
PYTHON
kill -TERM "$running"
wait "$running" || { cat run.log; exit 1; }
cd "$here"
echo "the wheel installs, starts, serves and stops"
