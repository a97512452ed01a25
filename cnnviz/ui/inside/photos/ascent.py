"""What a unit looks for: activation maximisation, and the places in photos that excite it."""

from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.images.samples import SAMPLES, sample_picture
from cnnviz.nn import pretrained
from cnnviz.nn.inspection.ascent import Climb, climb
from cnnviz.nn.inspection.photos import brightest, darkest, photo_input, photo_pixels
from cnnviz.nn.inspection.preactivation import excites_most
from cnnviz.ui.inside.network import PAGE
from cnnviz.ui.inside.photos.run import PhotoRun
from cnnviz.ui.inside.photos.settings import UNIT, UNIT_LAYER
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Colouring, Pane
from cnnviz.ui.network.photo_stages import summary
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets import frame, working_picture
from cnnviz.ui.widgets.formatting import literal, number
from cnnviz.ui.widgets.session_values import state
from cnnviz.ui.widgets.settings import Setting
from cnnviz.ui.widgets.transport import Stepwise, follow

BOARD = f"{PAGE}:climbing"
SESSION = f"{PAGE}:climb"
STEPS = 48
SIDE = 128  # side of the picture in pixels
PHOTOS = ("astronaut", "camera", "cat", "coffee", "coins", "brick", "text", "gravel")
SHOWN = 6  # places
CLIMB = (
    "The picture begins as noise. Each step changes every pixel a little in the direction in which "
    "this map responds more: gradient ascent (Erhan et al., 2009). That direction is smoothed, so "
    "that shapes grow rather than grain. Nothing in the network changes."
)


class Climbing(Stepwise):
    """A picture on its way from noise to the strongest response of a unit."""

    def __init__(self, layer: str, channel: int) -> None:
        super().__init__()
        self.key: Hashable = (layer, channel)
        self.layer, self.channel = layer, channel
        self.restart()
        self.running = True

    def restart(self) -> None:
        """Start from noise again."""
        network = pretrained("photos")
        self._steps = climb(
            network,
            network.names.index(self.layer),
            self.channel,
            size=(SIDE, SIDE),
            steps=STEPS,
            darkest=darkest,
            brightest=brightest,
        )
        self.made: Climb = next(self._steps)

    @property
    def steps(self) -> int:
        """The number of steps taken."""
        return self.made.step

    @property
    def over(self) -> bool:
        """Whether all steps are done."""
        return self.made.step == STEPS

    @property
    def status(self) -> str:
        """The progress, and the unit's response."""
        return f"Step {self.made.step} of {STEPS} · response {number(self.made.answer, 3)}"

    def step(self) -> None:
        """Change the picture a little towards a stronger response."""
        self.made = next(self._steps)


def unit() -> tuple[str, int]:
    """Return the layer and the number of the chosen map."""
    layer = UNIT_LAYER.value
    maps = next(row.output_shape[0] for row in summary() if row.name == layer)
    return layer, min(int(UNIT.value), maps - 1)


def session() -> Climbing:
    """Return the ascent of the chosen unit: the running one, or a new one."""
    chosen = unit()
    last: Climbing | None = state().get(SESSION)
    if last is None or last.key != chosen:
        last = Climbing(*chosen)
        state()[SESSION] = last
    return last


def packed() -> tuple[str, Packed]:
    """Return the current picture as a message."""
    levels = np.ascontiguousarray(photo_pixels(session().made.image).transpose(2, 0, 1))
    title = "What it looks for"
    pane = Pane(0, title, "A picture grown for one unit", levels, picture=levels, file="unit")
    return boards.packed(BOARD, [pane], Colouring())


class Place(NamedTuple):
    """The part of a photo that a cell sees, and the cell's response."""

    name: str
    pixels: NDArray[np.uint8]
    answer: float

    @property
    def title(self) -> str:
        """The title of the picture on the screen."""
        return SAMPLES[self.name].title if self.name in SAMPLES else self.name


@lru_cache(maxsize=64)
def sample_places(layer: str, channel: int) -> tuple[Place, ...]:
    """Return the place in each sample photo that excites a unit most, the strongest first."""
    network = pretrained("photos")
    front = network[: network.names.index(layer) + 1]
    found = []
    for name in PHOTOS:
        image = photo_input(sample_picture(name).pixels)
        found.append(place_of(name, image, front.forward(image[None])[0, channel], layer))
    return tuple(sorted(found, key=lambda place: -place.answer))


def place_of(name: str, image: NDArray, map_: NDArray, layer: str) -> Place:
    """Return the part of a photo that the strongest cell of a map sees."""
    ((row, column, answer),) = excites_most(map_, 1)
    fields = next(one.fields for one in summary() if one.name == layer)
    spans = []
    for at, field, side in zip((row, column), fields, image.shape[1:], strict=True):
        first = field.start + at * field.jump
        spans.append(slice(max(first, 0), min(first + field.size, side)))
    return Place(name, photo_pixels(image)[spans[0], spans[1]], answer)


def shown_sample() -> str:
    """Return the name of the sample photo in use, or ""."""
    return "" if working_picture.PHOTO.value else working_picture.SAMPLE.value


def draw_maps() -> None:
    """Draw the slot for the picture."""
    boards.block((BOARD, 0, "What it looks for"))


def draw_bench(everything: Sequence[Setting], made: PhotoRun) -> None:
    """Draw the choice of a unit; the ascent runs in its own fragment."""
    frame.stage_title("", "Unit")
    UNIT_LAYER.select()
    layer, channel = unit()
    UNIT.set(channel)  # the layer that was chosen may have fewer maps
    UNIT.stepper()
    if layer == "relu10":
        st.caption(f"This map stands for **{literal(made.classes[channel])}**.")
    answer([made], everything)
    st.caption(CLIMB)
    own = place_of("Your picture", made.image, made.made[layer][channel], layer)
    others = [place for place in sample_places(layer, channel) if place.name != shown_sample()]
    places = [place for place in (own, *others[:SHOWN]) if place.answer > 0]
    if not places:
        st.caption("Neither your picture nor a sample excites it.")
        return
    strongest = "place that excites" if len(places) == 1 else "places that excite"
    st.caption(f"The {strongest} it most, in your picture and in the samples:")
    st.image(
        [place.pixels for place in places],
        [f"{place.title}: {number(place.answer, 3)}" for place in places],
        width=92,
        output_format="PNG",
    )


@st.fragment
def answer(fresh: list[PhotoRun], everything: Sequence[Setting]) -> None:
    """Take the next steps, and draw the picture."""
    if not fresh:
        follow(everything)
    fresh.clear()
    climbing = session()
    climbing.advance()
    boards.show(*packed())
    climbing.transport(f"{PAGE}:climb:transport")
