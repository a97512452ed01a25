"""The chain in NumPy and SciPy: a plain correlation, with slices and padding for the rest."""

from collections.abc import Sequence

from cnnviz.experiments.chain import Recipe
from cnnviz.functional.activations import SELU_ALPHA, SELU_SCALE
from cnnviz.ui.export.programs.layout import write
from cnnviz.ui.export.programs.phrases import (
    activation,
    border,
    centred,
    every,
    extents,
    load_input,
    numpy_pad,
    overhang,
    plus,
    sides,
    trim,
)

ACTIVATIONS = {
    "none": "features",
    "relu": "np.maximum(features, 0)",
    "leaky_relu": "np.where(features > 0, features, {negative_slope} * features)",
    "prelu": "np.where(features > 0, features, {weight} * features)",
    "elu": "np.where(features > 0, features, {alpha} * np.expm1(np.minimum(features, 0)))",
    "selu": (
        f"{SELU_SCALE} * np.where("
        f"features > 0, features, {SELU_ALPHA} * np.expm1(np.minimum(features, 0)))"
    ),
    "sigmoid": "expit(features)",
    "tanh": "np.tanh(features)",
    "gelu": "features * ndtr(features)",
    "silu": "features * expit(features)",
    "softplus": "np.logaddexp(0, features)",
    "relu6": "np.clip(features, 0, 6)",
    "hardsigmoid": "np.clip(features / 6 + 0.5, 0, 1)",
    "hardswish": "features * np.clip(features / 6 + 0.5, 0, 1)",
}


def numpy_scipy(
    recipes: Sequence[Recipe], *, colour: bool, scale: float, activated: Sequence[str] = ()
) -> str:
    r"""Write the chain with NumPy and `scipy.signal`; arguments as in `pytorch`.

    The resulting arrays are (H', W').

    Examples
    --------
    >>> from cnnviz.kernels import KERNELS
    >>> recipe = Recipe(KERNELS["box_3"], stride=(2, 2), padding="full", pooling="none")
    >>> print(*numpy_scipy([recipe], colour=False, scale=1).splitlines()[-4:], sep="\n")
    features = correlate2d(x, kernel, mode="full")[::2, ::2]
    activated = np.maximum(features, 0)
    <BLANKLINE>
    print(features.shape, activated.shape)
    """
    recipe = recipes[0]
    activated = activated or [activation(ACTIVATIONS, recipe)]
    body = [*_convolution(recipes, colour), *activated, *_pooling(recipe)]
    return write(recipes, load_input(colour, scale), "np.array({})", body, "x.shape[-2:]")


def _convolution(recipes: Sequence[Recipe], colour: bool) -> list[str]:
    recipe, padding = recipes[0], sides(recipes)
    lines, x, kernel, mode = [], "x", "kernel", "valid"
    zeros = recipe.padding_mode == "zeros"
    if padding and zeros and (recipe.padding == "full" or centred(recipes)):
        mode = str(recipe.padding)
    elif padding:
        lines.append(numpy_pad(recipe, padding, "(0, 0), " if colour else ""))
        x = "padded"
    if recipe.dilation != (1, 1):
        lines += [
            f"dilated = np.zeros(({', '.join(extents(recipes))}))",
            f"dilated{every(recipe.dilation)} = kernel  # zeros in the gaps",
        ]
        kernel = "dilated"
    slide = "convolve2d" if recipe.flip else "correlate2d"
    if colour:
        sums = f'sum({slide}(plane, {kernel}, mode="{mode}") for plane in {x})'
    else:
        sums = f'{slide}({x}, {kernel}, mode="{mode}")'
    return [*lines, f"features = {sums}{every(recipe.stride)}{plus(recipe.bias)}"]


def _pooling(recipe: Recipe) -> list[str]:
    if recipe.pooling == "none":
        return []
    lines, x, pad, over = [], "activated", recipe.pool_padding, overhang(recipe)
    largest = recipe.pooling == "max"
    if any(pad) and recipe.count_include_pad and not largest:
        lines.append(f"bordered = np.pad(activated, {border(pad)})")
        x, pad = "bordered", (0, 0)
    uncounted = any((*pad, *over))
    if uncounted:
        fill = "-np.inf" if largest else "np.nan"
        lines.append(f"bordered = np.pad({x}, {border(pad, over)}, constant_values={fill})")
        x = "bordered"
    mean = "np.nanmean(windows, " if uncounted else "windows.mean("
    return [
        *lines,
        f"windows = sliding_window_view({x}, {recipe.window}){every(recipe.pool_stride)}",
        *trim(recipe, "windows", "activated.shape"),
        f"pooled = {'windows.max(' if largest else mean}axis=(-2, -1))",
    ]
