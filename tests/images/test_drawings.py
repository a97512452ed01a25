import numpy as np
import pytest

from cnnviz.images.drawings import SHEET, WIDTHS, ink, strokes
from cnnviz.nn import digit_from_drawing, pretrained

UPRIGHT = "d80208080808080e0"


def test_an_empty_sheet_has_no_ink():
    assert strokes("") == []
    assert not ink("").any()


def test_a_dot_is_as_round_and_as_large_as_the_pen():
    dot = ink("d8080", 256)
    assert dot.sum() == pytest.approx(np.pi * (WIDTHS["d"] / 2) ** 2, rel=0.06)
    assert np.allclose(dot, dot.T, atol=1e-6)


def test_a_line_has_the_width_of_the_pen_and_round_ends():
    line = ink(UPRIGHT, 256)
    assert line[128].sum() == pytest.approx(WIDTHS["d"], abs=1)
    length = 0xE0 - 0x20 + WIDTHS["d"]
    assert line[:, 128].sum() == pytest.approx(length, abs=2)
    assert line[0x20 - 9, 0x80 - 9] == 0


def test_the_eraser_takes_away_what_was_drawn_before_it_and_nothing_later():
    assert ink(UPRIGHT + ".e8080")[56, 56] == 0
    assert ink("e8080." + UPRIGHT)[56, 56] == 1
    assert ink(UPRIGHT + ".e8080")[20, 56] == 1


def test_ink_lies_between_paper_and_ink_at_the_edge_of_the_sheet_too():
    drawn = ink("d0000ff00ffff00ff0000")
    assert drawn.min() == 0
    assert drawn.max() == 1


@pytest.mark.parametrize(
    "text",
    [
        "d",
        "x1020",
        "d102",
        "d1020.",
        ".d1020",
        "D1020",
        "d10 20",
        "d1020,e1020",
        "dzzzz",
        "\N{DIGIT ONE}",
    ],
)
def test_invalid_drawings_are_refused(text):
    with pytest.raises(ValueError, match="strokes"):
        strokes(text)


def circle(points=24, radius=80):
    turns = np.linspace(0, 2 * np.pi, points)
    x, y = 128 + 0.7 * radius * np.sin(turns), 128 - radius * np.cos(turns)
    return "d" + "".join(f"{int(a):02x}{int(b):02x}" for a, b in zip(x, y, strict=True))


@pytest.mark.parametrize(("text", "digit"), [(UPRIGHT, 1), (circle(), 0)])
def test_the_shipped_network_reads_what_is_drawn(text, digit):
    picture = digit_from_drawing(ink(text))
    assert pretrained("digits").forward(picture[None, None]).argmax() == digit


def test_the_sheet_reaches_as_far_as_two_hexadecimal_digits():
    assert strokes("dffff")[0].points == [(SHEET - 1, SHEET - 1)]
