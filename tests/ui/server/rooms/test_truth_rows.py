"""The right answer about a network's maps is what its layers compute, read from a room's rows."""

import numpy as np
import pytest

from cnnviz.nn import Conv2d, Flatten, Linear, MaxPool2d, Sequential
from cnnviz.ui.maps import overview
from cnnviz.ui.maps.overview import LayerRow
from cnnviz.ui.network.layer_rows import layer_rows
from cnnviz.ui.server.rooms.truth import CannotTell
from cnnviz.ui.server.rooms.truth_rows import NO_NUMBERS, maps_of
from tests.ui.pages import open_page
from tests.ui.scenes import sent

RNG = np.random.default_rng(5)
IMAGE = RNG.random((1, 20, 24), dtype=np.float32)


def network():
    return Sequential(
        [Conv2d(1, 3, 3, stride=2, padding=1), MaxPool2d(2), Conv2d(3, 2, 3), Flatten(),
         Linear(2 * 3 * 4, 4)],
        input_shape=IMAGE.shape,
    )  # fmt: skip


def rows(net, image=IMAGE, **more):
    """Return the message of a network's overview, and the outputs of its layers."""
    stages = list(net.stages(image[None]))
    made = layer_rows(image, net, net.summary(image.shape), stages, white=1, **more)
    return maps_of(bytes(overview.message(made))), [stage[0] for stage in stages], made


def test_every_number_of_every_row_is_what_its_layer_makes():
    shown, stages, made = rows(network())
    assert len(made) == 1 + len(stages)
    for number, stage in enumerate(stages, 1):
        maps = stage.reshape(len(stage), *(stage.shape[1:] if stage.ndim == 3 else (1, 1)))
        for channel, values in enumerate(maps):
            np.testing.assert_array_equal(shown.values(number, channel), values)
            row, column = (side - 1 for side in values.shape)
            assert shown.cell(number, row, column, channel) == float(values[row, column])


def test_the_strongest_cell_of_a_deep_map_lies_on_the_picture_where_what_it_sees_does():
    net = network()
    for number, channel in ((1, 0), (2, 1), (3, 1)):
        shown, stages, _ = rows(net)
        values = np.abs(stages[number - 1][channel])
        cell = np.unravel_index(values.argmax(), values.shape)
        fields = net.summary(IMAGE.shape)[number - 1].fields
        middle = [
            field.start + int(at) * field.jump + (field.size - 1) / 2
            for field, at in zip(fields, cell, strict=True)
        ]
        found = shown.strongest(number, channel)
        assert shown.size == (20, 24)
        for place, exact, end in zip(found, middle, shown.size, strict=True):
            assert abs(place - np.clip(exact, 0, end - 1)) <= 0.5
        assert shown.is_strong(number, *found, channel)
        weakest = np.unravel_index(values.argmin(), values.shape)
        top, left, down, across = shown.place(number)
        away = int(top + down * (weakest[0] + 0.5)), int(left + across * (weakest[1] + 0.5))
        far = np.abs(np.subtract(weakest, cell)).max() > 3
        assert not far or not shown.is_strong(number, *away, channel) or values.min() > 0


def test_a_number_that_sees_the_whole_picture_has_no_place_on_it():
    shown, _, _ = rows(network())
    assert shown.cell(5, 0, 0, 2) == pytest.approx(float(shown.values(5, 2)[0, 0]))
    with pytest.raises(CannotTell, match="sees the whole picture"):
        shown.strongest(5, 2)


def test_weights_are_known_as_numbers_and_have_no_place():
    weights = RNG.normal(size=(3, 5, 5))
    told = maps_of(bytes(overview.message([LayerRow("w", "Filters", "", weights, kernels=True)])))
    assert told.cell(0, 1, 2, channel=2) == float(np.float32(weights[2, 1, 2]))
    with pytest.raises(CannotTell, match="have no place"):
        told.strongest(0)


def test_rows_that_come_as_colours_say_what_helps():
    large = RNG.random((8, 64, 64))
    picture = LayerRow("input", "Picture", "", IMAGE, picture=True, white=1)
    told = maps_of(bytes(overview.message([picture, LayerRow("c", "conv", "", large)])))
    with pytest.raises(CannotTell) as raised:
        told.cell(1, 0, 0)
    assert str(raised.value) == NO_NUMBERS
    for wrong in (lambda: told.cell(2, 0, 0), lambda: told.cell(1, 0, 0, 8),
                  lambda: told.drawn([[0] * 3] * 3, None)):  # fmt: skip
        with pytest.raises(CannotTell):
            wrong()


def test_a_map_of_those_that_are_shown_has_its_own_numbers_whatever_their_order():
    values = RNG.random((6, 4, 4)).astype(np.float32)
    row = LayerRow("c", "conv", "", values, order=[4, 1])
    told = maps_of(bytes(overview.message([row])))
    assert told.cell(0, 2, 3, channel=1) == float(values[1, 2, 3])
    with pytest.raises(CannotTell, match="not on the screen"):
        told.cell(0, 2, 3, channel=0)


@pytest.mark.parametrize(
    ("page", "chosen", "board"),
    [
        ("8_Layers", {"layers.side": 32, "layers.open": "conv1,2,5,7"}, "layers:large"),
        ("10_Inside", {}, "inside:overview"),
        ("9_Training", {"training.part": "network"}, "training:overview"),
    ],
)
def test_the_pages_of_networks_can_be_asked(page, chosen, board):
    at = open_page(f"pages/{page}.py", chosen)
    told = maps_of(sent(at)[board])
    number = 1
    values = told.values(number)
    assert np.isfinite(told.cell(number, 1, 2))
    row, column = told.strongest(number)
    height, width = told.size
    assert 0 <= row < height
    assert 0 <= column < width
    assert values.ndim == 2


def test_evidence_and_weights_on_boards_without_arithmetic_can_be_asked():
    inside = maps_of(sent(open_page("pages/10_Inside.py"))["inside"])
    assert np.isfinite(inside.cell(1, 1, 1))
    row, column = inside.strongest(1)
    assert inside.is_strong(1, row, column)
    training = sent(open_page("pages/9_Training.py"))
    weights = maps_of(training["training:weights"])
    assert np.isfinite(weights.cell(0, 0, 0))
    with pytest.raises(CannotTell, match="no picture"):
        weights.strongest(0)
    with pytest.raises(CannotTell, match="in the Lab"):
        weights.drawn([[0] * 3] * 3, None)
    maps = maps_of(training["training"])
    assert maps.strongest(1)
    assert maps.makes([[0] * 3] * 3, 1) in (True, False)
