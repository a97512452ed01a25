"""Settings of one axis: worked figures, names, limits, and the values of the border."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz import conv2d, conv2d_definition, conv_transpose2d
from cnnviz.experiments.axis_limits import AxisSettings
from cnnviz.experiments.borders import bordered, rim
from tests.strategies import MODES

settings_of_an_axis = st.builds(
    AxisSettings,
    st.integers(1, 12),
    st.integers(1, 7),
    st.integers(1, 5),
    st.sampled_from(["valid", "same", "full", 0, 1, 2, 3, (0, 2), (3, 1)]),
    st.integers(1, 4),
    st.sampled_from(MODES),
)


@pytest.mark.parametrize(
    ("size", "k", "stride", "padding", "dilation", "expected"),
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
def test_the_worked_figures(size, k, stride, padding, dilation, expected):
    assert AxisSettings(size, k, stride, padding, dilation).axis.output == expected


@given(settings_of_an_axis)
def test_a_misfit_is_said_exactly_when_conv2d_refuses(asked):
    axis = asked.axis
    settings = {
        "stride": (axis.stride, 1),
        "padding": (axis.padding, (0, 0)),
        "dilation": (axis.dilation, 1),
        "padding_mode": axis.padding_mode,
    }
    column, kernel = np.ones((axis.size, 1)), np.ones((axis.kernel_size, 1))
    if axis.misfit():
        with pytest.raises(ValueError, match="In height"):
            conv2d(column, kernel, **settings)
    else:
        assert conv2d(column, kernel, **settings).shape == (axis.output, 1)


@given(settings_of_an_axis, st.sampled_from(["size", "kernel_size", "stride", "dilation"]))
def test_every_value_within_the_limits_fits_and_the_next_does_not(asked, name):
    if asked.axis.misfit():
        with pytest.raises(ValueError, match="do not fit together"):
            asked.limits(name, 1, 9)
        return
    found = asked.limits(name, 1, 16)
    fits = asked.against(name, range(1, 17))
    assert None not in fits[found.low - 1 : found.high]
    assert found.high == 16 or fits[found.high] is None
    assert bool(found.above) == (found.high < 16)
    assert bool(found.below) == (found.low > 1)


def test_the_reason_why_a_number_stops_has_the_numbers_in_it():
    assert AxisSettings(5, 3, dilation=2).limits("dilation", 1, 6).above == (
        "a kernel of 3 with dilation 3 spans 7 cells, and there are 5 + 0 + 0 = 5"
    )
    assert AxisSettings(4, 3, padding=2, padding_mode="reflect").limits("padding", 0, 6).above == (
        "reflect padding of 4 needs 5 cells to take from, and there are 4"
    )
    assert AxisSettings(2, 1, padding=1, padding_mode="reflect").limits("size", 1, 12).below == (
        "reflect padding of 1 needs 2 cells to take from, and there is 1"
    )
    assert AxisSettings(5, 3, padding=1).limits("size", 1, 12).below == ""


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (AxisSettings(5, 3), ("valid",)),
        (AxisSettings(5, 3, padding=1), ("same",)),
        (AxisSettings(5, 3, padding=2), ("full",)),
        (AxisSettings(5, 1), ("valid", "same", "full")),
        (AxisSettings(5, 4, padding=(1, 2)), ("same",)),
        (AxisSettings(6, 3, 2, (0, 1)), ("same",)),
        (AxisSettings(7, 3, 2), ("valid",)),
        (AxisSettings(6, 3, 2, 1), ()),
    ],
)
def test_amounts_of_padding_are_named_where_they_coincide(asked, names):
    assert asked.axis.names == names


@given(settings_of_an_axis)
def test_same_gives_the_size_over_the_stride_rounded_up(asked):
    same = replace(asked, padding="same").axis
    assert same.output == -(-asked.size // asked.stride)


@given(settings_of_an_axis)
def test_the_way_back_lacks_less_than_a_stride(asked):
    axis = asked.axis
    if axis.misfit():
        return
    lacking = axis.size - axis.transposed_size
    assert 0 <= lacking < axis.stride
    settings = {"stride": (axis.stride, 1), "padding": (axis.padding, (0, 0))}
    back = conv_transpose2d(
        np.ones((axis.output, 1)),
        np.ones((axis.kernel_size, 1)),
        **settings,
        dilation=(axis.dilation, 1),
        output_padding=(lacking, 0),
    )
    assert back.shape == (axis.size, 1)


@pytest.mark.parametrize("mode", MODES)
def test_the_border_is_numpys(mode):
    x = np.random.default_rng(0).random((6, 7))
    names = {"zeros": "constant", "replicate": "edge", "circular": "wrap"}
    result = bordered(x, 3, mode)
    np.testing.assert_array_equal(result.padded, np.pad(x, 3, names.get(mode, mode)))
    assert result.mean[0, 0] == pytest.approx(result.padded[:7, :7].mean())
    assert result.mean.shape == x.shape


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("width", [0, 1, 5])
def test_whole_numbers_have_the_same_border_and_the_exact_mean(mode, width):
    x = np.random.default_rng(1).integers(0, 256, (7, 6), np.uint8)
    side = 2 * width + 1
    result, plain = bordered(x, width, mode), bordered(x.astype(float), width, mode)
    sums = conv2d_definition(x, np.ones((side, side)), padding=width, padding_mode=mode)
    assert result.padded.dtype == np.uint8
    np.testing.assert_array_equal(result.padded, plain.padded)
    np.testing.assert_array_equal(result.mean, sums / side**2)
    assert result.rim == pytest.approx(plain.rim)


@pytest.mark.parametrize(("mode", "width"), [("reflect", 4), ("circular", 5), ("mirror", 1)])
def test_a_border_that_cannot_be_filled_is_refused(mode, width):
    with pytest.raises(ValueError, match=r"mirror|fit"):
        bordered(np.ones((4, 9)), width, mode)


def test_a_flat_picture_keeps_its_rim_with_all_borders_but_zeros():
    flat = np.full((5, 5), 100.0)
    rims = {mode: bordered(flat, 2, mode).rim for mode in MODES}
    assert rims.pop("zeros") < 80
    assert all(value == pytest.approx(100) for value in rims.values())


def test_without_a_border_nothing_changes():
    x = np.arange(6.0).reshape(2, 3)
    result = bordered(x, 0, "zeros")
    np.testing.assert_array_equal(result.padded, x)
    np.testing.assert_array_equal(result.mean, x)
    assert result.rim == rim(x) == x.mean()
