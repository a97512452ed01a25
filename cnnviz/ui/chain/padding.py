"""The settings of the padding: by name, by one number for all sides, or by a number per side."""

from collections.abc import Iterator
from typing import Literal, cast

from cnnviz.functional.padding import Amount, Sides
from cnnviz.ui.widgets.setting_kinds import Choice, Number
from cnnviz.ui.widgets.settings import Setting

PADDINGS = {
    "valid": "valid",
    "same": "same",
    "full": "full",
    "number": "number",
    "sides": "per side",
}
MODES = {
    "zeros": "zeros",
    "reflect": "reflect",
    "replicate": "replicate",
    "circular": "circular",
}
MODE_HELP = (
    "zeros: 0, which is black. reflect: the picture mirrored at its edge. replicate: the edge cell "
    "again. circular: the opposite side."
)
SIDES = ("top", "bottom", "left", "right")


class Padding:
    """How many cells are added around the picture, and their values."""

    def __init__(self, page: str, default: str, most: int, help: str) -> None:
        def cells(name: str, label: str) -> Number:
            return Number(f"{page}.{name}", label, 1, low=0, high=most)

        self.kind = Choice(f"{page}.padding", "Padding", default, help, options=PADDINGS)
        self.amount = cells("pad", "Cells on every side")
        self.sides = tuple(cells(f"pad_{side}", side.capitalize()) for side in SIDES)
        self.mode = Choice(f"{page}.mode", "Added cells hold", "zeros", MODE_HELP, options=MODES)

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        return self.kind, self.amount, self.mode, *self.sides

    @property
    def title(self) -> str:
        """The current choice in two words: "same · zeros"."""
        return f"{PADDINGS[self.kind.value]} · {MODES[self.mode.value]}"

    def by_axis(self) -> tuple[Amount, Amount]:
        """Return the padding of each axis: a name, a number, or (before, after)."""
        if self.kind.value == "number":
            return self.amount.value, self.amount.value
        if self.kind.value == "sides":
            top, bottom, left, right = (side.value for side in self.sides)
            return (top, bottom), (left, right)
        return self.kind.value, self.kind.value

    def for_recipe(self) -> Literal["valid", "same", "full"] | tuple[Sides, Sides]:
        """Return the padding in the form that a `Recipe` takes."""
        vertical, horizontal = self.by_axis()
        if isinstance(vertical, str):
            return vertical
        if isinstance(vertical, int):
            return (vertical, vertical), (vertical, vertical)
        return vertical, cast(Sides, horizontal)

    def shown(self) -> Iterator[tuple[Number, ...]]:
        """Yield the settings of the numbers that apply to the chosen mode, in display order."""
        if self.kind.value == "number":
            yield (self.amount,)
        if self.kind.value == "sides":
            yield self.sides[:2]
            yield self.sides[2:]
