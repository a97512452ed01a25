"""The user interface: the only package that imports streamlit and plotly."""
