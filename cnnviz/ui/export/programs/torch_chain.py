"""The chain in PyTorch, in which padding, ceil mode and the rest are options of one call."""

from collections.abc import Sequence

from cnnviz.experiments.chain import Recipe
from cnnviz.ui.export.programs.layout import write
from cnnviz.ui.export.programs.phrases import (
    activation,
    centred,
    load_input,
    pair,
    sides,
)

ACTIVATIONS = {
    "none": "features",
    "relu": "F.relu(features)",
    "leaky_relu": "F.leaky_relu(features, negative_slope={negative_slope})",
    "prelu": "F.prelu(features, torch.tensor([{weight}], dtype=torch.float64))",
    "elu": "F.elu(features, alpha={alpha})",
    "selu": "F.selu(features)",
    "sigmoid": "torch.sigmoid(features)",
    "tanh": "torch.tanh(features)",
    "gelu": "F.gelu(features)",
    "silu": "F.silu(features)",
    "softplus": "F.softplus(features)",
    "relu6": "F.relu6(features)",
    "hardsigmoid": "F.hardsigmoid(features)",
    "hardswish": "F.hardswish(features)",
}


def pytorch(
    recipes: Sequence[Recipe], *, colour: bool, scale: float, activated: Sequence[str] = ()
) -> str:
    r"""Write the chain with `torch.nn.functional`.

    Parameters
    ----------
    recipes : sequence of Recipe
        At least one; they differ only in the kernel.
    colour : bool
        Whether the input is (3, H, W), and not (H, W).
    scale : float
        The intensity of white in the input: 255 or 1.
    activated : sequence of str
        The lines that make `activated` of `features`; by default the recipe's activation.

    Returns
    -------
    str
        A program that computes `features`, `activated` and, with pooling, `pooled`: arrays (1, H',
        W') for one kernel, dicts of such arrays by kernel name for several.

    Examples
    --------
    >>> from cnnviz.kernels import KERNELS
    >>> program = pytorch([Recipe(KERNELS["box_3"])], colour=False, scale=255)
    >>> print(*program.splitlines()[-6:], sep="\n")
    weight = kernel[None, None]  # (out, in, kH, kW)
    features = F.conv2d(x, weight, padding="same")
    activated = F.relu(features)
    pooled = F.max_pool2d(activated, 2)
    <BLANKLINE>
    print(features.shape, activated.shape, pooled.shape)
    """
    recipe = recipes[0]
    kernel = "kernel.flip(0, 1)" if recipe.flip else "kernel"
    load = [*load_input(colour, scale), "x = torch.from_numpy(x)"]
    if colour:
        weight = f"weight = {kernel}.expand(1, 3, -1, -1)  # the same on every channel"
    else:
        load[-1] += "[None]  # (1, H, W)"
        weight = f"weight = {kernel}[None, None]  # (out, in, kH, kW)"
    activated = activated or [activation(ACTIVATIONS, recipe)]
    body = [weight, *_convolution(recipes), *activated, *_pooling(recipe)]
    return write(recipes, load, "torch.tensor({}, dtype=torch.float64)", body, "x.shape[-2:]")


def _convolution(recipes: Sequence[Recipe]) -> list[str]:
    recipe = recipes[0]
    lines, options = [], []
    if recipe.bias:
        lines.append(f"bias = torch.tensor([{float(recipe.bias)}], dtype=torch.float64)")
        options.append("bias")
    if recipe.stride != (1, 1):
        options.append(f"stride={pair(recipe.stride)}")
    before, x, padding = _padding(recipes)
    options += padding
    if recipe.dilation != (1, 1):
        options.append(f"dilation={pair(recipe.dilation)}")
    return [*lines, *before, f"features = F.conv2d({', '.join([x, 'weight', *options])})"]


def _padding(recipes: Sequence[Recipe]) -> tuple[list[str], str, list[str]]:
    """Return the line that pads, if needed, the expression to convolve, and the padding option."""
    recipe, padding = recipes[0], sides(recipes)
    zeros = recipe.padding_mode == "zeros"
    if not padding:
        return [], "x", []
    if zeros and centred(recipes):
        return [], "x", ['padding="same"']
    if zeros and all(len(side) == 2 and len(set(side)) == 1 for side in padding):
        return [], "x", [f"padding={pair([before for before, _ in padding])}"]
    rows, columns = padding
    mode = "" if zeros else f', mode="{recipe.padding_mode}"'
    # PyTorch starts with the last axis: left, right, top, bottom.
    return [f"padded = F.pad(x, ({', '.join([*columns, *rows])}){mode})"], "padded", []


def _pooling(recipe: Recipe) -> list[str]:
    if recipe.pooling == "none":
        return []
    options = pair(recipe.window)
    if recipe.pool_stride != recipe.window:
        options += f", stride={pair(recipe.pool_stride)}"
    if any(recipe.pool_padding):
        options += f", padding={pair(recipe.pool_padding)}"
    if recipe.ceil_mode:
        options += ", ceil_mode=True"
    if recipe.pooling == "max":
        return [f"pooled = F.max_pool2d(activated, {options})"]
    if any(recipe.pool_padding) and not recipe.count_include_pad:
        options += ", count_include_pad=False"
    return [f"pooled = F.avg_pool2d(activated, {options})"]
