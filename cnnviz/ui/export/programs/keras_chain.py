"""The chain in Keras 3, for any backend: borders are padded by hand where backends differ."""

from collections.abc import Sequence

from cnnviz.experiments.chain import Recipe
from cnnviz.ui.export.programs.layout import write
from cnnviz.ui.export.programs.phrases import (
    activation,
    border,
    every,
    load_input,
    numpy_pad,
    overhang,
    pair,
    plus,
    sides,
    trim,
)

# TensorFlow rounds the constants of ops.leaky_relu and ops.gelu to float32, so these two are
# written out; for tanh on JAX, where Keras loses precision, a comment says so.
ACTIVATIONS = {
    "none": "features",
    "relu": "ops.relu(features)",
    "leaky_relu": "ops.where(features > 0, features, {negative_slope} * features)",
    "prelu": "ops.where(features > 0, features, {weight} * features)",
    "elu": "ops.elu(features, alpha={alpha})",
    "selu": "ops.selu(features)",
    "sigmoid": "ops.sigmoid(features)",
    "tanh": "ops.tanh(features)  # on JAX, Keras computes it in float32",
    "gelu": "features * (1 + ops.erf(features / 2**0.5)) / 2",
    "silu": "ops.silu(features)",
    "softplus": "ops.softplus(features)",
    "relu6": "ops.relu6(features)",
    "hardsigmoid": "ops.hard_sigmoid(features)",
    "hardswish": "ops.hard_swish(features)",
}


def keras(
    recipes: Sequence[Recipe], *, colour: bool, scale: float, activated: Sequence[str] = ()
) -> str:
    r"""Write the chain with `keras.ops`; arguments as in `pytorch`.

    The arrays that the program leaves are (1, H', W', 1).

    Examples
    --------
    >>> from cnnviz.kernels import KERNELS
    >>> recipe = Recipe(KERNELS["box_3"], padding="valid", bias=2.5, pooling="none")
    >>> print(*keras([recipe], colour=False, scale=1).splitlines()[-5:-2], sep="\n")
    weight = kernel[..., None, None]  # (kH, kW, in, out)
    features = ops.conv(x, weight, data_format="channels_last") + 2.5
    activated = ops.relu(features)
    """
    recipe = recipes[0]
    load = [
        'keras.config.set_floatx("float64")  # JAX also needs JAX_ENABLE_X64=1',
        *load_input(colour, scale),
        f"x = {'np.moveaxis(x, 0, -1)[None]' if colour else 'x[None, ..., None]'}"
        "  # (batch, height, width, channels)",
    ]
    kernel = "ops.flip(kernel)" if recipe.flip else "kernel"
    weight = [f"weight = {kernel}[..., None, None]  # (kH, kW, in, out)"]
    if colour:
        weight.append("weight = ops.repeat(weight, 3, axis=2)  # the same on every channel")
    body = [
        *weight,
        *_convolution(recipes),
        *(activated or [activation(ACTIVATIONS, recipe)]),
        *_pooling(recipe),
    ]
    return write(recipes, load, 'ops.array({}, dtype="float64")', body, "x.shape[1:3]")


def _convolution(recipes: Sequence[Recipe]) -> list[str]:
    recipe = recipes[0]
    strided, dilated = recipe.stride != (1, 1), recipe.dilation != (1, 1)
    sliced = strided and dilated  # TensorFlow cannot do this in one call
    lines, x, options = _padding(recipes, sliced)
    if strided and not sliced:
        options.insert(0, f"strides={pair(recipe.stride)}")
    options.append('data_format="channels_last"')
    if dilated:
        options.append(f"dilation_rate={pair(recipe.dilation)}")
    if sliced:
        lines.append("# strides as a slice: TensorFlow takes either strides or a dilation rate")
    after = every(recipe.stride, ":, ") if sliced else ""
    call = f"ops.conv({', '.join([x, 'weight', *options])})"
    return [*lines, f"features = {call}{after}{plus(recipe.bias)}"]


def _padding(recipes: Sequence[Recipe], sliced: bool) -> tuple[list[str], str, list[str]]:
    """Return the line that pads, if needed, the expression to convolve, and the padding option."""
    recipe, padding = recipes[0], sides(recipes)
    if not padding:
        return [], "x", []
    if recipe.padding == "same" and recipe.padding_mode == "zeros" and not sliced:
        return [], "x", ['padding="same"']
    return [numpy_pad(recipe, padding, "(0, 0), ", ", (0, 0)")], "padded", []


def _pooling(recipe: Recipe) -> list[str]:
    if recipe.pooling == "none":
        return []
    lines, x, pad, over = [], "activated", recipe.pool_padding, overhang(recipe)
    # Strides are always written out: on JAX, Keras 3.15 fails without them.
    options = (
        f'{pair(recipe.window)}, strides={pair(recipe.pool_stride)}, data_format="channels_last"'
    )
    kind = "max" if recipe.pooling == "max" else "average"
    if any((*pad, *over)):
        fill = ", constant_values=-np.inf" if kind == "max" else ""
        lines.append(f"bordered = ops.pad(activated, {border(pad, over, batch=True)}{fill})")
        x = "bordered"
    lines.append(f"pooled = ops.{kind}_pool({x}, {options})")
    if kind == "average":
        lines += _uncounted(recipe, options)
    return [*lines, *trim(recipe, "pooled", "activated.shape[1:3]", ":, ")]


def _uncounted(recipe: Recipe, options: str) -> list[str]:
    """Write the factor that removes uncounted cells from an average over all cells."""
    pad, over = recipe.pool_padding, overhang(recipe)
    lines = ["counted = ops.ones_like(activated)"]
    if any(pad) and recipe.count_include_pad:
        lines.append(f"counted = ops.pad(counted, {border(pad, batch=True)}, constant_values=1)")
        pad = (0, 0)
    if not any((*pad, *over)):
        return []
    return [
        *lines,
        f"counted = ops.pad(counted, {border(pad, over, batch=True)})",
        f"pooled /= ops.average_pool(counted, {options})  # the share of a window that counts",
    ]
