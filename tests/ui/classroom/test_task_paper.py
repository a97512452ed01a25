"""The part of the dialog that makes worksheets, drawn separately."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.classroom.page_tasks import PAGE_TASKS


def app(name):
    from cnnviz.ui.classroom import task_paper
    from cnnviz.ui.widgets.settings import restore
    from tests.ui.classroom.page_tasks import PAGE_TASKS

    restore(PAGE_TASKS[name].page.settings)
    task_paper.draw(PAGE_TASKS[name].page)


def opened(name, **settings):
    at = AppTest.from_function(app, args=(name,), default_timeout=60)
    for key, value in settings.items():
        at.session_state[key.replace("__", ".")] = value
    at.run()
    assert not at.exception, at.exception[0].stack_trace
    return at


@pytest.mark.parametrize("name", PAGE_TASKS)
def test_every_page_has_numbers_for_paper(name):
    at = opened(name)
    assert not at.error
    assert len(at.get("download_button")) == 1


def test_a_kernel_that_is_too_large_says_so_and_a_seed_still_works():
    at = opened("kernels", kernels__kernel="gaussian", **{"kernels__gaussian.size": 9})
    assert "9 × 9" in at.error[0].value
    at.session_state["paper:from"] = "seed"
    at.run()
    assert not at.error
