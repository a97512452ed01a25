"""Load a network from an untrusted file."""

import warnings
from collections.abc import Mapping

from cnnviz.functional.checks import pair
from cnnviz.nn.formats.model import Wanted
from cnnviz.nn.formats.read_model import Bytes, checked_files, format_of, read_model
from cnnviz.nn.network import Sequential

__all__ = ["load_model"]


def load_model(
    data: Bytes,
    name: str = "",
    *,
    external: Mapping[str, Bytes] | None = None,
    size: tuple[int, int] | None = None,
    onto: Sequential | None = None,
) -> Sequential:
    """Return the network in a file: ONNX, Keras, TensorFlow.js, weights, or our own npz.

    Nothing in the file is run, and no path in it is opened. `read_model` also returns the scale,
    the class names and the parts that cannot be shown; this warns of such parts. The HDF5 library
    is C code, which a damaged file can crash: such files (.h5, .keras) are read in a separate
    process, which takes a second or two.

    Parameters
    ----------
    data : bytes, bytearray or memoryview
        At most 64 MB.
    name : str
        The file's name; it changes nothing, as the format is found by content.
    external : mapping from str to bytes, optional
        Files beside it, by name, such as the ".onnx.data" of an ONNX file.
    size : (H, W), optional
        Size of its pictures, if the file leaves it open.
    onto : Sequential, optional
        A network for weights that come without one, if they fit.

    Raises
    ------
    ModelError
        If it cannot be opened; the message says why in one sentence.
    TypeError
        If `data` is something else, such as a path.

    Examples
    --------
    >>> from io import BytesIO
    >>> from cnnviz.nn import pretrained
    >>> file = BytesIO()
    >>> pretrained("digits").save(file)
    >>> load_model(file.getvalue()).input_shape
    (1, 8, 8)
    """
    data, beside = checked_files(data, external)
    if onto is not None and not isinstance(onto, Sequential):
        raise TypeError(f"onto must be a Sequential, got {type(onto).__name__}.")
    wanted = Wanted(None if size is None else pair(size, "size"), onto=onto)
    if format_of(data) == "keras":
        # Imported here, not above: its child process runs that module, so it must not be imported
        # earlier.
        from cnnviz.nn.formats.sandbox import read_apart

        model = read_apart(data, beside, wanted)
    else:
        model = read_model(data, external=beside, wanted=wanted)
    for note in model.notes:
        warnings.warn(note, stacklevel=2)
    return model.network
