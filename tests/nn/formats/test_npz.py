import io
import json
import zipfile

import numpy as np
import pytest

from cnnviz.nn import (
    Activation,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    GlobalMaxPool2d,
    Linear,
    MaxPool2d,
    Pad2d,
    Parallel,
    Residual,
    Sequential,
    Trainer,
    digits,
    small_cnn,
)
from tests.nn.formats.npz_files import arrays_of, as_npy, header, npz, packed, saved

SIZE = (1, 8, 8)


def loaded(**arrays):
    return Sequential.load(io.BytesIO(npz(**arrays)))


def described(layers, input_shape=None):
    text = {"input_shape": input_shape, "classes": [], "layers": layers}
    return np.frombuffer(json.dumps(text).encode(), np.uint8)


@pytest.fixture
def network():
    return small_cnn(SIZE, "abc")


@pytest.fixture
def arrays(network):
    return arrays_of(network)


def test_what_was_saved_is_loaded_to_the_last_bit():
    network = Sequential(
        [
            Conv2d(1, 4, (2, 3), (1, 2), ((1, 0), (2, 1)), padding_mode="reflect", bias=False),
            BatchNorm2d(4, momentum=0.3),
            Activation("prelu"),
            Conv2d(4, 4, 3, padding="same", groups=2),
            Activation("elu", alpha=0.7),
            AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False),
            Flatten(),
            Linear(60, 2),
        ],
        input_shape=SIZE,
        classes=["yes", "no"],
    )
    x = np.random.default_rng(0).standard_normal((2, *SIZE))
    network.train().forward(x)
    again = Sequential.load(io.BytesIO(saved(network)))
    assert repr(again) == repr(network)
    assert (again.input_shape, again.classes) == (SIZE, ("yes", "no"))
    np.testing.assert_array_equal(again.forward(x), network.eval().forward(x))


def test_what_was_loaded_can_be_trained():
    data = digits().take(range(8))
    network = small_cnn(SIZE, data.classes, batch_norm=True)
    again = Sequential.load(io.BytesIO(saved(network)))
    Trainer(again, data).step()
    assert not np.array_equal(again[0].weight.value, network[0].weight.value)


def test_branches_are_loaded_as_they_were_saved():
    inside = Residual([Conv2d(2, 2, 3, padding=((1, 1), (2, 0))), BatchNorm2d(2)])
    network = Sequential(
        [
            Parallel([Conv2d(1, 2, 1), [], [Conv2d(1, 2, 1), inside, Activation("relu6")]]),
            Residual(Conv2d(5, 3, 1), Conv2d(5, 3, 1, seed=7)),
            Dropout(0.25),
            Parallel([GlobalAvgPool2d(), GlobalMaxPool2d()]),
            Flatten(),
        ],
        input_shape=SIZE,
        names=["together", "sum", "drop", "means", "row"],
    )
    x = np.random.default_rng(0).standard_normal((2, *SIZE))
    network.train().forward(x)
    again = Sequential.load(io.BytesIO(saved(network)))
    assert repr(again) == repr(network)
    assert again.names == network.names
    np.testing.assert_array_equal(again.forward(x), network.eval().forward(x))


def test_half_of_the_digits_are_less_than_half_of_the_bytes(network):
    file = io.BytesIO()
    network.save(file, half=True)
    assert len(file.getvalue()) < len(saved(network)) / 2
    file.seek(0)
    again = Sequential.load(file)
    for name, parameter in network.parameters().items():
        found = again.parameters()[name].value
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, parameter.value, rtol=2**-11, atol=2**-24)


def nested(depth):
    """Return the entry of a layer inside this many nested branches."""
    entry = ["Flatten", {}]
    for _ in range(depth):
        entry = ["Residual", {"branch": [{"layer": entry}]}]
    return entry


def test_the_same_network_is_the_same_file(network, tmp_path):
    network.save(tmp_path / "one.npz")
    assert (tmp_path / "one.npz").read_bytes() == saved(small_cnn(SIZE, "abc"))
    assert Sequential.load(tmp_path / "one.npz").classes == ("a", "b", "c")


def test_the_arrays_are_named_as_in_pytorch(arrays):
    assert sorted(arrays) == ["0.bias", "0.weight", "3.bias", "3.weight", "7.bias", "7.weight",
                              "network"]  # fmt: skip


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
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("unpickled",))

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


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_archive_is_refused(data):
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


def test_a_member_that_is_no_array_is_refused(arrays):
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
        (nested(9), "branches are nested more than 8 deep"),
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


def test_every_float_type_order_and_layout_is_read(arrays):
    weight = np.array([[0.5, -0.25, 2.0], [1.0, 0.0, -8.0]], np.float32)
    layers = described([["Linear", {"in_features": 3, "out_features": 2, "bias": False}]])
    for stored in (
        weight.astype(np.float16),
        weight.astype(">f4"),
        weight.astype(np.float64),
        np.asfortranarray(weight),
    ):
        network = loaded(network=layers, **{"0.weight": stored})
        np.testing.assert_array_equal(network[0].weight.value, weight)
        assert network[0].weight.value.flags.c_contiguous


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


def is_one_short_sentence(text):
    return text.isprintable() and text.endswith((".", "…")) and len(text) < 320


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


def test_an_array_too_large_for_half_precision_stays_as_it_is(recwarn):
    norm = BatchNorm2d(2)
    norm.running_var[:] = 1e5, 0.5
    file = io.BytesIO()
    Sequential([norm]).save(file, half=True)
    file.seek(0)
    assert Sequential.load(file)[0].running_var.tolist() == [1e5, 0.5]
    assert not recwarn


@pytest.mark.parametrize("make", [Conv2d, Pad2d, MaxPool2d, ConvTranspose2d])
def test_padding_of_numpy_integers_is_saved(make):
    padding = (np.int64(1), (np.int32(1), 0))
    layer = {
        Conv2d: lambda: Conv2d(1, 1, 3, padding=padding),
        Pad2d: lambda: Pad2d(padding),
        MaxPool2d: lambda: MaxPool2d(3, padding=padding),
        ConvTranspose2d: lambda: ConvTranspose2d(1, 1, 3, padding=padding),
    }[make]()
    network = Sequential([layer])
    assert repr(Sequential.load(io.BytesIO(saved(network)))) == repr(network)
    assert "int64" not in repr(network)


def broken(value):
    network = Sequential([Flatten(), Linear(1, 1)])
    network[1].weight.value = [[value]]
    return network


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (lambda: Sequential([AvgPool2d(56)]), "kernel_size of 56; at most 32 is read"),
        (lambda: Sequential([Linear(2**12, 2**12 + 1)]), "takes 64.0 MB; at most 64 MB"),
        (lambda: Sequential(Flatten() for _ in range(501)), "has 501 layers; at most 500"),
        (lambda: broken(np.nan), '"1.weight" holds numbers that are not finite'),
        (lambda: broken(1e300), "float32, which ends at 3.4e"),
        (lambda: small_cnn(SIZE, ["a" * 41, "b"]), "has 41 characters; at most 40 are read"),
        (lambda: Sequential([Flatten()], names=["a" * 41]), "has 41 characters; at most 40"),
        (lambda: Sequential([Flatten()], input_shape=(1, 5000, 5000)), "more than 16,777,216"),
        (lambda: Sequential([OwnLayer()]), "cannot be made from"),
    ],
)
def test_what_could_not_be_loaded_is_not_saved(network, words, tmp_path):
    with pytest.raises(ValueError, match=words) as refused:
        network().save(tmp_path / "one.npz")
    assert is_one_short_sentence(str(refused.value))
    assert not list(tmp_path.iterdir())


class OwnLayer(Flatten):
    """A layer that is not one of the package's."""


def test_as_many_classes_as_other_formats_have_are_saved():
    classes = [f"class {number}" for number in range(21_843)]
    network = Sequential([Flatten()], input_shape=(21_843,), classes=classes)
    assert Sequential.load(io.BytesIO(saved(network))).classes == tuple(classes)


def test_a_file_has_the_name_that_was_given(network, tmp_path):
    network.save(str(tmp_path / "net"))
    assert [path.name for path in tmp_path.iterdir()] == ["net"]
    assert Sequential.load(str(tmp_path / "net")).classes == ("a", "b", "c")


def test_numbers_as_class_names_become_text():
    network = Sequential([Flatten()], input_shape=(2,), classes=np.arange(2))
    assert Sequential.load(io.BytesIO(saved(network))).classes == ("0", "1")


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
