import pytest

from cnnviz.functional.checks import pair
from cnnviz.functional.geometry import axes_of, checked_axes, padding_pairs


@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        (2, ((2, 2), (2, 2))),
        ((1, 2), ((1, 1), (2, 2))),
        ([1, 2], ((1, 1), (2, 2))),
        (((1, 2), (3, 4)), ((1, 2), (3, 4))),
        ("valid", ((0, 0), (0, 0))),
        ("same", ((1, 1), (1, 2))),
    ],
)
def test_every_form_of_padding_means_four_numbers(padding, expected):
    assert padding_pairs(padding, (6, 6), (3, 4)) == expected


def test_same_counts_stride_and_dilation_per_axis():
    sides = padding_pairs("same", (7, 8), (3, 3), stride=(2, 1), dilation=(1, 2))
    assert sides == ((1, 1), (2, 2))


@pytest.mark.parametrize(
    ("padding", "error", "words"),
    [
        ("full", ValueError, 'padding must be "valid", "same" or numbers, got "full"'),
        ((1, 2, 3), ValueError, r"\(1, 2, 3\)"),
        (((1, 2, 3), 0), ValueError, r"one number or two, got 3: \(1, 2, 3\)"),
        (-1, ValueError, "padding must be at least 0, got -1"),
        ((0, (1, -2)), ValueError, "padding must be at least 0, got -2"),
        (1.5, TypeError, "padding must be a whole number, got 1.5"),
        (None, TypeError, "padding must be a whole number, got None"),
        (((1, "a"), 0), TypeError, "padding must be a whole number, got 'a'"),
    ],
)
def test_padding_that_means_nothing_is_quoted(padding, error, words):
    with pytest.raises(error, match=words):
        padding_pairs(padding, (6, 6), (3, 3))


def test_a_pair_may_be_one_number_for_both_axes():
    assert pair(2, "stride") == pair((2, 2), "stride") == (2, 2)


def test_a_pair_of_three_is_refused():
    with pytest.raises(ValueError, match=r"stride must be one number or two, got 3"):
        pair((1, 2, 3), "stride")


def test_a_whole_number_too_long_to_write_is_refused_by_its_size():
    with pytest.raises(ValueError, match="stride must be at most 2147483647, got about 10⁵⁰⁰⁰"):
        pair(10**5000, "stride")


def test_an_error_about_two_axes_says_which_one():
    vertical, horizontal = checked_axes(axes_of((5, 6), (3, 3), stride=(1, 2)))
    assert (vertical.output, horizontal.output) == (3, 2)
    with pytest.raises(ValueError, match="In width: a kernel of 7 spans 7 cells, and there are 6"):
        checked_axes(axes_of((7, 6), (7, 7)))
