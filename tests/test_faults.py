"""The seeded faults that measure the tests: each still fits the code."""

from pathlib import Path

import pytest

from scripts.seed_faults import LIST, ROOT, faults

FAULTS = faults((ROOT / LIST).read_text(encoding="utf-8"))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.file}: {fault.wrong.strip()}")
def test_a_fault_has_one_place_and_tests_that_are_there(fault):
    assert (ROOT / fault.file).read_text(encoding="utf-8").count(fault.right) == 1
    assert fault.wrong != fault.right
    paths = [word for word in fault.tests.split() if not word.startswith("-") and "/" in word]
    assert paths
    assert [path for path in paths if not Path(ROOT, path.partition("::")[0]).exists()] == []
