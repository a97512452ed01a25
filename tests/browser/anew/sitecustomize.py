"""Let a server session start afresh, so that one tab serves many tests; see `Tab.load`.

Python imports a module of this name automatically if its folder is on PYTHONPATH. When a tab's
address is only the word ANEW, it gets an empty page and its session forgets everything: the next
link is the first that it sees.
"""

import sys

ANEW = "anew"
VISIT = "cnnviz.visit"  # a tab takes its server for a restarted one if this changes


def prepare():
    """Look for the word at the first call that app.py makes."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    begin = st.set_page_config

    def set_page_config(**how):
        context = get_script_run_ctx()
        if context.query_string == ANEW:
            # A fragment that the previous page still asks for would be the session's first run, and
            # the link would come too late for it.
            context.fragment_storage.clear()
            for key in [key for key in st.session_state if key != VISIT]:
                del st.session_state[key]
            st.stop()
        begin(**how)

    st.set_page_config = set_page_config


if "streamlit" in sys.orig_argv:  # but not in the server's child processes
    prepare()
