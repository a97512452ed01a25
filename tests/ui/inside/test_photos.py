"""Inside with the network that knows photos, without a browser: each number against the network."""

import gc
import io
import json
import weakref
import zipfile
from base64 import b64decode
from html import escape

import numpy as np
import pytest
from PIL import Image

from cnnviz import nn
from cnnviz.images.drawings import ink
from cnnviz.images.samples import SAMPLES
from cnnviz.nn.inspection.photos import photo_input, photo_pixels, square
from cnnviz.ui.export import dialogs
from cnnviz.ui.inside.photos import crop_box
from cnnviz.ui.inside.photos.ascent import place_of, sample_places
from cnnviz.ui.inside.photos.taken_apart import filters_sheet
from cnnviz.ui.network import photo_stages
from cnnviz.ui.server.scheduling import SCHEDULER
from cnnviz.ui.widgets.formatting import number
from tests.ui.apptest import components, errors, link
from tests.ui.inside.test_page import words
from tests.ui.overviews import layer_rows, unit
from tests.ui.pages import boards, html, open_page, run_again

PAGE = "pages/10_Inside.py"
PHOTOS = {"inside.network": "photos", "shared.picture": "cat"}


def inside(settings=None, **more):
    return open_page(PAGE, {**PHOTOS, **(settings or {})}, **more)


@pytest.fixture(scope="module")
def cat():
    """Return what each layer makes of the middle of the cat, by name, straight from the layers."""
    photos = nn.pretrained("photos")
    x, made = photo_input(SAMPLES["cat"].load())[None], {}
    for name, layer in zip(photos.names, photos, strict=True):
        x = layer.forward(x)
        made[name] = x[0]
    return made


def rows(at):
    """Return the rows of the overview by their names."""
    return {row["name"]: row for row in layer_rows(components(at, "overview")[-1])}


def test_the_five_best_classes_stand_with_their_shares_and_what_they_are_worth(cat):
    at = inside()
    names, shares = nn.pretrained("photos").classes, cat["shares"]
    best = np.argsort(-shares)[:5]
    shown = html(at)
    places = [shown.index(f"<b>{names[i]}</b>") for i in best]
    assert places == sorted(places)
    assert f"It says **{names[best[0]]}**, {100 * shares[best[0]]:.0f} %" in words(at)
    assert "*cat*" in words(at)
    assert "57 %" in words(at)
    assert not errors(at)


def test_every_layer_has_a_row_with_the_strongest_maps_of_this_photo_first(cat):
    found = rows(inside())
    assert list(found)[:4] == ["input", "relu1", "pool1", "fire2 squeeze relu"]
    titles = {name: row["title"] for name, row in found.items()}
    assert titles["relu10"] == "conv10 + ReLU"  # a ReLU has no parameters, and these have 513 000
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
    at = inside({"inside.open": "fire5,130,13,12"})  # a 3 × 3 filter: one of the second branch
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
    """Bring a file as the picture."""
    uploader = next(field for field in at.file_uploader if field.label.startswith("Drop, paste"))
    uploader.upload(name, data, "image/png")
    return run_again(at)


def png(image):
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


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
    if image.mode in ("RGBA", "LA"):  # what is clear is seen as white
        white = Image.new("RGBA", image.size, "white")
        wanted = Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
        assert np.array_equal(pixels, np.asarray(wanted))
    crop = square(pixels.shape[:2])
    shares = nn.pretrained("photos").forward(photo_input(pixels, crop)[None])[0]
    assert f"It says **{nn.pretrained('photos').classes[shares.argmax()]}**" in words(at)
    found = rows(at)
    assert found["input"]["shape"] == [3, 224, 224]
    assert found["shares"]["exact"].ravel()[0] == pytest.approx(shares.max(), abs=1e-4)


def test_whoever_chooses_the_network_for_photos_starts_with_one_that_it_knows():
    at = open_page(PAGE)
    (choice,) = [each for each in at.button_group if each.key == "inside.network"]
    choice.set_value("photos").run()
    assert "It says **espresso**" in words(at)
    assert json.loads(components(at, "picture-thumbnails")[0].json)["selected"] == "coffee"


def evidence(at):
    """Return the exact values of the maps of evidence that are small, and all headers, by title."""
    (proto,) = components(at, "maps")
    length = int.from_bytes(proto.bytes[:4], "little")
    header, data = json.loads(proto.bytes[4 : 4 + length]), proto.bytes[4 + length :]
    found = {}
    for pane in header["panes"]:
        if pane["numbers"] is not None:
            size = pane["height"], pane["width"]
            values = np.frombuffer(data, "<f8", size[0] * size[1], pane["numbers"])
            found[pane["title"]] = values.reshape(size)
    return found, {pane["title"]: pane for pane in header["panes"]}


def test_the_mean_of_the_class_map_is_the_score_of_any_class(cat):
    at = inside({"inside.view": "evidence", "inside.class": "281"})
    found, panes = evidence(at)
    np.testing.assert_allclose(found["Class map"], cat["relu10"][281], rtol=1e-4, atol=1e-4)
    assert f"their mean is its score, {cat['scores'][281]:.3f}." in words(at)
    assert unit(at)["total"] == pytest.approx(cat["scores"][281], rel=1e-4)
    # a cell of 16 pixels stands in the middle of its field of 207, the first from −88 on
    assert panes["Class map"]["place"] == [7.5, 7.5, 16, 16]
    assert panes["Class map"]["over"]


def test_the_other_maps_are_those_of_the_chosen_class_and_layer():
    at = inside({"inside.view": "evidence", "inside.class": "281", "inside.layer": "fire5"})
    photos, image = nn.pretrained("photos"), photo_input(SAMPLES["cat"].load())
    _, panes = evidence(at)
    wanted = nn.grad_cam(photos, image, 281, layer=photos.names.index("fire5"))
    slopes = nn.saliency(photos, image, 281)
    for title, low, high in (
        ("Grad-CAM", wanted.min(), wanted.max()),
        ("Saliency", slopes.min(), slopes.max()),
    ):
        figures = panes[title]["figures"]
        assert f"{number(low)} … {number(high)}" in figures


def test_covering_goes_from_coarse_to_fine_and_can_be_stopped(monkeypatch):
    monkeypatch.setattr(SCHEDULER, "patience", 60.0)
    at = inside({"inside.view": "evidence"})
    for _ in range(5):
        at = run_again(at)
    bar = json.loads(components(at, "transport")[0].json)
    assert not bar["running"]  # of itself it stops once the coarse patches are done
    assert bar["status"].startswith("16 of 336 patches")
    found, _ = evidence(at)
    photos, image = nn.pretrained("photos").without_softmax(), photo_input(SAMPLES["cat"].load())
    covered = image.copy()
    covered[:, 56:112, 112:168] = 0
    whole, less = photos.forward(np.stack([image, covered]))
    label = whole.argmax()
    assert found["Occlusion"].shape == (4, 4)
    assert found["Occlusion"][1, 2] == pytest.approx(whole[label] - less[label], abs=1e-3)
    at.session_state["inside:occlusion"].do("start")
    run_again(at)
    assert evidence(run_again(at))[0]["Occlusion"].shape == (8, 8)


def zipped(at, monkeypatch):
    """Press Download; return the files of the ZIP, and the sentence that says what is in it."""
    offered = []
    monkeypatch.setattr(dialogs, "_downloads", offered.append)
    (button,) = [button for button in at.button if button.label == "Download"]
    button.click().run()
    with zipfile.ZipFile(io.BytesIO(offered[0].files[0].make())) as folder:
        return {name: folder.read(name) for name in folder.namelist()}, offered[0].note


@pytest.mark.parametrize("view", ["evidence", "layers"])
def test_what_speaks_for_a_class_is_in_the_zip_as_it_is_on_the_screen(cat, monkeypatch, view):
    at = inside({"inside.view": view, "inside.class": "281", "inside.layer": "fire5"})
    files, note = zipped(at, monkeypatch)
    names = ["class_map", "grad-cam", "saliency"] + ["occlusion"] * (view == "evidence")
    wanted = [f"evidence/{name}.{end}" for name in names for end in ("png", "svg", "npy")]
    assert [name for name in files if name.startswith("evidence/")] == wanted
    assert "the evidence for a class" in note
    values = {name: np.load(io.BytesIO(files[f"evidence/{name}.npy"])) for name in names}
    np.testing.assert_allclose(values["class_map"], cat["relu10"][281], rtol=1e-4, atol=1e-4)
    photos, image = nn.pretrained("photos"), photo_input(SAMPLES["cat"].load())
    weighed = nn.grad_cam(photos, image, 281, layer=photos.names.index("fire5"))
    np.testing.assert_allclose(values["grad-cam"], weighed, rtol=1e-4, atol=1e-5)
    slopes = nn.saliency(photos, image, 281)
    np.testing.assert_allclose(abs(values["saliency"]), abs(slopes).max(axis=0), atol=1e-5)
    if view == "evidence":
        shown, panes = evidence(at)
        np.testing.assert_array_equal(values["occlusion"], shown["Occlusion"])
        for name in names:
            title = panes[name.replace("_", " ").capitalize().replace("cam", "CAM")]
            assert escape(title["figures"]).encode() in files[f"evidence/{name}.svg"]


def test_a_photo_whose_maps_are_changed_has_no_evidence_in_the_zip(monkeypatch):
    silenced = {"inside.view": "what_if", "inside.channels": "3", "inside.what_layer": "fire9"}
    files, note = zipped(inside(silenced), monkeypatch)
    assert not [name for name in files if name.startswith("evidence/")]
    assert "evidence" not in note


def pictures(at, board):
    """Return what is drawn of a board, by title."""
    return {one.header["title"]: one.plane for one in boards(at)[board]}


def test_noise_of_two_levels_makes_it_another_answer():
    at = inside({"inside.view": "fool", "inside.epsilon": 2.0})
    shown = pictures(at, "inside:fooling")
    before, after = (shown[name].astype(int) for name in ("Photo", "Photo with noise"))
    moved = after - before
    assert abs(moved).max() == 2
    (drawn,) = (one for one in boards(at)["inside:fooling"] if one.header["title"] == "Noise")
    assert drawn.header["alt"].startswith("The noise, from −2 to 2 of 255")  # as in the sentence
    # the noise is drawn as black and white: down and up, where there is room for it
    room = (before > 1) & (before < 254)
    assert np.array_equal(moved[room] > 0, shown["Noise"][room] == 255)
    image = photo_input(after.transpose(1, 2, 0).astype(np.uint8))
    shares = nn.pretrained("photos").forward(image[None])[0]
    name = nn.pretrained("photos").classes[shares.argmax()]
    assert name != "Egyptian cat"
    assert (
        "Before, it said **Egyptian cat**, 64 %; with the noise it says "
        f"**{name}**, {100 * shares.max():.0f} %." in words(at)
    )
    assert "Answer without noise" in html(at)  # that of the bench, which is the other one
    told = rows(at)
    assert [told[one]["title"] for one in ("before", "after")] == ["Before", "After"]
    assert told["before"]["labels"] == told["after"]["labels"]
    place = told["after"]["labels"].index(name)
    assert told["after"]["exact"].ravel()[place] == pytest.approx(shares.max(), abs=1e-3)


def test_noise_can_be_made_for_one_class_and_none_changes_nothing():
    at = inside({"inside.view": "fool", "inside.epsilon": 0.0, "inside.towards": "281"})
    shown = pictures(at, "inside:fooling")
    assert np.array_equal(shown["Photo"], shown["Photo with noise"])
    after = rows(run_again(at, {"inside.epsilon": 1.0}))["after"]
    assert after["labels"][int(after["exact"].argmax())] == "tabby cat"


def test_a_picture_grows_until_the_unit_answers(monkeypatch):
    monkeypatch.setattr(SCHEDULER, "patience", 60.0)
    at = inside({"inside.view": "unit", "inside.unit_layer": "fire3", "inside.unit": 700})
    grown = at.session_state["inside:climb"]
    assert grown.channel == 127  # the last that there is
    first = grown.made.answer
    for _ in range(4):
        at = run_again(at)
    assert grown.made.answer > first
    assert json.loads(components(at, "transport")[0].json)["status"].startswith("Step ")
    (levels,) = pictures(at, "inside:climbing").values()
    assert levels.shape == (3, 128, 128)


def test_the_loudest_place_of_a_photo_is_the_field_of_its_loudest_cell(cat):
    place = place_of("cat", photo_input(SAMPLES["cat"].load()), cat["fire3"][5], "fire3")
    row, column = np.unravel_index(cat["fire3"][5].argmax(), cat["fire3"][5].shape)
    assert place.answer == pytest.approx(cat["fire3"][5].max(), rel=1e-5)
    top, left = max(4 * row - 8, 0), max(4 * column - 8, 0)  # of 23 pixels in steps of 4
    pixels = photo_pixels(photo_input(SAMPLES["cat"].load()))
    assert np.array_equal(place.pixels, pixels[top : 4 * row + 15, left : 4 * column + 15])


WHAT_IF = {"inside.view": "what_if"}


def behind(layer, maps):
    """Return the shares that follow from the maps of a layer."""
    photos = nn.pretrained("photos")
    return photos[photos.names.index(layer) + 1 :].forward(maps[None])[0]


def first_rows(at):
    """Return the rows of all layers by their names."""
    return {row["name"]: row for row in layer_rows(components(at, "overview")[0])}


def after(at):
    """Return the bars of the changed answer by class."""
    row = rows(at)["after"]
    return dict(zip(row["labels"], row["exact"].ravel().tolist(), strict=True))


@pytest.mark.parametrize(("layer", "factor"), [("fire9", 0.0), ("fire3", 2.5)])
def test_maps_that_are_made_louder_or_silenced_change_what_follows_alone(cat, layer, factor):
    changes = {"what_layer": layer, "channels": "3,70,999", "factor": factor}
    at = inside({**WHAT_IF, **{f"inside.{name}": value for name, value in changes.items()}})
    maps = cat[layer].copy()
    maps[[3, 70]] *= np.float32(factor)
    shares, names = behind(layer, maps), nn.pretrained("photos").classes
    for name, share in after(at).items():
        assert share == pytest.approx(shares[names.index(name)], abs=1e-4)
    found, wanted = first_rows(at), first_rows(inside())
    last = found["shares"]
    np.testing.assert_allclose(last["exact"].ravel(), shares[last["order"]], atol=1e-4)
    for name in list(found)[: list(found).index(layer)]:
        assert np.array_equal(found[name]["levels"], wanted[name]["levels"])


def test_the_strongest_maps_are_chosen_with_a_button_and_stand_in_the_link(cat):
    at = inside(WHAT_IF)
    assert "Silence maps or paint over" in words(at)
    (button,) = [button for button in at.button if button.label == "The 8 strongest"]
    button.click()
    at = run_again(at)
    order = np.argsort(-cat["fire9"].mean(axis=(1, 2)), kind="stable")[:8].tolist()
    assert f"channels={','.join(map(str, order))}" in link(at)
    maps = cat["fire9"].copy()
    maps[order] = 0
    name = nn.pretrained("photos").classes[behind("fire9", maps).argmax()]
    assert f"**{name}**" in words(at)


def test_what_is_painted_over_is_grey_and_the_answer_is_that_to_the_painted_photo():
    at = inside({**WHAT_IF, "inside.paint": "d40408080c0c0"})
    image = photo_input(SAMPLES["cat"].load())
    image[:, ink("d40408080c0c0", 224) > 0.5] = 0
    shares, names = nn.pretrained("photos").forward(image[None])[0], nn.pretrained("photos").classes
    for name, share in after(at).items():
        assert share == pytest.approx(shares[names.index(name)], abs=1e-4)
    assert first_rows(at)["input"]["levels"][:, 112, 112].tolist() == [123, 117, 104]


def test_a_place_is_called_what_the_picture_is_called():
    for place in sample_places("fire3", 5):
        assert place.title == SAMPLES[place.name].title
