"""The theme a person has, for charts that are drawn by Python: the browser colours the rest."""

import streamlit as st

# The accent of .streamlit/config.toml, light and dark.
ACCENTS = ("#2f5bea", "#7aa2ff")


def is_dark() -> bool:
    """Say whether the page is dark."""
    return st.context.theme.type == "dark"


def accent() -> str:
    """Return the accent colour of the page."""
    return ACCENTS[is_dark()]
