"""How an answer changes without some maps."""

import numpy as np
import pytest

from cnnviz.nn import pretrained
from cnnviz.nn.inspection.inputs import held_out
from tests.ui.apptest import errors, link
from tests.ui.inside.digits import by_hand, evidence, layers, opened, words
from tests.ui.pages import run_again

SILENT = {"inside.example": 7, "inside.silent_layer": "1", "inside.silent": "0,5"}


def silenced_by_hand(image, channels):
    """Return each layer's output for an image with some maps of relu1 set to 0, in plain loops."""
    digits_network = pretrained("digits")
    maps = by_hand(image, digits_network)["relu1"].astype(np.float32)
    maps[channels] = 0
    return maps, digits_network[2:].stages(maps[None])


def test_silenced_maps_change_what_follows_and_the_answer():
    at = opened(SILENT)
    image = held_out("digits").images[7]
    found, plain = layers(at), layers(opened({"inside.example": 7}))
    maps, after = silenced_by_hand(image, [0, 5])
    np.testing.assert_allclose(found["relu1"], plain["relu1"])
    np.testing.assert_allclose(found["relu1 × 0"], maps, atol=1e-4)
    for name, wanted in zip(pretrained("digits").names[2:], after, strict=True):
        np.testing.assert_allclose(found[name].reshape(wanted[0].shape), wanted[0], atol=1e-4)
    share = after[-1][0].max()
    assert f"**{int(after[-1][0].argmax())}**" in words(at)
    assert f"{round(100 * share)} % now" in words(at) or "and now it says" in words(at)


def test_the_accuracy_of_a_silenced_network_is_measured_again():
    silent = {"inside.silent_layer": "4", "inside.silent": ",".join(map(str, range(31)))}
    assert "It gets 99 % of 360" in words(opened())
    assert "It gets 99 % of 360" not in words(opened(silent))


def test_evidence_is_that_of_the_silenced_network():
    everything = {"inside.silent_layer": "1", "inside.silent": ",".join(map(str, range(16)))}
    found = evidence(opened(everything))
    assert not found["Saliency"].any()


@pytest.mark.parametrize("wrong", [
    {"inside.silent_layer": "999", "inside.silent": "0"},
    {"inside.silent_layer": "7", "inside.silent": "0"},  # scores, not maps
    {"inside.silent": "998,999"},
])  # fmt: skip
def test_maps_that_are_not_there_are_left_alone(wrong):
    at = opened(wrong)
    assert not errors(at)
    assert "It says" in words(at) or "It still says" in words(at)


def test_the_strongest_maps_are_silenced_with_a_button_and_stand_in_the_link():
    at = opened({"inside.silent_layer": "1", "inside.example": 7})
    (button,) = [button for button in at.button if button.label == "The 8 strongest"]
    button.click()
    at = run_again(at)
    maps = by_hand(held_out("digits").images[7], pretrained("digits"))["relu1"]
    order = np.argsort(-maps.mean(axis=(1, 2)), kind="stable")[:8].tolist()
    assert f"silent={','.join(map(str, order))}" in link(at)
    (button,) = [button for button in at.button if button.label == "None"]
    button.click()
    assert "silent=" not in link(run_again(at))
