"""The editor of a stack of blocks, and its actions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from cnnviz.functional.checks import count_of
from cnnviz.nn import BLOCKS, Block, Stack, format_stack, parse_stack
from cnnviz.nn.stacks.blocks import MAX_BLOCKS
from cnnviz.nn.stacks.nearest_block import SAME
from cnnviz.nn.stacks.stack import Placed
from cnnviz.ui.network.layer_rows import times
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.formatting import grouped_count
from cnnviz.ui.widgets.settings import Setting

_stack = component("stack")

ACTIVATIONS = [name for name, kind in BLOCKS.items() if kind.maps is None and name != "flatten"]
ADDABLE = ["conv", "relu", "max", "avg", "norm", "flatten", "dense", "softmax"]
TITLES = {"relu": "Activation"}


@dataclass(frozen=True)
class StackText(Setting):
    """A stack in the format of a link: "conv16,relu,max2"."""

    def parse(self, text: str) -> str:
        """Return the text in its shortest form, or raise ValueError."""
        return format_stack(parse_stack(text))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of the stack."""
        return parse_stack(self.value)


@dataclass(frozen=True)
class Edited:
    """A stack after an action: its blocks, and the index of the chosen one."""

    blocks: tuple[Block, ...]
    chosen: int


def edited(before: Edited, act: object) -> Edited:
    """Return the stack after an action; invalid input has no effect.

    Examples
    --------
    >>> stack = Edited(parse_stack("conv16,relu"), 0)
    >>> after = edited(stack, {"act": "add", "at": 1, "name": "max"})
    >>> format_stack(after.blocks), after.chosen
    ('conv16,max2,relu', 1)
    >>> edited(stack, {"act": "remove", "at": 7}) == stack
    True
    """
    if not isinstance(act, Mapping):
        return before
    at = act.get("at")
    if not isinstance(at, int) or not 0 <= at <= len(before.blocks):
        return before
    try:
        return ACTS[act["act"]](before, at, act)
    except (ValueError, TypeError, KeyError, IndexError):
        return before


def _choose(before: Edited, at: int, act: Mapping[str, Any]) -> Edited:
    before.blocks[at]
    return replace(before, chosen=at)


def _add(before: Edited, at: int, act: Mapping[str, Any]) -> Edited:
    if len(before.blocks) >= MAX_BLOCKS:
        return before
    blocks = before.blocks
    return Edited((*blocks[:at], Block.of(act["name"]), *blocks[at:]), at)


def _remove(before: Edited, at: int, act: Mapping[str, Any]) -> Edited:
    before.blocks[at]
    blocks = (*before.blocks[:at], *before.blocks[at + 1 :])
    return Edited(blocks, max(0, min(at, len(blocks) - 1)))


def _move(before: Edited, at: int, act: Mapping[str, Any]) -> Edited:
    blocks, to = list(before.blocks), act["to"]
    if not isinstance(to, int) or not 0 <= to < len(blocks):
        return before
    blocks.insert(to, blocks.pop(at))
    return Edited(tuple(blocks), to)


def _set(before: Edited, at: int, act: Mapping[str, Any]) -> Edited:
    blocks, name, value = list(before.blocks), act["name"], act["value"]
    if name == "name":
        blocks[at] = Block.of(value)
    else:
        blocks[at] = blocks[at].with_(**{name: value})
    return Edited(tuple(blocks), at)


ACTS: dict[str, Callable[[Edited, int, Mapping[str, Any]], Edited]] = {
    "choose": _choose,
    "add": _add,
    "remove": _remove,
    "move": _move,
    "set": _set,
}


def editor(
    key: str,
    stack: Stack,
    chosen: int,
    act: Callable[[object], None],
    *,
    can_undo: bool,
    can_redo: bool,
) -> None:
    """Show the blocks of a stack; `act` is called with the user's action.

    The action is one that `edited` takes, or {"act": "undo"} or {"act": "redo"}.
    """
    data = {
        "input": times(stack.input_shape),
        "blocks": [_describe(one) for one in stack.placed],
        "chosen": chosen,
        "addable": [(name, TITLES.get(name, BLOCKS[name].title)) for name in ADDABLE],
        "canUndo": can_undo,
        "canRedo": can_redo,
        "full": len(stack.placed) >= MAX_BLOCKS,
    }
    _stack(key=key, data=data, on_act_change=lambda: act(st.session_state[key].act))


def _describe(one: Placed) -> dict[str, Any]:
    """Return the data about a block for the browser."""
    block, row = one.block, one.row
    choices = None
    if block.name in ACTIVATIONS:
        options = [(name, BLOCKS[name].title) for name in ACTIVATIONS]
        choices = {"label": "Function", "value": block.name, "options": options}
    return {
        "title": block.kind.title,
        "detail": detail(block),
        "shape": times(row.output_shape) if row else "",
        "factors": _factors(one),
        "error": one.error,
        "fields": [_field(block, index) for index in range(len(block.values))],
        "choices": choices,
    }


def _factors(one: Placed) -> str:
    if not one.row:
        return ""
    if not one.row.parameters:
        return "Nothing is learned here."
    return f"{one.row.factors} = {grouped_count(one.row.parameters, 'parameter')}"


def _field(block: Block, index: int) -> dict[str, Any]:
    field, value = block.kind.fields[index], block.values[index]
    told: dict[str, Any] = {"name": field.name, "label": field.label, "value": value}
    if field.low == SAME:
        numbers = [(str(number), str(number)) for number in range(int(field.high) + 1)]
        return {**told, "value": str(value), "options": [(str(SAME), "same"), *numbers]}
    if field.low == 0 and field.name == "stride":
        numbers = [(str(number), str(number)) for number in range(1, int(field.high) + 1)]
        return {**told, "value": str(value), "options": [("0", "as window"), *numbers]}
    return {**told, "low": field.low, "high": field.high}


def detail(block: Block) -> str:
    """Write the settings of a block in a few characters.

    >>> detail(Block.parse("conv16k5s2")), detail(Block.parse("max3s2")), detail(Block.of("relu"))
    ('16 filters · 5 × 5 · stride 2', '3 × 3 · stride 2', '')
    """
    settings = block.settings
    size = settings.get("kernel") or settings.get("window")
    if not size:
        return ""
    parts = [f"{size} × {size}"]
    if block.name == "conv":
        parts.insert(0, count_of(settings["filters"], "filter"))
    for name in ("stride", "padding", "dilation", "groups"):
        field = next((field for field in block.kind.fields if field.name == name), None)
        if field and settings[name] != field.default:
            parts.append(f"{name} {settings[name]}")
    return " · ".join(parts)
