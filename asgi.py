"""The ASGI app that the server runs: app.py, with headers on every response."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# Many users work at once, so one user's matrix product should not take every core. NumPy reads this
# variable when it is imported, so it is set first.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st
from starlette.middleware import Middleware

from cnnviz.cli import REFUSED
from cnnviz.ui.server import log, streamlit_patches
from cnnviz.ui.server.browser_modules import VersionedFiles
from cnnviz.ui.server.files import KeptFiles
from cnnviz.ui.server.headers import AnswerHeaders, misconfigured
from cnnviz.ui.server.index_page import FirstPage
from cnnviz.ui.server.live.route import LiveRoute
from cnnviz.ui.server.rooms.rooms import misaddressed, serve
from cnnviz.ui.server.rooms.route import room_routes
from cnnviz.ui.server.startup import prepare, warm_up

if reason := misconfigured() or misaddressed():
    print(reason, file=sys.stderr)
    sys.exit(REFUSED)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Set the server up before its first request, and tidy up after its last."""
    prepare()
    streamlit_patches.install()
    log.as_lines()
    rooms = serve(asyncio.get_running_loop())
    warm_up()
    yield
    await rooms.stop()


app = st.App(
    "app.py",
    routes=[LiveRoute(), *room_routes()],
    middleware=[
        Middleware(AnswerHeaders),
        Middleware(KeptFiles),
        Middleware(FirstPage),
        Middleware(VersionedFiles),
    ],
    lifespan=lifespan,
)
