"""The trained networks that come with the app; see assets/models/CREDITS.md for their sources."""

from functools import cache

from cnnviz.nn.network import Sequential
from cnnviz.resources import ASSETS

__all__ = ["MODELS", "photo_groups", "pretrained"]

FOLDER = ASSETS / "models"
MODELS = ("digits", "shapes", "photos")
PHOTO_GROUPS_FILE = FOLDER / "photos.tsv"


@cache
def pretrained(name: str) -> Sequential:
    """Return the trained network of that name, loaded once and shared by all who ask.

    Its weights are read-only; `copy.deepcopy` of it can be trained and changed.

    "digits" recognises handwritten digits, (N, 1, 8, 8), and "shapes" drawn shapes, (N, 1, 16, 16),
    both from 0 to 1; "photos" is SqueezeNet v1.1, with 1000 classes, on photos prepared by
    `cnnviz.nn.inspection.photos.photo_input`.

    Raises
    ------
    ValueError
        If there is no such network, or its file is missing or damaged.

    Examples
    --------
    >>> pretrained("digits").input_shape
    (1, 8, 8)
    """
    if not isinstance(name, str) or name not in MODELS:
        raise ValueError(f"There is no model {name!r}; there are {', '.join(MODELS)}.")
    try:
        network = Sequential.load(FOLDER / f"{name}.npz")
    except FileNotFoundError:
        raise ValueError(f"The weights assets/models/{name}.npz are missing.") from None
    except ValueError as error:
        raise ValueError(f"The weights assets/models/{name}.npz are damaged: {error}") from None
    for parameter in network.parameters().values():
        parameter.share()
    return network


@cache
def photo_groups() -> dict[str, str]:
    """Return the coarse group of each class of "photos", in the order of its outputs.

    >>> photo_groups()["goldfish"]
    'fish'
    """
    lines = PHOTO_GROUPS_FILE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)
