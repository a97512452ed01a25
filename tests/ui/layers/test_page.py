import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from cnnviz.functional.convolution import conv2d_definition
from cnnviz.images.samples import sample_picture
from cnnviz.nn.stacks.presets import alexnet, lenet5, vgg16
from cnnviz.nn.summary import Row
from cnnviz.ui.layers import settings, views
from cnnviz.ui.layers.sentences import black_maps, left_out, size_trend
from cnnviz.ui.maps.overview import Cell
from cnnviz.ui.network.layer_rows import shape_and_parameters
from tests.ui.apptest import components, errors, sentences, spaced
from tests.ui.overviews import layer_rows, run_of, unit
from tests.ui.pages import html, open_page, run_again

PAGE = "pages/8_Layers.py"
RNG = np.random.default_rng(0)
PHOTO = RNG.integers(0, 256, (24, 20, 3), np.uint8)


def preset(at, title):
    name = next(name for name, one in settings.starts().items() if one.title == title)
    (row,) = [row for row in at.get("button_group") if row.key == "layers:presets"]
    row.set_value(name)
    return run_again(at)


def stack(at):
    """Return what the page tells the stack editor about the blocks."""
    (proto,) = components(at, "stack")
    return json.loads(proto.json)


def test_the_page_opens_on_a_stack_whose_maps_shrink_and_says_by_how_much():
    at = open_page(PAGE)
    said = next(one for one in sentences(at) if "What to look for" in one)
    assert "From the picture to pool2 the maps shrink from 128 × 128 to 32 × 32" in said
    assert "one cell of pool2 sees 16 × 16 cells of it" in said


def test_maps_that_padding_enlarges_are_said_to_grow_and_no_cell_sees_more_than_the_picture():
    stack = {"layers.stack": "conv4k3p2", "layers.side": 32}
    said = " ".join(sentences(open_page(PAGE, stack)))
    assert "From the picture to conv1 the maps grow from 32 × 32 to 34 × 34" in said
    stack = {"layers.stack": "conv4k3d4", "layers.side": 32}  # 3 taps, 4 apart
    photo = np.zeros((8, 8, 3), np.uint8)
    assert "one cell of conv1 sees 8 × 8 cells" in " ".join(
        sentences(open_page(PAGE, stack, photo=photo))
    )
    assert "one cell of conv1 sees 9 × 9 cells" in " ".join(sentences(open_page(PAGE, stack)))


def test_black_maps_are_counted_and_said_to_be_zero():
    at = open_page(PAGE, {"layers.stack": "conv8,relu"}, photo=PHOTO)
    found = {row["name"]: row["figures"] for row in layer_rows(components(at, "overview")[0])}
    features, rectified = run_of("conv8,relu", PHOTO).stages
    zero = (rectified == 0).mean(axis=(1, 2))
    assert f"{100 * zero.mean():.0f} % of the cells are 0 (black)" in spaced(found["relu1"])
    assert "black" not in found["conv1"]
    (black,) = (one for one in sentences(at) if "Black maps" in one)
    below = (features < 0).mean(axis=(1, 2)) >= 0.9
    assert 0 < below.sum() < 8
    assert f"{below.sum()} of the 8 maps of conv1" in black


def test_weights_are_the_reason_for_black_maps_only_without_a_norm_between():
    plain = black_maps(run_of("conv8,relu", PHOTO))
    normed = black_maps(run_of("conv8,norm,relu", sample_picture("impulse").pixels))
    assert "maps of conv1 are" in plain
    assert "maps of norm1 are" in normed
    assert ["negative weights outweigh" in said for said in (plain, normed)] == [True, False]


def test_one_map_and_one_cell_are_spoken_of_in_the_singular():
    dark = np.full((6, 5, 3), 255, np.uint8)
    for seed in range(20):  # until the weight is negative
        at = open_page(PAGE, {"layers.stack": "conv1k1,relu", "layers.seed": seed}, photo=dark)
        if black := [one for one in sentences(at) if "Black maps" in one]:
            break
    assert "The one map of conv1 is less than 0" in black[0]
    seen = " ".join(sentences(open_page(PAGE, {"layers.stack": "conv1k1"}, photo=dark)))
    assert "one cell of conv1 sees one cell of it" in seen


def test_one_parameter_is_no_parameters():
    row = replace(Row.of_input((1, 4, 4)), parameters=1)
    assert shape_and_parameters(row) == "1 × 4 × 4 · 1 parameter".replace(
        " × ", "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}"
    )
    assert shape_and_parameters(replace(row, parameters=2)).endswith("2 parameters")


def test_nothing_is_said_of_black_maps_where_no_relu_makes_any():
    at = open_page(PAGE, {"layers.stack": "relu,conv8,tanh"}, photo=PHOTO)
    assert not [one for one in sentences(at) if "Black maps" in one]


def test_the_saving_of_groups_is_compared_with_an_ordinary_convolution():
    said = [
        one for one in sentences(preset(open_page(PAGE), "Depthwise and 1 × 1")) if "Groups" in one
    ]
    assert len(said) == 1
    assert "Each filter of conv2 sees 1 of its 8 channels (depthwise): 80 parameters." in said[0]
    assert "8 × 8 × 3 × 3 + 8 = 584" in said[0]
    assert 8 * 8 * 3 * 3 + 8 == 584
    two = open_page(PAGE, {"layers.stack": settings.STACK.parse("conv4,conv6g2")})
    assert any("sees 2 of its 4 channels: 114 parameters" in one for one in sentences(two))
    assert not any("Groups" in one for one in sentences(open_page(PAGE)))


def test_a_stack_that_shrinks_nothing_is_not_said_to():
    shrinkless = open_page(PAGE, {"layers.stack": settings.STACK.parse("conv16,relu")})
    said = next(one for one in sentences(shrinkless) if "look for" in one)
    assert "the maps stay as large as the picture" in said
    assert "shrink" not in said


@pytest.mark.parametrize(
    ("text", "side", "said"),
    [
        ("conv4k3p0", 8, "from 8 × 8 to 6 × 6: the windows end at the edge, and one cell"),
        ("conv4k3p0,max2", 8, "from 8 × 8 to 3 × 3: each cell stands for more of the picture"),
        ("conv4k1s2", 8, "from 8 × 8 to 4 × 4: cells of the picture are skipped, and one cell"),
        ("conv4k1p4,max2", 8, "Padding makes up for the cells that this stack skips"),
        (
            "conv4",
            1,
            "stay as large as the picture; one cell of conv1 sees one cell of it.",
        ),
    ],
)
def test_the_sizes_of_the_maps_are_said_to_come_from_what_makes_them(text, side, said):
    stack = settings.Stack(settings.parse_stack(text), (1, side, side))
    told = spaced(size_trend(SimpleNamespace(stack=stack)))
    assert said in told
    assert "would make them smaller" not in told


def test_vgg_is_drawn_as_far_as_the_size_of_the_picture_carries_and_the_page_says_how_far():
    blocks = settings.parse_stack(settings.starts()["vgg16"].stack)
    whole, middle, small = (settings.Stack(blocks, (3, side, side)) for side in (224, 128, 32))
    assert whole.rows[whole.computable - 1].name == "flatten1"  # all convolutions
    assert middle.rows[middle.computable - 1].name == "relu15"
    assert small.computable == len(small.rows)
    # 14 714 688 in the convolutions and 25 088 × 4096 + 4096 in linear1
    assert (
        "Layers are computed up to flatten1: with linear1 there are 117 million weights, and "
        "this page computes at most 67 million." in left_out(whole).replace("\u202f", " ")
    )
    assert "At 128 px they go on to relu15." in left_out(whole)
    assert not left_out(small)


# Parameters, and the receptive field of the last map, as in the curriculum.
KNOWN = {
    "VGG-16": ("138 357 544", "212 × 212"),
    "LeNet-5": ("61 706", "16 × 16"),
    "AlexNet": ("61 100 840", "195 × 195"),
}


def test_every_preset_fits_and_is_marked_and_has_the_numbers_of_the_curriculum():
    at = open_page(PAGE)
    assert {one.title for one in settings.starts().values()} >= set(KNOWN)
    for one in settings.starts().values():
        at = preset(at, one.title)
        assert not errors(at)
        if numbers := KNOWN.get(one.title):
            parameters, sees = numbers
            assert f"<b>{parameters}</b> parameters" in html(at)
            assert f"<b>{sees}</b> receptive field of one" in html(at)
        assert not [block for block in stack(at)["blocks"] if block["error"]]
        assert at.session_state["layers.stack"] == one.stack
        assert one.description in [caption.value for caption in at.caption]
        found = [row["name"] for row in layer_rows(components(at, "overview")[0])]
        assert found[0] == "input"
        assert len(found) > 1


def test_the_description_of_a_known_network_holds_for_the_one_built():
    said = {name: one.description for name, one in settings.starts().items()}
    kernels = [layer.weight.value.shape[2:] for layer in vgg16() if layer.kind == "conv"]
    assert kernels == [(3, 3)] * 13
    assert said["vgg16"].startswith("Thirteen convolutions, all of them 3 × 3")
    # 61 100 840 parameters are those of 2014; the network of 2012 began with 96 filters.
    assert alexnet()[0].weight.value.shape[0] == 64
    assert "simpler form of 2014, as in torchvision" in said["alexnet"]
    assert [layer.parameters() for layer in lenet5() if layer.kind == "pool"] == [{}, {}]
    assert "as it is usually rebuilt" in said["lenet5"]


def test_a_stack_of_ones_own_is_not_taken_for_a_known_network():
    told = {one.description for one in settings.starts().values()}
    own = open_page(PAGE, {"layers.stack": "conv5,relu"})
    assert not told & {caption.value for caption in own.caption}


def test_the_factors_of_a_colour_picture_are_those_of_the_curriculum():
    three = {"layers.stack": settings.starts()["three"].stack}
    at = open_page(PAGE, {"shared.colour": "colour", **three})
    assert "16 × 3 × 3 × 3 + 16 = 448 parameters" in stack(at)["blocks"][0]["factors"]
    assert "448<small>16 × 3 × 3 × 3 + 16</small>" in html(at)


def test_the_maps_are_what_the_definition_gives():
    at = open_page(PAGE, {"layers.stack": "conv3k5s2d1,relu,max2"}, photo=PHOTO)
    found = layer_rows(components(at, "overview")[0])
    image = found[0]["exact"]
    grey = settings.grey(PHOTO).astype(np.float32) / 255
    assert np.allclose(image[0], grey)
    network = settings.Stack(
        settings.parse_stack("conv3k5s2"), image.shape, settings.SEED.default
    ).network
    wanted = conv2d_definition(image, network[0].weight.value, stride=2, padding="same")
    assert np.allclose(found[1]["exact"], wanted, atol=1e-6)
    rectified = np.maximum(wanted, 0)
    assert np.allclose(found[2]["exact"], rectified, atol=1e-6)
    blocks = rectified[:, :12, :10].reshape(3, 6, 2, 5, 2)
    assert np.allclose(found[3]["exact"], blocks.max(axis=(2, 4)), atol=1e-6)


def test_a_block_that_does_not_fit_is_marked_with_the_numbers_and_the_rest_stays():
    at = open_page(PAGE, {"layers.stack": "conv4,dense10,relu,flatten,dense3"}, photo=PHOTO)
    blocks = stack(at)["blocks"]
    assert [bool(block["error"]) for block in blocks] == [False, True, False, False, False]
    assert "4 × 24 × 20" in blocks[1]["error"]
    assert "1920 numbers" in blocks[1]["error"]
    found = layer_rows(components(at, "overview")[0])
    assert [row["name"] for row in found] == ["input", "conv1", "relu1", "flatten1", "linear1"]


def test_a_kernel_that_is_too_large_says_which_numbers_clash():
    at = open_page(PAGE, {"layers.stack": "conv4k15p0,max16,max16"}, photo=PHOTO)
    first, second, third = stack(at)["blocks"]
    assert not first["error"]
    assert "16" in second["error"]
    assert "10" in second["error"]
    assert third["error"]


def test_groups_that_do_not_divide_are_refused_with_both_numbers():
    at = open_page(PAGE, {"layers.stack": "conv4,conv6g3"})
    assert "3 groups for 4 channels and 6 filters" in stack(at)["blocks"][1]["error"]


def test_filters_come_from_chance_a_hand_or_a_trained_network():
    at = open_page(PAGE, {"layers.stack": "conv16,relu,max2,conv32,relu,max2,flatten,dense10"})
    ends = {}
    for source in ("random", "hand", "digits", "shapes"):
        at = run_again(at, {"layers.filters": source})
        found = layer_rows(components(at, "overview")[0])
        ends[source] = [row["figures"] for row in found if "parameters" in row["figures"]]
    words = ("random", "made by hand", "learned")
    said_of = {
        source: [next(word for word in words if word in line) for line in lines]
        for source, lines in ends.items()
    }
    assert said_of == {
        "random": ["random"] * 3,
        "hand": ["made by hand", "made by hand", "random"],
        "digits": ["learned", "learned", "random"],
        "shapes": ["learned", "learned", "random"],
    }


def test_the_filters_stand_before_the_maps_that_they_make():
    values = {"layers.stack": "conv3k5,relu,conv2", "layers.weights": True}
    at = open_page(PAGE, values, photo=PHOTO)
    found = layer_rows(components(at, "overview")[0])
    assert [row["name"] for row in found] == [
        "input",
        "conv1 filters",
        "conv1",
        "relu1",
        "conv2 filters",
        "conv2",
    ]
    network = settings.Stack(
        settings.parse_stack("conv3k5,relu,conv2"), (1, 24, 20), settings.SEED.default
    ).network
    assert np.array_equal(found[1]["exact"], network[0].weight.value[:, 0])
    assert "strongest of 3 channels" in found[4]["figures"]
    filters = network[2].weight.value[1]
    strongest = max(filters, key=lambda kernel: abs(kernel).sum())
    assert np.array_equal(found[4]["exact"][1], strongest)
    at = run_again(at, {"layers.open": "conv2 filters,1,2,0"})
    weight = views.number(float(strongest[2, 0]))
    assert weight in unit(at)["lines"][0]


def test_another_seed_gives_other_maps_and_the_same_seed_the_same():
    def first(seed):
        at = open_page(PAGE, {"layers.seed": seed, "layers.stack": "conv2"}, photo=PHOTO)
        return layer_rows(components(at, "overview")[0])[1]["exact"]

    assert np.array_equal(first(1), first(1))
    assert not np.allclose(first(1), first(2))


def test_undo_and_redo_bring_stack_and_picture_back():
    at = open_page(PAGE)
    before = at.session_state["layers.stack"]
    at = preset(at, "LeNet-5")
    assert at.session_state["layers.side"] == 32
    assert stack(at)["canUndo"]
    past = at.session_state["layers:past"]
    assert past == [(before, 128, False, "grey", "random", 5)]


def test_every_change_is_one_step_back_and_the_oldest_are_forgotten(monkeypatch):
    monkeypatch.setattr(settings, "MOST_UNDOS", 3)
    at = open_page(PAGE, {"layers.stack": "conv2", "layers.side": 16})
    assert not stack(at)["canUndo"]
    at = run_again(run_again(at, {"layers.filters": "hand", "layers.seed": 7}))
    assert at.session_state["layers:past"] == [("conv2", 16, False, "grey", "random", 5)]
    for seed in (8, 9, 10):
        at = run_again(at, {"layers.seed": seed})
    assert [values[-1] for values in at.session_state["layers:past"]] == [7, 8, 9]


def test_the_question_is_answered_by_a_stack_that_sees_12_and_by_no_preset():
    at = open_page(PAGE)
    assert not at.success
    at = run_again(at, {"layers.stack": "conv4,max2,conv4,conv4"})
    assert "12 × 12" in at.success[0].value
    assert any("What to look for." in text for text in sentences(at))


def test_bytes_are_written_with_three_digits():
    assert [spaced(views.size(n)) for n in (0, 999, 1000, 61706 * 4, 10**9)] == [
        "0 B",
        "999 B",
        "1 kB",
        "247 kB",
        "1 GB",
    ]


def test_a_cell_sent_by_the_browser_is_taken_only_if_it_is_there():
    made = views.layer_rows(run_of(settings.starts()["three"].stack, PHOTO))
    assert Cell.parse("conv1,15,23,19", made) == Cell("conv1", 15, 23, 19)
    for nonsense in ("conv1,16,0,0", "conv1,0,24,0", "what,0,0,0", "conv1,0,0", None, 5, {}):
        assert Cell.parse(nonsense, made) is None
