"""What if, for all networks but the one for photos: maps of a layer silenced or made louder."""

from collections.abc import Hashable, Sequence

from numpy.typing import NDArray

from cnnviz.nn import Sequential
from cnnviz.nn.inspection.amplified import amplified
from cnnviz.ui.inside.amplified_maps import AmplifiedMaps, Channels, LayerNumber, factor
from cnnviz.ui.network.choice import PAGE
from cnnviz.ui.widgets.session_values import state
from cnnviz.ui.widgets.settings import Setting

LAYER = LayerNumber(f"{PAGE}.silent_layer", "Layer", "")
CHANNELS = Channels(f"{PAGE}.silent", "Maps", "")
FACTOR = factor(f"{PAGE}.silent_times")
SETTINGS: tuple[Setting, ...] = (LAYER, CHANNELS, FACTOR)
AMPLIFIED = AmplifiedMaps(CHANNELS, FACTOR)
KEPT = f"{PAGE}:silenced"  # in the session: the network that was changed last, and how


def layers_with_maps(network: Sequential) -> dict[int, str]:
    """Return the names of the layers that make maps, by their numbers."""
    rows = enumerate(network.summary())
    return {number: row.name for number, row in rows if len(row.output_shape) == 3}


def chosen(network: Sequential) -> tuple[int, list[int]]:
    """Return the layer whose maps are changed, and which of them; -1 and none without maps."""
    layers = layers_with_maps(network)
    if not layers:
        return -1, []
    asked = int(LAYER.value) if LAYER.value else max(layers)
    layer = asked if asked in layers else max(layers)
    return layer, AMPLIFIED.chosen(network.summary()[layer].output_shape[0])


def changed(network: Sequential) -> tuple[Sequential, tuple[Hashable, ...]]:
    """Return the network with what is chosen, and what tells this change from others.

    Nothing is chosen: it is the network itself, and ().
    """
    layer, channels = chosen(network)
    if not channels:
        return network, ()
    change = layer, tuple(channels), float(FACTOR.value)
    key = network.layers, network.classes, change
    kept = state().get(KEPT)
    if kept is None or kept[0] != key:
        kept = key, amplified(network, *change)
        state()[KEPT] = kept
    return kept[1], change


def draw(plain: Sequential, stages: Sequence[NDArray]) -> None:
    """Draw what can be changed; `stages` are what the layers of the plain network make."""
    layers = layers_with_maps(plain)
    layer, _ = chosen(plain)
    if layer < 0:
        return
    LAYER.select(layers, layer)
    AMPLIFIED.draw(stages[layer])
