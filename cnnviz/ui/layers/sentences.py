"""Sentences of the Layers page about a stack: how far it is computed, and what to look for."""

from math import prod

import numpy as np

from cnnviz.nn import Conv2d
from cnnviz.nn.stacks.stack import MOST, Stack
from cnnviz.ui.layers.settings import StackRun
from cnnviz.ui.maps.overview import LayerRow
from cnnviz.ui.network.layer_rows import times
from cnnviz.ui.widgets.formatting import grouped, number

SIDES = (160, 128, 96, 64, 48, 32)  # pixels: sides of smaller pictures to suggest
WHAT = ("multiply-adds", "numbers in all maps", "weights")
OUTWEIGHED = "This happens when a filter's negative weights outweigh its positive ones. "
DARK = 0.9  # a map with this share of cells below 0 is called black after a ReLU


def left_out(stack: Stack) -> str:
    """Say where the maps end, and why, if the rest is too large to compute."""
    count = stack.computable
    if count == len(stack.rows):
        return ""
    last = stack.rows[count - 1].name if count else "the picture"
    side = max(stack.input_shape[1:])
    further = [
        (smaller, reached)
        for smaller in SIDES
        if smaller < side and (reached := _computable(stack, smaller)) > count
    ]
    small = ""
    if further:
        smaller, reached = further[0]
        small = f" At {smaller} px they go on to {stack.rows[reached - 1].name}."
    used = stack.used(count + 1)
    (needed, most), what = next(
        (millions(needed, most), what)
        for needed, most, what in zip(used, MOST, WHAT, strict=True)
        if needed > most
    )
    return (
        f"Layers are computed up to {last}: with {stack.rows[count].name} there are {needed} "
        f"{what}, and this page computes at most {most}. Shapes and numbers are those of all "
        f"layers.{small}"
    )


def _computable(stack: Stack, side: int) -> int:
    """Return how many layers would be computed for a picture of another size."""
    channels, *size = stack.input_shape
    scaled = (max(1, round(cells * side / max(size))) for cells in size)
    blocks = [one.block for one in stack.placed if one.layer]
    other = Stack(blocks, (channels, *scaled))
    return other.computable if len(other.rows) == len(stack.rows) else 0


def millions(needed: int, most: int) -> list[str]:
    """Write a count and the limit that it exceeds, with as many decimals as tell them apart.

    >>> millions(117_479_232, 2**26), millions(67_300_000, 2**26)
    (['117 million', '67 million'], ['67.3 million', '67.1 million'])
    """
    written = ([round(count / 1e6, decimals) for count in (needed, most)] for decimals in range(4))
    apart = next((one for one in written if one[0] != one[1]), (needed / 1e6, most / 1e6))
    return [f"{number(count)} million" for count in apart]


def hidden(layer_rows: list[LayerRow]) -> str:
    """Say which rows do not show all of their maps or numbers."""
    cut = [one for one in layer_rows if one.shown and one.shape[0] > one.shown]
    parts = [
        f"the first {grouped(layer_row.shown)} of {grouped(layer_row.shape[0])} "
        f"{'maps' if layer_row.values.ndim == 3 else 'numbers'} of {layer_row.name}"
        for layer_row in cut
    ]
    if not parts:
        return ""
    more = f" and so on for {len(parts) - 3} more" if len(parts) > 3 else ""
    return f"Shown: {', '.join(parts[:3])}{more}; the rest are computed too."


def black_maps(run: StackRun) -> str:
    """Say why maps after a ReLU are black, if some mostly are; "" if none is."""
    names = [row.name for row in run.stack.rows]
    steps = zip(names, names[1:], run.stages, run.stages[1:], strict=False)
    for name, relu, before, after in steps:
        if not relu.startswith("relu") or after.ndim != 3:
            continue
        black = sum(np.count_nonzero(each < 0) >= DARK * each.size for each in before)
        if black:
            why = "" if name.startswith("norm") else OUTWEIGHED
            some = "The one map" if len(after) == 1 else f"{black} of the {len(after)} maps"
            return (
                f"**Black maps.** Black is 0. {some} of {name} "
                f"{'is' if black == 1 else 'are'} less than 0 (blue) in nine cells out of ten or "
                f"more, and {relu} turns all of that into 0. "
                f"{why}Such a map only tells the next layer where its filter did respond."
            )
    return ""


def answer_of_chance(run: StackRun) -> str:
    """Say that the shares mean nothing if the filters are untrained."""
    rows, learned = run.stack.rows, {"learned", "file"} & {*run.sources.values()}
    whole = len(run.stages) == len(rows)
    if not rows or not whole or not rows[-1].name.startswith("softmax") or learned:
        return ""
    return (
        "The shares of the last layer always add up to 1, but with these filters they mean nothing "
        "yet: that is what training changes."
    )


def size_trend(run: StackRun) -> str:
    """Say whether the maps of this stack shrink or grow, and how much their last cells see."""
    maps = [row for row in run.stack.rows if len(row.output_shape) == 3]
    if not maps:
        return ""
    before, last = run.stack.input_shape[1:], maps[-1]
    after = last.output_shape[1:]
    sides = [min(field.most, side) for field, side in zip(last.fields, before, strict=True)]
    cells = "one cell" if sides == [1, 1] else f"{times(sides)} cells"
    seen = f"one cell of {last.name} sees {cells} of it"
    several = prod(before) > 1
    skips = several and max(field.jump for field in last.fields) > 1
    if after == before and skips:
        return (
            "Padding makes up for the cells that this stack skips, so the last maps are as large "
            f"as the picture; {seen}."
        )
    if after == before:
        smaller = " A pooling layer or a stride would make them smaller." if several else ""
        return (
            f"Nothing in this stack skips cells, so the maps stay as large as the picture; {seen}."
            f"{smaller}"
        )
    way = f"from {times(before)} to {times(after)}"
    if prod(after) > prod(before):
        return (
            f"From the picture to {last.name} the maps grow {way}, since padding adds more cells "
            f"than the kernels need; {seen}."
        )
    why = "each cell stands for more of the picture" if skips else "the windows end at the edge"
    if skips and any(field.most < field.jump for field in last.fields):
        why = "cells of the picture are skipped"
    return f"From the picture to {last.name} the maps shrink {way}: {why}, and {seen}."


def grouped_filters(stack: Stack) -> str:
    """Say what groups save in the first grouped convolution; "" if there is none."""
    for name, layer, row in zip(stack.network.names, stack.network, stack.rows, strict=False):
        if not isinstance(layer, Conv2d) or layer.settings["groups"] == 1:
            continue
        channels, groups = layer.settings["in_channels"], layer.settings["groups"]
        seen = channels // groups
        depthwise = " (depthwise)" if seen == 1 else ""
        ordinary = layer.weight.size * groups + (layer.bias.size if layer.bias else 0)
        height, width = layer.settings["kernel_size"]
        plus = f" + {layer.bias.size}" if layer.bias else ""
        return (
            f"**Groups.** Each filter of {name} sees {seen} of its {channels} channels{depthwise}: "
            f"{grouped(row.parameters)} parameters. In an ordinary convolution it would see all "
            f"{channels}: {layer.out_channels} × {channels} × {height} × {width}{plus} = "
            f"{grouped(ordinary)}. A convolution with a 1 × 1 kernel after it mixes the channels "
            "again."
        )
    return ""


def sees(run: StackRun, cells: int) -> bool:
    """Return whether a cell of the last maps sees that many cells of the picture on both axes."""
    maps = [row for row in run.stack.rows if len(row.output_shape) == 3]
    return bool(maps) and maps[-1].receptive_field == cells
