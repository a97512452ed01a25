"""A network, and the arrays of its npz file."""

import pytest

from cnnviz.nn import small_cnn
from tests.nn.formats.npz_files import arrays_of


@pytest.fixture
def network():
    return small_cnn((1, 8, 8), "abc")


@pytest.fixture
def arrays(network):
    return arrays_of(network)
