"""The views of the Pooling page: two chains that differ only in their pooling, and their losses."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.experiments.chain import Recipe
from cnnviz.experiments.chain_input import Input
from cnnviz.experiments.shift import changed
from cnnviz.functional.pooling import avg_pool2d, global_avg_pool2d, global_max_pool2d, max_pool2d
from cnnviz.functional.unpooling import unpool
from cnnviz.kernels import Kernel
from cnnviz.ui.chain import panes as chain_panes
from cnnviz.ui.chain.run import Run, last_good_run, run
from cnnviz.ui.chain.sentences import axes_formula
from cnnviz.ui.export.programs import DIALECTS
from cnnviz.ui.maps.message import Arithmetic
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets.formatting import grouped, number, percent
from cnnviz.ui.widgets.matrix_setting import Cells

KINDS: dict[str, Callable[..., Any]] = {"max": max_pool2d, "average": avg_pool2d}
GLOBAL = {"max": global_max_pool2d, "average": global_avg_pool2d}
# The identity kernel, so that only the pooling has an effect.
AS_IT_IS = Kernel("the_input", "identity", [[1]])
EXAMPLE = Cells.of(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)


def recipes(kernel: Kernel | None, **pooling: Any) -> list[Recipe]:  # as in Recipe
    """Return max and average pooling, of the picture or of a kernel's feature map after ReLU."""
    before: dict[str, Any] = {"kernel": AS_IT_IS, "padding": "valid", "activation": "none"}
    if kernel:
        before = {"kernel": kernel, "padding": "same", "activation": "relu"}
    return [Recipe(**{**before, **pooling, "pooling": kind}) for kind in KINDS]


def good_run(key: str, given: Input, wanted: list[Recipe]) -> tuple[Run, str]:
    """Return the run of these settings, or else the last that fitted and the reason; never None."""
    made, error = last_good_run(key, given, wanted)
    if (
        made.recipes[0].pooling == "none"
    ):  # nothing has fitted yet; a window of one cell always does
        kernel = None if wanted[0].kernel is AS_IT_IS else wanted[0].kernel
        made = run(given, recipes(kernel, window=(1, 1), pool_stride=(1, 1)))
    return made, error


def options(recipe: Recipe) -> dict[str, Any]:
    """Return the arguments for a recipe's pooling."""
    return {
        "kernel_size": recipe.window,
        "stride": recipe.pool_stride,
        "padding": recipe.pool_padding,
        "ceil_mode": recipe.ceil_mode,
    }


def pool(x: NDArray, recipe: Recipe) -> NDArray:
    """Pool a map as a recipe says."""
    mean = recipe.pooling == "average"
    include = {"count_include_pad": recipe.count_include_pad} if mean else {}
    return KINDS[recipe.pooling](x, **options(recipe), **include)


def losses(made: Run) -> list[NDArray]:
    """Return, for each kind, the input minus the unpooled map; 0 where no window reads it."""
    read = read_cells(made)
    lost = []
    for maps, recipe in zip(made.maps, made.recipes, strict=True):
        loss = np.zeros_like(maps.activated)
        back = unpool(maps.pooled, maps.activated.shape, **options(recipe))
        loss[read] = (maps.activated - back)[read]
        lost.append(loss)
    return lost


def panes(made: Run, lost: list[NDArray]) -> list[Pane]:
    """Return the input, in slot 0, and for each kind the pooled map and its loss."""
    every = chain_panes.panes(made)
    untouched = made.recipes[0].kernel is AS_IT_IS
    picture = replace(every[0], title="" if untouched else "Picture")
    shown = [picture]
    if not untouched:
        features = next(pane for pane in every if pane.role == "activation")
        shown.append(replace(features, slot=0, title="Feature map after ReLU"))
    pooled = [pane for pane in every if pane.role == "pooling"]
    for slot, (pane, loss) in enumerate(zip(pooled, lost, strict=True), start=1):
        drawn = _drawn(pane.values, made.input) if untouched else None
        colours: dict[str, Any] = {
            "picture": drawn,
            "black": made.input.black,
            "white": made.input.white,
        }
        kind = made.recipes[slot - 1].pooling
        placed: dict[str, Any] = {"slot": slot, "title": "", "file": f"{kind}_pooled"}
        shown.append(replace(pane, **placed, **(colours if untouched else {})))
        shown.append(
            Pane(
                0,
                "Input − pooled",
                f"What {kind} pooling changes",
                loss,
                scale="loss",
                role="loss",
                chain=slot - 1,
                slot=slot,
                file=f"{kind}_lost",
            )
        )
    return shown


def _drawn(values: NDArray, given: Input) -> NDArray[np.uint8]:
    """Return values as intensities, on the scale of the input."""
    share = (values - given.black) / (given.white - given.black)
    return np.rint(255 * np.clip(share, 0, 1)).astype(np.uint8)


def arithmetic(made: Run, closeup: int) -> Arithmetic:
    """Return the arithmetic for the browser, starting where the two kinds differ most."""
    apart = made.maps[0].pooled - made.maps[1].pooled
    fields = made.geometries[0].pooled_fields
    return replace(
        chain_panes.arithmetic(made),
        start=chain_panes.first_cell(apart, fields, made.input.size),
        start_stage=3,
        linked=True,
        closeup=closeup,
    )


def formula(made: Run) -> str:
    """Write the size of the pooled map with the current numbers filled in, as Markdown."""
    return axes_formula(made.geometries[0].pooling)


def same(made: Run) -> bool:
    """Return whether both kinds give the same map."""
    return changed(*(maps.pooled for maps in made.maps)) == 0


def table(made: Run, lost: list[NDArray]) -> str:
    """Return the kept and the lost numbers as an HTML table."""
    size, kept = made.maps[0].activated.size, made.maps[0].pooled.size
    changes = [abs(loss[read_cells(made)]) for loss in lost]
    rows = {
        "Changed, on average": [number(float(change.mean())) for change in changes],
        "Changed, at most": [number(float(change.max())) for change in changes],
        "Global: all in one window": [
            number(float(GLOBAL[recipe.pooling](maps.activated).item()))
            for maps, recipe in zip(made.maps, made.recipes, strict=True)
        ],
    }
    body = "".join(
        f"<tr><th>{name}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for name, cells in rows.items()
    )
    head = "<tr><td></td><th>Max</th><th>Average</th></tr>"
    name, of = ("Numbers kept", "of") if kept <= size else ("Numbers made", "from")
    body += (
        f"<tr><th>{name}</th><td colspan=2>{grouped(kept)} {of} {grouped(size)}: "
        f"<b>{percent(kept / size)}</b></td></tr>"
    )
    return f'<div class="table"><table>{head}{body}</table></div>'


def read_cells(made: Run) -> tuple[NDArray[np.int64], ...]:
    """Return the index of the input cells that a window reads; the others have no result."""
    read = []
    for axis in made.geometries[0].pooling:
        unread = {*axis.unread.cells}
        read.append([cell for cell in range(axis.size) if cell not in unread])
    return np.ix_(*read)


def size_sentence(made: Run) -> str:
    """Say how many numbers the stride leaves."""
    maps, stride = made.maps[0], made.recipes[0].pool_stride[0]
    kept, size = maps.pooled.size, maps.activated.size
    share = percent(kept / size)
    if kept > size:
        made_of = f"{grouped(kept)} from {grouped(size)}"
        return f"Padding has made more cells than came in: {made_of}, {share}."
    if kept == size:
        left = "the only number is" if size == 1 else f"all {grouped(size)} numbers are"
        return f"The stride sets the size: with {stride}, {left} left."
    why = "The stride sets the size"
    if stride == 1:
        why = "A stride of 1 skips nothing, but the window has to fit"
    are = "is" if kept == 1 else "are"
    left = f"{grouped(kept)} of {grouped(size)} numbers {are} left"
    return f"{why}: with {stride}, {left}, {share}."


def programs(made: Run) -> dict[str, str]:
    """Return programs for both kinds, one after the other, by library."""
    return {
        name: "\n\n".join(
            f"# {recipe.pooling.capitalize()} pooling\n"
            + write([recipe], colour=False, scale=made.input.white)
            for recipe in made.recipes
        )
        for name, write in DIALECTS.items()
    }
