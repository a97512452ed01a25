import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.functional.checks import pair
from cnnviz.functional.geometry import Axis, axes_of, checked_axes, padding_pairs
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


@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        (2, ((2, 2), (2, 2))),
        ((1, 2), ((1, 1), (2, 2))),
        ([1, 2], ((1, 1), (2, 2))),
        (((1, 2), (3, 4)), ((1, 2), (3, 4))),
        ("valid", ((0, 0), (0, 0))),
        ("same", ((1, 1), (1, 2))),
    ],
)
def test_every_form_of_padding_means_four_numbers(padding, expected):
    assert padding_pairs(padding, (6, 6), (3, 4)) == expected


def test_same_counts_stride_and_dilation_per_axis():
    sides = padding_pairs("same", (7, 8), (3, 3), stride=(2, 1), dilation=(1, 2))
    assert sides == ((1, 1), (2, 2))


@pytest.mark.parametrize(
    ("padding", "error", "words"),
    [
        ("full", ValueError, 'padding must be "valid", "same" or numbers, got "full"'),
        ((1, 2, 3), ValueError, r"\(1, 2, 3\)"),
        (((1, 2, 3), 0), ValueError, r"one number or two, got 3: \(1, 2, 3\)"),
        (-1, ValueError, "padding must be at least 0, got -1"),
        ((0, (1, -2)), ValueError, "padding must be at least 0, got -2"),
        (1.5, TypeError, "padding must be a whole number, got 1.5"),
        (None, TypeError, "padding must be a whole number, got None"),
        (((1, "a"), 0), TypeError, "padding must be a whole number, got 'a'"),
    ],
)
def test_padding_that_means_nothing_is_quoted(padding, error, words):
    with pytest.raises(error, match=words):
        padding_pairs(padding, (6, 6), (3, 3))


def test_a_pair_may_be_one_number_for_both_axes():
    assert pair(2, "stride") == pair((2, 2), "stride") == (2, 2)


def test_a_pair_of_three_is_refused():
    with pytest.raises(ValueError, match=r"stride must be one number or two, got 3"):
        pair((1, 2, 3), "stride")


def test_an_error_about_two_axes_says_which_one():
    vertical, horizontal = checked_axes(axes_of((5, 6), (3, 3), stride=(1, 2)))
    assert (vertical.output, horizontal.output) == (3, 2)
    with pytest.raises(ValueError, match="In width: a kernel of 7 spans 7 cells, and there are 6"):
        checked_axes(axes_of((7, 6), (7, 7)))
