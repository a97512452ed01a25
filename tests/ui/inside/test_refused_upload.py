"""Files that are not networks, or lie: a message, and the network on the screen stays."""

import json

import numpy as np
import pytest

from cnnviz.nn import (
    Flatten,
    Linear,
    Sequential,
    pretrained,
    small_cnn,
)
from cnnviz.nn.formats.read_model import MAX_FILE
from cnnviz.ui.inside import views
from cnnviz.ui.network.opened import opened_file
from tests.nn.formats.npz_files import Trap, arrays_of, as_npy, header, npz, packed, saved
from tests.ui.apptest import errors
from tests.ui.inside.digits import PAGE, layers, words
from tests.ui.inside.uploads import FILE, press, said, upload
from tests.ui.pages import html, open_page, run_again


def gigabyte():
    layer = ["Linear", {"in_features": 2**14, "out_features": 2**14, "bias": False}]
    text = {"input_shape": None, "classes": [], "layers": [layer]}
    described = np.frombuffer(json.dumps(text).encode(), np.uint8)
    return packed({"network": as_npy(described), "0.weight": header((2**14, 2**14)) + b"1234"})


def changed(**arrays):
    kept = arrays_of(pretrained("digits"))
    kept = {name: each for name, each in kept.items() if name not in arrays}
    return npz(**kept, **{name: each for name, each in arrays.items() if each is not None})


def not_finite():
    network = small_cnn((1, 8, 8), "abc")
    arrays = arrays_of(network)
    arrays["0.weight"] = arrays["0.weight"] * 0 + np.float32(3e38)
    return npz(**arrays)


BAD = {
    "empty": (b"", "The file is empty"),
    "text": (b"hello", "not a network file that can be read here"),
    "cut short": (saved(pretrained("digits"))[:9000], "zip archive is damaged"),
    "no network": (npz(weights=np.ones(3)), "archive holds no network that can be read here"),
    "wrong shape": (changed(**{"0.weight": np.ones((16, 1, 5, 5), "f4")}), "must have shape"),
    "missing": (changed(**{"3.bias": None}), "Missing: 3.bias."),
    "unknown": (changed(**{"9.extra": np.ones(2, "f4")}), "9.extra"),
    "objects": (changed(**{"0.bias": np.array([Trap()] * 16, object)}), "object"),
    "whole numbers": (changed(**{"0.bias": np.ones(16, int)}), "floats of 16 to 64 bits"),
    "not a number": (changed(**{"0.bias": np.full(16, np.nan, "f4")}), "not finite"),
    "1 GB header": (gigabyte(), "1073741824 bytes that are not in"),
    "a bomb": (packed({"network": bytes(65 * 2**20)}), "at most 64 MB"),
    "too large a file": (bytes(MAX_FILE + 1), "at most 64 MB"),
    "no layers": (saved(Sequential([], input_shape=(1, 8, 8))), "The network has no layers."),
    "no input shape": (saved(Sequential([Flatten(), Linear(64, 3)])), "does not say which"),
    "too much work": (
        saved(small_cnn((1, 256, 256), "ab", filters=(160, 160))), "operations for one picture"
    ),
    "two channels": (saved(small_cnn((2, 8, 8), "ab")), "2 channels"),
    "overflow": (not_finite(), "so large that its numbers cannot be written down"),
}  # fmt: skip


def test_the_names_in_a_file_are_shown_verbatim():
    at = upload(changed(**{"![x](https://a.example/b)": np.zeros(1, "f4")}))
    (element,) = at.error
    assert "![x](https://a.example/b)" in errors(at)[0].replace("\N{WORD JOINER}", "")
    assert "![" not in element.value


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("data", "reason"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_a_sentence_and_the_network_stays(data, reason):
    at = upload(saved(small_cnn((1, 16, 16), ("yes", "no", "maybe"))))
    before = layers(at)
    at = upload(data, at)
    (sentence,) = errors(at)
    assert sentence.startswith("This file cannot be opened.")
    assert reason in sentence
    assert "Traceback" not in sentence
    assert [toast.value for toast in at.toast] == [error.value for error in at.error]
    for name, values in before.items():
        np.testing.assert_array_equal(layers(at)[name], values)


def test_a_good_file_takes_the_refusal_away():
    at = upload(b"hello")
    assert errors(at)
    assert not errors(upload(saved(pretrained("shapes")), at))


def test_the_name_of_a_layer_is_shown_verbatim():
    network = small_cnn((1, 8, 8), "ab")
    names = ["<i>conv</i>", *network.names[1:]]
    named = Sequential(network, input_shape=(1, 8, 8), classes="ab", names=names)
    at = run_again(upload(saved(named)), {"inside.open": "<i>conv</i>,0,0,0"})
    assert "&lt;i&gt;conv&lt;/i&gt;, map 0" in html(at)
    assert "<i>" not in html(at)


def test_a_network_that_cannot_be_drawn_can_be_closed(monkeypatch):
    rows = views.layer_rows

    def fail_for_a_file(run):
        if opened_file():
            raise IndexError("a fault of ours")
        return rows(run)

    monkeypatch.setattr(views, "layer_rows", fail_for_a_file)
    at = open_page(PAGE, FILE)
    uploader = next(each for each in at.file_uploader if each.label.startswith("Open a network"))
    uploader.upload("network.npz", saved(small_cnn((1, 8, 8), "ab")), "application/octet-stream")
    at.run()
    assert at.exception
    assert "No file is open yet" in said(press(at, "Close network"))


def test_half_a_character_in_a_name_is_replaced():
    network = arrays_of(small_cnn((1, 8, 8), "ab"))
    told = json.loads(network["network"].tobytes())
    told |= {"classes": ["\ud800x", "b"], "names": ["conv\ud800", *map(str, range(8))]}
    network["network"] = np.frombuffer(json.dumps(told).encode(), np.uint8)
    at = run_again(upload(npz(**network)), {"inside.show": "picture"})
    assert not errors(at)
    assert "conv?" in layers(at)
    assert "**?x**" in words(at).replace("\\", "")


def test_untrusted_class_names_are_shown_verbatim():
    evil = ("<img src=x onerror=alert(1)>", "![x](http://a.b/c)", "**bold**")
    at = upload(saved(small_cnn((1, 8, 8), evil)))
    assert not errors(at)
    assert "![x](http" not in words(at)
    assert "<img" not in " ".join(each.proto.body for each in at.get("html"))
