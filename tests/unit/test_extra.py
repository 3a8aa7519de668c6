"""Without the extra, the model works and evidence says what to add."""

import subprocess
import sys

from supplyline.evidence.extra import PACKAGES

WITHOUT = f"""
import sys

for name in {PACKAGES!r}:
    sys.modules[name] = None  # as if it were not installed
from supplyline.cli import app

app(sys.argv[1:])
"""


def supplyline(*words):
    return subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", WITHOUT, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_evidence_says_in_one_line_what_to_add(tmp_path):
    done = supplyline("evidence", "list", "toy", "--store", str(tmp_path / "s.sqlite"))

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "pip install 'supplyline[evidence]'" in done.stderr


def test_why_needs_the_extra_only_where_there_is_a_store(tmp_path):
    made = supplyline("new", str(tmp_path / "mine"), "--like", "toy", "--quiet")
    assert made.returncode == 0, made.stderr

    without = supplyline("why", str(tmp_path / "mine"), "truck_kl")
    (tmp_path / "mine" / "evidence.sqlite").touch()
    beside = supplyline("why", str(tmp_path / "mine"), "no-such-claim-C1")

    assert without.returncode == 0, without.stderr
    assert "truck_kl" in without.stdout
    assert beside.returncode == 2
    assert "Traceback" not in beside.stderr


def test_the_model_imports_nothing_of_evidence():
    code = (
        "import sys, supplyline as sl; sl.simulate; sl.brief; sl.heat; sl.load_case;"
        "print([n for n in sys.modules if n.startswith('supplyline.evidence')])"
    )
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
