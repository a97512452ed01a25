"""The server settings that people's safety depends on."""

import tomllib

import pytest
from streamlit import config

from cnnviz.nn.formats.read_model import MAX_FILE
from scripts.server import ROOT

WRITTEN = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def default(name):
    return config.get_config_options()[name].default_val


def test_a_file_is_refused_by_the_server_at_the_size_at_which_we_refuse_it():
    assert WRITTEN["server"]["maxUploadSize"] * 2**20 == MAX_FILE


def test_visitors_never_see_what_went_wrong_inside():
    assert WRITTEN["client"]["showErrorDetails"] == "none"
    assert WRITTEN["client"]["toolbarMode"] == "minimal"


def test_nothing_is_collected():
    assert WRITTEN["browser"]["gatherUsageStats"] is False


@pytest.mark.parametrize("name", ["enableXsrfProtection", "enableCORS"])
def test_no_other_site_can_act_for_a_visitor(name):
    assert WRITTEN["server"].get(name, default(f"server.{name}")) is True


def test_no_program_may_drive_the_app():
    assert WRITTEN["server"].get("enableAgentApi", default("server.enableAgentApi")) is False
