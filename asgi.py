"""The app as it is served: app.py, with headers on every answer and uploads kept in memory."""

import streamlit as st
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware

from cnnviz.image import MAX_BYTES
from cnnviz.ui.headers import AnswerHeaders

# Files above 1 MB would go through the disk on their way; none does that may come at all.
MultiPartParser.spool_max_size = MAX_BYTES + 2**20

app = st.App("app.py", middleware=[Middleware(AnswerHeaders)])
