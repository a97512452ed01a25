import itertools

import numpy as np
import pytest

from cnnviz import nn
from cnnviz.nn.inspection.occlusion import cover_step_by_step

RNG = np.random.default_rng(0)
IMAGE = RNG.random((1, 8, 8))


def one_by_one(network, image, size, fill):
    """Cover one patch at a time."""
    scorer = network.without_softmax()
    rows = -(-image.shape[1] // size), -(-image.shape[2] // size)
    scores = np.empty((*rows, 10))
    for row, column in np.ndindex(rows):
        covered = image.copy()
        covered[:, row * size : (row + 1) * size, column * size : (column + 1) * size] = fill
        scores[row, column] = scorer.forward(covered[None])[0]
    return scores


@pytest.mark.parametrize("sizes", [(4,), (4, 2), (5, 3), (8, 3, 1)])
@pytest.mark.parametrize("fill", [0.0, 0.7])
def test_at_the_end_every_patch_of_the_finest_grid_has_been_covered(sizes, fill):
    network = nn.pretrained("digits")
    *_, last = cover_step_by_step(network, IMAGE, sizes=sizes, fill=fill)
    wanted = one_by_one(network, IMAGE, sizes[-1], fill)
    np.testing.assert_allclose(last.scores, wanted, rtol=1e-9, atol=1e-9)
    assert (last.done, last.size) == (last.total, sizes[-1])
    whole = network.without_softmax().forward(IMAGE[None])[0]
    np.testing.assert_allclose(last.fall(3), whole[3] - wanted[..., 3], atol=1e-9)


def test_scores_not_yet_computed_are_those_of_the_coarser_patch():
    network = nn.pretrained("digits")
    steps = list(cover_step_by_step(network, IMAGE, sizes=(4, 2)))
    coarse = next(step for step in reversed(steps) if step.size == 4)
    first = next(step for step in steps if step.size == 2)
    wanted = coarse.scores.repeat(2, axis=0).repeat(2, axis=1)
    computed = first.done - coarse.done
    assert 0 < computed < 16
    flat, rest = first.scores.reshape(16, 10), wanted.reshape(16, 10)
    np.testing.assert_array_equal(flat[computed:], rest[computed:])
    assert (flat[:computed] != rest[:computed]).any()


def test_the_first_steps_are_nothing_but_the_picture_where_nothing_is_covered():
    first = next(cover_step_by_step(nn.pretrained("digits"), IMAGE, sizes=(2,)))
    assert not first.fall(3).ravel()[first.done :].any()


def test_it_goes_on_steadily_and_each_step_keeps_its_arrays():
    steps = list(cover_step_by_step(nn.pretrained("digits"), IMAGE, sizes=(4, 2)))
    assert all(a.done < b.done for a, b in itertools.pairwise(steps))
    assert not any(np.shares_memory(a.scores, b.scores) for a, b in itertools.pairwise(steps))


def test_a_caller_can_stop_at_any_time(monkeypatch):
    network, calls = nn.pretrained("digits"), []
    way = cover_step_by_step(network, IMAGE, sizes=(2, 1))
    forward = nn.Sequential.forward
    monkeypatch.setattr(
        nn.Sequential, "forward", lambda self, x, **how: calls.append(len(x)) or forward(self, x)
    )
    next(way)
    next(way)
    way.close()
    assert sum(calls) == 1 + 4 + 4


def test_a_patch_has_at_least_one_pixel():
    with pytest.raises(ValueError, match="size must be at least 1, got 0"):
        next(cover_step_by_step(nn.pretrained("digits"), IMAGE, sizes=(4, 0)))


def test_a_class_that_is_not_there_is_refused():
    step = next(cover_step_by_step(nn.pretrained("digits"), IMAGE, sizes=(4,)))
    with pytest.raises(ValueError, match="from 0 to 9, got 10"):
        step.fall(10)
    with pytest.raises(ValueError, match=r"\(C, H, W\), got shape \(8, 8\)"):
        next(cover_step_by_step(nn.pretrained("digits"), IMAGE[0]))
