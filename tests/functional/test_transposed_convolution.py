"""Transposed convolution: its definition, its sizes, and the convolution that it transposes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz import conv2d, conv_transpose2d
from cnnviz.functional.transposed_convolution import conv_transpose2d_definition

small = st.integers(1, 3)
pairs = st.tuples(small, small)


@st.composite
def problems(draw):
    """Draw x, weight and settings that fit together."""
    seed, groups = draw(st.integers(0, 99)), draw(st.integers(1, 2))
    channels, filters = groups * draw(small), draw(small)
    size, kernel, stride, dilation = (draw(pairs) for _ in range(4))
    extra = tuple(
        draw(st.integers(0, max(a, b) - 1)) for a, b in zip(stride, dilation, strict=True)
    )
    spans = [
        (n - 1) * step + tap * (k - 1) + 1
        for n, step, tap, k in zip(size, stride, dilation, kernel, strict=True)
    ]
    padding = tuple(draw(st.integers(0, (span - 1) // 2)) for span in spans)
    random = np.random.default_rng(seed)
    x = random.normal(size=(2, channels, *size))
    weight = random.normal(size=(channels, filters, *kernel))
    settings = {
        "stride": stride,
        "padding": padding,
        "output_padding": extra,
        "groups": groups,
        "dilation": dilation,
    }
    return x, weight, settings


@given(problems())
def test_it_is_what_the_definition_says(problem):
    x, weight, settings = problem
    np.testing.assert_allclose(
        conv_transpose2d(x, weight, 0.5, **settings),
        conv_transpose2d_definition(x, weight, 0.5, **settings),
        atol=1e-12,
    )


@given(problems())
def test_it_is_the_transpose_of_the_convolution(problem):
    y, weight, settings = problem
    x = conv_transpose2d(y, weight, **settings)
    forth = {name: settings[name] for name in ("stride", "padding", "groups", "dilation")}
    z = np.random.default_rng(1).normal(size=x.shape)
    # ⟨x, z⟩ = ⟨y, conv2d(z)⟩ for every z defines the transpose.
    assert (x * z).sum() == pytest.approx(
        (y * conv2d(z, weight, **forth)[..., : y.shape[2], : y.shape[3]]).sum()
    )


@given(problems())
def test_convolving_what_came_back_gives_the_shape_it_came_from(problem):
    y, weight, settings = problem
    x = conv_transpose2d(y, weight, **settings)
    forth = {name: settings[name] for name in ("stride", "padding", "groups", "dilation")}
    shape = conv2d(x, weight, **forth).shape
    more = zip(settings["output_padding"], settings["stride"], strict=True)
    extra = [room // step for room, step in more]
    assert shape == (*y.shape[:2], *np.add(y.shape[2:], extra))


@pytest.mark.parametrize(
    ("size", "k", "stride", "padding", "more", "expected"),
    [
        (2, 3, 1, 0, 0, 4),
        (5, 3, 1, 1, 0, 5),
        (2, 3, 2, 0, 0, 5),
        (3, 3, 2, 1, 0, 5),
        (3, 3, 2, 1, 1, 6),
    ],
)
def test_sizes_of_the_guide_to_convolution_arithmetic(size, k, stride, padding, more, expected):
    back = conv_transpose2d(
        np.ones((size, size)),
        np.ones((k, k)),
        stride=stride,
        padding=padding,
        output_padding=more,
    )
    assert back.shape == (expected, expected)


def test_a_single_cell_becomes_the_kernel_times_its_value():
    assert conv_transpose2d([[3]], [[1, 2], [0, -1]]).tolist() == [[3, 6], [0, -3]]


def test_a_stride_that_does_not_divide_the_kernel_leaves_a_checkerboard():
    back = conv_transpose2d(np.ones((3, 3)), np.ones((3, 3)), stride=2)
    assert back[2, 2:5].tolist() == [4, 2, 4]
    assert back[3, 2:5].tolist() == [2, 1, 2]


def test_sides_are_cut_off_one_by_one():
    whole = conv_transpose2d([[1, 2, 3]], [[1, 1]])
    assert conv_transpose2d([[1, 2, 3]], [[1, 1]], padding=((0, 0), (1, 2))).tolist() == [
        whole[0, 1:2].tolist()
    ]


def test_nan_reaches_only_the_cells_it_is_stamped_on():
    back = conv_transpose2d([[1, np.nan, 1]], [[1, 1]], stride=(1, 2))
    assert np.isnan(back).tolist() == [[False, False, True, True, False, False]]


def test_float32_stays_float32_and_whole_numbers_become_float64():
    assert conv_transpose2d(np.ones((2, 2), np.float32), [[1]]).dtype == np.float32
    assert conv_transpose2d([[1]], [[1]]).dtype == np.float64


def test_colour_and_batches_keep_their_axes():
    assert conv_transpose2d(np.ones((3, 4, 5)), np.ones((3, 2, 2, 2))).shape == (2, 5, 6)
    assert conv_transpose2d(np.ones((1, 3, 4, 5)), np.ones((3, 2, 2, 2))).shape == (1, 2, 5, 6)


@pytest.mark.parametrize(
    ("x", "weight", "settings", "said"),
    [
        ((2,), (2, 2), {}, r"x must be .* got shape \(2,\)"),
        ((2, 2), (1, 1, 2, 2), {}, r"needs a weight of shape \(kH, kW\)"),
        ((3, 2, 2), (2, 1, 2, 2), {}, "3 channels, so the weight needs 3 kernels in front"),
        ((3, 2, 2), (3, 1, 2, 2), {"groups": 2}, "divide the 3 channels, got 2"),
        ((2, 2), (2, 2), {"output_padding": 1}, "output_padding 1 must be smaller .* at most 0"),
        ((2, 2), (2, 2), {"padding": 2}, r"padding 2 \+ 2 cuts off all of the 3 cells: at most 2"),
        ((2, 2), (2, 2), {"padding": "same"}, 'padding must be numbers, got "same"'),
        ((1, 2, 2), (3, 1, 2, 2), {}, "x has 1 channel, so the weight needs 1 kernel in front"),
        ((1, 2, 2), (1, 1, 2, 2), {"groups": 2}, "groups must divide the 1 channel, got 2"),
        ((2, 2), (2, 2), {"stride": 0}, "stride must be at least 1, got 0"),
    ],
)
def test_shapes_that_do_not_fit_are_refused_with_their_numbers(x, weight, settings, said):
    with pytest.raises(ValueError, match=said):
        conv_transpose2d(np.ones(x), np.ones(weight), **settings)
