"""Rooms: a class that follows one screen, and answers its questions.

A follower's screen is no session of Streamlit, but a small page of our own (/join) that paints
what the teacher's session has sent to the teacher's browser, as it comes through one WebSocket
(/room). Everything is computed once for the room.

`protocol` says what travels on that socket, `route` lets tabs in, `connection` talks with one in
the `messages` of the room, and `acts` does what it wants. A `room` is what one process knows of it,
kept in a `store`: in memory, or in Redis (`redis_store`), where processes share it. `recording`
notes what a session that leads sends to its browser, `outbox` brings it to the store, `wire` writes
it for the tabs. `questions` are judged by the `truth`. Pages call `leading`.
"""
