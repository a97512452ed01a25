"""Inside with the network for photos, without a browser: each number against the network."""

import gc
import io
import json
import re
import weakref
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image

from cnnviz import nn
from cnnviz.images.samples import SAMPLES
from cnnviz.nn.inspection.photos import photo_input, square
from cnnviz.ui.inside.photos import crop_box
from cnnviz.ui.inside.photos.taken_apart import filters_sheet
from cnnviz.ui.network import photo_stages
from tests.ui.apptest import components, errors, link
from tests.ui.inside.digits import words
from tests.ui.inside.photos import PAGE, inside, png, rows
from tests.ui.overviews import unit
from tests.ui.pages import html, open_page, run_again


def test_the_five_best_classes_stand_with_their_shares_and_what_they_are_worth(cat):
    at = inside()
    names, shares = nn.pretrained("photos").classes, cat["shares"]
    best = np.argsort(-shares)[:5]
    shown = html(at)
    places = [shown.index(f"<b>{names[i]}</b>") for i in best]
    assert places == sorted(places)
    assert f"It says **{names[best[0]]}**, {100 * shares[best[0]]:.0f} %" in words(at)
    assert "*cat*" in words(at)
    paper = "According to its paper (Iandola et al., 2016, arXiv 1602.07360) its first guess is"
    assert f"{paper} right on about 57 % of ImageNet's photos" in words(at)
    assert not errors(at)


def test_every_layer_has_a_row_with_the_strongest_maps_of_this_photo_first(cat):
    found = rows(inside())
    assert list(found)[:4] == ["input", "relu1", "pool1", "fire2 squeeze relu"]
    titles = {name: row["title"] for name, row in found.items()}
    assert titles["relu10"] == "conv10 + ReLU"  # a ReLU has no parameters, but this row has 513 000
    assert titles["fire2 squeeze relu"] == "fire2 squeeze + ReLU"
    assert titles["fire2"] == "fire2 expand + ReLU"
    relus = [found[name]["figures"] for name in found if "ReLU" in titles[name]]
    assert len(relus) == 18
    assert all("parameters" in each for each in relus)
    assert len(found) == 24
    for name in ("fire2", "fire9", "relu10", "shares"):
        maps = cat[name].reshape(len(cat[name]), -1)
        order = found[name]["order"]
        means = np.maximum(maps, 0).mean(axis=1)
        assert sorted(means[order].tolist(), reverse=True) == pytest.approx(means[order].tolist())
        assert means[order].min() >= np.delete(means, order).max()
        if found[name]["exact"] is not None:
            got = found[name]["exact"].reshape(len(order), -1)
            np.testing.assert_allclose(got, maps[order], rtol=1e-4, atol=1e-4)


def test_all_512_maps_of_a_layer_can_be_paged_through_and_every_step_be_shown(cat):
    at = inside({"inside.rank": 504, "inside.steps": True})
    found = rows(at)
    assert len(found) == 1 + len(cat)
    weakest = np.argsort(-np.maximum(cat["fire9"], 0).mean(axis=(1, 2)), kind="stable")[-12:]
    assert set(found["fire9"]["order"]) == set(weakest.tolist())
    assert len(found["conv10"]["order"]) == 12
    assert found["relu10"]["title"] == "relu10"
    assert "parameters" not in found["relu10"]["figures"]


def test_a_cell_is_the_sum_that_is_written_out_largest_part_first(cat):
    at = inside({"inside.open": "fire5,130,13,12"})  # a 3 × 3 filter, from the second branch
    told = unit(at)
    sizes = [abs(part["total"]) for part in told["parts"]]
    assert sizes == sorted(sizes, reverse=True)
    for part in told["parts"]:
        products = np.array(part["window"]) * np.array(part["kernel"])
        assert part["total"] == pytest.approx(products.sum(), rel=1e-9)
        row, column = 12, 11
        seen = cat["fire5 squeeze relu"][part["channel"], row : row + 3, column : column + 3]
        np.testing.assert_allclose(part["window"], seen, rtol=1e-4, atol=1e-4)
    total = sum(part["total"] for part in told["parts"]) + told["rest"]["total"] + told["bias"]
    assert told["total"] == pytest.approx(total)
    assert told["total"] == pytest.approx(cat["fire5 expand"][130, 13, 12], abs=1e-2)
    assert told["then"][0][1] == pytest.approx(max(told["total"], 0), abs=1e-2)


def test_the_first_layer_is_told_by_colours_and_a_score_as_the_mean_of_169_cells(cat):
    at = inside({"inside.open": "relu1,3,4,5"})
    assert {part["label"] for part in unit(at)["parts"]} == {"blue", "green", "red"}
    assert "yours is number 3" in words(at)
    label = int(cat["shares"].argmax())
    told = unit(run_again(at, {"inside.open": f"scores,{label},0,0"}))
    window = np.array(told["window"])
    assert window.shape == (13, 13)
    assert told["total"] == pytest.approx(window.mean(), rel=1e-4)
    assert told["total"] == pytest.approx(cat["scores"][label], rel=1e-4)


@pytest.mark.parametrize(
    ("cell", "module", "side"),
    [
        ("fire2 squeeze relu,3,4,5", "fire2", 1),
        ("fire5,127,13,12", "fire5", 1),  # the last map of the first branch
        ("fire5,128,13,12", "fire5", 3),
        ("fire9,300,6,6", "fire9", 3),
    ],
)
def test_a_module_is_told_with_the_numbers_of_its_layers(cell, module, side):
    photos = nn.pretrained("photos")
    layer = dict(zip(photos.names, photos, strict=True))
    squeeze = layer[f"{module} squeeze"].weight.value
    small, large = (branch[0].weight.value for branch in layer[f"{module} expand"].branches)
    assert large[0].size == 9 * small[0].size  # so the small one has a ninth
    said = words(inside({"inside.open": cell}))
    counts = f"{squeeze.shape[1]} → {len(squeeze)} → {len(small)} + {len(large)}."
    assert f"{module}: {counts}" in said
    assert f"here {small[0].size} weights and not {large[0].size}." in said
    assert f"Map {cell.split(',')[1]} is from a {side} × {side} filter." in said


def test_layers_outside_a_module_are_not_described_as_part_of_one():
    assert "joined along channels" not in words(inside({"inside.open": "pool3,3,4,5"}))
    assert "joined along channels" not in words(inside())


def test_each_filter_of_the_first_layer_stands_in_its_colours_on_the_sheet():
    layer = nn.pretrained("photos")[0]
    sheet = filters_sheet(layer).astype(float)
    assert sheet.shape == (31, 31, 3)
    for one in (0, 9, 63):
        row, column = divmod(one, 8)
        tile = sheet[4 * row : 4 * row + 3, 4 * column : 4 * column + 3]
        weight = layer.weight.value[one, ::-1].transpose(1, 2, 0)
        wanted = 127.5 + 127.5 * weight / abs(weight).max()
        np.testing.assert_allclose(tile, wanted, atol=0.51)


def test_the_square_that_goes_in_moves_with_its_settings():
    at = inside({"inside.across": 100, "inside.part": 50})
    pixels = SAMPLES["cat"].load()
    crop = square(pixels.shape[:2], across=1.0, part=0.5)
    image = photo_input(pixels, crop)
    share = nn.pretrained("photos").forward(image[None])[0].max()
    assert f"{100 * share:.0f} %" in words(at)
    assert {"across=100", "part=50", "network=photos"} <= set(link(at).split("&"))


def shown_whole(at):
    """Return the picture on which the square is moved."""
    told = json.loads(components(at, "crop")[0].json)["photo"]
    kind, data = told.removeprefix("data:image/").split(";base64,")
    image = Image.open(io.BytesIO(b64decode(data)))
    assert image.format == kind.upper()
    return np.asarray(image.convert("RGB")).astype(int)


def test_the_picture_of_the_square_is_made_once_for_each_photo(monkeypatch):
    made, make = [], crop_box.small_file
    monkeypatch.setattr(crop_box, "small_file", lambda pixels: made.append(1) or make(pixels))
    at = inside()
    before = len(made)
    found = shown_whole(run_again(at, {"inside.across": 10}))
    assert len(made) == before == 1
    assert max(found.shape) == crop_box.LONGEST
    wanted = SAMPLES["cat"].load()
    assert abs(found.mean(axis=(0, 1)) - wanted.mean(axis=(0, 1))).max() < 2
    shown_whole(run_again(at, {"shared.picture": "coffee"}))
    assert len(made) == 2


@pytest.mark.parametrize("shape", [(1, 1, 3), (4, 200, 3), (200, 4, 3), (60, 60)])
def test_pictures_of_any_shape_are_looked_into(shape):
    at = inside(photo=np.full(shape, 90, np.uint8))
    assert not errors(at)
    assert "It says **" in words(at)
    side = min(shape[:2])
    told = f"The bright square, {side} {'pixel' if side == 1 else 'pixels'} a side, as 224 × 224."
    assert any(each.value.startswith(told) for each in at.caption)


@pytest.mark.parametrize("view", ["evidence", "unit", "fool"])
def test_no_heading_has_a_number_beside_maps_that_have_their_own(view):
    headings = re.findall(r'<h2 class="stage">(.*?)</h2>', html(inside({"inside.view": view})))
    assert len(headings) == 4
    assert not any("<span>" in heading for heading in headings)


@pytest.mark.parametrize("view", ["layers", "evidence", "unit", "what_if", "fool"])
def test_a_session_keeps_no_maps_of_its_own(view):
    photo = np.random.default_rng(0).integers(0, 255, (50, 60, 3), np.uint8)
    at = inside({"inside.view": view, "inside.open": "fire9,0,0,0"}, photo=photo)
    _, stages = photo_stages._kept.kept.popitem()
    maps = [weakref.ref(stages[name]) for name in ("relu1", "fire9", "relu10")]
    del stages
    gc.collect()
    assert not any(one() is not None for one in maps)
    assert not at.exception


def test_without_its_weights_the_page_says_so_and_shows_the_digits(without_photos):
    at = inside()
    (sentence,) = errors(at)
    assert sentence.startswith(without_photos)
    assert sentence.endswith("The digits network is shown instead.")
    assert "conv1" in rows(at)
    assert "It says" in words(run_again(at, {"inside.network": "shapes"}))
    assert not errors(at)


def upload(at, data, name):
    """Upload a file as the picture."""
    uploader = next(field for field in at.file_uploader if field.label.startswith("Drop, paste"))
    uploader.upload(name, data, "image/png")
    return run_again(at)


UNUSUAL = {
    "one pixel": Image.new("RGB", (1, 1), (200, 30, 90)),
    "1:50": Image.effect_noise((2000, 40), 90).convert("RGB"),
    "50:1": Image.effect_noise((9, 450), 90).convert("RGB"),
    "grey": Image.effect_noise((90, 60), 90),
    "grey of 16 bits": Image.fromarray(np.arange(9600, dtype=np.uint16).reshape(80, 120) * 6),
    "with alpha": Image.merge("RGBA", [Image.effect_noise((80, 70), 99) for _ in range(4)]),
    "clear": Image.new("RGBA", (50, 50), (0, 0, 0, 0)),
    "grey with alpha": Image.merge("LA", [Image.effect_noise((60, 90), 99) for _ in range(2)]),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_files_of_any_kind_are_looked_into_as_what_is_seen_of_them(name):
    image = UNUSUAL[name]
    at = upload(inside(), png(image), f"{name}.png")
    assert not errors(at)
    pixels = at.session_state["cnnviz.photo"].pixels
    if image.mode in ("RGBA", "LA"):  # transparent pixels look white
        white = Image.new("RGBA", image.size, "white")
        wanted = Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
        assert np.array_equal(pixels, np.asarray(wanted))
    crop = square(pixels.shape[:2])
    shares = nn.pretrained("photos").forward(photo_input(pixels, crop)[None])[0]
    assert f"It says **{nn.pretrained('photos').classes[shares.argmax()]}**" in words(at)
    found = rows(at)
    assert found["input"]["shape"] == [3, 224, 224]
    assert found["shares"]["exact"].ravel()[0] == pytest.approx(shares.max(), abs=1e-4)
    side = min(pixels.shape[:2])
    assert f"bright square, {side} pixel{'s' if side > 1 else ''} a side" in words(at)


def test_choosing_the_photo_network_starts_with_a_photo_that_it_knows():
    at = open_page(PAGE)
    (choice,) = [each for each in at.button_group if each.key == "inside.network"]
    choice.set_value("photos").run()
    assert "It says **espresso**" in words(at)
    assert json.loads(components(at, "picture-thumbnails")[0].json)["selected"] == "coffee"
