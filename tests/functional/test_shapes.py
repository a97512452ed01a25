import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.functional.receptive_field import ReceptiveField
from cnnviz.functional.shapes import output_size, receptive_field, same_padding

small = st.integers(1, 12)


def windows_by_walking(size, kernel_size, stride, before, after, dilation, ceil_mode):
    """Put windows down one by one, as with a paper strip."""
    extent, end, count, start = dilation * (kernel_size - 1) + 1, size + after, 0, -before
    while start + extent <= end or (ceil_mode and start < size and start + extent < end + stride):
        count += 1
        start += stride
    return count


@pytest.mark.parametrize(
    ("size", "kernel_size", "stride", "padding", "dilation", "expected"),
    [
        (4, 3, 1, 0, 1, 2),
        (5, 4, 1, 2, 1, 6),
        (5, 3, 1, 1, 1, 5),
        (5, 3, 1, 2, 1, 7),
        (5, 3, 2, 0, 1, 2),
        (5, 3, 2, 1, 1, 3),
        (6, 3, 2, 1, 1, 3),
        (7, 3, 1, 0, 2, 3),
    ],
)
def test_the_worked_sizes_of_dumoulin_and_visin(
    size, kernel_size, stride, padding, dilation, expected
):
    assert (
        output_size(size, kernel_size, stride=stride, padding=padding, dilation=dilation)
        == expected
    )


@given(small, small, small, st.integers(0, 6), st.integers(0, 6), st.integers(1, 3), st.booleans())
def test_the_size_is_the_number_of_windows_put_down_by_hand(
    size, kernel_size, stride, before, after, dilation, ceil_mode
):
    settings = {"stride": stride, "padding": (before, after), "dilation": dilation}
    count = windows_by_walking(size, kernel_size, stride, before, after, dilation, ceil_mode)
    if count == 0:
        with pytest.raises(ValueError, match="spans"):
            output_size(size, kernel_size, ceil_mode=ceil_mode, **settings)
    else:
        assert output_size(size, kernel_size, ceil_mode=ceil_mode, **settings) == count


@given(small, small, small, st.integers(1, 3))
def test_same_padding_gives_the_size_over_the_stride_rounded_up(
    size, kernel_size, stride, dilation
):
    padding = same_padding(size, kernel_size, stride=stride, dilation=dilation)
    assert output_size(
        size, kernel_size, stride=stride, padding=padding, dilation=dilation
    ) == math.ceil(size / stride)


@given(small, small, small, st.integers(1, 3))
def test_the_odd_cell_of_same_padding_is_at_the_end(size, kernel_size, stride, dilation):
    before, after = same_padding(size, kernel_size, stride=stride, dilation=dilation)
    assert after - before in (0, 1)


def test_a_kernel_that_does_not_fit_is_told_every_number_and_what_would_fit():
    with pytest.raises(ValueError, match="spans") as error:
        output_size(5, 4, padding=(1, 0), dilation=3)
    assert str(error.value) == (
        "a kernel of 4 with dilation 3 spans 10 cells, and there are 5 + 1 + 0 = 6. "
        "A dilation of 1 would fit, or a kernel of at most 2, or 4 more of padding."
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("size", 0), ("kernel_size", 0), ("stride", 0), ("stride", -2), ("padding", -1),
     ("dilation", 0)],
)  # fmt: skip
def test_a_number_that_is_too_small_is_named(name, value):
    settings = {"size": 5, "kernel_size": 3} | {name: value}
    with pytest.raises(ValueError, match=f"{name} must be at least [01], got {value}"):
        output_size(**settings)


@pytest.mark.parametrize("value", [1.5, 2.0, "2", None, True, np.float64(1)])
def test_a_number_that_is_not_whole_is_refused(value):
    with pytest.raises(TypeError, match="stride must be a whole number, got"):
        output_size(5, 3, stride=value)


def test_numpy_integers_are_whole_numbers():
    assert output_size(np.int64(5), np.uint8(3), stride=np.int32(2)) == 2


def test_one_layer_sees_its_kernel():
    assert receptive_field([(3, 1, 1, 1)]) == [ReceptiveField(size=3, jump=1, start=-1)]


def test_vgg16_sees_212_pixels_at_the_last_pool():
    conv, pool = (3, 1, 1), (2, 2)
    blocks = [conv] * 2, [conv] * 2, [conv] * 3, [conv] * 3, [conv] * 3
    last = receptive_field([layer for block in blocks for layer in (*block, pool)])[-1]
    assert last.size == 212
    assert last.jump == 32


def reached(layers, cell):
    """Trace the windows of one cell back to the input, layer by layer."""
    cells = {cell}
    for kernel_size, stride, padding, dilation in reversed(layers):
        cells = {c * stride - padding + tap * dilation for c in cells for tap in range(kernel_size)}
    return min(cells), max(cells)


layer = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(1, 3))


@given(st.lists(layer, max_size=4), st.integers(0, 5))
def test_the_receptive_field_is_what_the_windows_reach_when_followed_back(layers, cell):
    field = [ReceptiveField(), *receptive_field(layers)][-1]
    assert field.window(cell) == reached(layers, cell)
