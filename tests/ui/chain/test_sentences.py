"""The sentences about a chain follow from its numbers."""

import pytest

from cnnviz.experiments.chain import Recipe, chain_geometry
from cnnviz.functional.axis import Axis
from cnnviz.kernels import KERNELS, Kernel, box
from cnnviz.ui.chain.sentences import unread_sentences, what_to_look_for
from cnnviz.ui.geometry.views import unread_sentence

HOLES = "with dilation {} and stride {} they always lie in the holes between the weights."
EDGE = "with stride {} the next window would run over the edge."


def said(size, kernel_size, stride, dilation, padding=0):
    recipe = Recipe(
        box(kernel_size),
        stride=(stride, stride),
        padding=(padding, padding),
        dilation=(dilation, dilation),
        activation="none",
        pooling="none",
    )
    return unread_sentences(chain_geometry((size, size), recipe))


def test_holes_between_the_weights_and_a_window_over_the_edge_are_told_apart():
    # 256 cells, taps 0, 2, 4, stride 2: 126 windows, from 0 to 252, read the even cells up to 254 +
    # 2 = 256 - 2; the odd ones are in the holes, and 255 is after the last tap.
    holes, edge = said(256, 3, 2, 2)
    assert (
        holes
        == f"The kernel never reads 127 rows and 127 columns of the picture: {HOLES.format(2, 2)}"
    )
    assert edge == f"The kernel never reads 1 row and 1 column of the picture: {EDGE.format(2)}"


def test_if_everything_fits_only_the_holes_are_named():
    # 33 cells, taps 0, 16, 32, stride 16: one window, 30 cells in its two holes, none beyond.
    assert said(33, 3, 16, 16) == [
        f"The kernel never reads 30 rows and 30 columns of the picture: {HOLES.format(16, 16)}"
    ]


def test_a_stride_longer_than_the_window_jumps_and_the_rest_is_beyond():
    # Windows 0–1 and 4–5 of eight cells: 2 and 3 are jumped over, 6 and 7 are after the last
    # window.
    assert said(8, 2, 4, 1) == [
        "The kernel never reads 2 rows and 2 columns of the picture: stride 4 jumps over them.",
        f"The kernel never reads 2 rows and 2 columns of the picture: {EDGE.format(4)}",
    ]


@pytest.mark.parametrize(
    ("weights", "dilation", "why"),
    [
        ([[1]], 1, "stride 2 jumps over it."),
        (
            [[1], [1]],
            2,
            HOLES.format("2 down and 1 across", 2).replace("they always lie", "it always lies"),
        ),
    ],
)
def test_a_single_row_is_it_and_not_they(weights, dilation, why):
    recipe = Recipe(
        Kernel("own", "own", weights),
        stride=(2, 2),
        padding="valid",
        dilation=(dilation, 1),
        activation="none",
        pooling="none",
    )
    said = unread_sentences(chain_geometry((3, 1), recipe))
    assert said == [f"The kernel never reads 1 row of the picture: {why}"]


@pytest.mark.parametrize(
    ("axis", "expected"),
    [
        (Axis(5, 3, 2, dilation=2), "With dilation 2 and stride 2 the holes between the weights "
         "always fall on 2 rows and columns (shaded)."),
        (Axis(5, 1, 4), "Stride 4 jumps over 3 rows and columns (shaded)."),
        (Axis(6, 3, 2), "Stride 2 does not fit: the floor drops the last row and column (shaded)."),
        (Axis(7, 3, 1, dilation=2), ""),
    ],
)  # fmt: skip
def test_the_grid_gives_the_same_reasons(axis, expected):
    assert unread_sentence(axis, "row and column") == expected


TURNED = "flipped: read left for right, up for down, and the opposite of every angle."


@pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS)
def test_a_flipped_kernel_has_its_directions_turned_round_unless_it_looks_the_same(kernel):
    same = kernel.matrix.tolist() == [row[::-1] for row in kernel.matrix.tolist()[::-1]]
    assert TURNED not in what_to_look_for([Recipe(kernel)])
    assert (TURNED in what_to_look_for([Recipe(kernel, flip=True)])) == (not same)


def test_one_flipped_kernel_of_several_is_enough_to_say_so():
    recipes = [Recipe(KERNELS[name], flip=True) for name in ("box_3", "sobel_x")]
    assert f"The kernels are {TURNED}" in what_to_look_for(recipes)
    assert TURNED not in what_to_look_for([recipes[0], recipes[0]])


def test_for_an_own_kernel_no_direction_is_named_or_turned():
    own = Kernel("own", "own", [[1, 2]], description="Your own kernel.")
    assert TURNED not in what_to_look_for([Recipe(own, flip=True)])


def test_max_pooling_keeps_the_largest_value_be_it_weak_or_strong():
    said = what_to_look_for([Recipe(KERNELS["sobel_x"], activation="none", pooling="max")])
    assert said.endswith("Max pooling keeps the largest value of each window.")  # 3 beside -900


@pytest.mark.parametrize("kind", ["max", "average"])
def test_a_pooling_window_of_one_cell_smooths_nothing(kind):
    recipe = Recipe(KERNELS["sobel_x"], pooling=kind, window=(1, 1), pool_stride=(2, 2))
    assert what_to_look_for([recipe]).endswith("Pooling over one cell keeps it as it is.")


@pytest.mark.parametrize(
    ("name", "parameter"), [("leaky_relu", "negative_slope"), ("prelu", "weight")]
)
@pytest.mark.parametrize(
    ("slope", "told"), [(0.0, "is a ReLU"), (1.0, "changes nothing."), (0.5, "the negative values")]
)
def test_activations_with_slope_0_or_1_are_described(name, parameter, slope, told):
    recipe = Recipe(KERNELS["sobel_x"], activation=name, parameters={parameter: slope})
    assert told in what_to_look_for([recipe])
    assert ("the negative values" in what_to_look_for([recipe])) == (slope == 0.5)
    assert "a little" not in what_to_look_for([recipe])  # half is not a little
