"""What speaks for a digit: saliency, occlusion, its rivals, and the sums of a cell."""

import re

import numpy as np
import pytest

from cnnviz.nn import Rivals, covered_scores, pretrained, small_cnn
from cnnviz.nn.inspection.inputs import held_out
from cnnviz.ui.inside.evidence import turning_patch
from tests.ui.apptest import components
from tests.ui.inside.digits import by_hand, evidence, opened, words
from tests.ui.overviews import layer_rows
from tests.ui.pages import headers


def test_softmax_is_written_with_its_exponentials_and_their_sum():
    told = softmax(opened({"inside.example": 3}))
    scores = by_hand(held_out("digits").images[3], pretrained("digits"))["linear1"] - told["shift"]
    powers = np.exp(scores)
    for (name, _, power, share, _), i in zip(told["rows"], range(10), strict=True):
        assert name == str(i)
        assert power == pytest.approx(powers[i], rel=1e-3)
        assert share == pytest.approx(powers[i] / powers.sum(), rel=1e-3)
    assert told["total"] == pytest.approx(powers.sum(), rel=1e-3)


def softmax(at):
    """Return the header of the softmax table."""
    return next(
        header
        for header in (layer_rows(proto, part=None) for proto in components(at, "unit"))
        if header["kind"] == "softmax"
    )


def score(image, label):
    return by_hand(image, pretrained("digits"))["linear1"][label]


def test_saliency_is_the_central_difference_of_the_score():
    at = opened({"inside.example": 5, "inside.class": "4"})
    image, found = held_out("digits").images[5].astype(float), evidence(at)["Saliency"]
    close = 0
    for row, column in [(1, 3), (2, 4), (4, 4), (5, 2), (6, 5)]:
        slopes = []
        for step in (-1e-6, 1e-6):
            moved = image.copy()
            moved[0, row, column] += step
            slopes.append((score(moved, 4) - score(image, 4)) / step)
        # where the two slopes differ the network has a kink, and the gradient is one of them
        close += any(found[row, column] == pytest.approx(slope, rel=1e-3) for slope in slopes)
    assert close >= 4


@pytest.mark.parametrize("patch", [1, 3, 4])
def test_occlusion_is_what_the_score_loses_when_the_patch_is_covered(patch):
    at = opened({"inside.example": 5, "inside.class": "9", "inside.patch": patch})
    image, found = held_out("digits").images[5], evidence(at)["Occlusion"]
    for row, column in [(0, 0), (2, 3), (4, 4), (7, 7)]:
        covered = image.copy()
        top, left = row - (patch - 1) // 2, column - (patch - 1) // 2
        covered[:, max(top, 0) : top + patch, max(left, 0) : left + patch] = 0
        fall = score(image, 9) - score(covered, 9)
        assert found[row, column] == pytest.approx(fall, abs=1e-4)


def test_the_rivals_are_the_two_strongest_and_a_patch_that_is_said_to_change_it_does():
    at = opened()
    image = held_out("digits").images[0]
    scores = by_hand(image, pretrained("digits"))["linear1"]
    second, first = np.argsort(scores)[-2:]
    found = evidence(at)[f"{first} or {second}"]
    lead, fall, behind = (
        float(figure)
        for figure in re.search(
            r"ahead by (\S+) in score\. .* lead falls by (\S+): then .* ahead by (\S+)\. It would "
            "change its mind",
            words(at),
        ).groups()
    )
    assert fall - lead == pytest.approx(behind, abs=1e-9)
    assert lead == pytest.approx(scores[first] - scores[second], abs=1e-3)
    row, column = np.unravel_index(found.argmax(), found.shape)
    marked = [pane["outline"] for pane in headers(at)["inside"]["panes"] if pane["outline"]]
    top, left, bottom, right = marked[0]
    assert marked == [marked[0]] * len(marked)
    assert (top, left) == (max(row - 1, 0), max(column - 1, 0))
    covered = image.copy()
    covered[:, top:bottom, left:right] = 0
    assert by_hand(covered, pretrained("digits"))["linear1"].argmax() != first


def test_the_marked_patch_is_the_one_that_was_covered_in_a_last_strip_that_is_narrower_too():
    network = small_cnn((1, 24, 24), "01")
    hidden = covered_scores(network, np.ones((1, 24, 24)), size=3, fill=9, step=10)
    image = np.ones((1, 24, 24))
    fall = np.zeros((24, 24))
    fall[20:, 20:] = 2  # the last strip has 4 of 10 pixels
    top, left, bottom, right = turning_patch(Rivals(0, 1, 1.0, fall), size=3, step=10)
    image[:, top:bottom, left:right] = 9
    scores = network.without_softmax().forward(image[None])[0]
    np.testing.assert_allclose(scores, hidden.scores[-1, -1], rtol=1e-5)


def test_a_patch_that_is_too_small_to_change_it_is_said_to_be():
    worst = digits_that_stay()
    at = opened({"inside.example": worst, "inside.patch": 1})
    assert "not enough to change the answer" in words(at)


def test_a_patch_is_no_larger_than_the_picture():
    said = words(opened({"inside.patch": 9}))
    assert "8 × 8" in said
    assert "9 × 9" not in said


def digits_that_stay():
    """Return a held-out digit whose answer stays the same whichever pixel is covered."""
    network = pretrained("digits")
    for number, image in enumerate(held_out("digits").images):
        answers = set()
        for row, column in np.ndindex(8, 8):
            covered = image.copy()
            covered[:, row, column] = 0
            answers.add(int(network.forward(covered[None]).argmax()))
        if len(answers) == 1:
            return number
    raise AssertionError("every digit can be changed by one pixel")


def test_no_two_maps_of_evidence_share_a_legend_by_accident():
    at = opened()
    panes = {pane["title"]: pane for pane in headers(at)["inside"]["panes"]}
    for title, values in evidence(at).items():
        limit = np.sort(np.abs(values), axis=None)[int(np.ceil(0.995 * values.size)) - 1]
        assert panes[title]["legend"][2].lstrip("≥ ").startswith(f"{limit:.4g}"[:4])


def test_a_cell_that_is_opened_adds_up():
    at = opened({"inside.example": 2, "inside.open": "conv2,9,0,3"})
    told = next(each for each in (layer_rows(p, part=None) for p in components(at, "unit"))
                if each["kind"] == "conv")  # fmt: skip
    wanted = by_hand(held_out("digits").images[2], pretrained("digits"))
    assert len(told["parts"]) == 16
    total = sum(part["total"] for part in told["parts"]) + told["bias"]
    assert total == pytest.approx(told["total"])
    assert told["total"] == pytest.approx(wanted["conv2"][9, 0, 3], abs=1e-4)
    assert told["then"][0][1] == pytest.approx(wanted["relu2"][9, 0, 3], abs=1e-4)


def test_a_dense_unit_that_is_opened_adds_up():
    at = opened({"inside.open": "linear1,8,0,0"})
    told = next(each for each in (layer_rows(p, part=None) for p in components(at, "unit"))
                if each["kind"] == "dense")  # fmt: skip
    total = sum(row[3] for row in told["rows"]) + told["rest"]["total"] + told["bias"]
    wanted = by_hand(held_out("digits").images[0], pretrained("digits"))["linear1"][8]
    assert total == pytest.approx(wanted, abs=1e-4)
    assert all(row[1] * row[2] == pytest.approx(row[3]) for row in told["rows"])
