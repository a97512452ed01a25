import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.server.live.wire import HALF, MAPPED, RAW, SAME, Held, Means, encode
from tests.ui.server.live.tabs import decode, doubled

MEANS = [Means(), Means(deflate=True)]
PLANE = arrays(np.uint8, array_shapes(min_dims=1, max_dims=3, max_side=40))


def noise(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


@given(st.lists(st.lists(PLANE, min_size=1, max_size=4), min_size=1, max_size=4), st.data())
def test_a_tab_arrives_at_the_bytes_of_the_message(messages, data):
    held, holds = Held(), {}
    for k, parts in enumerate(messages):
        packed = Packed(tuple(parts))
        means = data.draw(st.sampled_from(MEANS))
        header, content = decode(encode(7, k, "lab", packed, held, means), holds)
        assert content == bytes(packed)
        assert (header["n"], header["k"], header["to"]) == (7, k, "lab")


def kinds(data):
    return [part[0] for part in decode(data, {"lab": [b""] * 9})[0]["parts"]]


def test_a_plane_that_the_tab_holds_is_named():
    held, still = Held(), noise(32, 32)
    first = encode(1, 1, "lab", Packed((noise(4), still, noise(32, 32, seed=1))), held, Means())
    again = encode(2, 2, "lab", Packed((noise(4), still, noise(32, 32, seed=2))), held, Means())
    assert kinds(first) == [RAW, RAW, RAW]
    assert kinds(again) == [RAW, SAME, RAW]
    assert len(first) - len(again) > 1000


def test_a_plane_that_is_gone_is_sent_again():
    held, plane = Held(), noise(32, 32)
    for k, (to, part, kind) in enumerate(
        [("lab", plane, RAW), ("other", plane, RAW), ("lab", noise(32, 32, seed=3), RAW),
         ("lab", plane, RAW), ("lab", plane, SAME)]
    ):  # fmt: skip
        assert kinds(encode(k, k, to, Packed((part,)), held, Means())) == [kind]


@pytest.mark.parametrize("shape", [(32, 33), (3, 31, 40)])
def test_on_a_very_slow_connection_planes_are_sent_at_half_size(shape):
    held, holds, plane = Held(), {}, noise(*shape)
    slow = Means(deflate=True, half=True)
    _, content = decode(encode(1, 1, "lab", Packed((plane,)), held, slow), holds)
    half = plane[..., ::2, ::2].tobytes()
    assert content == doubled(half, plane.size // (shape[-2] * shape[-1]), *shape[-2:])
    # at full size, it is another plane than at half size
    _, content = decode(encode(2, 2, "lab", Packed((plane,)), held, Means(deflate=True)), holds)
    assert content == plane.tobytes()


def test_a_row_of_numbers_is_never_sent_at_half_size():
    header, content = decode(
        encode(1, 1, "lab", Packed((noise(4096),)), Held(), Means(True, True)), {}
    )
    assert header["parts"][0][0] != HALF
    assert content == noise(4096).tobytes()


@given(arrays(np.uint8, (40, 40)), st.integers(0, 255), st.sampled_from(MEANS))
def test_a_part_that_follows_from_the_one_before_comes_as_a_table(plane, zero, means):
    held, holds, parts = Held(), {}, (plane, np.maximum(plane, zero))
    header, content = decode(encode(1, 1, "lab", Packed(parts), held, means), holds)
    assert content == bytes(Packed(parts))
    assert header["parts"][1] == [MAPPED, plane.size]


def test_the_relu_of_a_map_that_the_tab_holds_comes_as_a_table():
    held, holds, plane = Held(), {}, noise(40, 40)
    for parts, expected in [
        ((plane, noise(40, 40, seed=1)), [RAW, RAW]),
        ((plane, np.maximum(plane, 9)), [SAME, MAPPED]),
    ]:
        header, content = decode(encode(1, 1, "lab", Packed(parts), held, Means()), holds)
        assert [kind for kind, *_ in header["parts"]] == expected
        assert content == bytes(Packed(parts))


@pytest.mark.parametrize("at", [0, 96, 777, 1599])
def test_one_cell_that_no_table_gives_has_the_part_sent(at):
    plane = noise(40, 40) // 8
    other = plane.copy()
    other.flat[at] = 99
    sent = encode(1, 1, "lab", Packed((plane, other)), Held(), Means())
    assert kinds(sent) == [RAW, RAW]


def test_parts_after_a_plane_at_half_size_are_not_derived_from_it():
    held, holds, plane = Held(), {}, noise(40, 40)
    line = np.maximum(plane, 128).ravel()  # like the planes of exact numbers, which are sent whole
    slow = Means(deflate=True, half=True)
    header, content = decode(encode(1, 1, "lab", Packed((plane, line)), held, slow), holds)
    assert header["parts"][0][0] == HALF
    assert content.endswith(line.tobytes())
