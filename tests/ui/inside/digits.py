"""The Inside page with a network for digits, and what it shows."""

import numpy as np

from cnnviz.functional.convolution import conv2d_definition
from tests.message import exact_maps
from tests.ui.apptest import components, spaced
from tests.ui.overviews import layer_rows
from tests.ui.pages import open_page

PAGE = "pages/10_Inside.py"
RNG = np.random.default_rng(0)
UPRIGHT = "d80208080808080e0"


def opened(settings=None, **kwargs):
    """Open the page on a held-out example, unless the settings choose another picture."""
    return open_page(PAGE, {"inside.show": "example", **(settings or {})}, **kwargs)


def words(at):
    """Return all sentences of the page."""
    found = [*at.markdown, *at.caption, *at.info, *at.warning, *at.error, *at.success]
    return spaced("\n".join(element.value for element in found))


def layers(at):
    """Return each layer's exact values in the overview, by name."""
    found = layer_rows(components(at, "overview")[-1])
    return {layer_row["name"]: layer_row["exact"] for layer_row in found}


def evidence(at):
    """Return the exact values of the evidence maps, by title."""
    (board,) = components(at, "maps")
    return exact_maps(board.bytes)


def by_hand(image, network):
    """Return each layer's output for an image (1, H, W), in plain loops and double precision."""
    first, second = (
        (network[i].weight.value.astype(float), network[i].bias.value.astype(float)) for i in (0, 3)
    )
    found, x = {}, image.astype(float)
    for number, (weight, bias) in enumerate((first, second), 1):
        x = found[f"conv{number}"] = conv2d_definition(x, weight, bias, padding=1)
        x = found[f"relu{number}"] = np.maximum(x, 0)
        channels, height, width = x.shape
        pooled = np.empty((channels, height // 2, width // 2))
        for c, i, j in np.ndindex(pooled.shape):
            pooled[c, i, j] = max(x[c, 2 * i + a, 2 * j + b] for a in (0, 1) for b in (0, 1))
        x = found[f"pool{number}"] = pooled
    row = found["flatten1"] = np.array([x[c, i, j] for c, i, j in np.ndindex(x.shape)])
    weight, bias = network[7].weight.value.astype(float), network[7].bias.value.astype(float)
    scores = found["linear1"] = np.array(
        [sum(w * v for w, v in zip(line, row, strict=True)) + b
         for line, b in zip(weight, bias, strict=True)]
    )  # fmt: skip
    powers = [np.exp(score - scores.max()) for score in scores]
    found["softmax1"] = np.array([power / sum(powers) for power in powers])
    return found
