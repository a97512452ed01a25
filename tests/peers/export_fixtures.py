"""Write tests/nn/formats/fixtures: small models of each family, by the peers' own exporters.

Run with the environment of `make peers`: python -m tests.peers.export_fixtures
"""

import os
import warnings
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import onnx
import torch
from keras import layers
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

FOLDER = Path(__file__).parents[1] / "nn" / "formats" / "fixtures"


class Block(nn.Module):
    """The block that ResNet-18 is made of."""

    def __init__(self, channels, filters, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(filters)
        same = stride == 1 and channels == filters
        self.shortcut = (
            nn.Sequential()
            if same
            else nn.Sequential(
                nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters)
            )
        )

    def forward(self, x):
        made = self.norm2(self.conv2(torch.relu(self.norm1(self.conv1(x)))))
        return torch.relu(made + self.shortcut(x))


class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        self.narrow, self.wide = nn.Conv2d(3, 4, 1), nn.Conv2d(3, 6, 3, padding=1)
        self.dense = nn.Linear(10 * 14 * 14, 4)

    def forward(self, x):
        parts = functional.silu(self.narrow(x)), functional.gelu(self.wide(x))
        maps = functional.max_pool2d(torch.cat(parts, 1), 2)
        return self.dense(maps.view(maps.size(0), -1)).softmax(1)


def residual():
    return nn.Sequential(
        nn.Conv2d(3, 8, 7, 2, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1), Block(8, 8),
        Block(8, 16, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 5),
    )  # fmt: skip


def activations():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.LeakyReLU(0.2), nn.Conv2d(4, 4, 3), nn.PReLU(4),
        nn.Conv2d(4, 4, 3, groups=2), nn.ELU(), nn.SELU(), nn.Hardswish(), nn.Hardsigmoid(),
        nn.Softplus(), nn.ReLU6(), nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, groups=2),
        nn.Hardtanh(-1, 1), nn.AvgPool2d(2, 2, 1, count_include_pad=False), nn.Dropout(), nn.Tanh(),
        nn.ReflectionPad2d(1), nn.Conv2d(6, 3, 3, 2), nn.AdaptiveMaxPool2d(1), nn.Flatten(),
        nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Sigmoid(),
    )  # fmt: skip


def plain():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 8, 3, padding=1),
        nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 49, 10),
    )  # fmt: skip


def drawn(network, shape):
    """Return a network with random batch statistics, and an input for it."""
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d | nn.BatchNorm1d):
            layer.running_mean.normal_(0, 0.3)
            layer.running_var.uniform_(0.5, 2)
    network.eval()
    return network, torch.randn(1, *shape)


def kept(name, x, y):
    np.savez_compressed(FOLDER / f"{name}.npz", x=x, y=y)


def without_traces(file):
    """Remove the exporter's notes about this program's lines and path."""
    model = onnx.load(file, load_external_data=False)
    for part in [*model.graph.node, *model.graph.value_info, *model.graph.input, model.graph]:
        del part.metadata_props[:]
    file.write_bytes(model.SerializeToString())


def torch_files():
    for name, make, shape in (
        ("residual", residual, (3, 32, 32)),
        ("branches", Branches, (3, 28, 28)),
        ("activations", activations, (1, 28, 28)),
    ):
        network, x = drawn(make(), shape)
        kept(name, x.numpy(), network(x).detach().numpy())
        torch.onnx.export(network, (x,), FOLDER / f"{name}.new.onnx", dynamo=True, verbose=False)
        without_traces(FOLDER / f"{name}.new.onnx")
        torch.onnx.export(network, (x,), FOLDER / f"{name}.old.onnx", dynamo=False,
                          input_names=["x"], dynamic_axes={"x": {0: "n"}})  # fmt: skip
    network, x = drawn(plain(), (1, 28, 28))
    kept("plain", x.numpy(), network(x).detach().numpy())
    state = network.state_dict()
    torch.save(state, FOLDER / "plain.pt")
    torch.save(state, FOLDER / "plain.old.pt", _use_new_zipfile_serialization=False)
    optimiser = torch.optim.Adam(network.parameters())
    torch.save({"epoch": 3, "model": state, "optimizer": optimiser.state_dict()},
               FOLDER / "plain.checkpoint.pt")  # fmt: skip
    torch.save(network, FOLDER / "plain.whole.pt")
    torch.jit.trace(network, x).save(FOLDER / "plain.script.pt")
    save_file(state, FOLDER / "plain.safetensors")
    halves = {name: each.bfloat16() if each.ndim > 1 else each for name, each in state.items()}
    save_file(halves, FOLDER / "plain.bfloat16.safetensors")


def keras_row():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)), layers.Rescaling(1 / 255),
            layers.Conv2D(8, 3, activation="relu", padding="same", strides=2),
            layers.MaxPooling2D(2), layers.SeparableConv2D(6, 3, padding="same"),
            layers.BatchNormalization(), layers.LeakyReLU(),
            layers.Conv2DTranspose(4, 3, strides=2, padding="same"),
            layers.PReLU(shared_axes=[1, 2]), layers.ZeroPadding2D(((1, 0), (0, 2))),
            layers.DepthwiseConv2D(3), layers.AveragePooling2D(3, strides=2, padding="same"),
            layers.Flatten(), layers.Dropout(0.3), layers.Dense(12, activation="gelu"),
            layers.Dense(5, activation="softmax"),
        ]
    )  # fmt: skip


def keras_branches():
    x = inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(8, 3, padding="same")(x)
    made = layers.Conv2D(8, 3, padding="same", use_bias=False)(x)
    made = layers.Activation("swish")(layers.BatchNormalization()(made))
    x = layers.Add()([x, made])
    narrow = layers.Conv2D(4, 1, activation="hard_sigmoid")(x)
    x = layers.Concatenate()([narrow, layers.MaxPooling2D(3, 1, padding="same")(x)])
    inner = [keras.Input((32, 32, 12)), layers.Conv2D(6, 3, strides=2, padding="same"),
             layers.ReLU(6.0)]  # fmt: skip
    x = layers.GlobalAveragePooling2D()(keras.Sequential(inner, name="inner")(x))
    return keras.Model(inputs, layers.Dense(4)(x))


def keras_files():
    for name, make in ("keras_row", keras_row), ("keras_branches", keras_branches):
        network = make()
        x = np.random.default_rng(0).normal(size=(1, *network.input_shape[1:])).astype(np.float32)
        kept(name, x.transpose(0, 3, 1, 2), network(x, training=False).detach().numpy())
        network.save(FOLDER / f"{name}.keras")
        network.save(FOLDER / f"{name}.h5")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    FOLDER.mkdir(exist_ok=True)
    torch.manual_seed(0)
    with torch.no_grad():
        torch_files()
    keras.utils.set_random_seed(0)
    keras_files()
