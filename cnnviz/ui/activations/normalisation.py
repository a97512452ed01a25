"""The lesson of the Activations page on batch normalisation, before or after the activation."""

from dataclasses import replace

import numpy as np

from cnnviz.experiments.normalisation import in_order, moments, normalised
from cnnviz.experiments.rectification import Step, share_of_zeros
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.kernels import KERNELS
from cnnviz.ui.activations.lesson import (
    Lesson,
    Work,
    block,
    chart,
    kernel_chips,
    lone,
    step,
)
from cnnviz.ui.activations.programs import norm_lines
from cnnviz.ui.activations.settings import (
    PAGE,
    beta,
    colours,
    gamma,
    kernel,
    norm_function,
    pin,
    place,
)
from cnnviz.ui.chain.panes import BOUNDED, arithmetic, panes
from cnnviz.ui.chain.run import run
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.export.downloads import snippets
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.message import Arithmetic
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets import frame, live_page, working_picture
from cnnviz.ui.widgets.formatting import number, percent, together
from cnnviz.ui.widgets.slider import slider

EPSILON = 1e-5  # the default of `cnnviz.batch_norm`


def norm(page: live_page.Page, regions: frame.Regions) -> Work:
    """Draw a map before and after batch normalisation, before or after its activation."""
    block(regions, "norm", ("Input", "Feature map", *(called_after(name) for name in norm_names())))
    controls = frame.controls(4)
    with controls[0]:
        frame.stage_title(1, "Input")
        working_picture.controls()
    with controls[1]:
        frame.stage_title(2, KERNELS[kernel.value].title)
        kernel_chips()
        place.segments(label_visibility="collapsed")
    for i, name in enumerate(norm_names()):
        with controls[i + 2]:
            frame.stage_title(i + 3, name)
            if name == "Batch norm":
                slider(gamma)
                slider(beta)
            else:
                norm_function.select(label_visibility="collapsed")
    return page.draw(norm_answer)


def norm_names() -> list[str]:
    """Return the names of the two steps after the convolution, in order."""
    names = ["Batch norm", ACTIVATIONS[norm_function.value].title]
    return names if place.value == "before" else names[::-1]


def called_after(name: str) -> str:
    """Return the name of the map after a step."""
    return "After batch norm" if name == "Batch norm" else f"After {name}"


def norm_answer() -> live_page.Steps[Work]:
    """Draw the map after each step."""
    given, chosen = working_picture.picture_input(), step(norm_function.value)
    done = run(given, [lone(KERNELS[kernel.value])])
    features = done.maps[0].features
    order = in_order(features, chosen, place.value, gamma.value, beta.value)
    stages = order if place.value == "before" else order[::-1]
    picture, before, *_ = panes(done)
    roles = (
        ("normalised", "activation") if place.value == "before" else ("activation", "normalised")
    )
    shown = [
        picture,
        replace(before, chart=_moments(features)),
        *(
            Pane(
                i + 2,
                "",
                called_after(name),
                values,
                before.fields,
                name,
                role=role,
                chain=0,
                file=f"{i + 3}_{name.lower().replace(' ', '_')}",
                chart=_moments(values),
            )
            for i, (name, role, values) in enumerate(zip(norm_names(), roles, stages, strict=True))
        ),
    ]
    entering = features if place.value == "before" else order.activated
    sums = _with_norm(arithmetic(done), entering, chosen)
    maps = boards.packed(f"{PAGE}.norm", shown, colours.chosen(), sums, pin)
    yield [maps]
    boards.show(*maps)
    zeros = share_of_zeros(order.activated)
    before_relu = place.value == "before" and norm_function.value == "relu"
    through = f" (now {percent(1 - zeros)} of the cells are not 0)" if before_relu else ""
    frame.look_for(
        "Batch normalisation, batch norm for short, subtracts the mean of a map and divides by its "
        f"standard deviation: {standardised(entering)} Then γ stretches and β shifts, "
        f"and both are learned. Before a ReLU, β decides how much gets through{through}; before a "
        "sigmoid, γ keeps the values where it is not flat. Here the batch is this one picture."
    )
    frame.question(
        "Normalise before a ReLU, and let at least 95\N{NO-BREAK SPACE}% of the cells through.",
        before_relu and zeros <= 0.05,
        f"Right: with γ = {number(gamma.value)} and β = {number(beta.value)} the histogram lies "
        "above 0, and the ReLU has almost nothing to cut off.",
    )

    def code() -> Code:
        lines = norm_lines(chosen, place.value, gamma.value, beta.value)
        return Code((in_order, normalised), snippets(done, lines))

    return Work(done, shown, code)


def standardised(entering: np.ndarray) -> str:
    """Say what is left of a map without its mean, divided by its standard deviation."""
    given = moments(entering).variance
    if not given:
        return "mean 0, variance 1, if the cells differ. Here all are alike, and become 0."
    left = number(given / (given + EPSILON))
    if left == "1":
        return "mean 0, variance 1, whatever came in."
    return (
        f"mean 0, variance 1, if ε = {number(EPSILON)}, which is added to the variance, is small "
        f"beside it. Here the variance is {number(given)}, and becomes {left}."
    )


def _with_norm(sums: Arithmetic, entering: np.ndarray, step: Step) -> Arithmetic:
    """Extend the arithmetic by the activation, and by batch norm before or after it."""
    name, parameters = step
    mean, variance = moments(entering)
    norm = {
        "place": place.value,
        "mean": mean,
        "variance": variance,
        "epsilon": EPSILON,
        "gamma": gamma.value,
        "beta": beta.value,
    }
    (chain,) = sums.chains
    title = ACTIVATIONS[name].title
    steps = {"activation": name, "activationTitle": title, "parameters": parameters, "norm": norm}
    return replace(sums, chains=[{**chain, **steps, "bounded": name in BOUNDED}])


def _moments(values: np.ndarray) -> dict:
    mean, variance = moments(values)
    means = (("mean", round(mean, 9)), ("variance", variance))
    note = " · ".join(together(f"{name} {number(value)}") for name, value in means)
    return chart(values, note)


LESSONS = {"norm": Lesson(norm, (norm_function, place, gamma, beta))}
