"""The fast ways to convolve: each gives the right result, and the choice between them is sound."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
import scipy.signal
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnviz import conv2d, conv2d_definition
from cnnviz.functional.arguments import convolution_request
from cnnviz.functional.engines import fourier, passes, products
from cnnviz.functional.engines.choice import choose
from cnnviz.functional.engines.workers import run
from tests.strategies import convolutions

random = np.random.default_rng(0)


def passes_jobs(request, out):
    """Split the kernels, which must be separable."""
    return passes.jobs(request, out, passes.split_all(request.weight[:, 0]))


METHODS = {
    "products": products.jobs,
    "dense products": partial(products.jobs, dense=True),
    "fourier": partial(fourier.jobs, whole=False),
    "passes": passes_jobs,
}
EXACT = METHODS | {"fourier": partial(fourier.jobs, whole=True)}
each_method = pytest.mark.parametrize("jobs", METHODS.values(), ids=METHODS)


def ask(x, weight, stride=1, padding=0, dilation=1, groups=1, padding_mode="zeros"):
    return convolution_request(x, weight, None, stride, padding, dilation, groups, padding_mode)


def compute(jobs, request):
    out = np.full(request.shape, np.nan, request.x.dtype)
    run(jobs(request, out))
    return out


@pytest.mark.parametrize("jobs", EXACT.values(), ids=EXACT)
@given(data=st.data())
def test_each_method_is_exact_for_whole_numbers(jobs, data):
    (x, weight, _), options = data.draw(convolutions(depth=1 if jobs is passes_jobs else None))
    if jobs is passes_jobs:
        weight = weight[..., :1] * weight[..., :1, :]
    result = compute(jobs, ask(x, weight, **options))
    np.testing.assert_array_equal(result, conv2d_definition(x, weight, **options))


@each_method
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@given(data=st.data())
def test_each_method_rounds_little(jobs, dtype, data):
    depth = 1 if jobs is passes_jobs else None
    (x, weight, _), options = data.draw(convolutions(whole=False, depth=depth, dtype="float64"))
    if jobs is passes_jobs:
        weight = weight[..., :1] * weight[..., :1, :]
    x, weight = x.astype(dtype).astype(float), weight.astype(dtype).astype(float)
    result = compute(jobs, ask(x.astype(dtype), weight.astype(dtype), **options))
    error = np.abs(result - conv2d_definition(x, weight, **options)).max()
    assert error <= 20 * np.finfo(dtype).eps * np.abs(x).max() * np.abs(weight).sum((1, 2, 3)).max()


@each_method
@pytest.mark.parametrize("shape", [(300, 1100), (1, 2000), (700, 1), (129, 257)])
@pytest.mark.parametrize("size", [3, 11])
def test_tiles_meet_without_a_seam(jobs, shape, size):
    x = random.integers(0, 256, shape)
    kernel = np.outer(np.arange(size) - 1, np.arange(size) % 3 - 2)
    result = compute(jobs, ask(x, kernel, padding="same"))[0, 0]
    np.testing.assert_array_equal(np.rint(result), scipy.signal.correlate2d(x, kernel, "same"))


@pytest.mark.parametrize(("dtype", "bound"), [("float32", 1e-6), ("float64", 1e-15)])
def test_a_large_kernel_is_as_exact_as_its_number_type(dtype, bound):
    x = random.normal(size=(270, 280)).astype(dtype)
    weight = random.normal(size=(31, 31)).astype(dtype)
    assert choose(ask(x, weight))[0].func is fourier.jobs
    exact = scipy.signal.correlate2d(x.astype(float), weight.astype(float), "valid")
    error = np.abs(conv2d(x, weight) - exact).max()
    assert error <= bound * np.abs(x).max() * np.abs(weight).sum()


WIDE = st.floats(-12, 0)  # a picture's parts may differ by this many powers of ten


@st.composite
def patchworks(draw, sides, kernels):
    """Draw a kernel and a picture of patches that differ by powers of ten or are all 0."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size, kernel = draw(st.tuples(sides, sides)), draw(st.tuples(kernels, kernels))
    x = random.normal(size=size) if draw(st.booleans()) else np.full(size, 0.7)
    for _ in range(draw(st.integers(1, 4))):
        top, left = random.integers(0, size)
        height, width = random.integers(1, np.add(size, 1))
        scale = draw(st.one_of(st.just(0), WIDE.map(lambda power: 10**power)))
        x[top : top + height, left : left + width] *= scale
    for _ in range(draw(st.integers(0, 3))):  # dots
        x[tuple(random.integers(0, size))] = 10 ** draw(WIDE)
    weight = random.normal(size=kernel) + draw(st.sampled_from([0, 3]))
    if draw(st.booleans()):
        weight *= random.random(kernel) < draw(st.floats(0.05, 1))
    if draw(st.booleans()):
        weight *= 10 ** random.uniform(-6, 0, kernel)
    if draw(st.booleans()):
        weight = np.outer(weight[:, 0], weight[0])
    return x, weight


def assert_as_exact_as_promised(result, x, weight, **options):
    """Compare with the sum of the products of each window, in double precision."""
    x, weight = x.astype(float), weight.astype(float)
    exact = conv2d_definition(x, weight, **options)
    most = conv2d_definition(np.abs(x), np.abs(weight), **options)
    promised = 1e-4 if result.dtype == np.float32 else 1e-9
    wrong = np.abs(result - exact) > promised * most + np.finfo(result.dtype).tiny
    assert not wrong.any(), f"{wrong.sum()} of {wrong.size} cells"


@each_method
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@given(patchworks(st.integers(9, 40), st.integers(1, 9)), st.integers(1, 2), st.integers(1, 2))
def test_each_method_keeps_what_is_dim_beside_what_is_bright(jobs, dtype, case, stride, dilation):
    x, weight = (array.astype(dtype) for array in case)
    options = {"stride": stride, "dilation": dilation, "padding": 4}
    request = ask(x, weight, **options)
    assume(jobs is not passes_jobs or passes.split_all(request.weight[:, 0]))
    assert_as_exact_as_promised(compute(jobs, request)[0, 0], x, weight, **options)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@settings(max_examples=8)
@given(patchworks(st.integers(150, 190), st.sampled_from([15, 31])))
def test_a_picture_of_wide_range_is_convolved_as_the_definition_says(dtype, case):
    x, weight = (array.astype(dtype) for array in case)
    options = {"stride": 3, "padding": 7}
    assert_as_exact_as_promised(conv2d(x, weight, **options), x, weight, **options)


@each_method
@pytest.mark.parametrize("scale", [1e-150, 1e-30, 1e30, 1e150])
def test_no_method_leaves_the_range_of_its_numbers_on_the_way(jobs, scale):
    x, weight = random.normal(size=(40, 40)) * scale, np.outer([1, 2.5, 1], [1, 2, 3]) * scale
    request = ask(x, weight)
    assert_as_exact_as_promised(compute(jobs, request)[0, 0], x, weight)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_windows_of_zeros_give_zeros_and_a_dim_part_keeps_its_digits(dtype):
    x = np.zeros((220, 230), dtype)
    x[80:120, 90:140] = random.normal(size=(40, 50))
    x[150:, 150:] = 1e-7 * random.normal(size=(70, 80))
    weight = random.normal(size=(31, 31)).astype(dtype)
    assert choose(ask(x, weight, padding=15))[0].func is fourier.jobs
    result = conv2d(x, weight, padding=15)
    reached = scipy.signal.correlate2d(x != 0, np.ones((31, 31), int), "same") > 0
    np.testing.assert_array_equal(result != 0, reached)
    exact = scipy.signal.correlate2d(x.astype(float), weight.astype(float), "same")
    scale = scipy.signal.correlate2d(np.abs(x).astype(float), np.abs(weight), "same")
    bound = {"float32": 1e-4, "float64": 1e-9}[dtype]
    assert (np.abs(result - exact) <= bound * scale).all()


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_a_picture_of_bytes_and_a_large_whole_kernel_give_whole_numbers(dtype):
    x = random.integers(0, 256, (270, 280)).astype(dtype)
    weight = random.integers(-3, 4, (31, 31))
    assert choose(ask(x, weight))[0].keywords == {"whole": True}
    expected = scipy.signal.correlate2d(x.astype(np.int64), weight, "valid")
    np.testing.assert_array_equal(conv2d(x, weight), expected)


def test_whole_numbers_too_large_for_the_transform_are_multiplied_out():
    x = random.integers(0, 2**30, (150, 150))
    weight = random.integers(-(2**10), 2**10, (31, 31))
    expected = scipy.signal.correlate2d(x, weight, "valid")
    np.testing.assert_array_equal(conv2d(x, weight), expected)


@pytest.mark.parametrize("where", [(0, 0), (40, 70), (149, 149)])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("size", [3, 31])
def test_nan_and_infinity_reach_only_the_windows_that_hold_them(where, value, size):
    x = random.integers(0, 256, (150, 150)).astype(float)
    kernel = np.outer(np.arange(1, size + 1), np.arange(size, 0, -1))
    before = conv2d(x, kernel, padding=1)
    x[where] = value
    after = conv2d(x, kernel, padding=1)
    marked = np.zeros((150, 150))
    marked[where] = 1
    reached = conv2d(marked, np.ones((size, size)), padding=1) > 0
    np.testing.assert_array_equal(after[~reached], before[~reached])
    np.testing.assert_array_equal(after[reached], np.full(reached.sum(), value))


@given(convolutions(), st.sampled_from([np.nan, np.inf, -np.inf]), st.integers(0, 2**16))
def test_numbers_that_are_not_finite_go_where_the_definition_puts_them(case, value, where):
    (x, weight, _), options = case
    x.flat[where % x.size] = value
    weight.flat[0] = 0  # infinity times 0 is NaN, which must not be skipped
    np.testing.assert_array_equal(
        conv2d(x, weight, **options), conv2d_definition(x, weight, **options)
    )


def test_a_weight_that_is_not_a_number_is_seen_everywhere():
    assert np.isnan(conv2d(np.ones((64, 64)), np.full((31, 31), np.nan))).all()


def test_sums_beyond_the_largest_number_are_infinite_without_a_warning():
    x = np.full((64, 64), 1e38, np.float32)
    assert (conv2d(x, np.ones((21, 21)), bias=-np.inf) != 0).all()
    assert (conv2d(x, np.ones((21, 21))) == np.inf).all()


@pytest.mark.parametrize(
    ("size", "kernel", "expected"),
    [
        (512, random.normal(size=(3, 3)), products),
        (512, random.normal(size=(7, 7)), products),
        (512, np.ones((31, 31)), passes),
        (1024, np.outer(np.hanning(17), np.hanning(17)), passes),
        (512, random.normal(size=(31, 31)), fourier),
        (16, random.normal(size=(3, 3)), products),
    ],
    ids=["3×3", "7×7", "box 31×31", "bell 17×17", "31×31", "tiny"],
)
def test_the_choice_is_what_was_measured_to_be_fast(size, kernel, expected):
    chosen, _ = choose(ask(np.ones((size, size), np.float32), kernel))
    assert getattr(chosen, "func", chosen) is expected.jobs


def test_a_picture_that_is_not_finite_is_never_transformed():
    x = np.ones((512, 512))
    x[7, 7] = np.inf
    chosen, _ = choose(ask(x, random.normal(size=(31, 31))))
    assert chosen.func is products.jobs
    assert chosen.keywords == {"dense": True}


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 99))
def test_a_separable_kernel_is_the_product_of_its_factors(height, width, seed):
    draw = np.random.default_rng(seed)
    kernel = np.outer(draw.normal(size=height), 10 ** draw.uniform(-9, 9, width))
    column, row = passes.split(kernel)
    np.testing.assert_allclose(np.outer(column, row), kernel, rtol=1e-14)


@given(st.lists(st.integers(-99, 99), min_size=1, max_size=9),
       st.lists(st.integers(-99, 99), min_size=1, max_size=9))  # fmt: skip
def test_a_product_of_whole_numbers_is_split_into_whole_numbers(column, row):
    factors = passes.split(np.outer(column, row).astype(float))
    for factor in factors:
        np.testing.assert_array_equal(np.rint(factor), factor)
    np.testing.assert_array_equal(np.outer(*factors), np.outer(column, row))


@pytest.mark.parametrize(
    "kernel",
    [
        random.normal(size=(5, 5)),
        [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
        np.outer([1, 2.5, 1], [1, 2.5, 1]) + np.outer([1, 0, -1.5], [1, 0, -1.5]),
        np.outer([1, 2.5, 1], [1, 2.5, 1]) * [[1, 1, 1], [1, 1, 1], [1, 1, 1 + 1e-12]],
        np.outer([1, 2.5, 1e-9], [1, 2.5, 1e-9]) * [[1, 1, 1], [1, 1, 1], [1, 1, 0]],
    ],
    ids=["full rank", "whole numbers of rank 2", "rank 2", "almost separable", "but for a 0"],
)  # fmt: skip
def test_other_kernels_are_not_split(kernel):
    assert passes.split(np.array(kernel, float)) is None


def test_many_threads_may_convolve_at_once():
    x = random.integers(0, 256, (16, 128, 128)).astype(float)
    kernels = [random.integers(-9, 10, (size, size)) for size in (3, 5, 11, 31)]
    cases = [(plane, kernel) for plane in x for kernel in kernels]
    alone = [conv2d(*case) for case in cases]
    with ThreadPoolExecutor(8) as sessions:
        together = list(sessions.map(lambda case: conv2d(*case), cases))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_child_can_convolve():
    script = """if True:
        import os, numpy as np, cnnviz
        convolve = lambda: cnnviz.conv2d(np.ones((900, 900)), np.ones((5, 5)) + np.eye(5)).sum()
        before = convolve()
        child = os.fork()
        if child == 0:
            os._exit(0 if convolve() == before else 1)
        assert os.waitpid(child, 0)[1] == 0
    """
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True, timeout=60)
