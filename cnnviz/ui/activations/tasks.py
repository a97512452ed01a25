"""The controls, maps and measures for tasks on the Activations page."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cnnviz.experiments.composition import two_layers
from cnnviz.experiments.normalisation import in_order
from cnnviz.experiments.rectification import Rectified, rectified
from cnnviz.experiments.signal_propagation import propagate
from cnnviz.experiments.softmax_steps import softmax_steps
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.kernels import KERNELS
from cnnviz.ui.activations.lesson import after, lone, source, step
from cnnviz.ui.activations.settings import (
    PAGE,
    SETTINGS,
    beta,
    bias,
    chosen,
    depth,
    edge_kernel,
    first,
    function,
    gamma,
    kernel,
    norm_function,
    numbers,
    parameters,
    place,
    progress,
    propagation_function,
    push,
    row,
    second,
    seed,
    slopes,
    temperature,
    vector,
)
from cnnviz.ui.chain.run import run
from cnnviz.ui.classroom.task_page import PICTURES, Control, Map, Measure, TaskPage
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.widgets import working_picture

CONTROLS = {
    **PICTURES,
    "lesson": Control("Lesson", (chosen,)),
    "kernel": Control("Kernel", (kernel,), (f"chips:{kernel.key}",)),
    "numbers": Control("Size of the numbers", (numbers,)),
    "bias": Control("Bias", (bias,)),
    "parameters": Control("Parameters of the functions", tuple(parameters.values())),
    "function": Control("Activation across an edge", (function,)),
    "edge_kernel": Control("Kernel of the edge", (edge_kernel,), (f"chips:{edge_kernel.key}",)),
    "row": Control("Row", (row,)),
    "slopes": Control("Slopes of the channels", slopes),
    "two": Control("Two kernels", (first, second)),
    "push": Control("Bias that is pushed", (push,)),
    "norm": Control("Place and activation of batch norm", (place, norm_function)),
    "gamma": Control("γ", (gamma,)),
    "beta": Control("β", (beta,)),
    "deep": Control("Activation of the deep network", (propagation_function,)),
    "depth": Control("Layers", (depth,)),
    "seed": Control("Random seed", (seed,)),
    "vector": Control("Vector", (vector,)),
    "temperature": Control("Temperature", (temperature,)),
}


def features() -> NDArray:
    """Return the feature map of the family."""
    given = working_picture.picture_input()
    return run(given, [source(given, bias=bias.value)]).maps[0].features


def of_family(name: str) -> Rectified:
    """Return the map after one function of the family."""
    return rectified(features(), step(name))


def dying() -> Rectified:
    """Return the map after the ReLU whose bias is pushed down."""
    given = working_picture.picture_input()
    return after(given, source(given, largest=True, bias=push.value), [step("relu")])[1][0]


def normalised() -> NDArray:
    """Return the map after batch norm and activation, in the chosen order."""
    made = run(working_picture.picture_input(), [lone(KERNELS[kernel.value])]).maps[0].features
    order = in_order(made, step(norm_function.value), place.value, gamma.value, beta.value)
    return order.activated


def bend() -> float:
    """Return the largest change that a ReLU between the two kernels makes."""
    given = working_picture.picture_input()
    return two_layers(given.values, KERNELS[first.value], KERNELS[second.value]).bend


def of_vector(name: str, place: int) -> float:
    """Return a function's value for one number of the vector."""
    return float(rectified(vector.value.array.ravel(), step(name)).activated[place])


def shares() -> NDArray:
    """Return the softmax of the vector."""
    return softmax_steps(vector.value.array.ravel(), temperature.value).shares


def gradient(initialisation: str) -> float:
    """Return the gradient at the first layer over that at the last, as a power of ten."""
    made = propagate(propagation_function.value, initialisation, depth.value, seed=seed.value)
    with np.errstate(divide="ignore"):
        return float(np.log10(max(made.gradient[0] / made.gradient[-1], 1e-300)))


def _vector_of(name: str) -> dict[str, Measure]:
    title = ACTIVATIONS[name].title

    def read(place: int) -> Callable[[], float]:
        return partial(of_vector, name, place)

    return {f"{name}_{i + 1}": Measure(f"{title} of number {i + 1}", read(i)) for i in range(4)}


MAPS = {
    "features": Map("Feature map", features),
    "relu": Map("Map after ReLU", lambda: of_family("relu").activated),
    "leaky": Map("Map after leaky ReLU", lambda: of_family("leaky_relu").activated),
    "prelu": Map("Map after PReLU", lambda: of_family("prelu").activated),
    "sigmoid": Map("Map after sigmoid", lambda: of_family("sigmoid").activated),
    "tanh": Map("Map after tanh", lambda: of_family("tanh").activated),
    "normalised": Map("Map after batch norm and activation", normalised),
}
MEASURES = {
    "inactive": Measure("Inactive cells, in percent", lambda: 100 * dying().inactive),
    "bend": Measure("What a ReLU between both kernels changes at most", bend),
    "largest_share": Measure("Largest share, in percent", lambda: 100 * shares().max()),
    "smallest_share": Measure("Smallest share, in percent", lambda: 100 * shares().min()),
    "gradient_he": Measure("Power of ten of the gradient with He", partial(gradient, "he")),
    "gradient_xavier": Measure(
        "Power of ten of the gradient with Xavier", partial(gradient, "xavier")
    ),
    **_vector_of("relu"),
    **_vector_of("leaky_relu"),
    **_vector_of("sigmoid"),
}
TASKS = PageTasks(TaskPage(PAGE, SETTINGS, CONTROLS, MAPS, MEASURES), progress)
