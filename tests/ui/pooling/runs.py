"""Runs of the Pooling page."""

from cnnviz.experiments.chain_input import Input
from cnnviz.ui.chain.run import run
from cnnviz.ui.pooling.views import EXAMPLE, recipes

PAGE = "pages/7_Pooling.py"


def pooled(window=2, stride=2, given=None, kernel=None, **more):
    how = {"window": (window,) * 2, "pool_stride": (stride,) * 2, **more}
    return run(given or Input.numbers(EXAMPLE.array), recipes(kernel, **how))
