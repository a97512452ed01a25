"""Padding in all its forms: by name, by number, or per side; and what the added cells hold."""

from typing import Any, Literal, TypeAlias, cast

from cnnviz.functional.checks import pair

Sides: TypeAlias = tuple[int, int]
Amount: TypeAlias = int | Sides | Literal["valid", "same", "full"]  # of padding, along one axis
Border: TypeAlias = int | Sides | tuple[Sides, Sides]  # in cells
Padding: TypeAlias = Border | Literal["valid", "same"]

NAMES = ("valid", "same")  # padding names that PyTorch also knows
# NumPy's names for PyTorch's padding modes.
PADDING_MODES: dict[str, Literal["constant", "reflect", "edge", "wrap"]] = {
    "zeros": "constant",
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}
# To fill the padding, the input must have this many more cells than it.
SPARE = {"reflect": 1, "circular": 0}


def sides_of(
    amount: Amount, size: int, kernel_size: int, stride: int = 1, dilation: int = 1
) -> Sides:
    """Return the cells of padding (before, after) along one axis, from any form of padding.

    Examples
    --------
    >>> sides_of("same", 5, 4), sides_of("full", 5, 4), sides_of(2, 5, 4)
    ((1, 2), (3, 3), (2, 2))
    """
    extent = dilation * (kernel_size - 1) + 1
    if amount == "same":
        windows = -(-size // stride)
        total = max((windows - 1) * stride + extent - size, 0)
        return total // 2, total - total // 2
    if amount == "full":
        return extent - 1, extent - 1
    return (0, 0) if amount == "valid" else pair(amount, "padding", minimum=0)


def by_axis(padding: object, names: tuple[str, ...]) -> tuple[Amount, Amount]:
    """Return the padding of each axis, in a form that `sides_of` takes."""
    if isinstance(padding, str):
        if padding not in names:
            known = ", ".join(f'"{name}"' for name in names)
            raise ValueError(f'padding must be {known} or numbers, got "{padding}".')
        amount = cast(Amount, padding)
        return amount, amount
    return border_sides(padding)


def border_sides(padding: Any) -> tuple[Sides, Sides]:
    """Return ((top, bottom), (left, right)) of a border in cells; only a window gives it a name.

    Examples
    --------
    >>> border_sides(((0, 1), 2))
    ((0, 1), (2, 2))
    """
    if isinstance(padding, str):
        raise ValueError(f'padding must be numbers, got "{padding}".')
    if not isinstance(padding, list | tuple):
        padding = (padding, padding)
    if len(padding) != 2:
        raise ValueError(
            f"padding must be one number, (vertical, horizontal) or "
            f"((top, bottom), (left, right)), got {padding!r}."
        )
    return pair(padding[0], "padding", minimum=0), pair(padding[1], "padding", minimum=0)
