import numpy as np
import pytest

from cnnviz.nn import Activation, Sequential
from cnnviz.nn.inspection.scales import SCALES, scaled

RNG = np.random.default_rng(0)


def plain(channels):
    return Sequential([Activation("none")], input_shape=(channels, 2, 3))


@pytest.mark.parametrize("scale", SCALES)
def test_blue_first_is_the_same_scale_in_the_other_order(scale):
    x = RNG.random((2, 3, 2, 3), np.float32)
    weight, bias = (np.broadcast_to(part, 3)[:, None, None] for part in SCALES[scale])
    found = scaled(plain(3), scale).forward(x)
    np.testing.assert_allclose(found, x * weight + bias, rtol=1e-5, atol=1e-6)
    turned = scaled(plain(3), scale, blue_first=True).forward(x)
    np.testing.assert_allclose(turned, (x * weight + bias)[:, ::-1], rtol=1e-5, atol=1e-6)


def test_a_network_of_grey_pictures_has_no_order_of_colours():
    assert scaled(plain(1), "0–1", blue_first=True).names == ("none1",)
