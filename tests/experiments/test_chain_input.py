import numpy as np

from cnnviz.experiments.chain_input import Input


def test_the_smallest_number_is_drawn_black_and_the_largest_white():
    given = Input.numbers([[-1, 0, 3]])
    assert (given.black, given.white, given.exact) == (-1, 3, False)
    assert given.intensities.tolist() == [[0, 64, 255]]
    assert given.values.tolist() == [[-1, 0, 3]]
    assert (given.size, given.colour) == ((1, 3), False)


def test_numbers_of_one_sign_are_drawn_from_0():
    assert Input.numbers([[1, 4]]).intensities.tolist() == [[64, 255]]
    assert Input.numbers([[-4, -1]]).intensities.tolist() == [[0, 191]]
    assert Input.numbers([[0, 0]]).intensities.tolist() == [[0, 0]]


def test_a_picture_is_worked_on_in_the_scale_that_is_asked_for():
    pixels = np.array([[[0, 51, 255]]] * 3, np.uint8)
    assert Input.picture(pixels).values is pixels
    shares = Input.picture(pixels, 1.0, "photo")
    np.testing.assert_allclose(shares.values[0], [[0, 0.2, 1]], rtol=1e-15)
    assert shares.intensities is pixels
    assert (shares.white, shares.subject, shares.size, shares.colour) == (1, "photo", (1, 3), True)
