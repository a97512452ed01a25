"""The networks that people bring, in PyTorch and Keras, with random weights."""

import torch
from keras import Input, Model, Sequential, layers
from torch import nn

from tests.peers.export_fixtures import Block


class Fire(nn.Module):
    """The module that SqueezeNet is made of."""

    def __init__(self, channels, squeezed, expanded):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed, 1)
        self.narrow = nn.Conv2d(squeezed, expanded, 1)
        self.wide = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x):
        x = torch.relu(self.squeeze(x))
        return torch.cat([torch.relu(self.narrow(x)), torch.relu(self.wide(x))], 1)


class Inverted(nn.Module):
    """The block that MobileNet-v2 is made of."""

    def __init__(self, channels, filters, stride, expand, activation=nn.ReLU6):
        super().__init__()
        wide, self.short = channels * expand, stride == 1 and channels == filters
        first = [nn.Conv2d(channels, wide, 1, bias=False), nn.BatchNorm2d(wide), activation()]
        self.row = nn.Sequential(
            *(first if expand > 1 else []),
            nn.Conv2d(wide, wide, 3, stride, 1, groups=wide, bias=False), nn.BatchNorm2d(wide),
            activation(), nn.Conv2d(wide, filters, 1, bias=False), nn.BatchNorm2d(filters),
        )  # fmt: skip

    def forward(self, x):
        return x + self.row(x) if self.short else self.row(x)


class Squeezed(nn.Module):
    """A squeeze-and-excitation gate."""

    def __init__(self, channels):
        super().__init__()
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, 4, 1), nn.ReLU(),
            nn.Conv2d(4, channels, 1), nn.Hardsigmoid(),
        )  # fmt: skip

    def forward(self, x):
        return x * self.gate(x)


def head(channels, classes=10):
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]


def lenet():
    pool = [nn.Tanh(), nn.AvgPool2d(2)]
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), *pool, nn.Conv2d(6, 16, 5), *pool, nn.Flatten(), nn.Linear(400, 120),
        nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10), nn.Softmax(1),
    ), (1, 32, 32)  # fmt: skip


def alexnet():
    relu, pool = nn.ReLU(), nn.MaxPool2d(3, 2)
    return nn.Sequential(
        nn.Conv2d(3, 64, 11, 4, 2), relu, pool, nn.Conv2d(64, 192, 5, padding=2), relu, pool,
        nn.Conv2d(192, 384, 3, padding=1), relu, nn.Conv2d(384, 256, 3, padding=1), relu,
        nn.Conv2d(256, 256, 3, padding=1), relu, pool, nn.AdaptiveAvgPool2d(6), nn.Dropout(),
        nn.Flatten(), nn.Linear(9216, 128), relu, nn.Linear(128, 10),
    ), (3, 224, 224)  # fmt: skip


def vgg():
    row, channels = [], 3
    for filters, depth in (16, 1), (32, 1), (64, 2), (128, 2), (128, 2):
        for _ in range(depth):
            row += [nn.Conv2d(channels, filters, 3, padding=1), nn.BatchNorm2d(filters), nn.ReLU()]
            channels = filters
        row.append(nn.MaxPool2d(2))
    return nn.Sequential(*row, nn.AdaptiveAvgPool2d(7), nn.Flatten(), nn.Linear(128 * 49, 64),
                         nn.ReLU(), nn.Dropout(), nn.Linear(64, 10)), (3, 224, 224)  # fmt: skip


def squeezenet():
    pool = nn.MaxPool2d(3, 2, ceil_mode=True)
    return nn.Sequential(
        nn.Conv2d(3, 64, 3, 2), nn.ReLU(), pool, Fire(64, 16, 64), Fire(128, 16, 64), pool,
        Fire(128, 32, 128), Fire(256, 32, 128), pool, Fire(256, 48, 192), nn.Dropout(),
        nn.Conv2d(384, 10, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
    ), (3, 128, 128)  # fmt: skip


def resnet18():
    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
            nn.MaxPool2d(3, 2, 1)]  # fmt: skip
    blocks = [Block(64, 64), Block(64, 64)]
    for channels in 64, 128, 256:
        blocks += [Block(channels, 2 * channels, 2), Block(2 * channels, 2 * channels)]
    return nn.Sequential(*stem, *blocks, *head(512)), (3, 96, 96)


def mobilenet_v2():
    row, channels = [nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6()], 32
    for expand, filters, count, stride in (
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
        (6, 320, 1, 1),
    ):  # fmt: skip
        for number in range(count):
            row.append(Inverted(channels, filters, 1 if number else stride, expand))
            channels = filters
    end = [nn.Conv2d(320, 1280, 1, bias=False), nn.BatchNorm2d(1280), nn.ReLU6()]
    return nn.Sequential(*row, *end, *head(1280)), (3, 96, 96)


def hard():
    """A network with the activations of MobileNet-v3, and with its gates."""
    row = [nn.Conv2d(3, 16, 3, 2, 1), nn.BatchNorm2d(16), nn.Hardswish(), Squeezed(16)]
    row += [Inverted(16, 16, 1, 2, nn.Hardswish), Inverted(16, 24, 2, 4, nn.SiLU), Squeezed(24)]
    return nn.Sequential(*row, *head(24), nn.Hardsigmoid()), (3, 64, 64)


def keras_classroom():
    return Sequential(
        [
            Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
            layers.Dropout(0.5), layers.Dense(10, activation="softmax"),
        ]
    )  # fmt: skip


def keras_mobilenet():
    x = inputs = Input((64, 64, 3))
    x = layers.Rescaling(1 / 127.5, -1)(x)
    x = layers.ZeroPadding2D(((0, 1), (0, 1)))(x)
    x = layers.Conv2D(16, 3, strides=2, use_bias=False)(x)
    x = layers.ReLU(6.0)(layers.BatchNormalization()(x))
    for filters, stride in (24, 1), (32, 2), (32, 1):
        x = layers.DepthwiseConv2D(3, strides=stride, padding="same", use_bias=False)(x)
        x = layers.ReLU(6.0)(layers.BatchNormalization()(x))
        x = layers.Conv2D(filters, 1, padding="same", use_bias=False)(x)
        x = layers.ReLU(6.0)(layers.BatchNormalization()(x))
    x = layers.GlobalAveragePooling2D(keepdims=True)(x)
    x = layers.Conv2D(10, 1)(layers.Dropout(0.1)(x))
    return Model(inputs, layers.Activation("softmax")(layers.Reshape((10,))(x)))


def keras_gated():
    x = inputs = Input((32, 32, 3))
    for filters in 8, 16:
        x = layers.Conv2D(filters, 3, padding="same", activation="silu")(x)
        gate = layers.Reshape((1, 1, filters))(layers.GlobalAveragePooling2D()(x))
        gate = layers.Conv2D(filters, 1)(layers.Conv2D(4, 1, activation="relu")(gate))
        gate = layers.ReLU(6.0)(gate + 3.0) * (1 / 6)  # the hard sigmoid of MobileNet-v3
        x = layers.MaxPooling2D()(layers.Multiply()([x, gate]))
    return Model(inputs, layers.Dense(7)(layers.GlobalMaxPooling2D()(x)))


def keras_tutorial():
    row = [Input((28, 28)), layers.Flatten(), layers.Dense(32, activation="relu")]
    return Sequential([*row, layers.Dropout(0.2), layers.Dense(10)])


def keras_resnet():
    x = inputs = Input((48, 48, 3))
    for filters in 16, 32:
        made = layers.Conv2D(filters, 3, strides=2, padding="same")(x)
        made = layers.Activation("elu")(layers.BatchNormalization()(made))
        made = layers.Conv2D(filters, 3, padding="same")(made)
        x = layers.ReLU()(layers.Add()([made, layers.Conv2D(filters, 1, strides=2)(x)]))
    x = layers.Concatenate()([layers.AveragePooling2D(3, 1, padding="same")(x), x])
    return Model(inputs, layers.Dense(7)(layers.GlobalMaxPooling2D()(x)))


TORCH = (lenet, alexnet, vgg, squeezenet, resnet18, mobilenet_v2, hard)
KERAS = (keras_classroom, keras_mobilenet, keras_gated, keras_tutorial, keras_resnet)
