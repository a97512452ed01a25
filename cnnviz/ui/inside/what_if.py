"""What if, for all networks but the photo network: silence or amplify maps of a layer."""

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
KEPT = f"{PAGE}:silenced"  # session key of the last changed network, and of the change


def layers_with_maps(network: Sequential) -> dict[int, str]:
    """Return the names of the layers that make maps, by their numbers."""
    rows = enumerate(network.summary())
    return {number: row.name for number, row in rows if len(row.output_shape) == 3}


def chosen(network: Sequential) -> tuple[int, list[int]]:
    """Return the layer whose maps change, and the numbers of these maps; -1 and [] without maps."""
    layers = layers_with_maps(network)
    if not layers:
        return -1, []
    asked = int(LAYER.value) if LAYER.value else max(layers)
    layer = asked if asked in layers else max(layers)
    return layer, AMPLIFIED.chosen(network.summary()[layer].output_shape[0])


def changed(network: Sequential) -> tuple[Sequential, tuple[Hashable, ...]]:
    """Return the network with the chosen change, and a key that identifies the change.

    If nothing is chosen: the network itself, and ().
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
    """Draw the controls for changes; `stages` are the outputs of the plain network's layers."""
    layers = layers_with_maps(plain)
    layer, _ = chosen(plain)
    if layer < 0:
        return
    LAYER.select(layers, layer)
    AMPLIFIED.draw(stages[layer])
