"""What surrounds the app while it is served: headers, files, log, and patches to Streamlit."""
