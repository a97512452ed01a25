"""SqueezeNet stage by stage, written out in `torch.nn.functional` with the same weights."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np
import pytest

from cnnviz.images.samples import SAMPLES
from cnnviz.nn import pretrained
from cnnviz.nn.inspection.photos import photo_input
from cnnviz.ui.export.programs.keras_network import keras_program
from cnnviz.ui.export.programs.torch_network import torch_program
from tests.peers.chains import run

pytestmark = pytest.mark.peers
POOLED_BEFORE = ("fire4", "fire6")


def stages_in_torch(x):
    """Yield the name and the maps of each stage, for a tensor (1, 3, H, W)."""
    import torch
    from torch.nn import functional as F

    network = pretrained("photos")
    layers = dict(zip(network.names, network, strict=True))

    def convolved(layer, x, **how):
        weight, bias = (torch.tensor(layer.parameters()[n].value) for n in ("weight", "bias"))
        return F.conv2d(x, weight, bias, **how)

    def pooled(x):
        return F.max_pool2d(x, 3, 2, ceil_mode=True)

    x = convolved(layers["conv1"], x, stride=2)
    yield "conv1", x
    x = F.relu(x)
    yield "relu1", x
    x = pooled(x)
    yield "pool1", x
    for fire in [f"fire{number}" for number in range(2, 10)]:
        if fire in POOLED_BEFORE:
            x = pooled(x)
            yield f"pool{int(fire[-1]) - 1}", x
        x = convolved(layers[f"{fire} squeeze"], x)
        yield f"{fire} squeeze", x
        x = F.relu(x)
        yield f"{fire} squeeze relu", x
        one, three = (branch[0] for branch in layers[f"{fire} expand"].branches)
        x = torch.cat([convolved(one, x), convolved(three, x, padding=1)], dim=1)
        yield f"{fire} expand", x
        x = F.relu(x)
        yield fire, x
    yield "dropout", F.dropout(x, training=False)
    x = convolved(layers["conv10"], x)
    yield "conv10", x
    x = F.relu(x)
    yield "relu10", x
    x = F.adaptive_avg_pool2d(x, 1)
    yield "mean", x
    x = x.flatten(1)
    yield "scores", x
    yield "shares", F.softmax(x, 1)


@pytest.mark.parametrize("name", ["cat", "coffee", "text"])
def test_every_stage_is_that_of_torch(name):
    import torch

    network, image = pretrained("photos"), photo_input(SAMPLES[name].load())
    ours = dict(zip(network.names, network.stages(image[None]), strict=True))
    theirs = {stage: maps.numpy() for stage, maps in stages_in_torch(torch.from_numpy(image[None]))}
    assert list(theirs) == list(ours)
    for stage, maps in theirs.items():
        np.testing.assert_allclose(
            ours[stage], maps, rtol=1e-4, atol=1e-4 * abs(maps).max(), err_msg=stage
        )


def test_the_slope_of_a_score_by_the_photo_is_that_of_torch():
    import torch

    image = photo_input(SAMPLES["coffee"].load())
    x = torch.from_numpy(image[None]).requires_grad_()
    scorer = pretrained("photos").without_softmax().with_own_memory()
    direction = np.zeros_like(scorer.forward(image[None], remember=True))
    direction[0, 967] = 1
    (scores,) = [maps for name, maps in stages_in_torch(x) if name == "scores"]
    scores[0, 967].backward()
    wanted = x.grad.numpy()[0]
    found = scorer.backward(direction)[0]
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-4 * abs(wanted).max())


def test_the_programs_give_the_same_shares(tmp_path, monkeypatch):
    network, image = pretrained("photos"), photo_input(SAMPLES["cat"].load())
    network.save(tmp_path / "network.npz", half=True)
    left = run(torch_program(network), image[None], tmp_path, monkeypatch)
    import torch

    with torch.no_grad():
        found = left["network"](torch.from_numpy(image[None])).numpy()
    wanted = network.forward(image[None])
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6)
    left = run(keras_program(network), image[None], tmp_path, monkeypatch)
    found = left["network"](image[None].transpose(0, 2, 3, 1)).detach().numpy()
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6)
