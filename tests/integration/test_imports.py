"""What a start on SQLite need not load, it does not load."""

import subprocess
import sys


def test_a_command_loads_no_object_relational_mapper() -> None:
    code = "import sys, gateway.cli, gateway.app; print('sqlalchemy.orm' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("False", "")
