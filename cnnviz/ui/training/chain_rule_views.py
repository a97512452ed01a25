"""Backwards from the loss to one weight, number by number."""

from copy import deepcopy
from math import isclose

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.nn import SGD, Dataset, KernelFitting, Trainer
from cnnviz.nn.training.chain_links import links_to_cell
from cnnviz.nn.training.chain_rule import WeightSlope, slope_in_fitting, slope_in_network
from cnnviz.ui.network import unit
from cnnviz.ui.training.links_views import draw_links
from cnnviz.ui.training.settings import PAGE, by_links, weight_column, weight_filter, weight_row
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.formatting import as_written, grouped, grouped_count, number
from cnnviz.ui.widgets.number_grid import tables

MOST_TERMS = 6  # cells that are written out: those with the largest terms
DECIMALS = 4  # digits for weights and steps
_weights = component("weight-cells")
TITLE = '<h2 class="stage">Backwards from the loss to one weight</h2>'


def draw_kernel_slope(fitting: KernelFitting) -> None:
    """Write out the chain rule from the lesson's loss to the next step of a weight."""
    st.html(TITLE)
    row, column = _choose(fitting.kernel)
    slope = slope_in_fitting(fitting, row, column)
    cells = slope.by_cell.size
    (at, *_), _ = slope.strongest(1)
    error = float(slope.by_cell[at]) * cells / 2
    scale = float((fitting.target_map**2).mean())
    divided = (
        f"{number(fitting.loss * scale)}. (The loss above is that divided by {number(scale)}, the "
        "mean square of the target map, so that 1 is as bad as a map of zeros.)"
        if scale
        else f"{number(fitting.loss)}."
    )
    frame.say(
        "**Loss → map.** Learning reduces the mean of "
        f"{grouped_count(cells, 'squared error')}, now {divided} The square of an error e has the "
        f"slope 2 × e: in row {at[0]}, column {at[1]} the map is off by {number(error)} (see "
        f"Difference), and {_twice(error)}.\n\n**Map → cell → product.** The slope of a cell "
        "with respect to the weight is the pixel under it, here "
        f"{number(float(slope.seen[at]))}. By the chain "
        "rule the two are multiplied, and the products of all cells are added up:"
    )
    _table(f"{PAGE}:slope", slope, cells, ("cell", "2 × error", "pixel", "product"))
    after = deepcopy(fitting)
    after.step()
    old, new = slope.weight, float(after.kernel[row, column])
    frame.say(
        f"**Step.** Divided by {grouped(cells)}, the slope is "
        f"{number(slope.total)}. " + _step(old, new, _rate(fitting))
    )


def draw_network_slope(trainer: Trainer, test: Dataset, chosen: int) -> None:
    """Write out the chain rule for a weight of the first layer and one picture."""
    network = trainer.network
    st.html(TITLE)
    weights = network[0].parameters()["weight"].value
    weight_filter.stepper()
    number_of_filter = min(int(weight_filter.value), len(weights) - 1)
    at = (number_of_filter, 0, *_choose(weights[number_of_filter, 0]))
    label = int(test.labels[chosen])
    slope = slope_in_network(network, test.images[chosen], label, at)
    if not np.isfinite(slope.products).all():
        st.caption("The weights have grown beyond all bounds: there is no slope to write down.")
        return
    frame.say(
        f"**Loss → map.** The loss of this picture is −ln of the share of "
        f"{test.classes[label]}. Carried back through all later layers, it gives "
        f"each cell of map {at[0]} a slope: how fast the loss grows as that cell does."
    )
    if by_links.toggle():
        row, column = slope.strongest(1)[0][0]
        draw_links(
            links_to_cell(network, test.images[chosen], label, (at[0], row, column)),
            (at[0], row, column),
            test.classes,
        )
    frame.say(
        "**Map → cell → product.** The slope of a cell with respect to the weight is the pixel "
        "under "
        "the weight. By the chain rule the two are multiplied, and the products of all cells are "
        "added up:"
    )
    _table(f"{PAGE}:network-slope", slope, 1, ("cell", "slope at the cell", "pixel", "product"))
    optimiser = trainer.optimiser
    rate = optimiser.learning_rate
    told = "**Step.** That sum is the slope of the loss with respect to this weight. "
    if isinstance(optimiser, SGD):
        new = slope.weight - rate * slope.total
        factors = f"Learning rate {number(rate)} × slope"
        told += f"From this picture alone: {_step(slope.weight, new, factors)}"
    else:
        told += (
            "Adam takes the mean over the batch, averages it over recent steps, and divides that "
            "by its recent size."
        )
    frame.say(told)


def _choose(kernel: NDArray) -> tuple[int, int]:
    """Draw the kernel (kH, kW) to choose a weight; return its row and column."""
    chosen = tuple(
        min(int(setting.value), size - 1)
        for setting, size in zip((weight_row, weight_column), kernel.shape, strict=True)
    )
    key = f"{PAGE}:chosen-weight"

    def take() -> None:
        match st.session_state[key].chosen:
            case [int(row), int(column)]:
                weight_row.set(weight_row.nearest(row))
                weight_column.set(weight_column.nearest(column))

    st.caption("Choose a weight:")
    _weights(
        key=key,
        data={
            "label": "Weights of the kernel; the chosen one is followed",
            "rows": kernel.tolist(),
            "chosen": chosen,
            "table": tables("kernel"),
        },
        on_chosen_change=take,
    )
    return chosen


def _table(key: str, slope: WeightSlope, times: int, heads: tuple[str, ...]) -> None:
    """Write the cells with the largest terms, each with its two factors, and the sum of all."""
    cells, rest = slope.strongest(MOST_TERMS)
    told = {
        "kind": "dense",
        "heads": heads,
        "rows": [
            (
                f"row {row}, column {column}",
                float(slope.by_cell[row, column]) * times,
                float(slope.seen[row, column]),
                float(slope.products[row, column]) * times,
            )
            for row, column in cells
        ],
        "rest": {"count": slope.products.size - len(cells), "total": rest * times},
        "bias": None,
        "total": slope.total * times,
        "then": [],
    }
    unit.write(key, told)


def _twice(error: float) -> str:
    """Write 2 × an error; as written, the one may not be quite twice the other.

    >>> _twice(10.83), _twice(10.8316)
    ('2 × 10.83 = 21.66', '2 × 10.832 ≈ 21.663')
    """
    is_exact = isclose(2 * as_written(error), as_written(2 * error))
    return f"2 × {number(error)} {'=' if is_exact else '≈'} {number(2 * error)}"


def _rate(fitting: KernelFitting) -> str:
    """Say what the method does with the slope."""
    rate = number(fitting.learning_rate)
    if fitting.method in ("gradient", "momentum"):
        moving = fitting.method == "momentum" and fitting.history
        slope = "(slope + nine tenths of this sum a step ago)" if moving else "slope"
        return (
            f"Learning rate {rate} ÷ steepness {number(fitting.steepness)} (the largest curvature "
            f"of the loss) × {slope}"
        )
    if fitting.method == "adam":
        return f"Learning rate {rate} × recent average of the slope ÷ its recent size"
    return f"Learning rate {rate} × the slopes of all weights ÷ curvature"


def _step(old: float, new: float, factors: str) -> str:
    """State the step of the weight; old value, step and new value add up as displayed.

    >>> _step(-0.00001, 0.0002, "Half the slope")
    'Half the slope is the step: new weight = 0.0000 + 0.0002 = **0.0002**.'
    """
    old, step = round(old, DECIMALS), round(old - new, DECIMALS)
    sign = "−" if step >= 0 else "+"
    return (
        f"{factors} is the step: new weight = {_fixed(old)} {sign} {_fixed(abs(step))} = "
        f"**{_fixed(old - step)}**."
    )


def _fixed(value: float) -> str:
    return f"{round(value, DECIMALS) + 0.0:.{DECIMALS}f}".replace("-", "−")  # + 0.0: no minus zero
