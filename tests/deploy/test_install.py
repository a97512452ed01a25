"""The system packages that `make test` installs while pip works."""

import pytest

from scripts import browser, install, proxy, redis_server

ALL = ["chromium", "chromium-headless-shell", "nginx-light", "redis-server"]


@pytest.mark.parametrize(
    ("there", "named", "missing"),
    [
        ([], [], ALL),
        (["google-chrome"], [], ALL[2:]),
        (["chromium", "/usr/sbin/nginx"], ["REDIS"], []),
        (["nginx"], ["CHROMIUM"], ALL[3:]),
    ],
    ids=["nothing is there", "another browser", "one is named", "another place"],
)
def test_programs_that_exist_or_are_named_are_not_installed(there, named, missing, monkeypatch):
    for _, _, variable in install.PACKAGES:
        monkeypatch.delenv(variable, raising=False)
    for variable in named:
        monkeypatch.setenv(variable, "somewhere")
    monkeypatch.setattr(install.shutil, "which", lambda name: name in {*there, "apt-get"} or None)
    installed = []
    monkeypatch.setattr(install, "install", lambda *packages: installed.extend(packages))
    install.main()
    assert installed == missing


def test_what_could_not_be_installed_is_not_left_to_make_test_alone():
    found = browser.MISSING, proxy.MISSING, redis_server.MISSING
    for sentence, (packages, _, variable) in zip(found, install.PACKAGES, strict=True):
        assert f"sudo apt-get install {packages[0]})" in sentence
        assert sentence.endswith(f"or name one in {variable}.")
