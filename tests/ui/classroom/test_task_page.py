"""What pages offer to tasks: every measure is a number, and settings survive being written."""

import math
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from cnnviz.images.loading import fit, grey, planes
from cnnviz.images.samples import sample_picture
from cnnviz.ui.classroom.page_screen import PICTURE, PageScreen
from cnnviz.ui.classroom.task import Task, sheet_of
from cnnviz.ui.classroom.task_goals import Is, Rank, Size, Typed, Within, Zero
from tests.ui.classroom.page_tasks import PAGE_TASKS

each_page = pytest.mark.parametrize("name", PAGE_TASKS)
EMPTY = Task("", "?", (Rank(1),))


@each_page
def test_every_number_and_map_of_a_page_can_be_looked_at_or_says_why_not(name):
    page = PAGE_TASKS[name].page
    for task in (EMPTY, sheet_of(name).tasks[-1]):
        screen = PageScreen(page, page.begun(task), task)
        for measure in page.measures:
            with suppress(ValueError):  # which says what is missing, for example a pinned cell
                assert math.isfinite(screen.measure(measure))
        for each in page.maps:
            assert np.ndim(screen.map(each)) == 2


@pytest.mark.parametrize("colour", ["grey", "colour"])
def test_a_shift_is_measured_on_the_numbers_that_are_shifted(colour):
    page = PAGE_TASKS["pixels"].page
    values = page.values(f"part=shift&right=3&picture=coffee&size=64&colour={colour}")
    pixels = fit(sample_picture("coffee").pixels, 64)
    x = planes(pixels) if colour == "colour" else grey(pixels)
    share = 100 * np.mean(x != np.roll(x, 3, axis=-1))
    assert PageScreen(page, values, EMPTY).measure("changed") == pytest.approx(share)


@each_page
def test_settings_survive_being_written_for_a_task(name):
    page = PAGE_TASKS[name].page
    for task in sheet_of(name).tasks:
        for values in (page.begun(task), page.solved(task)):
            assert page.values(page.query(values)) == values


@each_page
def test_a_control_has_its_own_settings_of_the_page(name):
    page = PAGE_TASKS[name].page
    found = [one.key for control in page.controls.values() for one in control.settings]
    assert len(found) == len(set(found))
    assert set(found) <= {one.key for one in page.settings} | set(PICTURE)
    assert not {"sheet", "task", "done"} & {one.name for one in page.settings}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"page": "pixels"}, "page “pixels”"),
        ({"show": ("banana",)}, "control “banana”"),
        ({"start": "banana=1"}, "setting “banana”"),
        ({"start": "stride=99"}, "from 1"),
        ({"solution": "stride=x"}, "a number"),
        ({"goal": (Is("stride", ("99",)),)}, "from 1"),
        ({"goal": (Within("kernels", 0, 1),)}, "is not a number"),
        ({"goal": (Within("banana", 0, 1, True),)}, "number “banana”"),
        ({"goal": (Typed("banana"),)}, "number “banana”"),
        ({"goal": (Zero("banana"),)}, "map “banana”"),
        ({"goal": (Size("banana", 1, 1),)}, "map “banana”"),
    ],
)
def test_a_task_that_the_page_has_no_means_for_is_refused(change, said):
    task = replace(Task("lab", "?", (Rank(1),)), **change)
    with pytest.raises(ValueError, match=said):
        PAGE_TASKS["lab"].page.check(task)


def test_a_value_that_is_not_possible_is_named():
    page = PAGE_TASKS["lab"].page
    task = Task("lab", "?", (Rank(1),))
    for wrong in (
        replace(task, start="stride=99"),
        replace(task, solution="stride=99"),
        replace(task, goal=(Is("stride", ("99",)),)),
    ):
        with pytest.raises(ValueError, match="“stride=99”, which is not possible"):
            page.check(wrong)


@pytest.mark.parametrize(
    ("setting", "text"),
    [("stride", "1.0"), ("bias", "0.0"), ("own", "0 -1 0; -1 5 -1; 0 -1 0"), ("pin", "")],
)
def test_a_setting_is_what_a_task_asks_for_however_its_author_writes_it(setting, text):
    page, task = PAGE_TASKS["lab"].page, replace(EMPTY, page="lab", goal=(Is(setting, (text,)),))
    page.check(task)
    (verdict,) = PageScreen(page, page.begun(task), task).verdicts()
    assert verdict.met


def test_the_kernel_of_the_lab_is_flipped_where_the_lab_flips_it():
    page = PAGE_TASKS["lab"].page
    screen = PageScreen(page, page.values("kernels=emboss"), EMPTY)
    turned = PageScreen(page, page.values("kernels=emboss&flip=on"), EMPTY).kernel()
    assert turned.matrix.tolist() == screen.kernel().matrix[::-1, ::-1].tolist()
    assert turned.title == "Emboss, flipped"


def test_a_kernel_is_asked_for_only_where_there_is_one():
    with pytest.raises(ValueError, match="no kernel"):
        PAGE_TASKS["layers"].page.check(Task("layers", "?", (Rank(1),)))


def test_settings_that_do_not_fit_are_said_as_the_page_says_it():
    page = PAGE_TASKS["lab"].page
    task = Task("lab", "?", (Zero("convolution"),), "size=32&picture=x&dilation=16&padding=valid")
    (verdict,) = PageScreen(page, page.begun(task), task).verdicts()
    assert not verdict.met
    assert "A kernel of 3 with dilation 16 spans 33" in verdict.text


# What a task cannot show, lock or hide: how maps are displayed, the pinned or opened cell, the
# position in a sheet, and the state of the page's own walk or exercise.
FREE = {"scale", "full", "table", "pin", "open", "sheet", "task", "done"}
FREE_OF = {
    "inside": {"rank", "steps"},
    "training": {
        "colour", "values", "weight_row", "weight_column", "weight_filter", "example", "cell",
        "into", "speaks",
    },
}  # fmt: skip


@each_page
def test_a_task_can_lock_each_setting_that_is_not_always_free(name):
    page = PAGE_TASKS[name].page
    held = {one.key for control in page.controls.values() for one in control.settings}
    names = {one.key.split(".", 1)[1] for one in page.settings if one.key not in held}
    assert names - FREE == FREE_OF.get(name, set())
