import numpy as np
import pytest

from cnnviz.nn import SGD, Parameter


def test_a_parameter_keeps_its_shape():
    with pytest.raises(ValueError, match=r"has shape \(2,\), got \(3,\)"):
        Parameter((2,), np.zeros).value = [1, 2, 3]


def test_a_parameter_takes_real_numbers_and_keeps_them_as_floats():
    weight = Parameter((2,), np.zeros)
    for value in [1j, 2], ["a", "b"], [None, 1]:
        with pytest.raises(TypeError, match="value must hold real numbers"):
            weight.value = value
    weight.value, weight.grad = [5, 3], np.array([0.5, -0.5])
    SGD([weight], 1.0).step()
    assert weight.value.tolist() == [4.5, 3.5]
    weight.value = np.ones(2, np.float32)
    assert weight.value.dtype == np.float32


def test_a_parameter_keeps_numbers_of_its_own():
    given = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
    one, two = (Parameter((2, 2), np.zeros) for _ in range(2))
    one.value = two.value = given.T
    one.grad = np.ones((2, 2))
    SGD([one], 1.0).step()
    assert one.value.tolist() == [[0, 2], [1, 3]]
    assert two.value.tolist() == [[1, 3], [2, 4]]
    assert given.tolist() == [[1, 2], [3, 4]]
    assert one.value.flags.c_contiguous


def test_a_step_changes_a_parameter_in_place():
    weight = Parameter((2,), np.zeros)
    weight.value = given = np.ones(2)
    given.flags.writeable = False
    before = weight.value
    weight.value += 1
    assert weight.value is before
    assert weight.value.tolist() == [2, 2]
