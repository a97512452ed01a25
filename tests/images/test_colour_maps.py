"""Limits, indices, tables and palette files."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cnnviz.images.colour_maps import (
    COLOUR_MAPS,
    DIVERGING,
    DIVERGING_DARK,
    GREY,
    INVALID,
    KERNEL,
    KERNEL_DARK,
    THEMES,
    VIRIDIS,
    png,
    symmetric_limits,
    to_index,
)

ALL = pytest.mark.parametrize("table", COLOUR_MAPS.values(), ids=COLOUR_MAPS)
NUMBERS = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20)


def colour(table, index):
    return "#" + bytes(table[index]).hex()


def lightness(table):
    """Return CIE L* of the 255 colours."""
    srgb = table[:INVALID] / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    return np.where(luminance > 0.008856, 116 * np.cbrt(luminance) - 16, 903.3 * luminance)


# Limits


def test_the_full_range_ends_at_the_largest_absolute_value():
    assert symmetric_limits([[-7, 2], [3, 5]], percentile=100) == 7


def test_the_robust_limit_leaves_one_wild_value_in_a_thousand_outside():
    x = np.append(np.linspace(-1, 1, 999), 1e6)
    assert symmetric_limits(x) == pytest.approx(1, abs=0.01)
    assert symmetric_limits(x, percentile=100) == 1e6


@given(NUMBERS, st.floats(1, 100))
def test_the_asked_share_lies_within_the_limit(x, percentile):
    within = np.abs(x) <= symmetric_limits(x, percentile)
    assert within.mean() >= percentile / 100 - 1e-12


def test_the_limit_is_one_of_the_values_as_numpy_finds_it():
    x = np.random.default_rng(0).standard_normal(10_001)
    expected = np.percentile(abs(x), 99.5, method="inverted_cdf")
    assert symmetric_limits(x) == expected


@pytest.mark.parametrize("x", [[0.0, -0.0], [np.nan], [np.inf, -np.inf], [1e-320]])
def test_a_map_without_a_number_to_go_by_gets_1(x):
    assert symmetric_limits(x) == 1


def test_a_map_that_is_almost_all_zero_still_shows_what_is_not():
    x = np.zeros(1000)
    x[7] = -3
    assert symmetric_limits(x) == 3


@pytest.mark.parametrize("percentile", [0, 50, 99.5, 100])
@pytest.mark.parametrize(
    "x",
    [
        np.random.default_rng(0).normal(size=(80, 90)),
        np.maximum(np.random.default_rng(1).normal(size=(80, 90)), 0),
        np.random.default_rng(2).integers(0, 9, (80, 90)),
        np.minimum(np.arange(7200.0), 6000),
        np.arange(7200) % 7 == 0,
        np.arange(7200.0) % 1024,
        np.full(7200, 3.0),
        np.arange(7200.0) > 7160,
    ],
    ids=["normal", "relu", "few", "cut", "two", "teeth", "one", "rare"],
)
def test_the_limit_of_many_numbers_is_the_number_of_that_rank(x, percentile):
    ranked = np.sort(np.abs(x.astype(float)), axis=None)
    wanted = ranked[max(int(np.ceil(percentile / 100 * ranked.size)) - 1, 0)]
    assert symmetric_limits(x.astype(float), percentile) == (wanted or ranked[-1])


@pytest.mark.parametrize("side", [128, 192, 256, 512])
def test_a_bright_border_does_not_make_the_limit_sort_every_number(side, monkeypatch):
    x = np.random.default_rng(3).normal(size=(side, side))
    x[:, [0, -1]] += 9  # as zeros around a picture do: a column that even steps often hit
    wanted = np.sort(abs(x), axis=None)[int(np.ceil(0.995 * x.size)) - 1]
    sizes, sort = [], np.sort
    monkeypatch.setattr(np, "sort", lambda some: (sizes.append(some.size), sort(some))[1])
    assert symmetric_limits(x) == wanted
    assert max(sizes) < 0.15 * x.size


def test_nan_and_infinities_do_not_move_the_limit():
    assert symmetric_limits([np.nan, np.inf, -np.inf, 2.0, -4.0]) == 4


def test_the_limit_of_bytes_does_not_wrap_around():
    assert symmetric_limits(np.array([-128, 5], np.int8), percentile=100) == 128


@pytest.mark.parametrize("percentile", [-1, 101])
def test_a_percentile_beyond_its_range_is_refused(percentile):
    with pytest.raises(ValueError, match=f"percentile must be from 0 to 100, got {percentile}"):
        symmetric_limits([1.0], percentile)


# From numbers to indices


@given(st.floats(1e-290, 1e308), st.sampled_from([np.float32, np.float64]))
def test_0_has_the_middle_index_on_every_symmetric_scale(limit, dtype):
    assert to_index(np.zeros(3, dtype), -limit, limit).tolist() == [127] * 3


@given(st.floats(1e-290, 1e308))
def test_the_ends_have_the_outer_indices(limit):
    x = [-np.inf, -limit, limit, np.inf]
    assert to_index(x, -limit, limit).tolist() == [0, 0, 254, 254]


@given(NUMBERS, st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_larger_numbers_never_have_smaller_indices(x, low, width):
    assert (np.diff(to_index(np.sort(x), low, low + width).astype(int)) >= 0).all()


def test_each_index_is_the_nearest_level():
    x = np.random.default_rng(0).uniform(-3, 5, 10_000)
    levels = np.linspace(-3, 5, 255)
    nearest = abs(x[:, None] - levels).argmin(axis=1)
    np.testing.assert_array_equal(to_index(x, -3, 5), nearest)


def test_nan_has_an_index_of_its_own_and_needs_no_warning():
    with np.errstate(all="raise"):
        index = to_index(np.array([[np.nan, 1e308, -1e308, 1e-320]]), -1e-9, 1e-9)
    assert index.tolist() == [[INVALID, 254, 0, 127]]


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, bool, np.float16, np.float32])
def test_every_type_of_number_has_indices(dtype):
    assert to_index(np.array([0, 1], dtype), 0, 1).tolist() == [0, 254]


def test_the_input_is_left_alone():
    x = np.array([0.25, 9.0])
    to_index(x, 0, 1)
    assert x.tolist() == [0.25, 9]


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (0, 1e-320)])
def test_a_scale_that_does_not_run_upwards_is_refused(low, high):
    with pytest.raises(ValueError, match=rf"low is {float(low)} and high is {float(high)}"):
        to_index([0.0], low, high)


# Tables


@ALL
def test_a_table_has_256_colours_and_cannot_be_written_to(table):
    assert (table.shape, table.dtype) == ((256, 3), np.uint8)
    assert not table.flags.writeable


@pytest.mark.parametrize(
    ("table", "colours"),
    [
        (GREY, ["#000000", "#808080", "#ffffff"]),
        (DIVERGING, ["#2166ac", "#f7f7f7", "#b2182b"]),
        (DIVERGING_DARK, ["#6eb4ff", "#1c1f24", "#ff826e"]),
        (KERNEL, ["#8c510a", "#f5f5f5", "#01665e"]),
        (VIRIDIS, ["#440154", "#21918c", "#fde725"]),
    ],
)
def test_the_ends_and_the_middle_have_exactly_their_colours(table, colours):
    assert [colour(table, index) for index in (0, 127, 254)] == colours


@pytest.mark.parametrize("table", [GREY, VIRIDIS])
def test_unsigned_tables_get_lighter_all_the_way(table):
    assert (np.diff(lightness(table)) > -0.1).all()  # apart from rounding to bytes


@pytest.mark.parametrize(
    ("table", "towards_the_ends"),
    [(DIVERGING, -1), (KERNEL, -1), (DIVERGING_DARK, 1), (KERNEL_DARK, 1)],
)
def test_signed_tables_change_lightness_from_the_middle_out(table, towards_the_ends):
    change = towards_the_ends * np.diff(lightness(table))
    assert (change[127:] > -0.2).all()
    assert (change[:127] < 0.2).all()


@ALL
def test_neighbouring_colours_are_close(table):
    assert abs(np.diff(table[:INVALID].astype(int), axis=0)).max() <= 8


@ALL
def test_the_colour_of_nan_is_far_from_all_others(table):
    distance = abs(table[:INVALID].astype(int) - table[INVALID].astype(int)).sum(axis=1)
    assert distance.min() > 100


# Files


@ALL
def test_a_png_holds_the_indices_and_draws_the_colours(table):
    index = np.arange(256, dtype=np.uint8).reshape(8, 32)
    image = Image.open(io.BytesIO(png(index, table)))
    assert (image.mode, image.size) == ("P", (32, 8))
    np.testing.assert_array_equal(np.asarray(image), index)
    np.testing.assert_array_equal(np.asarray(image.convert("RGB")), table[index])


def test_a_png_of_a_view_is_that_of_its_copy():
    index = np.arange(64, dtype=np.uint8).reshape(8, 8)
    assert png(index[::2, ::2].T, GREY) == png(index[::2, ::2].T.copy(), GREY)


@pytest.mark.parametrize("name", ["diverging", "kernel"])
def test_zero_is_nearest_to_the_page_on_both_themes(name):
    light, dark = (lightness(COLOUR_MAPS[THEMES[name][theme]]) for theme in ("light", "dark"))
    assert light.argmax() == pytest.approx(127, abs=2)
    assert dark.argmin() == 127


def test_a_zero_weight_looks_like_a_zero_of_a_map_and_a_weight_like_no_value():
    middle, ends = 127, [0, 254]
    assert (KERNEL_DARK[middle] == DIVERGING_DARK[middle]).all()
    assert np.abs(KERNEL[middle].astype(int) - DIVERGING[middle]).max() <= 2
    for of_weights, of_maps in ((KERNEL, DIVERGING), (KERNEL_DARK, DIVERGING_DARK)):
        assert (np.abs(of_weights[ends].astype(int) - of_maps[ends]).max(axis=1) > 40).all()
