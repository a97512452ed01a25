"""npz files that are damaged, that lie, or that are something else, are refused in a sentence."""

import io
import json
import zipfile

import numpy as np
import pytest

from cnnviz.nn import Sequential, load_model
from cnnviz.nn.formats.taught import Taught
from tests.nn.formats.npz_files import (
    Trap,
    as_npy,
    described,
    header,
    is_one_short_sentence,
    loaded,
    packed,
    saved,
)


def nested(depth):
    """Return the entry of a layer inside this many nested branches."""
    entry = ["Flatten", {}]
    for _ in range(depth):
        entry = ["Residual", {"branch": [{"layer": entry}]}]
    return entry


def test_an_array_of_the_wrong_shape_is_refused(arrays):
    arrays["3.weight"] = arrays["3.weight"][:, :5]
    with pytest.raises(ValueError, match=r'"3.weight" must have shape \(32, 16, 3, 3\), got'):
        loaded(**arrays)


def test_missing_and_unknown_arrays_are_named(arrays):
    arrays["8.extra"] = arrays.pop("7.bias")
    with pytest.raises(ValueError, match=r"Missing: 7\.bias\. Not known: 8\.extra\.$"):
        loaded(**arrays)


@pytest.mark.parametrize("name", ["network", "0.bias"])
def test_arrays_of_objects_are_never_unpickled(arrays, name):
    arrays[name] = np.array([Trap()] * len(arrays[name]), dtype=object)
    with pytest.raises(ValueError, match="object"):
        loaded(**arrays)


@pytest.mark.parametrize("dtype", [np.int32, np.complex64, "U3"])
def test_weights_that_are_no_floats_are_refused(arrays, dtype):
    arrays["0.bias"] = np.zeros(16).astype(dtype)
    with pytest.raises(ValueError, match=r'"0.bias" must hold floats of 16 to 64 bits'):
        loaded(**arrays)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_refused(arrays, value):
    arrays["0.bias"][3] = value
    with pytest.raises(ValueError, match=r'"0.bias" holds numbers that are not finite'):
        loaded(**arrays)


def test_a_header_that_claims_1_gb_takes_no_memory():
    layers = described([["Linear", {"in_features": 2**14, "out_features": 2**14, "bias": False}]])
    members = {"network": as_npy(layers), "0.weight": header((2**14, 2**14)) + b"1234"}
    file = io.BytesIO(packed(members))
    with pytest.raises(ValueError, match=r'"0.weight" claims 1073741824 bytes that are not in'):
        Sequential.load(file)


def test_a_file_that_unpacks_to_more_than_64_mb_is_refused_unread():
    file = io.BytesIO(packed({"network": bytes(65 * 2**20)}))
    assert len(file.getvalue()) < 100_000
    with pytest.raises(ValueError, match="claims to hold 65 MB; at most 64 MB are read"):
        Sequential.load(file)


@pytest.mark.parametrize("load", [Sequential.load, lambda file: load_model(file.read())])
def test_a_list_of_members_without_end_is_refused_unread(load, monkeypatch):
    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", pytest.fail)
    with pytest.raises(ValueError, match="lists more than 10,000 members"):
        load(io.BytesIO(b"PK\x03\x04" + b"PK\x01\x02" * 10_001))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize(
    "load", [Sequential.load, Taught.load, lambda file: load_model(file.read())]
)
def test_a_packing_that_is_unpacked_all_at_once_is_refused(network, method, load):
    with pytest.raises(ValueError, match="packed in an unusual way"):
        load(rewritten(network, method=method))


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04" + bytes(100)])
def test_files_that_are_not_archives_are_refused(data):
    with pytest.raises(ValueError, match="not a readable npz archive"):
        Sequential.load(io.BytesIO(data))


def test_a_file_cut_short_or_damaged_is_refused(network):
    data = bytearray(saved(network))
    with pytest.raises(ValueError, match="not a readable npz archive"):
        Sequential.load(io.BytesIO(data[: len(data) // 2]))
    data[len(data) // 2] ^= 255
    with pytest.raises(ValueError, match="not a readable npz archive"):
        Sequential.load(io.BytesIO(data))


def test_an_archive_of_something_else_is_refused():
    with pytest.raises(ValueError, match='holds no array "network"'):
        loaded(weights=np.ones(3))


def test_a_member_that_is_no_array_is_refused():
    with pytest.raises(ValueError, match=r'"network" has no readable header'):
        Sequential.load(io.BytesIO(packed({"network": b"hello"})))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"{", "does not describe a network"),
        (b"[1, 2]", "does not describe a network"),
        (b"[" * 60_000, "does not describe a network"),
        (b'{"layers": 3, "classes": [], "input_shape": null}', "does not describe a network"),
        (b'{"layers": [], "classes": [], "input_shape": [1e999]}', "does not describe"),
        (b'{"layers": [], "classes": [], "input_shape": [1, 0, 8]}', r"must be \(C, H, W\)"),
    ],
)
def test_settings_that_are_no_settings_are_refused(text, words):
    with pytest.raises(ValueError, match=words):
        loaded(network=np.frombuffer(text, np.uint8))


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (["System", {}], "Layer 0 cannot be made from"),
        (["Flatten", {"command": 1}], "Layer 0 cannot be made"),
        (["Conv2d", {"in_channels": 1}], "Layer 0 cannot be made from"),
        (["Conv2d", {"in_channels": 1, "out_channels": 0, "kernel_size": 3}], "at least 1, got 0"),
        (["MaxPool2d", {"kernel_size": 10**9}], "kernel_size of 1000000000; at most 32"),
        (["MaxPool2d", {"kernel_size": 2, "padding": [[0, 10**9], 0]}], "at most 32 is read"),
        (["Activation", {"name": ["relu"]}], r"There is no activation \('relu',\)"),
        (17, "Layer 0 cannot be made from 17"),
        (["Flatten", {}, 3], r"Layer 0 cannot be made from \['Flatten', {}, 3\]\.$"),
        (["Parallel", {"branches": []}], "Layer 0 cannot be made: Parallel needs at least 1"),
        (["Parallel", {"branches": [3]}], "Layer 0 cannot be made from"),
        (["Residual", {"branch": [{"no": 1}]}], "Layer 0 cannot be made from"),
        (["Residual", {"branch": [["Flatten", {}]]}], "Layer 0 cannot be made from"),
        (
            ["Residual", {"branch": [{"layer": ["MaxPool2d", {"kernel_size": 99}]}]}],
            "A layer in its branches has a kernel_size of 99; at most 32",
        ),
        (nested(17), "branches are nested more than 16 deep"),
    ],
)
def test_layers_that_cannot_be_made_are_refused(layer, words):
    with pytest.raises(ValueError, match=words):
        loaded(network=described([layer]))


def test_maps_that_would_fill_the_memory_are_refused():
    conv = {"in_channels": 1, "out_channels": 4096, "kernel_size": 1}
    with pytest.raises(ValueError, match=r"maps of shape \(4096, 500, 500\), more than"):
        loaded(network=described([["Conv2d", conv]], [1, 500, 500]))


def test_maps_that_would_fill_the_memory_are_refused_inside_branches():
    wide = {"layer": ["Conv2d", {"in_channels": 1, "out_channels": 4096, "kernel_size": 1}]}
    narrow = {"layer": ["Conv2d", {"in_channels": 4096, "out_channels": 1, "kernel_size": 1}]}
    layers = described([["Residual", {"branch": [wide, narrow]}]], [1, 500, 500])
    with pytest.raises(ValueError, match=r"maps of shape \(4096, 500, 500\), more than"):
        loaded(network=layers)


@pytest.mark.parametrize(
    "layers",
    [[["Flatten", {}]] * 501, [["Residual", {"branch": [{"layer": ["Flatten", {}]}] * 500}]]],
)
def test_more_than_500_layers_are_refused(layers):
    with pytest.raises(ValueError, match="has 501 layers; at most 500"):
        loaded(network=described(layers))


@pytest.mark.parametrize("names", [["a"], 7, ["a", "a"]])
def test_names_that_are_not_one_for_each_layer_are_refused(names):
    text = {"input_shape": None, "classes": [], "names": names,
            "layers": [["Flatten", {}], ["Softmax", {}]]}  # fmt: skip
    with pytest.raises(ValueError, match=r"names|describe"):
        loaded(network=np.frombuffer(json.dumps(text).encode(), np.uint8))


def test_a_file_that_is_not_there_is_not_called_damaged(tmp_path):
    with pytest.raises(FileNotFoundError):
        Sequential.load(tmp_path / "none.npz")


def test_numbers_too_large_for_float32_are_refused():
    layers = described([["Linear", {"in_features": 1, "out_features": 1, "bias": False}]])
    with pytest.raises(ValueError, match=r"holds 1e\+300.*float32, which ends at 3.4e\+38"):
        loaded(network=layers, **{"0.weight": np.full((1, 1), -1e300)})


def test_a_member_without_npy_is_named(network):
    file = rewritten(network, lambda name: name.removesuffix(".npy") if "weight" in name else name)
    with pytest.raises(ValueError, match=r"0\.weight \(no \.npy\)"):
        Sequential.load(file)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damage_inside_any_compression_is_one_sentence(network, method):
    whole, said = rewritten(network, method=method).getvalue(), []
    places = range(40, len(whole) - 1200, len(whole) // 40)
    for at in places:
        damaged = whole[:at] + bytes([whole[at] ^ 0xFF]) * 8 + whole[at + 8 :]
        try:  # any other error of a reader fails the test
            Sequential.load(io.BytesIO(damaged))
        except ValueError as error:
            said.append(str(error))
    assert len(said) > len(places) * 0.9
    assert all(is_one_short_sentence(each) for each in said)


def test_no_message_quotes_a_damaged_archive(network):
    whole = bytearray(saved(network))
    start = whole.index(b"PK\x01\x02")
    for damaged in (
        whole.replace(b"0.weight.npy", b"\x1b[31m\n\xff.npy"),  # in both places
        whole[:start] + whole[start:].replace(b"0.weight.npy", b"0.weighs.npy"),
        whole[: len(whole) // 2],
    ):
        with pytest.raises(ValueError, match=r"readable npz archive|Missing") as refused:
            Sequential.load(io.BytesIO(damaged))
        assert is_one_short_sentence(str(refused.value))


HUGE = 10**400


@pytest.mark.parametrize(
    ("layers", "input_shape"),
    [
        ([], [1, HUGE, 1]),
        ([], [HUGE]),
        ([], [1, -HUGE, 1]),
        ([], [1] * 5000),
        ([["Conv2d", {"in_channels": HUGE, "out_channels": 1, "kernel_size": 1}]], None),
        ([["Dropout", {"p": HUGE}]], None),
        ([["MaxPool2d", {"kernel_size": 1, "padding": HUGE}]], None),
        ([["Activation", {"name": "relu" * 9999}]], None),
        ([["x\n" * 9999, {}]], None),
        (["x\n" * 9999], None),
        ([["BatchNorm2d", {"num_features": 1}]] * 400, None),
    ],
)
def test_numbers_and_names_without_measure_are_refused_in_one_short_sentence(layers, input_shape):
    with pytest.raises(ValueError, match=r"cannot be made|shape|Missing") as refused:
        loaded(network=described(layers, input_shape))
    assert is_one_short_sentence(str(refused.value))


@pytest.mark.parametrize("shape", [(10**300,) * 9, (1,) * 900, (-1, -1)])
def test_a_header_that_claims_a_shape_without_measure_is_refused(shape):
    layers = described([["Linear", {"in_features": 1, "out_features": 1, "bias": False}]])
    claimed = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    start = np.lib.format.magic(1, 0) + np.uint16(len(claimed)).tobytes()
    members = {"network": as_npy(layers), "0.weight": start + claimed}
    with pytest.raises(ValueError, match=r'"0.weight" claims the shape') as refused:
        Sequential.load(io.BytesIO(packed(members)))
    assert is_one_short_sentence(str(refused.value))


def rewritten(network, rename=lambda name: name, method=zipfile.ZIP_STORED):
    """Return a network's file with renamed members, or packed in another way."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(network))) as old,
        zipfile.ZipFile(file, "w", method) as new,
    ):
        for name in old.namelist():
            new.writestr(rename(name), old.read(name))
    file.seek(0)
    return file
