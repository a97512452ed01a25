import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.functional.axis import Axis
from cnnviz.functional.shapes import output_size

small = st.integers(1, 12)


def unread(*numbers, **settings):
    """Return the cells of an axis that no window reads."""
    return Axis(*numbers, **settings).unread


def test_a_stride_that_does_not_fit_leaves_the_last_cells_unread():
    assert unread(6, 3, 2, (1, 1)).cells == (6,)
    assert unread(8, 3, 3).cells == (6, 7)


@given(small, st.integers(1, 6), small, st.integers(0, 3))
def test_without_gaps_the_unread_cells_are_those_after_the_last_window(
    size, kernel_size, stride, padding
):
    if kernel_size > size + 2 * padding or stride > kernel_size:
        return
    windows = output_size(size, kernel_size, stride=stride, padding=padding)
    last = (windows - 1) * stride + kernel_size - padding
    assert unread(size, kernel_size, stride, (padding, padding)).beyond == tuple(
        range(last, size + padding)
    )


def test_a_dilated_window_that_is_alone_skips_the_cells_between_its_taps():
    assert unread(5, 3, dilation=2).between_taps == (1, 3)


def test_cells_in_the_holes_of_a_dilated_kernel_are_told_from_those_at_the_edge():
    # each window reads three cells, two apart, and the next starts two further on: all even cells
    assert unread(8, 3, 2, dilation=2) == ((1, 3, 5), (), (7,))


def test_cells_that_a_long_stride_jumps_over_are_told_from_those_at_the_edge():
    assert unread(10, 2, 4) == ((), (2, 3, 6, 7), ())
    assert unread(9, 2, 4) == ((), (2, 3), (6, 7, 8))


few = st.integers(0, 3)
axes = st.builds(
    Axis,
    small,
    st.integers(1, 5),
    st.integers(1, 5),
    st.tuples(few, few),
    few.map(lambda n: n + 1),
    st.booleans(),
).filter(lambda axis: not axis.misfit())


@given(axes)
def test_every_cell_is_read_or_unread_for_one_reason(axis):
    read = {cell for window in range(axis.output) for cell in axis.cells(window)}
    spans = [range(axis.cells(w)[0], axis.cells(w)[-1] + 1) for w in range(axis.output)]
    cells = range(-axis.padding[0], axis.size + axis.padding[1])
    left = [cell for cell in cells if cell not in read]
    assert list(axis.unread.cells) == left
    for cell in left:
        within = any(cell in span for span in spans)
        assert (cell in axis.unread.between_taps) == within
        assert (cell in axis.unread.beyond) == (cell > spans[-1][-1])


@given(axes)
def test_the_slices_hold_the_cells_of_each_window(axis):
    cells = np.arange(-axis.border[0], axis.size + axis.border[1])
    by_place = np.array([cells[one] for one in axis.slices()])
    assert by_place.T.tolist() == [list(axis.cells(window)) for window in range(axis.output)]


@given(axes, st.booleans())
def test_the_cells_that_count_are_those_in_the_input_or_its_padding(axis, include):
    before, after = axis.padding if include else (0, 0)
    counted = [
        sum(-before <= cell < axis.size + after for cell in axis.cells(window))
        for window in range(axis.output)
    ]
    assert axis.cells_counted(include).tolist() == counted


@given(axes)
def test_the_windows_inside_are_those_that_reach_no_added_cell(axis):
    windows = range(axis.output)
    inside = [n for n in windows if axis.cells(n)[0] >= 0 and axis.cells(n)[-1] < axis.size]
    assert list(windows[axis.field().inside(axis.size)]) == inside


@pytest.mark.parametrize(
    ("axis", "remedy"),
    [
        (
            Axis(32, 3, dilation=16),
            "A dilation of at most 15 would fit, or a kernel of at most 2, or 1 more of padding",
        ),
        (Axis(3, 5, dilation=2), "A kernel of at most 2 would fit, or 6 more of padding"),
        (
            Axis(2, 2, padding=(1, 0), dilation=3),
            "A dilation of at most 2 would fit, or a kernel of 1, or 1 more of padding",
        ),
        (Axis(5, 7), "A kernel of at most 5 would fit, or 2 more of padding"),
        (Axis(2, 9, padding_mode="reflect"), "A kernel of at most 2 would fit"),
        (Axis(1, 1, padding=(1, 0), padding_mode="reflect"), "Padding of 0 would fit"),
        (
            Axis(3, 9, padding=(4, 0), padding_mode="reflect"),
            "Padding of at most 2 would fit with a kernel of at most 5",
        ),
    ],
)
def test_a_remedy_names_the_number_to_change(axis, remedy):
    assert axis.remedy() == remedy


def test_the_remedy_for_a_window_speaks_of_a_window():
    with pytest.raises(ValueError, match=r"= 2\. A pooling window of at most 2 would fit, or"):
        Axis(2, 3).check("pooling window")


misfits = st.builds(
    Axis,
    small,
    small,
    st.integers(1, 5),
    st.tuples(small.map(lambda n: n - 1), st.integers(0, 3)),
    st.integers(1, 20),
    st.booleans(),
    st.sampled_from(("zeros", "reflect", "replicate", "circular")),
).filter(lambda axis: axis.misfit())


def remedied(axis):
    """Return the axis after each change that its remedy names, by the name of the change."""
    said = axis.remedy()
    most = {
        name.lower(): int(number)
        for name, number in re.findall(
            r"(dilation|kernel|padding) of (?:at most )?(\d+)", said, re.I
        )
    }
    if "padding" in most:
        sides = tuple(min(side, most["padding"]) for side in axis.padding)
        kernel_size = most.get("kernel", axis.kernel_size)
        return {"less padding": replace(axis, padding=sides, kernel_size=kernel_size)}
    changed = {}
    if "dilation" in most:
        changed["dilation"] = replace(axis, dilation=most["dilation"])
    changed["kernel_size"] = replace(axis, kernel_size=most["kernel"])
    if more := re.search(r"(\d+) more of padding", said):
        total = sum(axis.padding) + int(more[1])
        changed["padding"] = replace(axis, padding=(total // 2, total - total // 2))
    return changed


@given(misfits)
def test_every_change_that_a_remedy_names_fits(axis):
    assert {other.misfit() for other in remedied(axis).values()} == {""}


@given(misfits)
def test_a_step_beyond_what_the_remedy_names_does_not_fit(axis):
    changed = remedied(axis)
    for name in {"dilation", "kernel_size"} & set(changed):
        other = changed[name]
        assert replace(other, **{name: getattr(other, name) + 1}).misfit()
    if "padding" in changed:
        before, after = changed["padding"].padding
        assert replace(changed["padding"], padding=(before, after - 1)).misfit()
