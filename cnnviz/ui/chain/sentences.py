"""A chain in words: output sizes with the numbers filled in, and what to look for."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from cnnviz.experiments.chain import Geometry, Recipe
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.functional.axis import Axis, Unread
from cnnviz.functional.geometry import Axes
from cnnviz.kernels import Kernel
from cnnviz.ui.widgets.formatting import left_to_right

ACTIVATION_SENTENCES = {
    "none": "No activation: the negative values stay.",
    "relu": "ReLU keeps what is above 0 and makes the rest 0.",
    "leaky_relu": "Leaky ReLU lets a part of the negative values through.",
    "prelu": "PReLU scales the negative values by a slope that a network would learn.",
    "elu": "ELU bends the negative values towards a floor.",
    "selu": "SELU bends the negative values towards a floor and enlarges the positive ones a "
    "little.",
    "sigmoid": "Sigmoid squashes all values into the range from 0 to 1: large ones all look alike.",
    "tanh": "Tanh squashes all values into the range from −1 to 1: large ones all look alike.",
    "gelu": "GELU is a ReLU with a soft corner that dips a little below 0.",
    "silu": "SiLU is a ReLU with a softer corner that dips further below 0.",
    "softplus": "Softplus is a ReLU with a soft corner that never reaches 0.",
    "relu6": "ReLU6 is a ReLU that goes no higher than 6.",
    "hardsigmoid": "Hard sigmoid rises in a straight line from 0 at −3 to 1 at 3.",
    "hardswish": "Hard swish is 0 below −3 and passes on what is above 3; between −3 and 0 "
    "it dips below 0.",
}
SLOPED = {"leaky_relu": "leaky ReLU", "prelu": "PReLU"}  # with a slope below 0
POOLING_SENTENCES = {
    "max": "Max pooling keeps the largest value of each window.",
    "average": "Average pooling keeps the mean of each window: smoother, and weaker.",
    "none": "",
}
STEPS = ("stride", "dilation")


def what_to_look_for(recipes: Sequence[Recipe]) -> str:
    """Say what the maps show, one sentence per step; the recipes differ only in their kernels."""
    step = recipes[0]
    sentences = (
        _what_kernels_do([recipe.kernel for recipe in recipes]),
        _turned([recipe.kernel for recipe in recipes]) if step.flip else "",
        activation_sentence(step.activation, step.parameters),
        _pooling_sentence(step),
    )
    return " ".join(sentence for sentence in sentences if sentence)


def activation_title(name: str) -> str:
    """Return the title of the map after an activation.

    >>> activation_title("relu"), activation_title("none")
    ('ReLU', 'No activation')
    """
    return "No activation" if name == "none" else ACTIVATIONS[name].title


def activation_sentence(name: str, parameters: Mapping[str, float]) -> str:
    """Say what an activation does; with a slope of 0 or 1 below 0, what it then is."""
    slope = next(iter(parameters.values()), None)
    if name in SLOPED and slope == 0:
        return f"With slope 0, {SLOPED[name]} is a ReLU: what is below 0 becomes 0."
    if name in SLOPED and slope == 1:
        return f"With slope 1, {SLOPED[name]} changes nothing."
    return ACTIVATION_SENTENCES[name]


def _pooling_sentence(step: Recipe) -> str:
    """Say what the pooling keeps; a window of one cell smooths nothing."""
    if step.pooling != "none" and step.window == (1, 1):
        return "Pooling over one cell keeps it as it is."
    return POOLING_SENTENCES[step.pooling]


def _what_kernels_do(kernels: Sequence[Kernel]) -> str:
    """Say what one kernel does; for several, shorten each: "A finds …; B takes …"."""
    if len(kernels) == 1:
        return kernels[0].description
    return "; ".join(f"**{kernel.title}** {_beginning(kernel)}" for kernel in kernels) + "."


def _beginning(kernel: Kernel) -> str:
    """Return a description up to its first full stop, colon or semicolon, to follow the name."""
    if kernel.family == "own":
        return "does what your numbers say"
    first = re.split("[:;.]", kernel.description)[0]
    return first[:1].lower() + first[1:]


def _turned(kernels: Sequence[Kernel]) -> str:
    """Say how to read the descriptions of flipped kernels; "" if a flip leaves all as they are."""
    if all(
        kernel.family == "own" or np.allclose(kernel.matrix, kernel.matrix[::-1, ::-1])
        for kernel in kernels
    ):
        return ""
    are = "The kernel is" if len(kernels) == 1 else "The kernels are"
    return f"{are} flipped: read left for right, up for down, and the opposite of every angle."


def size_formula(geometry: Geometry) -> str:
    """Write the output sizes with the current numbers filled in, as Markdown."""
    steps = [axes_formula(geometry.convolution)]
    if geometry.pooling:
        steps.append("then " + axes_formula(geometry.pooling))
    return " &nbsp;·&nbsp; ".join(steps)


def axes_formula(axes: Axes) -> str:
    """Write the output size of one step with the current numbers filled in, as Markdown."""
    rows, columns = map(_formula, axes)
    return rows if rows == columns else f"rows {rows}, columns {columns}"


def _formula(axis: Axis) -> str:
    """⌊(i + p + p − d·(k − 1) − 1) ÷ s⌋ + 1."""
    before, after = axis.padding
    left, right = ("⌈", "⌉") if axis.ceil_mode else ("⌊", "⌋")
    pads = f" + {before} + {after}" if before or after else ""
    text = (
        f"{left}({axis.size}{pads} − {axis.dilation}·({axis.kernel_size} − 1) − 1) ÷ "
        f"{axis.stride}{right} + 1"
    )
    room = axis.padded - axis.extent
    plain = (-(-room // axis.stride) if axis.ceil_mode else room // axis.stride) + 1
    dropped = " − 1 (it would lie in the padding)" if plain != axis.output else ""
    return left_to_right(f"{text}{dropped} = **{axis.output}**")


def unread_sentences(
    geometry: Geometry, *, convolved: str = "picture", pooled: str = "feature map"
) -> list[str]:
    """Say which rows and columns no window reads, one sentence for each step and reason.

    `convolved` and `pooled` name the input of the convolution and of the pooling.
    """
    steps = [("The kernel", convolved, geometry.convolution)]
    if geometry.pooling:
        steps.append(("The pooling window", pooled, geometry.pooling))
    return [
        f"{who} never reads {named}: {why}"
        for who, where, axes in steps
        for reason, why in _reasons(axes).items()
        if (named := _named(where, axes, reason))
    ]


def _named(where: str, axes: Axes, reason: str) -> str:
    """Count the lines never read for a reason, as "1 row of the picture, and 2 of the padding"."""
    parts = []
    for inside, place in ((True, f"of the {where}"), (False, "of the padding")):
        lines = [
            _count(
                sum((0 <= cell < axis.size) == inside for cell in getattr(axis.unread, reason)),
                name,
            )
            for axis, name in zip(axes, ("row", "column"), strict=True)
        ]
        if found := " and ".join(line for line in lines if line):
            parts.append(f"{found} {place}")
    return ", and ".join(parts)


def _count(cells: int, name: str) -> str:
    return "" if not cells else f"{cells} {name}" + ("s" if cells > 1 else "")


def _reasons(axes: Axes) -> dict[str, str]:
    """Return the reasons why lines are not read, by their names in `Unread`."""
    stride, dilation = (_both([getattr(axis, name) for axis in axes]) for name in STEPS)
    single = [
        name for name in Unread._fields if sum(len(getattr(a.unread, name)) for a in axes) == 1
    ]
    lie = "it always lies" if "between_taps" in single else "they always lie"
    them = "it" if "between_windows" in single else "them"
    return {
        "between_taps": f"with dilation {dilation} and stride {stride} {lie} in the holes between "
        "the weights.",
        "between_windows": f"stride {stride} jumps over {them}.",
        "beyond": f"with stride {stride} the next window would run over the edge.",
    }


def _both(numbers: Sequence[int]) -> str:
    down, across = numbers
    return str(down) if down == across else f"{down} down and {across} across"
