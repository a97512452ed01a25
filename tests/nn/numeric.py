"""Gradients by central differences, to check those of the layers."""

import numpy as np

STEP = 1e-6


def central_differences(function, array):
    """Return the derivative of a number with respect to `array`, which is restored."""
    slope = np.empty_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + STEP
        above = function()
        array[place] = kept - STEP
        below = function()
        array[place] = kept
        slope[place] = (above - below) / (2 * STEP)
    return slope


def in_float64(layer):
    """Convert the weights of a layer to float64, and return the layer."""
    for parameter in layer.parameters().values():
        parameter.value = parameter.value.astype(np.float64)
    return layer


def assert_gradients_are_right(layer, shape, seed=0):
    """Check the gradients of input and parameters for a loss that weighs all outputs."""
    rng = np.random.default_rng(seed)
    layer, x = in_float64(layer), rng.standard_normal(shape)
    weights = rng.standard_normal(layer.forward(x, remember=True).shape)

    def loss():
        return (layer.forward(x, remember=True) * weights).sum()

    to_input = layer.backward(weights)
    own = {name: each.grad for name, each in layer.parameters().items()}
    np.testing.assert_allclose(to_input, central_differences(loss, x), rtol=1e-5, atol=1e-7)
    for name, parameter in layer.parameters().items():
        numeric = central_differences(loss, parameter.value)
        np.testing.assert_allclose(own[name], numeric, rtol=1e-5, atol=1e-7, err_msg=name)
