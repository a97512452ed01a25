import math
import re
from functools import cache

import numpy as np
import pytest

from cnnviz.images.loading import fit, grey, planes
from cnnviz.images.samples import sample_picture
from tests.ui.apptest import figures, lab, maps, sentences, stages, value
from tests.ui.plain import plain

SOBEL_X = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
RNG = np.random.default_rng(0)
PHOTO = RNG.integers(0, 256, (23, 31, 3), np.uint8)


def text(matrix):
    return "\n".join(" ".join(str(number) for number in row) for row in matrix)


def own(rows, columns):
    return RNG.integers(-9, 10, (rows, columns)).tolist()


def case(matrix=SOBEL_X, **settings):
    """Return a kernel's matrix, and settings that contain the kernel as text."""
    return matrix, {"kernels": ("own",), "own": text(matrix), **settings}


CASES = {
    "as it opens": case(),
    "valid, stride 2": case(padding="valid", stride=2),
    "same, stride 3, even kernel": case(own(4, 2), stride=3),
    "full, reflected": case(padding="full", mode="reflect"),
    "five all around, circular": case(padding="number", pad=5, mode="circular"),
    "sides differ, replicated": case(
        padding="sides", pad_top=0, pad_bottom=3, pad_left=2, pad_right=7, mode="replicate"
    ),
    "strides and dilations differ": case(
        own(3, 2), separate=True, stride=2, stride_across=3, dilation=3, dilation_across=2
    ),
    "flipped, biased": case(own(3, 3), flip=True, bias=-37),
    "a row": case(own(1, 7)),
    "a column": case(own(7, 1), padding="valid"),
    "one cell": case([[-3]], activation="none"),
    "fifteen by fifteen": case(own(15, 15), activation="none"),
    "values to 1": case(values="1", bias_1=-0.25),
    "in colour": case(colour="colour"),
    "in colour, values to 1": case(colour="colour", values="1", stride=2, bias_1=0.5),
    "leaky": case(activation="leaky_relu", **{"leaky_relu.negative_slope": 0.25}),
    "prelu": case(activation="prelu", **{"prelu.weight": -0.5}),
    "elu": case(activation="elu", values="1", **{"elu.alpha": 2.5}),
    **{
        name: case(activation=name, values="1")
        for name in ("selu", "sigmoid", "tanh", "gelu", "silu", "softplus", "relu6")
    },
    "no pooling": case(pooling="none"),
    "three by three, stride 1": case(window=3, pool_stride=1),
    "average with padding": case(pooling="average", window=4, pool_stride=3, pool_padding=2),
    "average of the picture only": case(
        pooling="average", window=4, pool_stride=3, pool_padding=2, include_pad=False
    ),
    "a last window over the edge": case(window=3, pool_stride=4, ceil=True),
    "a last window over the edge, averaged": case(
        pooling="average", window=5, pool_stride=3, pool_padding=1, ceil=True
    ),
    "a last window dropped": case(window=2, pool_stride=5, pool_padding=1, ceil=True),
    "pooling skips cells": case(window=1, pool_stride=4),
}
every_case = pytest.mark.parametrize("name", CASES)


def picture(settings):
    """Return the photo as the page processes it."""
    pixels = planes(PHOTO) if settings.get("colour") == "colour" else grey(PHOTO)
    return pixels / 255 if settings.get("values") == "1" else pixels


@cache
def shown(name):
    """Run the Lab on the photo; return the oracle's maps, the maps on the screen, and the page."""
    matrix, settings = CASES[name]
    at = lab(settings, photo=PHOTO)
    assert not at.error
    return plain(picture(settings), matrix, settings), maps(at), at


def is_written(said, value):
    """Whether a written number stands for a value: to three decimals, or three digits below 0.1."""
    last = 5e-4 if abs(value) >= 0.1 else 5e-3 * abs(value)
    return abs(said - value) <= max(last, 5e-4 * abs(value)) + 1e-12


@every_case
def test_the_figures_below_each_map_are_true(name):
    expected, panes, _ = shown(name)
    whole = [picture(CASES[name][1]), *expected[:3]]
    for values, pane in zip(whole, panes, strict=True):
        shape, low, high, mean, zeros = figures(pane)
        assert shape == values.shape
        assert is_written(low, values.min())
        assert is_written(high, values.max())
        assert mean == pytest.approx(values.mean(), rel=5e-3, abs=1e-3 * np.abs(values).max())
        assert abs(zeros - 100 * np.mean(values == 0)) <= 1


@every_case
def test_the_colour_of_each_cell_is_its_value_between_the_ends_of_the_legend(name):
    expected, panes, _ = shown(name)
    for values, pane in zip(expected[:3], panes[1:], strict=True):
        limit = value(pane.header["legend"][2].removeprefix("≥ "))
        drawn = pane.plane.astype(float) / 254 * limit
        if not pane.header["grey"]:
            drawn = (pane.plane.astype(float) - 127) / 127 * limit
        # half a level of 127, and the legend's four digits
        np.testing.assert_allclose(drawn, values.clip(-limit, limit), atol=limit / 250)


@every_case
def test_the_legend_says_where_the_colours_end(name):
    expected, panes, _ = shown(name)
    for values, pane in zip(expected[:3], panes[1:], strict=True):
        least, zero, most = pane.header["legend"]
        limit = value(most.removeprefix("≥ "))
        negative = not pane.header["grey"]
        assert value(least.removeprefix("≤ ")) == (-limit if negative else 0)
        assert zero == ("0" if negative else "")
        assert most.startswith("≥ ") == (values.max() > limit * 1.001)
        assert least.startswith("≤ ") == (values.min() < -limit * 1.001)


@every_case
def test_each_cell_lies_in_the_middle_of_what_it_sees(name):
    expected, panes, _ = shown(name)
    for axis in (0, 1):
        side = expected.convolution[axis]
        middle, step = side.span / 2 - side.before, side.stride
        places = [(0.5, 1), (middle, step), (middle, step)]
        if expected.pooling:
            pool = expected.pooling[axis]
            middle += (pool.span / 2 - pool.before - 0.5) * step
            step *= pool.stride
        for (centre, size), pane in zip([*places, (middle, step)], panes, strict=True):
            start, height = pane.header["place"][axis], pane.header["place"][2 + axis]
            assert (start + height / 2, height) == (centre, size)


def worked_out(formula):
    """Compute "⌊(256 + 1 + 1 − 1·(3 − 1) − 1) ÷ 2⌋ + 1 = **128**"; return both sides."""
    left, right = formula.split(" = ")
    for sign, code in zip("⌊⌈⌋⌉÷·−", ("floor(", "ceil(", ")", ")", "/", "*", "-"), strict=True):
        left = left.replace(sign, code)
    left = left.replace("(it would lie in the padding)", "")
    return eval(left, {"floor": math.floor, "ceil": math.ceil}), int(right.strip("*"))


@every_case
def test_the_formula_with_todays_numbers_works_out_to_the_sizes_of_the_maps(name):
    expected, _, at = shown(name)
    (line,) = [sentence for sentence in sentences(at) if "Output size" in sentence]
    formulas = re.findall(r"[⌊⌈].+?\*\*\d+\*\*", line)
    for formula in formulas:
        left, right = worked_out(formula)
        assert left == right
    sizes = [set(array.shape) for array in (expected.features, expected.pooled)]
    assert {worked_out(formula)[1] for formula in formulas} == set.union(*sizes)


@every_case
def test_unread_rows_are_reported_with_their_number(name):
    expected, _, at = shown(name)
    told = {"picture": [0, 0], "feature map": [0, 0]}
    for sentence in sentences(at):
        if match := re.search(r"never reads (.+) of the (picture|feature map)", sentence):
            for axis, word in enumerate(("row", "column")):
                if count := re.search(rf"(\d+) {word}", match[1]):
                    told[match[2]][axis] += int(count[1])
    sizes = PHOTO.shape[:2]
    assert told["picture"] == [
        unread(*one) for one in zip(sizes, expected.convolution, strict=True)
    ]
    if expected.pooling and not CASES[name][1].get("ceil"):
        sizes = expected.activated.shape
        pooling = [unread(*one) for one in zip(sizes, expected.pooling, strict=True)]
        assert told["feature map"] == pooling


def unread(size, side):
    """Count the cells of one axis that no window reads."""
    read = {
        start * side.stride - side.before + cell
        for start in range(side.count)
        for cell in range(0, side.span, side.dilation)
    }
    return len(set(range(size)) - read)


def test_the_first_screen_shows_the_astronaut_with_its_edges():
    at = lab()
    expected = plain(grey(fit(sample_picture("astronaut").pixels, 256)), SOBEL_X, {})
    assert [pane.header["stage"] for pane in maps(at)] == [0, 1, 2, 3]
    for values, pane in zip(expected[:3], maps(at)[1:], strict=True):
        assert figures(pane)[1:3] == (values.min(), values.max())


@pytest.mark.parametrize("colour", ["grey", "colour"])
def test_a_zero_on_the_scale_to_255_is_a_zero_on_the_scale_to_1(colour):
    settings = {"picture": "ramp", "kernels": ("sobel_y", "scharr_y"), "colour": colour}
    shares = [
        [figures(pane)[4] for pane in maps(lab(settings | {"values": values}))[1:]]
        for values in ("255", "1")
    ]
    assert shares[0] == shares[1]
    assert min(shares[0][:2]) > 80  # all but the first and the last row


def test_maps_on_one_scale_have_the_same_ends_and_maps_on_their_own_have_not():
    def ends(scale):
        return {pane.header["legend"][2].strip("≥ ") for pane in maps(lab({"scale": scale}))[1:]}

    assert len(ends("auto")) == len(ends("all")) == 1
    assert len(ends("each")) == 3


def test_maps_are_grey_where_their_scale_has_nothing_below_0_and_signed_elsewhere():
    def greys(**settings):
        return [pane.header["grey"] for pane in maps(lab(settings))]

    assert greys(kernels=("gaussian",)) == [True] * 4
    assert greys(kernels=("sobel_x",)) == [True, False, False, False]  # ReLU has that scale too
    assert greys(kernels=("sobel_x",), scale="each") == [True, False, True, True]
    both = greys(kernels=("sobel_x", "gaussian"), several=True)
    assert both == [True, *[False] * 3, *[True] * 3]


def test_the_full_range_ends_at_the_largest_value():
    pane = maps(lab({"full": True}))[1]
    _, low, high, _, _ = figures(pane)
    assert value(pane.header["legend"][2]) == max(-low, high)


def test_the_channels_add_up_to_the_map():
    settings = {"colour": "colour", "channels": True, "full": True, "scale": "all"}
    picture_panes, sums, *_ = stages(lab(settings, photo=PHOTO))
    assert [pane.header["title"] for pane in picture_panes[1:]] == ["Red", "Green", "Blue"]
    for channel, pane in enumerate(picture_panes[1:]):
        np.testing.assert_array_equal(pane.plane, PHOTO[..., channel])
    limit = value(sums[0].header["legend"][2])
    whole, *parts = ((pane.plane.astype(float) - 127) / 127 * limit for pane in sums)
    np.testing.assert_allclose(sum(parts), whole, atol=2.1 * limit / 127)


def test_each_of_several_kernels_is_described():
    at = lab({"kernels": ("sobel_x", "box", "own")})
    (said,) = [text for text in sentences(at) if "What to look for" in text]
    assert "**Sobel x** responds to vertical edges; **Box** replaces a pixel by" in said
    assert "does what your numbers say. ReLU keeps" in said


def test_a_link_with_several_kernels_turns_their_switch_on():
    assert lab({"kernels": ("sobel_x", "sobel_y")}).toggle(key="lab.several").value
    assert not lab({"kernels": ("sobel_x",)}).toggle(key="lab.several").value
