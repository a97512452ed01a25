"""The user's theme, for charts that Python draws; the browser colours everything else."""

import streamlit as st

# The accent of .streamlit/config.toml, light and dark.
ACCENTS = ("#2f5bea", "#7aa2ff")


def is_dark() -> bool:
    """Return whether the page is dark."""
    return st.context.theme.type == "dark"


def accent() -> str:
    """Return the accent colour of the page."""
    return ACCENTS[is_dark()]
