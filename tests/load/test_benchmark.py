"""The benchmark of a class works, so that it can be believed when it counts no errors."""

import re
import subprocess
import sys

from scripts.server import ROOT

ROOM = ("--room", "--people=6", "--rooms=2", "--seconds=0.5", "--interval=0.05")
CLASS = ("--people=4", "--inside=1", "--seconds=1", "--interval=0.2", "--arrive=0.1")


def test_a_small_class_has_no_errors():
    run = [sys.executable, "benchmarks/classroom.py", *CLASS]
    said = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    lines = {
        cells[1]: cells[2:-1]
        for cells in (re.split(r" *\| *", line) for line in said.splitlines())
        if len(cells) > 3
    }
    times, *_, errors = lines["all changes"]
    assert int(times) >= 5
    assert errors == "0"
    assert lines["photo → answer, Inside"][0] == "1"
    assert lines["photo → answer, Inside"][-1] == "0"
    assert "Error" not in said
    assert re.search(r"CPU \d+\.\d ms a change", said)


def test_the_curve_has_a_line_for_each_number_of_people():
    run = [sys.executable, "benchmarks/classroom.py", "--curve", "2", "3", *CLASS[2:]]
    said = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    calibration, _, head, _, *lines = said.splitlines()
    assert "a fixed loop of Python" in calibration
    assert head.startswith("| people | p50 ms | p95 ms |")
    cells = [re.split(r" *\| *", line)[1:-1] for line in lines]
    assert [cell[0] for cell in cells] == ["2", "3"]
    for _, middle, slow, longest, a_second, cost, errors in cells:
        assert 0 < float(middle) <= float(slow) <= float(longest)
        assert float(a_second) > 0
        assert float(cost) > 0
        assert errors == "0"


def test_a_small_class_that_follows_has_no_errors_and_ends_where_its_teacher_is():
    run = [sys.executable, "benchmarks/classroom.py", *ROOM]
    said = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "A step, 72 arrivals: p50 " in said
    assert "all counted" in said
    assert "6 of 6 at the teacher's state" in said
    assert "2 rooms of 10" in said
    assert said.count("0 errors, 0 lost lines") == 2
    assert "Errors in the logs: 0" in said
