"""Rooms: a class that follows one screen, and answers its questions.

A follower's screen is no session of Streamlit, but a small page of our own (/join) that paints
what the teacher's session has sent to the teacher's browser, as it comes through one WebSocket
(/room). Everything is computed once for the room.

`protocol` says what travels on that socket.
"""
