"""The live channel: while the user drags, updates go through a WebSocket beside Streamlit's own.

The browser sends settings and gets one binary message of maps; no script runs, and the page is not
redrawn. When the user lets go, the page runs once, and both ways give the same bytes.

`route` accepts a tab, `connection` talks to it, and `requests` defines the messages it may send.
`scenes` maps tokens to sessions, `one_in_flight` holds requests back, and the threads of the `pool`
process them in turn. `wire` encodes an answer as bytes, depending on `line_speed`.
"""
