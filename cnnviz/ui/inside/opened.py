"""A network from a person's file: read apart, counted, and brought into the page's form."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

from cnnviz.nn import Model, ModelError, Sequential, read_model
from cnnviz.nn.formats.door import check_size, format_of
from cnnviz.nn.formats.sandbox import read_apart
from cnnviz.nn.inspection.classifiers import classifier
from cnnviz.nn.inspection.scales import SCALES, scaled

__all__ = ["MAX_OPEN", "OpenedModel", "opened"]

MAX_OPEN = 200 * 2**20  # bytes of the weights of all people's networks together
BESIDE = (".data", ".bin")  # how files end that belong to another one
_open: "WeakKeyDictionary[Sequential, int]" = WeakKeyDictionary()  # bytes of each


@dataclass(frozen=True)
class OpenedModel:
    """A model of a file with the networks it has been made into, by scale and class names."""

    model: Model
    file: str
    _made: dict[tuple[str, tuple[str, ...]], Sequential] = field(default_factory=dict)

    def network(self, scale: str, classes: tuple[str, ...] = ()) -> Sequential:
        """Return the classifier for pixels from 0 to 1.

        Raises
        ------
        ValueError
            If it is none that this page can show; the text says why.
        """
        asked = (scale, classes)
        if asked not in self._made:
            self._made.clear()
            network = scaled(self.model.network, scale)
            if classes:
                shape, names = network.input_shape, network.names
                network = Sequential(network, input_shape=shape, classes=classes, names=names)
            self._made[asked] = classifier(network)
        return self._made[asked]


def opened(files: Mapping[str, bytes]) -> OpenedModel:
    """Return the model in a file, with those that lie beside it.

    Raises
    ------
    ValueError
        If there is no network, or too many are open; the text says why.
    """
    mains = [name for name in files if not name.endswith(BESIDE)] or list(files)
    if len(mains) != 1:
        raise ModelError("Open one network at a time, with the files that belong to it.")
    check_size(*files.values())
    (name,) = mains
    data = files[name]
    external = {other: files[other] for other in files if other != name}
    # Our own reader takes nothing on a file's word; the parsers of the others are C code.
    read = read_model if format_of(data) == "npz" else read_apart
    model = read(data, name, external=external)
    if not model.whole:
        raise ModelError(
            f"{model.notes[0]} A network is looked into from the picture to its answer."
        )
    size = 4 * sum(parameter.size for parameter in model.network.parameters().values())
    if sum(_open.values()) + size > MAX_OPEN:
        raise ModelError(
            f"Other people's networks fill the {MAX_OPEN // 2**20} MB that there are for them; try "
            "again in a few minutes."
        )
    _open[model.network] = size
    scale = model.scale if model.scale in SCALES and model.kind != "npz" else "0–1"
    return OpenedModel(replace(model, scale=scale), name)
