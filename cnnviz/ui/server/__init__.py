"""What cnnviz adds to the Streamlit server: files, headers, log, live channel, rooms, patches."""
