"""The picture that a Keras model takes: size, channels and their order, if the file says so."""

from collections.abc import Iterator
from typing import Any

from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.graph import Value
from cnnviz.nn.formats.picture_input import MAX_SIDE, PictureInput, is_grey, possible_sizes

__all__ = ["MODELS", "picture_inputs"]

MODELS = ("Sequential", "Functional", "Model")
TEXT = ("Embedding", "TextVectorization", "StringLookup")


def picture_inputs(
    told: dict[str, Any], size: tuple[int, int] | None = None
) -> Iterator[PictureInput]:
    """Yield the input of a model in every possible size, the likeliest first, or in the given one.

    Raises
    ------
    ModelError
        If it takes no picture, or would have to be run to be read.
    """
    if told.get("class_name") not in MODELS:
        raise ModelError(
            f"This model is a class of its own ({str(told.get('class_name'))[:40]!r}), which would "
            "have to be run; Sequential and functional models are read. Export it as ONNX."
        )
    layers = list(_all_layers(told))
    if any(layer["class_name"] in TEXT for layer in layers):
        raise ModelError("This is a network for text; here, networks take pictures.")
    inputs = [layer["class_name"] for layer in _own_layers(told)].count("InputLayer")
    if inputs > 1:
        raise ModelError(f"This network takes {inputs} inputs; only one picture can be used here.")
    shape = _shape(told, layers)
    grey = shape is not None and is_grey(shape)
    if shape and grey:
        shape = [*shape, 1]
    if not shape or len(shape) != 4:
        raise ModelError(
            f"This network takes inputs of the shape {shape}; pictures have a height, a width and "
            "channels. If its numbers are pixels, save it with a Flatten layer in front."
        )
    first = any(layer["config"].get("data_format") == "channels_first" for layer in layers)
    last = grey or not first
    height, width, channels = shape[1:] if last else (*shape[2:], shape[1])
    sizes = [size or 1 for size in (height, width, channels)]
    if not isinstance(channels, int) or not all(1 <= size <= MAX_SIDE for size in sizes):
        raise ModelError(
            f"This network takes pictures of the shape {shape[1:]}, which cannot be shown here."
        )
    guessed = not (size or (height and width))
    for tall, wide in [size] if size else possible_sizes(height, width):
        yield PictureInput(Value("input", (channels, tall, wide), last), guessed)


def _shape(told: dict[str, Any], layers: list[dict[str, Any]]) -> list[Any] | None:
    """Return the first input shape that the description states, with the batch in front."""
    for layer in [told, *layers]:
        config = layer["config"] if isinstance(layer["config"], dict) else {}
        if shape := config.get("batch_shape") or config.get("batch_input_shape"):
            return list(shape)
    shape = told.get("build_config", {}).get("input_shape")
    return list(shape) if shape else None


def _all_layers(told: dict[str, Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    for layer in _own_layers(told) if depth < 8 else ():
        yield layer
        if layer["class_name"] in MODELS:
            yield from _all_layers(layer, depth + 1)


def _own_layers(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the layers of a model, without those of the models inside it."""
    config = told["config"]
    found: list[dict[str, Any]] = config["layers"] if isinstance(config, dict) else config
    return found
