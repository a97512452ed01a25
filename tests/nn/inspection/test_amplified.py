import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz import nn
from cnnviz.nn.inspection.amplified import amplified
from cnnviz.nn.inspection.attribution import saliency
from cnnviz.nn.inspection.stages import Stages, louder
from cnnviz.nn.stacks.presets import small_cnn

NETWORK = small_cnn((1, 8, 8), "0123456789", seed=3)
IMAGE = np.random.default_rng(2).random((1, 8, 8), np.float32)


@given(st.data())
def test_later_layers_follow_from_the_changed_maps(data):
    stages = Stages(NETWORK, IMAGE)
    layer = data.draw(st.sampled_from([i for i, m in enumerate(stages.maps) if m.ndim == 3]))
    numbers = st.integers(0, len(stages[layer]) - 1)
    channels = data.draw(st.lists(numbers, min_size=1, max_size=4, unique=True))
    factor = data.draw(st.sampled_from([0.0, 0.5, 1.0, 4.0]))
    made = Stages(amplified(NETWORK, layer, channels, factor), IMAGE)
    wanted = stages.changed(layer, louder(stages[layer], channels, factor))
    for index, maps in enumerate(wanted.maps):
        np.testing.assert_allclose(made[index + (index >= layer)], maps, rtol=1e-6, atol=1e-7)


def test_a_silenced_map_has_no_say_in_the_gradient_either():
    layer = NETWORK.names.index("relu1")
    everything = range(NETWORK.summary()[layer].output_shape[0])
    silent = amplified(NETWORK, layer, everything, 0.0)
    assert saliency(NETWORK, IMAGE, 3).any()
    assert not saliency(silent, IMAGE, 3).any()


def test_the_network_itself_stays_as_it_is():
    before = NETWORK.forward(IMAGE[None])
    amplified(NETWORK, 0, [0], 0.0).forward(IMAGE[None])
    assert np.array_equal(NETWORK.forward(IMAGE[None]), before)


def test_it_can_be_saved_and_read_again(tmp_path):
    silent = amplified(NETWORK, 1, [0], 0.0)
    silent.save(tmp_path / "silent.npz")
    again = nn.Sequential.load(tmp_path / "silent.npz")
    assert np.array_equal(again.forward(IMAGE[None]), silent.forward(IMAGE[None]))


@pytest.mark.parametrize(("layer", "channels", "words"), [
    (99, [0], "layer must be from 0 to"),
    (0, [16], r"has channels 0 to 15, got 16"),
    (0, [-1], r"got -1"),
])  # fmt: skip
def test_missing_layers_and_channels_cannot_be_silenced(layer, channels, words):
    with pytest.raises(ValueError, match=words):
        amplified(NETWORK, layer, channels, 0.0)
