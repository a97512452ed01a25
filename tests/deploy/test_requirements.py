import re

import pytest

from scripts.server import ROOT

PAIRS = {"requirements.in": "requirements.txt", "requirements-dev.in": "requirements-dev.txt"}
PIN = re.compile(r"([A-Za-z0-9._-]+)==([^ ;\\]+)( ; [^\\]+)?( \\)?")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def read(name):
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


def pins(name):
    return {match[1]: match[2] for match in map(PIN.fullmatch, read(name)) if match}


@pytest.mark.parametrize(("source", "locked"), PAIRS.items())
def test_the_lock_files_match_the_requirements(source, locked):
    asked = pins(source)
    assert len(asked) > 3
    assert asked.items() <= pins(locked).items()


def test_the_tests_run_with_what_the_app_runs_with():
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


@pytest.mark.parametrize("locked", [*PAIRS.values(), "requirements-pip.txt"])
def test_every_file_that_may_be_installed_has_a_hash_and_no_address(locked):
    kind = None
    for line in read(locked):
        if line.startswith("#"):
            continue
        before, kind = kind, PIN.fullmatch(line) or HASH.fullmatch(line)
        assert kind, line  # nothing else: no registry address, no option
        if before is not None:
            assert before[0].endswith("\\") == (kind.re is HASH)
    assert kind.re is HASH
