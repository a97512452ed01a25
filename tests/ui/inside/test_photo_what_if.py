"""How the answer to a photo changes without some maps, or without a part of it."""

import numpy as np
import pytest

from cnnviz import nn
from cnnviz.images.drawings import ink
from cnnviz.images.samples import SAMPLES
from cnnviz.nn.inspection.photos import photo_input
from cnnviz.ui.inside.photos.ascent import sample_places
from tests.ui.apptest import components, link
from tests.ui.inside.digits import words
from tests.ui.inside.photos import inside, rows
from tests.ui.overviews import layer_rows
from tests.ui.pages import run_again

WHAT_IF = {"inside.view": "what_if"}


def behind(layer, maps):
    """Return the shares that the rest of the network computes from the maps of a layer."""
    photos = nn.pretrained("photos")
    return photos[photos.names.index(layer) + 1 :].forward(maps[None])[0]


def first_rows(at):
    """Return the rows of all layers by name."""
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
