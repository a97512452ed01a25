import numpy as np
import pytest

from cnnviz.functional.activations import softmax
from cnnviz.nn import Flatten, Linear, ModelError, Sequential, Softmax
from cnnviz.nn.formats.model import Model
from cnnviz.nn.formats.sample import NetworkSample, compared, pasted, read_sample
from tests.nn.formats.npz_files import npz
from tests.nn.formats.onnx_models import draw
from tests.nn.formats.test_fixtures import FOLDER, read

SHAPE = 3, 4, 5


def network(*last):
    return Sequential([Flatten(), Linear(60, 4, seed=1), *last], input_shape=SHAPE)


def test_a_sample_of_another_library_agrees_and_a_changed_one_does_not():
    for file, name in ("residual.old.onnx", "residual"), ("keras_row.h5", "keras_row"):
        sample = read_sample((FOLDER / f"{name}.npz").read_bytes())
        found = compared(read(file), sample)
        assert (found.same, found.end) == (True, "output")
    sample = read_sample((FOLDER / "residual.npz").read_bytes())
    wrong = compared(read("residual.old.onnx"), NetworkSample(sample.x, sample.y[:, ::-1]))
    assert not wrong.same
    assert wrong.largest == pytest.approx(np.abs(sample.y[0] - sample.y[0, ::-1]).max(), rel=1e-4)


@pytest.mark.parametrize(
    "form",
    [lambda x: x, lambda x: x[None], lambda x: x.transpose(1, 2, 0)[None], np.ravel],
    ids=["channels first", "a batch of one", "channels last", "one row"],
)
def test_an_input_is_taken_in_any_order_of_its_axes(form):
    x = draw(*SHAPE)
    found = compared(Model(network(), "npz"), NetworkSample(form(x), network().forward(x[None])))
    assert found.same


def test_a_row_of_numbers_is_in_the_order_of_the_file():
    x = draw(*SHAPE)
    model = Model(network(), "Keras", channels_last=True)
    assert compared(
        model, NetworkSample(x.transpose(1, 2, 0).ravel(), network().forward(x[None]))
    ).same
    assert not compared(model, NetworkSample(x.ravel(), network().forward(x[None]))).same


def test_scores_and_shares_are_told_apart():
    x = draw(*SHAPE)
    scores = network().forward(x[None])[0]
    assert compared(Model(network(Softmax()), "npz"), NetworkSample(x, scores)).end == "scores"
    shares = softmax(scores.astype(np.float64))
    assert compared(Model(network(Softmax()), "npz"), NetworkSample(x, shares)).end == "output"
    assert compared(Model(network(), "npz"), NetworkSample(x, shares)).end == "shares"
    assert compared(Model(network(), "npz"), NetworkSample(x, np.log(shares))).end == "logarithms"


def test_numbers_are_pasted_in_any_brackets():
    x = draw(*SHAPE)
    y = network().forward(x[None])[0]
    found = compared(Model(network(), "npz"), pasted(f"{x.tolist()} => array({y.tolist()})", 4))
    assert found.same
    assert pasted("1 2", 4).x.size == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a readable npz archive"),
        (npz(x=np.ones(3)), "holds x"),
        (npz(a=np.ones(3), b=np.ones(3)), "holds a, b"),
        (npz(x=np.ones(3), y=np.array(["a"])), "real numbers"),
    ],
)
def test_invalid_samples_are_refused(data, words):
    with pytest.raises(ModelError, match=words):
        read_sample(data)


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        (NetworkSample(draw(3, 4, 6), draw(4)), r"has the shape \(3, 4, 6\)"),
        (NetworkSample(draw(*SHAPE), draw(5)), "expects 5 numbers; this network makes 4"),
    ],
)
def test_a_sample_of_other_sizes_is_refused_with_the_numbers(sample, words):
    with pytest.raises(ModelError, match=words):
        compared(Model(network(), "npz"), sample)
