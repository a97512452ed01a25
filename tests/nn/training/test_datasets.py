import hashlib

import numpy as np
import pytest

from cnnviz.nn import (
    MODELS,
    digit_from_drawing,
    digits,
    draw_shapes,
    evaluate,
    pretrained,
    shape_from_drawing,
)
from cnnviz.resources import ASSETS


def test_the_digits_are_the_file_that_scikit_learn_distributes():
    data = (ASSETS / "digits.csv.gz").read_bytes()
    assert hashlib.sha256(data).hexdigest() == (
        "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"
    )


def test_there_are_1797_digits_of_64_shades():
    data = digits()
    assert (data.images.shape, data.images.dtype) == ((1797, 1, 8, 8), np.float32)
    assert (data.images.min(), data.images.max()) == (0, 1)
    assert np.bincount(data.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_no_caller_can_change_the_digits_of_another():
    with pytest.raises(ValueError, match="read-only"):
        digits().images[0] = 0


def test_a_split_puts_every_picture_in_one_part():
    data = digits()
    learn, test = data.split(0.25, seed=5)
    assert (len(learn), len(test)) == (1347, 450)
    assert len(data.take(range(100)).split(0.55)[1]) == 55
    together = np.concatenate([learn.images, test.images]).reshape(1797, 64)
    assert sorted(map(tuple, together)) == sorted(map(tuple, data.images.reshape(1797, 64)))


def test_nothing_can_be_taken_and_a_mask_takes_what_it_marks():
    data = digits()
    assert data.take([]).images.shape == (0, 1, 8, 8)
    assert len(data.take([])) == 0
    assert len(data.take(data.labels == 3)) == 183


@pytest.mark.parametrize(
    ("which", "error", "words"),
    [
        ([1.5], TypeError, "which must hold whole numbers, got an array of float64"),
        (["a"], TypeError, "which must hold whole numbers, got an array of <U1"),
        ([1797], ValueError, "which does not fit 1797 pictures: index 1797 is out of bounds"),
        ([True], ValueError, "which does not fit 1797 pictures: boolean index"),
    ],
)
def test_pictures_that_there_are_not_cannot_be_taken(which, error, words):
    with pytest.raises(error, match=words):
        digits().take(which)


def test_pictures_that_no_memory_holds_are_refused_before_they_are_drawn():
    with pytest.raises(ValueError, match="would hold 1000000000 × 16 × 16 numbers"):
        draw_shapes(10**9)
    with pytest.raises(ValueError, match="would hold 1000000000 × 1000000000 numbers"):
        shape_from_drawing(np.eye(8), 10**9)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_split_leaves_pictures_in_both_parts(share):
    with pytest.raises(ValueError, match="must leave pictures in both parts"):
        digits().split(share)


def test_the_stored_network_knows_97_percent_of_the_digits_that_were_held_out():
    _, held_out = digits().split()
    assert evaluate(pretrained("digits"), held_out).accuracy >= 0.97


def test_the_stored_network_knows_97_percent_of_shapes_it_has_never_seen():
    assert evaluate(pretrained("shapes"), draw_shapes(300, seed=99)).accuracy >= 0.97


def test_digits_that_stand_a_pixel_aside_are_known_as_well():
    _, held_out = digits().split()
    moved = np.pad(held_out.images, ((0, 0), (0, 0), (0, 0), (1, 0)))[..., :8]
    answers = pretrained("digits").forward(moved).argmax(axis=1)
    assert (answers == held_out.labels).mean() > 0.95


def test_the_answer_does_not_depend_on_who_else_asks():
    network, images = pretrained("digits"), digits().images[:7]
    alone = np.concatenate([network.forward(image[None]) for image in images])
    np.testing.assert_allclose(network.forward(images), alone, atol=1e-6)
    np.testing.assert_array_equal(network.forward(images), network.forward(images))


def test_a_model_that_there_is_not_is_refused():
    assert MODELS == ("digits", "shapes", "photos")
    with pytest.raises(ValueError, match="no model 'cats'; there are digits, shapes"):
        pretrained("cats")


@pytest.mark.parametrize(("turn", "label"), [(0, 1), (1, 0)])
def test_a_digit_drawn_on_a_large_canvas_is_read(turn, label):
    rows, columns = np.indices((280, 280))
    ring = abs(np.hypot((rows - 140) / 1.4, columns - 140) - 60) < 16
    stroke = (abs(columns - 130) < 22) & (abs(rows - 140) < 90)
    drawing = (stroke, ring)[turn]
    small = digit_from_drawing(drawing.astype(float))
    assert pretrained("digits").forward(small[None, None]).argmax() == label


def test_a_drawing_is_read_the_same_wherever_and_however_large_it_stands():
    drawing = np.zeros((64, 64))
    drawing[:32, :24] = np.random.default_rng(0).random((32, 24)) > 0.4
    drawing[[0, 31], :24] = drawing[:32, 0] = drawing[:32, 23] = 1
    expected = digit_from_drawing(drawing)
    np.testing.assert_array_equal(digit_from_drawing(np.roll(drawing, (20, 30), (0, 1))), expected)
    np.testing.assert_array_equal(digit_from_drawing(np.kron(drawing, np.ones((3, 3)))), expected)
    np.testing.assert_array_equal(digit_from_drawing(255 * drawing), expected)


def test_an_empty_drawing_stays_empty():
    assert not digit_from_drawing(np.zeros((20, 20))).any()
    assert not shape_from_drawing(np.zeros((20, 20))).any()


def test_a_speck_is_no_trouble():
    speck = np.zeros((50, 400))
    speck[20, 30] = 1
    assert digit_from_drawing(speck).shape == (8, 8)
    speck[20, :] = 1
    assert digit_from_drawing(speck).any()


@pytest.mark.parametrize("drawing", [np.ones(5), np.full((5, 5), np.nan), -np.ones((5, 5))])
def test_invalid_drawings_are_refused(drawing):
    with pytest.raises(ValueError, match="drawing must"):
        digit_from_drawing(drawing)


def test_shapes_depend_on_the_seed_alone():
    one, two, other = (draw_shapes(10, seed=seed).images for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert (one != other).any(axis=(1, 2, 3)).all()


def test_shapes_are_alike_in_number_and_never_alike_in_looks():
    data = draw_shapes(50)
    assert np.bincount(data.labels).tolist() == [10] * 5
    assert len({image.tobytes() for image in data.images}) == 50
    assert (data.images.min(), data.images.max()) == (0, 1)


def test_without_noise_the_paper_is_white_and_the_shape_stays_inside():
    images = draw_shapes(100, size=20, noise=0).images[:, 0]
    assert (images.max(axis=(1, 2)) > 0.7).all()
    edges = [images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]]
    assert np.mean([edge > 0.5 for edge in edges]) < 0.02
