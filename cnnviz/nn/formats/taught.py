"""A user's own classes as a file: the features of pictures, and the layer learned from them.

The pictures themselves are not stored, except as thumbnails if wanted.
"""

import json
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.nn.formats.archive import opened, read_array, read_bytes, read_text, to_write
from cnnviz.nn.training.softmax_regression import Head

__all__ = ["MOST_CLASSES", "MOST_PICTURES", "Taught"]

MOST_PICTURES = 1000
MOST_CLASSES = 20
MOST_FEATURES = 4096
MOST_TEXT = 2**14
LONGEST_NAME = 40
LARGEST_THUMBNAIL = 128


class Taught(NamedTuple):
    """A user's own classes, and what was learned about them.

    Parameters
    ----------
    classes : tuple of str
        Their names, each once.
    labels : array of int (N,)
        The class of each picture.
    features : array (N, F)
    head : Head
    thumbnails : array of uint8 (N, H, W, 3)
        Small pictures to show; H and W may be 0.

    Examples
    --------
    >>> import io
    >>> from cnnviz.nn.training.softmax_regression import fit_head
    >>> features, labels = np.eye(4, dtype=np.float32), np.array([0, 1, 0, 1])
    >>> head, none = fit_head(features, labels, 2), np.empty((4, 0, 0, 3), np.uint8)
    >>> file = io.BytesIO()
    >>> Taught(("cup", "pen"), labels, features, head, none).save(file)
    >>> Taught.load(file).classes
    ('cup', 'pen')
    """

    classes: tuple[str, ...]
    labels: NDArray[np.int64]
    features: NDArray[np.float32]
    head: Head
    thumbnails: NDArray[np.uint8]

    def save(self, file: str | Path | BinaryIO) -> None:
        """Write an npz file: text in the array "taught", and four arrays."""
        described = {
            "classes": self.classes,
            "labels": self.labels.tolist(),
            "features": self.features.shape[1],
            "thumbnail": self.thumbnails.shape[1:3],
            "steps": self.head.steps,
        }
        with to_write(file) as stream:
            np.savez_compressed(
                stream,
                taught=np.frombuffer(json.dumps(described).encode(), np.uint8),
                features=self.features.astype(np.float32),
                weight=self.head.weight,
                bias=self.head.bias,
                thumbnails=self.thumbnails,
            )

    @classmethod
    def load(cls, file: str | Path | BinaryIO) -> "Taught":
        """Read what `save` wrote; no code in it is executed, and no size in it is trusted.

        Raises
        ------
        ValueError
            If the file is something else, or damaged; the message says what is wrong with it.
        """
        with opened(file) as archive:
            if "taught.npy" not in archive.namelist():
                raise ValueError('The file holds no array "taught", so nothing was taught in it.')
            found = _described(read_text(archive, "taught", MOST_TEXT))
            classes, labels, width, (tall, wide), steps = found
            shapes = {
                "features": (len(labels), width),
                "weight": (len(classes), width),
                "bias": (len(classes),),
            }
            arrays = {name: read_array(archive, name, shape) for name, shape in shapes.items()}
            small = read_bytes(archive, "thumbnails", (len(labels), tall, wide, 3))
        head = Head(arrays["weight"], arrays["bias"], steps)
        return cls(classes, np.array(labels, np.int64), arrays["features"], head, small)


def _described(text: bytes) -> tuple[tuple[str, ...], list[int], int, tuple[int, int], int]:
    """Return classes, labels, width of the features, (H, W) of the thumbnails, and steps."""
    try:
        found = json.loads(text)
        classes = tuple(str(name) for name in found["classes"])
        labels, width, steps = found["labels"], found["features"], found["steps"]
        tall, wide = found["thumbnail"]
        whole = all(type(each) is int for each in (*labels, width, tall, wide, steps))
        names = 2 <= len(classes) <= MOST_CLASSES and len(set(classes)) == len(classes)
        fits = (
            whole
            and names
            and all(0 < len(name) <= LONGEST_NAME for name in classes)
            and set(labels) == set(range(len(classes)))
            and len(labels) <= MOST_PICTURES
            and 1 <= width <= MOST_FEATURES
            and min(tall, wide) >= 0
            and max(tall, wide) <= LARGEST_THUMBNAIL
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        fits = False
    if not fits:
        raise ValueError(
            f'The array "taught" does not describe 2 to {MOST_CLASSES} classes, each with a name '
            f"of its own and a picture, of at most {MOST_PICTURES} pictures."
        )
    return classes, labels, width, (tall, wide), steps
