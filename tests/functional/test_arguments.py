"""What `conv2d` accepts and returns, and its messages about what it does not accept."""

import numpy as np
import pytest

from cnnviz import (
    ACTIVATIONS,
    KERNELS,
    avg_pool2d,
    batch_norm,
    conv2d,
    conv2d_definition,
    conv_transpose2d,
    global_avg_pool2d,
)
from cnnviz.functional.transposed_convolution import conv_transpose2d_definition

X = np.arange(30).reshape(5, 6)
KERNEL = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]])
EXPECTED = conv2d_definition(X, KERNEL)

both = pytest.mark.parametrize("convolve", [conv2d, conv2d_definition])
REAL = ("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float64")


@both
@pytest.mark.parametrize("dtype", REAL)
def test_all_but_small_floats_become_float64(convolve, dtype):
    assert convolve(X.astype(dtype), KERNEL).dtype == np.float64


@both
@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_small_floats_become_float32_whatever_the_kernel_is(convolve, dtype):
    assert convolve(X.astype(dtype), KERNEL.astype("float64"), 0.5).dtype == np.float32


@both
def test_bytes_do_not_wrap_around(convolve):
    white = np.full((3, 3), 200, np.uint8)
    assert convolve(white, np.ones((3, 3), np.uint8)).item() == 1800


@pytest.mark.parametrize(
    "compute",
    [
        lambda x: conv2d(x, [[1e300]]),
        lambda x: conv2d_definition(x, [[1e300]]),
        lambda x: conv_transpose2d(x, [[1e300]]),
        lambda x: conv_transpose2d_definition(3e38 * x, [[1, 1], [1, 1]], 2),
        lambda x: avg_pool2d(3e38 * x, 2),
        lambda x: batch_norm(x[None], [0], [1], [1e300]),
        lambda x: ACTIVATIONS["prelu"].function(-x, weight=-1e300),
    ],
)
def test_numbers_too_large_for_float32_become_infinite_without_a_warning(compute):
    assert compute(np.ones((3, 3), np.float32)).max() == np.inf


@pytest.mark.parametrize(
    "compute",
    [
        lambda x: conv2d(x, [[1e-300]]),
        lambda x: conv2d_definition(x, [[1e-30]]),
        lambda x: conv_transpose2d(x, [[1e-300]]),
        lambda x: conv_transpose2d_definition(x, [[1e-30]]),
        lambda x: avg_pool2d(x, 3, padding=1),
        lambda x: global_avg_pool2d(np.diag(x[0])),
        lambda x: batch_norm(x[None], [0], [1], [1e-30]),
        lambda x: ACTIVATIONS["prelu"].function(-x, weight=1e-30),
    ],
)
def test_what_is_too_small_for_float32_needs_no_warning(compute):
    smallest = np.full((3, 3), 1.2e-38, np.float32)
    with np.errstate(all="raise"):
        assert np.abs(compute(smallest)).max() < smallest[0, 0]


@both
def test_lists_are_arrays(convolve):
    np.testing.assert_array_equal(convolve(X.tolist(), KERNEL.tolist()), EXPECTED)


@pytest.mark.parametrize(
    "x",
    [
        X[::-1, ::-1].copy()[::-1, ::-1],
        np.asfortranarray(X),
        np.repeat(np.repeat(X, 2, axis=0), 3, axis=1)[::2, ::3],
        X.astype(">i4"),
        X.astype(">f8"),
    ],
    ids=["negative strides", "Fortran order", "gaps", "big-endian", "big-endian floats"],
)
def test_how_the_numbers_lie_in_memory_does_not_matter(x):
    np.testing.assert_array_equal(conv2d(x, KERNEL), EXPECTED)
    np.testing.assert_array_equal(conv2d(X, KERNEL[::-1, ::-1].copy()[::-1, ::-1]), EXPECTED)


@pytest.mark.parametrize("size", [1, 3, 21])
@pytest.mark.parametrize("padding", [0, "same"])
def test_arguments_are_not_modified(size, padding):
    x, weight = np.ones((32, 32)), np.random.default_rng(0).normal(size=(size, size))
    before = x.copy(), weight.copy()
    x.flags.writeable = weight.flags.writeable = False
    conv2d(x, weight, padding=padding)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(weight, before[1])


@both
@pytest.mark.parametrize("shape", [(5, 6), (1, 5, 6), (1, 1, 5, 6)])
def test_the_result_is_a_new_contiguous_array_that_may_be_changed(convolve, shape):
    x = X.astype(float).reshape(shape)
    result = convolve(x, [[1.0]] if x.ndim == 2 else [[[[1.0]]]])
    assert result.flags.c_contiguous
    assert result.flags.writeable
    assert not np.shares_memory(result, x)


@both
@pytest.mark.parametrize(
    ("x", "weight", "expected"),
    [
        ((5, 6), (3, 3), (3, 4)),
        ((5, 6), (1, 3, 3), (1, 3, 4)),
        ((5, 6), (7, 3, 3), (7, 3, 4)),
        ((2, 5, 6), (7, 2, 3, 3), (7, 3, 4)),
        ((4, 2, 5, 6), (7, 2, 3, 3), (4, 7, 3, 4)),
    ],
)
def test_the_result_has_the_axes_that_were_given(convolve, x, weight, expected):
    assert convolve(np.ones(x), np.ones(weight)).shape == expected


@both
@pytest.mark.parametrize("bias", [2, [2], np.float32(2), np.array(2)])
def test_one_bias_serves_all_filters(convolve, bias):
    kernels = np.stack([KERNEL, -KERNEL])
    np.testing.assert_array_equal(convolve(X, kernels, bias), convolve(X, kernels) + 2)


def test_a_weight_beyond_float32_is_infinite_and_nothing_is_said():
    assert conv2d(np.ones((1, 1), np.float32), [[1e300]]).item() == np.inf


REFUSED = {
    "x has one axis": (
        {"x": np.ones(5)},
        r"x must be \(H, W\), \(C, H, W\) or \(N, C, H, W\), got shape \(5,\)",
    ),
    "x has five axes": ({"x": np.ones((1, 1, 1, 5, 5))}, r"got shape \(1, 1, 1, 5, 5\)"),
    "kernel has one axis": (
        {"weight": np.ones(3)},
        r"x of shape \(5, 6\) needs a weight of shape \(kH, kW\) or \(F, kH, kW\), got \(3,\)",
    ),
    "plane with filters": ({"weight": np.ones((1, 1, 3, 3))}, r"got \(1, 1, 3, 3\)"),
    "channels with a kernel": (
        {"x": np.ones((2, 5, 6))},
        r"x of shape \(2, 5, 6\) needs a weight of shape \(F, C / groups, kH, kW\), got \(3, 3\)",
    ),
    "channels do not match": (
        {"x": np.ones((3, 5, 6)), "weight": np.ones((4, 2, 3, 3))},
        r"x has 3 channels, so each filter needs 3; weight of shape \(4, 2, 3, 3\) has 2",
    ),
    "one channel does not match": (
        {"x": np.ones((1, 5, 6)), "weight": np.ones((4, 2, 3, 3))},
        r"x has 1 channel, so each filter needs 1; weight of shape \(4, 2, 3, 3\) has 2",
    ),
    "groups do not divide one channel": (
        {"x": np.ones((1, 5, 6)), "weight": np.ones((1, 1, 3, 3)), "groups": 2},
        "got 2 groups for 1 channel and 1 filter",
    ),
    "channels of groups do not match": (
        {"x": np.ones((4, 5, 6)), "weight": np.ones((4, 4, 3, 3)), "groups": 2},
        r"x has 4 channels in 2 groups, so each filter needs 2; .* \(4, 4, 3, 3\) has 4",
    ),
    "groups do not divide": (
        {"x": np.ones((3, 5, 6)), "weight": np.ones((4, 1, 3, 3)), "groups": 2},
        "groups must divide the channels and the filters, got 2 groups for 3 channels and 4 fil",
    ),
    "bias of the wrong length": (
        {"weight": np.ones((2, 3, 3)), "bias": [1, 2, 3]},
        r"bias must be one number or 2, one for each filter, got shape \(3,\)",
    ),
    "bias of many for one filter": (
        {"bias": [1, 2, 3]},
        r"bias must be one number, got shape \(3,\)",
    ),
    "a masked cell of x": (
        {"x": np.ma.masked_equal(np.arange(30.0).reshape(5, 6), 7)},
        r"x has 1 masked cell: fill it first, for instance by x\.filled\(0\)",
    ),
    "masked weights": (
        {"weight": np.ma.masked_less(np.arange(-4, 5).reshape(3, 3), 0)},
        "weight has 4 masked cells: fill them first",
    ),
    "a masked bias": ({"bias": np.ma.masked}, "bias has 1 masked cell"),
    "nothing in x": ({"x": np.ones((0, 5))}, r"x holds no numbers: its shape is \(0, 5\)"),
    "nothing in weight": ({"weight": np.ones((3, 0))}, r"weight holds no numbers: .* \(3, 0\)"),
    "rows of different lengths": (
        {"x": [[1, 2], [3]]},
        "x must be an array, got rows of different lengths",
    ),
    "kernel too high": (
        {"weight": np.ones((6, 3))},
        r"In height: a kernel of 6 spans 6 cells, and there are 5 \+ 0 \+ 0 = 5. "
        "A kernel of at most 5 would fit, or 1 more of padding",
    ),
    "kernel too wide when spread": (
        {"dilation": (1, 3)},
        "In width: a kernel of 3 with dilation 3 spans 7 cells, and there are 6",
    ),
    "stride 0": ({"stride": 0}, "stride must be at least 1, got 0"),
    "stride below 0": ({"stride": (1, -2)}, "stride must be at least 1, got -2"),
    "three strides": ({"stride": (1, 1, 1)}, r"one number or two, got 3: \(1, 1, 1\)"),
    "dilation 0": ({"dilation": 0}, "dilation must be at least 1, got 0"),
    "groups 0": ({"groups": 0}, "groups must be at least 1, got 0"),
    "padding below 0": ({"padding": -1}, "padding must be at least 0, got -1"),
    "padding of another name": ({"padding": "full"}, 'padding must be .*, got "full"'),
    "padding mode of another name": (
        {"padding_mode": "symmetric"},
        "padding_mode must be one of zeros, reflect, replicate, circular, got 'symmetric'",
    ),
    "reflect too far": (
        {"padding": (5, 0), "padding_mode": "reflect"},
        "In height: reflect padding of 5 needs 6 cells to take from, and there are 5. "
        "Padding of at most 4 would fit",
    ),
    "circular too far": (
        {"padding": ((0, 0), (0, 7)), "padding_mode": "circular"},
        "In width: circular padding of 7 needs 7 cells to take from, and there are 6. "
        "Padding of at most 6 would fit",
    ),
}
MISTAKEN = {
    "complex x": ({"x": np.ones((5, 5), complex)}, "x must hold real numbers, .* complex128"),
    "complex weight": ({"weight": np.ones((3, 3), complex)}, "weight must hold real .* complex128"),
    "complex bias": ({"bias": 1j}, "bias must hold real numbers, got an array of complex128"),
    "text": ({"x": [["a", "b"]]}, "x must hold real numbers, got an array of <U1"),
    "objects": ({"x": [[None, 1]]}, "x must hold real numbers, got an array of object"),
    "a number too large for an array": ({"x": 10**30}, "x must hold .* an array of object"),
    "nothing at all": ({"x": None}, "x must hold real numbers, got NoneType"),
    "a kernel instead of its weights": (
        {"weight": KERNELS["sobel_x"]},
        "weight must hold real numbers, got Kernel",
    ),
    "dates": ({"x": np.zeros((5, 5), "M8[s]")}, "x must hold real numbers, .* datetime64"),
    "half a stride": ({"stride": 1.5}, "stride must be a whole number, got 1.5"),
    "stride in words": ({"stride": "2"}, "stride must be a whole number, got '2'"),
    "true as a stride": ({"stride": True}, "stride must be a whole number, got True"),
    "half a dilation": ({"dilation": (1, 0.5)}, "dilation must be a whole number, got 0.5"),
    "half a group": ({"groups": 1.0}, "groups must be a whole number, got 1.0"),
    "half a padding": ({"padding": 0.5}, "padding must be a whole number, got 0.5"),
    "no padding": ({"padding": None}, "padding must be a whole number, got None"),
}


@both
@pytest.mark.parametrize(("arguments", "words"), REFUSED.values(), ids=REFUSED)
def test_shapes_that_do_not_fit_are_refused_with_their_numbers(convolve, arguments, words):
    with pytest.raises(ValueError, match=words):
        convolve(**({"x": X, "weight": KERNEL} | arguments))


@both
def test_a_masked_array_that_hides_nothing_is_an_array(convolve):
    assert (convolve(np.ma.masked_less(X, X.min()), KERNEL) == convolve(X, KERNEL)).all()


@both
@pytest.mark.parametrize(("arguments", "words"), MISTAKEN.values(), ids=MISTAKEN)
def test_arguments_that_are_not_numbers_are_refused_by_name(convolve, arguments, words):
    with pytest.raises(TypeError, match=words):
        convolve(**({"x": X, "weight": KERNEL} | arguments))


@pytest.mark.parametrize(("padding", "mode"), [(4, "reflect"), (5, "circular")])
def test_the_padding_that_the_error_says_would_fit_does_fit(padding, mode):
    assert conv2d(X, KERNEL, padding=(padding, 0), padding_mode=mode).shape == (3 + 2 * padding, 4)
