"""Streamlit with one of our patches, for one test."""

from cnnviz.ui.server.streamlit_patches import (
    PATCHES,
)


def used(name, monkeypatch, original):
    """Apply one patch to `original`, for one test."""
    (patch,) = (patch for patch in PATCHES if patch.name == name)
    holder, attribute = patch.place()
    monkeypatch.setattr(holder, attribute, patch.make(original))
