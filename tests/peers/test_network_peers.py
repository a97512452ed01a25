"""Runs the programs of the network pages in PyTorch; see requirements-peers.txt."""

import os
import re

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np
import pytest

from cnnviz import KERNELS
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.nn import (
    METHODS,
    SGD,
    Activation,
    Adam,
    Affine,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    Gated,
    GlobalAvgPool2d,
    GlobalMaxPool2d,
    KernelFitting,
    Linear,
    MaxPool2d,
    Pad2d,
    Parallel,
    PReLU,
    Residual,
    SelectChannels,
    Sequential,
    Softmax,
    Trainer,
    Upsample,
    digits,
    pretrained,
    small_cnn,
)
from cnnviz.ui.export.programs.keras_network import keras_program
from cnnviz.ui.export.programs.torch_network import torch_program
from cnnviz.ui.export.programs.torch_training import learning_program
from cnnviz.ui.training.kernel_programs import fitting_programs
from tests.peers.chains import run
from tests.strategies import MODES

pytestmark = pytest.mark.peers


def shares(network, images, folder, monkeypatch):
    """Return the output of a network's program for images."""
    import torch

    network.save(folder / "network.npz")
    np.save(folder / "images.npy", images)
    program = torch_program(network)
    given = 'x = torch.from_numpy(np.load("images.npy"))'
    program = re.sub(r"^x = torch.zeros.*$", given, program, flags=re.M)
    left = run(program, images, folder, monkeypatch)
    with torch.no_grad():
        return left["network"](left["x"]).numpy()


def shares_in_keras(network, images, folder, monkeypatch):
    network.save(folder / "network.npz")
    left = run(keras_program(network), images, folder, monkeypatch)
    found = left["network"](images.transpose(0, 2, 3, 1).astype(np.float32))
    found = found.detach().cpu().numpy()
    return found.transpose(0, 3, 1, 2) if found.ndim == 4 else found


def same(network, images, folder, monkeypatch):
    wanted = network.forward(images)
    for answers in shares, shares_in_keras:
        found = answers(network, images, folder, monkeypatch)
        np.testing.assert_allclose(found, wanted, rtol=2e-4, atol=2e-5, err_msg=answers.__name__)


@pytest.mark.parametrize("name", ["digits", "shapes"])
def test_the_networks_that_come_with_the_app_answer_the_same(name, tmp_path, monkeypatch):
    network = pretrained(name)
    images = np.random.default_rng(0).random((20, *network.input_shape), np.float32)
    same(network, images, tmp_path, monkeypatch)


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_network_that_was_trained_here_answers_the_same(activation, norm, tmp_path, monkeypatch):
    learn, test = digits().split()
    network = small_cnn((1, 8, 8), learn.classes, activation=activation, batch_norm=norm)
    trainer = Trainer(network, learn)
    for _ in range(5):
        trainer.step()
    same(network, test.images[:50], tmp_path, monkeypatch)


def one_of(rng, *choices):
    return choices[rng.integers(len(choices))]


def pair(rng, low, high):
    return tuple(int(number) for number in rng.integers(low, high, 2))


def any_padding(rng):
    return one_of(rng, 0, 1, "same", "valid", pair(rng, 0, 3), (pair(rng, 0, 3), pair(rng, 0, 3)))


def network_of(rng):
    """Draw layers until they fit."""
    while True:
        groups = int(rng.integers(1, 3))
        ceil, counted = (bool(rng.integers(2)) for _ in range(2))
        padding = one_of(rng, 0, (1, 0), ((0, 1), (1, 0))) if counted else one_of(rng, 0, (1, 0))
        layers = [
            Conv2d(2, 4, pair(rng, 1, 5), pair(rng, 1, 3), any_padding(rng), pair(rng, 1, 3),
                   groups, padding_mode=one_of(rng, *MODES), bias=bool(rng.integers(2)), seed=rng),
            BatchNorm2d(4, eps=1e-3),
            Activation("leaky_relu", negative_slope=0.2),
            # with different padding on opposite sides, ceil mode has no counterpart
            MaxPool2d(pair(rng, 1, 3), pair(rng, 1, 3), one_of(rng, 0, ((0, 1), (1, 0)))),
            AvgPool2d(2, pair(rng, 1, 3), padding, ceil and isinstance(padding, int), counted),
            Flatten(),
        ]  # fmt: skip
        try:
            size = Sequential(layers, input_shape=(2, 13, 12)).summary()[-1].output_shape[0]
        except ValueError:
            continue
        tail = [Linear(size, 3, bool(rng.integers(2)), seed=rng), Softmax()]
        return Sequential([*layers, *tail], input_shape=(2, 13, 12))


@pytest.mark.parametrize("seed", range(60))
def test_layers_with_any_settings_answer_the_same(seed, tmp_path, monkeypatch):
    rng = np.random.default_rng(seed)
    network = network_of(rng)
    images = rng.random((4, *network.input_shape), np.float32)
    network.train()
    network.forward(images)  # the running statistics are no longer the initial ones
    network.eval()
    same(network, images, tmp_path, monkeypatch)


def with_branches(rng):
    """Draw a network of the parts that real networks are made of."""
    mode = one_of(rng, *MODES)
    ceil, size = bool(rng.integers(2)), int(rng.integers(9, 14))

    def conv(channels, filters, kernel, padding=0, stride=1):
        return Conv2d(channels, filters, kernel, stride, padding, padding_mode=mode, seed=rng)

    layers = [
        conv(3, 4, 3, stride=2),
        Activation("relu6"),
        MaxPool2d(3, 2, ceil_mode=ceil),
        conv(4, 2, 1),
        Parallel([conv(2, 4, 1), [conv(2, 4, 3, 1), Activation("relu6")], AvgPool2d(3, 1, 1)]),
        Residual([conv(10, 10, 2, "same"), BatchNorm2d(10, eps=1e-3), Activation("silu")]),
        Gated([GlobalAvgPool2d(), conv(10, 4, 1), Activation("relu"), conv(4, 10, 1),
               Activation("hardsigmoid")]),
        Gated([conv(10, 10, 3, 1), Activation("sigmoid")], conv(10, 10, 1)),
        Residual([Parallel([conv(10, 3, 1), conv(10, 3, 3, 1)])], conv(10, 6, 1)),
        Dropout(0.3),
        Parallel([GlobalMaxPool2d(), GlobalAvgPool2d()]),
        Flatten(),
        Linear(12, 3, seed=rng),
    ]  # fmt: skip
    return Sequential(layers, input_shape=(3, 4 * size, 4 * size))


@pytest.mark.parametrize("seed", range(20))
def test_branches_answer_the_same(seed, tmp_path, monkeypatch):
    rng = np.random.default_rng(seed)
    network = with_branches(rng)
    images = 4 * rng.random((4, *network.input_shape), np.float32)
    network.train()
    network.forward(images)
    network.eval()
    same(network, images, tmp_path, monkeypatch)


@pytest.mark.parametrize("seed", range(10))
def test_the_layers_that_files_bring_answer_the_same(seed, tmp_path, monkeypatch):
    rng = np.random.default_rng(seed)
    stride, extra = int(rng.integers(2, 4)), int(rng.integers(2))
    layers = [
        Affine(3),
        Pad2d(one_of(rng, 1, ((1, 2), (0, 1))), one_of(rng, *MODES)),
        Conv2d(3, 4, 3, seed=rng),
        PReLU(one_of(rng, 1, 4)),
        ConvTranspose2d(4, 6, 3, stride, 1, extra, bias=not extra or stride == 2, seed=rng),
        Activation("hardswish"),
        Upsample(one_of(rng, 2, (1, 3)), one_of(rng, "nearest", "bilinear")),
        SelectChannels(rng.permutation(6)),
        GlobalAvgPool2d(),
        Flatten(),
        Affine(6),
        Activation("hardsigmoid"),
    ]
    network = Sequential(layers, input_shape=(3, 9, 11))
    for number, parameter in enumerate(network.parameters().values()):
        drawn = np.random.default_rng([seed, number]).normal(size=parameter.shape)
        parameter.value = drawn.astype(np.float32)
    same(network, rng.random((4, 3, 9, 11), np.float32), tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("init", "norm", "rule"),
    [("he", False, Adam), ("xavier", True, SGD), (0.01, True, Adam)],
)
def test_a_training_in_pytorch_learns_as_well(init, norm, rule, tmp_path, monkeypatch, capsys):
    learn, test = digits().split()
    network = small_cnn((1, 8, 8), learn.classes, init=init, batch_norm=norm)
    rate = {"Adam": 0.003, "SGD": 0.05}[rule.__name__]
    optimiser = rule(network.parameters().values(), rate)
    trainer = Trainer(network, learn, optimiser=optimiser)
    trainer.steps = 180  # four epochs
    np.savez(tmp_path / "data.npz", images=learn.images, labels=learn.labels,
             held_out=test.images, truth=test.labels)  # fmt: skip
    run(learning_program(trainer, init=init, seed=1), learn.images, tmp_path, monkeypatch)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert float(re.search(r"([\d.]+)% of", lines[-1])[1]) > 90


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("library", ["PyTorch", "NumPy and SciPy"])
def test_a_lesson_ends_with_the_same_kernel(method, library, tmp_path, monkeypatch):
    picture = np.random.default_rng(1).integers(0, 256, (20, 30)).astype(float)
    fitting = KernelFitting(picture, KERNELS["unsharp"].weights, method=method, seed=3)
    start = fitting.kernel.copy()
    for _ in range(30):
        fitting.step()
    left = run(fitting_programs(fitting, start)[library], picture, tmp_path, monkeypatch)
    weight = left["weight"]
    found = weight if library.startswith("NumPy") else weight.detach().numpy()
    np.testing.assert_allclose(found, fitting.kernel, rtol=1e-9, atol=1e-9)
