import io
import json

import h5py
import numpy as np
import pytest

from cnnviz.nn import ModelError, read_model
from tests.nn.formats.onnx_models import draw

IMAGE = {"class_name": "InputLayer", "config": {"name": "image", "batch_shape": [None, 4, 4, 2]}}


def layer(kind, name="it", **settings):
    return {"class_name": kind, "config": {"name": name, **settings}}


def row(*layers, name="row"):
    return {"class_name": "Sequential", "config": {"name": name, "layers": list(layers)}}


def saved(told, **arrays):
    """Return an .h5 file with arrays by their paths, in which "__" stands for "/"."""
    file = io.BytesIO()
    with h5py.File(file, "w") as made:
        made.attrs["model_config"], made.attrs["keras_version"] = json.dumps(told), "2.15.0"
        for path, array in arrays.items():
            made[path.replace("__", "/")] = array
    return file.getvalue()


def test_the_numbers_of_an_optimiser_are_not_taken_for_weights():
    kernel = draw(32, 3)
    weights = {f"model_weights__d__d__{name}:0": each
               for name, each in (("kernel", kernel), ("bias", draw(3)))}  # fmt: skip
    state = {f"optimizer_weights__Adam__{moment}__d__{name}:0": np.zeros(shape, np.float32)
             for moment in "mv" for name, shape in (("kernel", (32, 3)), ("bias", 3))}  # fmt: skip
    told = row(IMAGE, layer("Flatten"), layer("Dense", "d"))
    plain, trained = (
        read_model(saved(told, **each)).network for each in (weights, weights | state)
    )
    x = draw(1, 2, 4, 4)
    np.testing.assert_array_equal(trained.forward(x), plain.forward(x))
    flat = x.transpose(0, 2, 3, 1).reshape(1, -1)
    np.testing.assert_allclose(plain.forward(x), flat @ kernel + draw(3), atol=1e-5)


def test_layers_of_one_name_in_models_inside_a_model_keep_their_own_weights():
    dense = layer("Dense", "d", use_bias=False)
    told = row(IMAGE, layer("GlobalAveragePooling2D"), row(dense, name="one"),
               row(dense, name="two"), dense)  # fmt: skip
    paths = ("model_weights__d__d__kernel", "model_weights__one__d__kernel",
             "model_weights__two__d__kernel")  # fmt: skip
    own, one, two = (draw(2, 2, seed=seed) for seed in range(3))
    network = read_model(saved(told, **dict(zip(paths, (own, one, two), strict=True)))).network
    x = draw(1, 2, 4, 4)
    wanted = x.mean((2, 3)) @ one @ two @ own
    np.testing.assert_allclose(network.forward(x), wanted, rtol=1e-5)


def test_a_flatten_with_the_channels_first_moves_them_to_the_end_as_in_keras():
    image = layer("InputLayer", "image", batch_shape=[None, 2, 4, 4])
    pool = layer("MaxPooling2D", "p", data_format="channels_first")
    x, kernel = draw(1, 2, 4, 4), draw(8, 3)
    maps = x.reshape(1, 2, 2, 2, 2, 2).max((3, 5))
    for order, axes in ("channels_first", (0, 2, 3, 1)), ("channels_last", (0, 1, 2, 3)):
        flatten = layer("Flatten", "f", data_format=order)
        told = row(image, pool, flatten, layer("Dense", "d", use_bias=False))
        network = read_model(saved(told, model_weights__d__d__kernel=kernel)).network
        wanted = maps.transpose(axes).reshape(1, -1) @ kernel
        np.testing.assert_allclose(network.forward(x), wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, (2, 2, "nearest")),
        ({"size": 3}, (3, 3, "nearest")),
        ({"size": [1, 2], "interpolation": "bilinear"}, (1, 2, "bilinear")),
    ],
)
def test_upsampling_is_read_with_its_size_and_its_way(settings, said):
    network = read_model(saved(row(IMAGE, layer("UpSampling2D", "up", **settings)))).network
    made = network[0].settings
    assert (*made["scale_factor"], made["mode"]) == said
    assert network.names == ("up1",)


def test_an_upsampling_that_is_not_known_is_named():
    cubic = layer("UpSampling2D", "up", interpolation="bicubic")
    read = read_model(saved(row(IMAGE, layer("ReLU"), cubic)))
    assert "UpSampling2D, bicubic" in read.notes[0]


def functional(*layers, inputs=("image",), outputs=None, name="net"):
    return {"class_name": "Functional", "config": {
        "name": name, "layers": list(layers), "input_layers": [[each, 0, 0] for each in inputs],
        "output_layers": outputs or [[layers[-1]["config"]["name"], 0, 0]],
    }}  # fmt: skip


def after(made, *names):
    return {**made, "inbound_nodes": [[[name, 0, 0, {}] for name in names]]}


def test_two_inputs_are_not_taken_for_one():
    other = {**IMAGE, "config": {**IMAGE["config"], "name": "mask"}}
    both = functional(IMAGE, other, after(layer("Add"), "image", "mask"), inputs=("image", "mask"))
    with pytest.raises(ModelError, match="takes 2 inputs; only one picture"):
        read_model(saved(both))
    two = {**both, "config": {**both["config"], "name": "two"}}
    chains = after(layer("ReLU", "a"), "image"), after(layer("ELU", "b"), "a")
    read = read_model(saved(functional(IMAGE, *chains, after(two, "a", "b"))))
    assert not read.whole
    assert "Functional of 2 inputs (1)" in read.notes[0]


TWO = [IMAGE, after(layer("ReLU", "a"), "image"), after(layer("ELU", "b"), "image")]


@pytest.mark.parametrize(
    "outputs", [[["a", 0, 0], ["b", 0, 0]], {"one": ["a", 0, 0], "two": ["b", 0, 0]}]
)
def test_with_several_outputs_the_first_is_shown_with_a_note(outputs):
    read = read_model(saved(functional(*TWO, outputs=outputs)))
    assert (read.network.names, read.whole) == (("relu1",), True)
    assert read.notes == ("The network has 2 outputs; the first is shown.",)


@pytest.mark.parametrize("number", [0, 1])
def test_a_layer_takes_the_output_of_a_model_inside_that_it_asks_for(number):
    inside = functional(*TWO, outputs=[["a", 0, 0], ["b", 0, 0]], name="inside")
    end = {
        **layer("Activation", "c", activation="tanh"),
        "inbound_nodes": [[["inside", 0, number]]],
    }
    read = read_model(saved(functional(IMAGE, after(inside, "image"), end)))
    assert (read.network.names, read.notes) == ((("relu1", "elu1")[number], "tanh1"), ())


def test_a_layer_on_the_second_output_of_an_unknown_layer_is_not_shown():
    lost = after(layer("Lost", "lost"), "a")
    end = {**layer("ELU", "c"), "inbound_nodes": [[["lost", 0, 1]]]}
    read = read_model(saved(functional(*TWO[:2], lost, end)))
    assert read.network.names == ("relu1",)
    assert read.notes == ("Shown up to here: the app does not support Lost (1).",)


TENSOR = {"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}}


@pytest.mark.parametrize(
    ("kind", "settings", "args", "said"),
    [
        ("TrueDivide", {}, [1.0, TENSOR], "TrueDivide with a number"),
        ("TrueDivide", {}, [TENSOR, 0.0], "TrueDivide with a number"),
        ("Add", {}, [TENSOR, {"class_name": "__numpy__", "config": {"value": [1.0]}}],
         "Add with a number"),
        ("Reshape", {"newshape": [-1, 32]}, [TENSOR], "Reshape with the batch"),
    ],
)  # fmt: skip
def test_an_operation_that_is_called_as_a_layer_is_not_taken_for_it(kind, settings, args, said):
    end = {**layer(kind, "c", **settings), "inbound_nodes": [{"args": args, "kwargs": {}}]}
    read = read_model(saved(functional(*TWO[:2], end)))
    assert read.network.names == ("relu1",)
    assert read.notes == (f"Shown up to here: the app does not support {said} (1).",)


@pytest.mark.parametrize(
    ("kind", "args", "wanted"),
    [
        ("Add", [TENSOR, 3.0], lambda x: x + 3), ("Multiply", [2, TENSOR], lambda x: 2 * x),
        ("Subtract", [TENSOR, 0.5], lambda x: x - 0.5),
        ("Subtract", [1.0, TENSOR], lambda x: 1 - x), ("TrueDivide", [TENSOR, 4], lambda x: x / 4),
    ],
)  # fmt: skip
def test_an_operation_with_a_plain_number_is_a_scale_and_a_shift(kind, args, wanted):
    """The hard sigmoid of Keras' MobileNet-v3 is ReLU6(x + 3) · (1 / 6)."""
    end = {**layer(kind, "c"), "inbound_nodes": [{"args": args, "kwargs": {}}]}
    read, x = read_model(saved(functional(*TWO[:2], end))), draw(1, 2, 4, 4)
    assert (read.whole, read.network.names) == (True, ("relu1", "affine1"))
    np.testing.assert_allclose(read.network.forward(x), wanted(np.maximum(x, 0)), rtol=1e-6)


def test_a_sum_of_two_is_one_whether_a_layer_or_an_operation_adds():
    tensors = [{**TENSOR, "config": {"keras_history": [name, 0, 0]}} for name in "ab"]
    for args in tensors, [tensors]:
        end = {**layer("Add", "c"), "inbound_nodes": [{"args": args, "kwargs": {}}]}
        read = read_model(saved(functional(*TWO, end)))
        assert (read.network.names, read.whole) == (("residual1",), True)


def test_a_keyword_argument_can_be_the_input_of_a_layer():
    end = {**layer("ELU", "c"), "inbound_nodes": [{"args": [], "kwargs": {"inputs": TENSOR}}]}
    read = read_model(saved(functional(*TWO[:2], end)))
    assert (read.network.names, read.notes) == (("relu1", "elu1"), ())


def read_row(*layers, **weights):
    return read_model(saved(row(IMAGE, *layers), **weights))


@pytest.mark.parametrize(
    ("given", "name", "settings"),
    [
        ({"class_name": "LeakyReLU", "config": {"alpha": 0.1}}, "leaky_relu",
         {"negative_slope": 0.1}),
        ({"class_name": "ELU", "config": {"alpha": 0.5}}, "elu", {"alpha": 0.5}),
        ({"class_name": "ReLU", "config": {"max_value": 6.0}}, "relu6", {}),
        ({"class_name": "function", "config": "gelu"}, "gelu", {}),
        ("leaky_relu", "leaky_relu", {"negative_slope": 0.2}),
    ],
)  # fmt: skip
def test_an_activation_that_is_given_as_a_layer_keeps_its_settings(given, name, settings):
    found = read_row(layer("Activation", activation=given)).network[0]
    assert {"name": name, **settings} == found.settings


def test_a_gate_that_is_pooled_and_shaped_back_is_read_as_in_efficientnet():
    def after(kind, name, *inputs, **settings):
        nodes = [[[each, 0, 0, {}] for each in inputs]]
        return {**layer(kind, name, **settings), "inbound_nodes": nodes}

    gate = {"filters": 2, "kernel_size": [1, 1], "activation": "sigmoid", "use_bias": False}
    told = {"class_name": "Functional", "config": {
        "layers": [
            {**IMAGE, "inbound_nodes": []},
            after("GlobalAveragePooling2D", "squeeze", "image"),
            after("Reshape", "shape", "squeeze", target_shape=[1, 1, 2]),
            after("Conv2D", "excite", "shape", **gate),
            after("Multiply", "scaled", "image", "excite"),
        ],
        "output_layers": [["scaled", 0, 0]],
    }}  # fmt: skip
    kernel, x = draw(1, 1, 2, 2), draw(1, 2, 4, 4, seed=1)
    read = read_model(saved(told, model_weights__excite__excite__kernel=kernel))
    assert (read.whole, read.network.names) == (True, ("gate1",))
    shares = 1 / (1 + np.exp(-x.mean((2, 3)) @ kernel[0, 0]))
    np.testing.assert_allclose(read.network.forward(x), x * shares[..., None, None], rtol=1e-5)


def test_a_log_softmax_at_the_end_is_a_softmax():
    read = read_row(layer("Activation", activation="log_softmax"))
    assert (read.whole, read.network[0].kind) == (True, "softmax")
    assert read.notes[0].startswith("It ends with a log-softmax.")


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (layer("Activation", activation={"class_name": "ReLU", "config": {"max_value": 4.0}}),
         "ReLU with other limits"),
        (layer("Softmax", axis=1), "Softmax along another axis"),
        (layer("Normalization", mean=[1, 2], variance=[1, 4], invert=True),
         "Normalization the other way round"),
        (layer("PReLU", "p", shared_axes=[3]), "Arithmetic with a number for each cell"),
    ],
)  # fmt: skip
def test_unsupported_layers_are_named(what, told):
    pooled = layer("AveragePooling2D", "a", pool_size=[4, 2])  # 2 cells, as many as channels
    read = read_row(pooled, what, model_weights__p__p__alpha=draw(1, 2, 1))
    assert read.notes == (f"Shown up to here: the app does not support {told} (1).",)


def test_the_slopes_of_the_channels_are_read_in_both_shapes_of_keras():
    for shape, settings in (
        ((1, 1, 2), {"shared_axes": [1, 2]}),
        ((1, 1, 1), {"shared_axes": [1, 2, 3]}),
    ):
        read = read_row(layer("PReLU", "p", **settings), model_weights__p__p__alpha=draw(*shape))
        np.testing.assert_array_equal(read.network[0].weight.value, draw(*shape).ravel())
