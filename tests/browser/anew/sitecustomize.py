"""Have a session of the server begin anew, so that one tab serves many tests; see `Tab.load`.

Python imports a module of this name by itself, if its folder is on PYTHONPATH. A tab that goes to
an address with the word ANEW alone gets an empty page, and its session forgets what it had: the
next link is the first that it sees.
"""

import sys

ANEW = "anew"
VISIT = "cnnviz.visit"  # where it changes, a tab takes its server for one that was started again


def prepare():
    """Look for the word at the first thing that app.py does."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    begin = st.set_page_config

    def set_page_config(**how):
        context = get_script_run_ctx()
        if context.query_string == ANEW:
            # What a part of the page before still asks for would be the first run of the session,
            # and the link would come too late for it.
            context.fragment_storage.clear()
            for key in [key for key in st.session_state if key != VISIT]:
                del st.session_state[key]
            st.stop()
        begin(**how)

    st.set_page_config = set_page_config


if "streamlit" in sys.orig_argv:  # not so the children of the server
    prepare()
