"""Rooms: a class follows the teacher's screen and answers the teacher's questions.

A follower's screen is not a Streamlit session but a small page of our own (/join). It shows what
the teacher's session has sent to the teacher's browser, and receives it through one WebSocket
(/room). Everything is computed once per room.

`protocol` documents that socket, `route` accepts tabs, `connection` talks to one of them,
`messages` builds what it is sent, and `acts` carries out its requests. A `room` is one process's
copy of the state in a `store`: in memory, or in Redis (`redis_store`) if processes share it.
`recording` notes what a leading session sends to its browser, `outbox` passes it to the store, and
`wire` encodes it for the tabs. `questions` judges answers by the `truth`. Pages call `leading`.
"""
