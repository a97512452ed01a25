"""The class benchmark works, so that it can be trusted when it counts no errors."""

import re
import subprocess
import sys

import pytest

from scripts.server import ROOT

ROOM = ("--room", "--people=6", "--rooms=2", "--seconds=0.5", "--interval=0.05")
CLASS = ("--people=4", "--inside=1", "--seconds=1", "--interval=0.2", "--arrive=0.1")
CURVE = ("--curve", "2", "3", *CLASS[2:])


@pytest.fixture(scope="module")
def said():
    """Start every benchmark at once, as they mostly wait; yield a function that reads one."""
    command = [sys.executable, "benchmarks/classroom.py"]
    started = {
        options: subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for options in (CLASS, CURVE, ROOM)
    }

    def read(options):
        lines, _ = started[options].communicate()
        assert started[options].returncode == 0
        return lines

    yield read
    for process in started.values():
        with process:  # waits for it to end
            process.kill()


def test_a_small_class_has_no_errors(said):
    text = said(CLASS)
    lines = {
        cells[1]: cells[2:-1]
        for cells in (re.split(r" *\| *", line) for line in text.splitlines())
        if len(cells) > 3
    }
    times, *_, errors = lines["all changes"]
    assert int(times) >= 5
    assert errors == "0"
    assert lines["photo → answer, Inside"][0] == "1"
    assert lines["photo → answer, Inside"][-1] == "0"
    assert "Error" not in text
    assert re.search(r"CPU \d+\.\d ms a change", text)


def test_the_curve_has_a_line_for_each_number_of_people(said):
    calibration, _, head, _, *lines = said(CURVE).splitlines()
    assert "a fixed loop of Python" in calibration
    assert head.startswith("| people | p50 ms | p95 ms |")
    cells = [re.split(r" *\| *", line)[1:-1] for line in lines]
    assert [cell[0] for cell in cells] == ["2", "3"]
    for _, middle, slow, longest, a_second, cost, errors in cells:
        assert 0 < float(middle) <= float(slow) <= float(longest)
        assert float(a_second) > 0
        assert float(cost) > 0
        assert errors == "0"


def test_a_small_class_that_follows_has_no_errors_and_ends_where_its_teacher_is(said):
    text = said(ROOM)
    assert "A step, 72 arrivals: p50 " in text
    assert "all counted" in text
    assert "6 of 6 at the teacher's state" in text
    assert "2 rooms of 10" in text
    assert text.count("0 errors, 0 lost connections") == 2
    assert "Errors in the logs: 0" in text
