"""The app as it is served: app.py, with headers on every answer."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# People work beside one another, so none of them needs all cores for a matrix product. NumPy
# reads this when it is imported, which comes next.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st
from starlette.middleware import Middleware

from cnnviz.ui import lean, log
from cnnviz.ui.files import KeptFiles
from cnnviz.ui.first_page import FirstPage
from cnnviz.ui.headers import AnswerHeaders
from cnnviz.ui.serving import prepare


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Stand around the life of the server."""
    prepare()
    lean.save()
    log.as_lines()
    yield


app = st.App(
    "app.py",
    middleware=[Middleware(AnswerHeaders), Middleware(KeptFiles), Middleware(FirstPage)],
    lifespan=lifespan,
)
