import pytest

from cnnviz.experiments.parameter_count import convolution_parameters, dense_parameters
from cnnviz.nn import Conv2d, Linear


@pytest.mark.parametrize(("side", "weights"), [(150, 67_500), (160, 76_800)])
def test_a_dense_neuron_has_a_weight_for_every_number_of_the_picture(side, weights):
    assert dense_parameters(side, 3) == (weights, 1)


def test_ten_pixels_more_a_side_cost_9300_weights():
    assert dense_parameters(160, 3).weights - dense_parameters(150, 3).weights == 9_300


def test_a_filter_of_three_by_three_on_three_channels_has_27_weights_and_a_bias():
    assert convolution_parameters(3, 3) == (27, 1)
    assert convolution_parameters(3, 3).total == 28


def test_a_dense_layer_of_the_networks_has_as_many():
    layer = Linear(4 * 5 * 3, 7)
    assert dense_parameters((4, 5), 3, 7).total == sum(each.size for each in parameters(layer))


def test_a_convolution_of_the_networks_has_as_many():
    layer = Conv2d(3, 8, 5)
    assert convolution_parameters(5, 3, 8).total == sum(each.size for each in parameters(layer))


def parameters(layer):
    return [layer.weight.value, layer.bias.value]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (lambda: dense_parameters(0), "size must be at least 1, got 0"),
        (lambda: dense_parameters(4, 0), "channels must be at least 1, got 0"),
        (lambda: convolution_parameters(3, 3, -1), "filters must be at least 1, got -1"),
    ],
)
def test_less_than_one_of_anything_is_refused(count, words):
    with pytest.raises(ValueError, match=words):
        count()
