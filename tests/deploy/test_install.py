"""The system packages that `make test` installs while pip works."""

import pytest

from scripts import install

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
def test_what_is_there_or_named_is_not_installed(there, named, missing, monkeypatch):
    for _, _, variable in install.PACKAGES:
        monkeypatch.delenv(variable, raising=False)
    for variable in named:
        monkeypatch.setenv(variable, "somewhere")
    monkeypatch.setattr(install.shutil, "which", lambda name: name in {*there, "apt-get"} or None)
    installed = []
    monkeypatch.setattr(install, "install", lambda *packages: installed.extend(packages))
    install.main()
    assert installed == missing
