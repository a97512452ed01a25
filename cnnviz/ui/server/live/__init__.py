"""The live channel: what follows the user's hand goes through one WebSocket beside Streamlit.

Settings go up, one binary message of maps comes back; no script runs, and nothing of the page is
drawn anew. When the hand lets go, the page runs once, and both ways give the same bytes.

`route` lets a tab in, `connection` talks with it, `requests` says what it may say. `scenes` knows
which token stands for which session, `one_in_flight` holds back its requests, and the threads of
the `pool` work on them in turn. `wire` writes an answer as bytes, as `line_speed` advises.
"""
