"""The app as it is served: app.py, with headers on every answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from cnnviz.ui import lean, log
from cnnviz.ui.headers import AnswerHeaders
from cnnviz.ui.serving import prepare


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Stand around the life of the server."""
    prepare()
    lean.save()
    log.as_lines()
    yield


app = st.App("app.py", middleware=[Middleware(AnswerHeaders)], lifespan=lifespan)
