"""The screen: the only place that imports streamlit and plotly."""
