"""Short code phrases that the programs for different libraries share."""

from collections.abc import Mapping, Sequence

from cnnviz.experiments.chain import Recipe
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.functional.padding import PADDING_MODES


def load_input(colour: bool, scale: float) -> list[str]:
    """Write the line that reads the picture."""
    shape = "(3, H, W)" if colour else "(H, W)"
    return [f'x = np.load("input.npy")  # {shape}, float64, intensity 0–{scale:g}']


def activation(code: Mapping[str, str], recipe: Recipe) -> str:
    """Write the activation with its parameters."""
    defaults = {each.name: each.default for each in ACTIVATIONS[recipe.activation].parameters}
    numbers = {name: float(value) for name, value in {**defaults, **recipe.parameters}.items()}
    return f"activated = {code[recipe.activation].format_map(numbers)}"


def pair(numbers: Sequence[object]) -> str:
    """Write one number if both axes agree.

    >>> pair((2, 2)), pair((2, 1))
    ('2', '(2, 1)')
    """
    first, second = numbers
    return f"{first}" if first == second else f"({first}, {second})"


def plus(bias: float) -> str:
    """Write the addition of the bias: " + 2.5", " - 1.0" or nothing."""
    return f" {'-' if bias < 0 else '+'} {abs(float(bias))}" if bias else ""


def every(step: Sequence[int], before: str = "") -> str:
    """Write the slice that takes every n-th cell.

    >>> every((2, 3)), every((1, 2)), every((2, 1), before=":, "), every((1, 1))
    ('[::2, ::3]', '[:, ::2]', '[:, ::2]', '')
    """
    slices = [f"::{number}" if number > 1 else ":" for number in step]
    if slices[-1] == ":":
        slices.pop()
    return "" if slices in ([], [":"]) else f"[{before}{', '.join(slices)}]"


def sides(recipes: Sequence[Recipe]) -> tuple[Sequence[str], Sequence[str]] | None:
    """Write the padding of rows and columns as the contents of "(before, after)".

    The result is numbers if they are known; H, W, kH and kW stand for sizes of the picture and the
    kernel that are known only when the program runs. None if there is no padding.
    """
    recipe, written = recipes[0], []
    for axis, taps in enumerate(_taps(recipes)):
        stride, dilation = recipe.stride[axis], recipe.dilation[axis]
        if recipe.padding == "same" and (stride > 1 or isinstance(taps, str)):
            written.append([f"*same({'HW'[axis]}, {taps}, {stride}, {dilation})"])
        elif recipe.padding == "full" and isinstance(taps, str):
            written.append([f"{dilation} * ({taps} - 1)" if dilation > 1 else f"{taps} - 1"] * 2)
        else:  # at stride 1, the only remaining case, the size of the picture does not matter
            written.append([str(cells) for cells in recipe.axes((1, 1))[axis].padding])
    return None if written == [["0", "0"]] * 2 else (written[0], written[1])


def _taps(recipes: Sequence[Recipe]) -> tuple[int | str, int | str]:
    """Return the size of the kernels, or the names kH and kW if the kernels differ in size."""
    shapes = {recipe.kernel.shape for recipe in recipes}
    return shapes.pop() if len(shapes) == 1 else ("kH", "kW")


def centred(recipes: Sequence[Recipe]) -> bool:
    """Return whether the padding is what every library calls "same": half a window on each side."""
    recipe = recipes[0]
    return (
        recipe.padding == "same"
        and recipe.stride == (1, 1)
        and all(
            dilation * (taps - 1) % 2 == 0
            for each in recipes
            for dilation, taps in zip(each.dilation, each.kernel.shape, strict=True)
        )
    )


def extents(recipes: Sequence[Recipe]) -> list[str]:
    """Write the height and width of the dilated kernel."""
    return [
        str(dilation * (taps - 1) + 1)
        if isinstance(taps, int)
        else f"{dilation} * ({taps} - 1) + 1"
        if dilation > 1
        else taps
        for dilation, taps in zip(recipes[0].dilation, _taps(recipes), strict=True)
    ]


def numpy_pad(
    recipe: Recipe, padding: Sequence[Sequence[str]], before: str = "", after: str = ""
) -> str:
    """Write the padding of the picture; `before` and `after` are for the other axes."""
    rows, columns = (
        side[0].removeprefix("*") if len(side) == 1 else f"({', '.join(side)})" for side in padding
    )
    return f"padded = np.pad(x, ({before}{rows}, {columns}{after}){numpy_mode(recipe)})"


def numpy_mode(recipe: Recipe) -> str:
    """Write what the padding holds, as an argument of `np.pad`; zeros are its default."""
    mode = PADDING_MODES[recipe.padding_mode]
    return "" if mode == "constant" else f', mode="{mode}"'


def overhang(recipe: Recipe) -> tuple[int, int]:
    """Count the cells that ceil mode needs after the end, so that a last window fits."""
    vertical, horizontal = recipe.pool_stride
    return (vertical - 1, horizontal - 1) if recipe.ceil_mode else (0, 0)


def border(pad: Sequence[int], over: Sequence[int] = (0, 0), *, batch: bool = False) -> str:
    """Write the padding of a map before pooling.

    >>> border((1, 0), (1, 2)), border((1, 1), batch=True)
    ('((1, 2), (0, 2))', '((0, 0), (1, 1), (1, 1), (0, 0))')
    """
    both = ", ".join(f"({cells}, {cells + more})" for cells, more in zip(pad, over, strict=True))
    return f"((0, 0), {both}, (0, 0))" if batch else f"({both})"


def trim(recipe: Recipe, name: str, shape: str, before: str = "") -> list[str]:
    """Write the slice that drops last windows of ceil mode, if they may start in the padding."""
    slices = []
    for axis, cells in enumerate(("rows", "columns")):
        stride, pad = recipe.pool_stride[axis], recipe.pool_padding[axis]
        if recipe.ceil_mode and stride > 1 and stride + pad > recipe.window[axis]:
            slices.append(f": ceil({f'({cells} + {pad})' if pad else cells} / {stride})")
        else:
            slices.append(":")
    if slices == [":", ":"]:
        return []
    return [
        f"rows, columns = {shape}",
        f"{name} = {name}[{before}{', '.join(slices)}]  # no window starts in the padding",
    ]
