"""The ten sheets: the app itself finds no task solved at its start, and all solved by their end."""

from dataclasses import replace

import numpy as np
import pytest

from cnnviz import avg_pool2d, leaky_relu, max_pool2d, output_size, relu
from cnnviz.experiments.shift import changed, shifted
from cnnviz.functional.axis import Axis
from cnnviz.images.loading import fit, grey
from cnnviz.images.samples import sample_picture
from cnnviz.kernels import gaussian
from cnnviz.nn import Conv2d, Linear
from cnnviz.ui.classroom.page_screen import PageScreen
from cnnviz.ui.classroom.task import Sheet, Task, ready, sheet_of
from cnnviz.ui.classroom.task_goals import Typed, Within
from tests.ui.classroom.page_tasks import PAGE_TASKS

TASKS = [
    pytest.param(name, number, id=f"{name}-{number}")
    for name in PAGE_TASKS
    for number in range(1, 9)
]
each_task = pytest.mark.parametrize(("name", "number"), TASKS)


def found(name, number):
    task = sheet_of(name).tasks[number - 1]
    return PAGE_TASKS[name].page, task


def test_every_page_has_a_sheet_of_eight_tasks():
    assert ready() == set(PAGE_TASKS)
    for name in PAGE_TASKS:
        sheet = sheet_of(name)
        assert len(sheet.tasks) == 8
        assert {task.page for task in sheet.tasks} == {name}


@each_task
def test_a_task_asks_for_what_its_page_has(name, number):
    page, task = found(name, number)
    page.check(task)
    assert task.hints
    assert task.solved


@each_task
def test_a_task_is_not_solved_where_it_begins(name, number):
    page, task = found(name, number)
    verdicts = PageScreen(page, page.begun(task), task).verdicts()
    assert not all(verdict.met for verdict in verdicts)
    assert all(verdict.met or verdict.text for verdict in verdicts)


@each_task
def test_the_solution_solves_a_task_with_what_it_shows(name, number):
    page, task = found(name, number)
    end = page.solved(task)
    assert all(verdict.met for verdict in PageScreen(page, end, task, task.answer).verdicts())
    begun = page.begun(task)
    usable = {one.key for control in task.show for one in page.controls[control].settings}
    free = {one.key for one in page.settings} - {
        one.key for control in page.controls.values() for one in control.settings
    }
    changed = {key for key in end if end[key] != begun[key]}
    assert changed <= usable | free
    assert changed or task.answer


@each_task
def test_a_number_that_is_a_little_off_is_not_right(name, number):
    page, task = found(name, number)
    for goal in task.goal:
        if isinstance(goal, Typed):
            screen = PageScreen(
                page, page.begun(task), task, str(goal.wanted(_look(page, task)) + 1.1)
            )
            assert not goal.check(screen).met


def test_what_is_said_of_the_board_holds_for_every_way_to_solve_the_task():
    page, task = found("pixels", 8)
    begun = page.begun(task)
    board = grey(fit(sample_picture("checkerboard").pixels, begun["shared.size"]))
    same = [
        (right, down)
        for right in range(1, 17)
        for down in range(-16, 17)
        if changed(board, shifted(board, down, right)) == 0
    ]
    assert {(8, 0), (16, 0), (4, 4)} < set(same)  # two squares, but not they alone
    assert len(same) < 0.1 * 16 * 33
    assert "most other shifts" in task.solved


@pytest.mark.parametrize(
    ("name", "number", "query"),
    [
        *(("lab", 1, f"kernels={y}") for y in ("sobel_y", "prewitt_y", "scharr_y")),
        *(("lab", 1, f"kernels=oriented_edge&oriented_edge.angle={a}") for a in (90, 270)),
        *(("kernels", 2, f"kernel={one}&{one}.size=1") for one in ("box", "gaussian")),
        *(("kernels", 2, f"kernel={one}&{one}.amount=0") for one in ("sharpen", "unsharp")),
        ("kernels", 2, "kernel=emboss&emboss.depth=0"),
        ("layers", 8, "stack=conv8,relu,max2,conv8,max2,conv8,conv8"),  # as the hints say
    ],
)
def test_each_way_to_do_what_the_text_asks_for_solves_a_task(name, number, query):
    assert _solves(name, number, query)


@pytest.mark.parametrize(
    ("name", "number", "query"),
    [
        ("lab", 1, "kernels=laplacian_4"),
        ("lab", 1, "kernels=oriented_edge&oriented_edge.angle=45"),
        ("lab", 1, "kernels=box"),
        ("kernels", 2, "kernel=box"),
        ("kernels", 2, "kernel=sharpen&sharpen.amount=0.1"),
        ("layers", 8, "stack=conv8,relu,max2,conv8,max2,conv8"),
    ],
)
def test_what_comes_near_does_not_solve_a_task(name, number, query):
    assert not _solves(name, number, query)


def _solves(name, number, query):
    page, task = found(name, number)
    end = page.solved(replace(task, solution=query))
    return all(verdict.met for verdict in PageScreen(page, end, task).verdicts())


def test_two_small_kernels_have_fewer_weights_than_a_large_one_only_between_equally_many_maps():
    _, task = found("layers", 3)

    def weights(*sizes):  # (maps in, maps out, side)
        return sum(Conv2d(*size).parameters()["weight"].value.size for size in sizes)

    assert weights((8, 8, 3), (8, 8, 3)) * 25 == weights((8, 8, 5)) * 18
    assert weights((1, 8, 3), (8, 8, 3)) > weights((1, 8, 5))  # the stack of the task
    assert "Where as many maps come in as go out, two such kernels have 18 weights" in task.solved


def _look(page, task):
    return PageScreen(page, page.begun(task), task)


def test_numbers_that_stand_in_a_sheet_are_those_of_the_core():
    page, task = found("pooling", 1)
    window = [row[:3] for row in page.begun(task)["pooling.numbers"].rows[:3]]
    pooled = [pool(window, 3).item() for pool in (max_pool2d, avg_pool2d)]
    layers = Conv2d(1, 16, 3), Conv2d(3, 16, 3), Linear(400, 120)
    numbers = {
        "activations": [relu(-5), leaky_relu(-5, 0.01)],
        "geometry": [output_size(224, 7, stride=2, padding=3)],
        "kernels": [sum(gaussian(7).weights.shape)],
        "layers": [sum(each.size for each in layer.parameters().values()) for layer in layers],
        "pixels": [grey(np.array([[[200, 100, 50]]])).item()],
        "pooling": pooled,
    }
    for name in PAGE_TASKS:
        assert _given(name) == pytest.approx(numbers.get(name, []), abs=1e-3)


def test_what_the_task_on_padding_finds_unread_are_the_last_cells_of_the_padding():
    _, task = found("geometry", 6)
    axis = Axis(6, 3, 2, (1, 1))
    assert axis.unread.cells == (6,)  # counted from the first of the six cells of the grid
    assert "Grid 6, kernel 3, stride 2, padding 1: the last row and column of the padding" in (
        task.text
    )
    assert Axis(6, 3, 2, (1, 0)).unread.cells == Axis(6, 3, 2, (0, 1)).unread.cells == ()


def test_a_full_padding_has_a_cell_for_each_place_where_the_kernel_touches_the_grid():
    _, task = found("geometry", 3)
    full = Axis(5, 3, padding=(2, 2))
    assert all(set(full.cells(window)) & set(range(5)) for window in range(full.output))
    assert (full.output, Axis(5, 3, padding=(3, 3)).cells(0).stop) == (7, 0)  # one more misses it
    assert "one for each place where at least one cell of the kernel lies on the grid" in task.text


def test_no_measure_of_a_shift_reads_as_one_to_the_left():
    measures = PAGE_TASKS["pooling"].page.measures
    titles = [measures[f"shift_{kind}"].title for kind in ("max", "average")]
    assert all(title.endswith("pooling leaves of a shift, in percent") for title in titles)


def _given(name):
    goals = [goal for task in sheet_of(name).tasks for goal in task.goal]
    return [goal.number for goal in goals if isinstance(goal, Typed) and _is_given(goal)]


def _is_given(goal):
    return not isinstance(goal.number, str)


@pytest.mark.parametrize("name", PAGE_TASKS)
def test_a_sheet_survives_a_link_and_a_file(name):
    sheet = sheet_of(name)
    assert isinstance(sheet, Sheet)
    assert sheet_of(sheet.code()) == sheet


def test_a_number_that_a_screen_does_not_have_is_said_to_be_missing():
    page = PAGE_TASKS["layers"].page
    task = Task("layers", "?", (Within("first", 0, 1, measured=True),), "stack=")
    (verdict,) = PageScreen(page, page.begun(task), task).verdicts()
    assert not verdict.met
    assert verdict.text == "Parameters of the first layer: there is none here."
