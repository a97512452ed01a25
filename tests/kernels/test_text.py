"""Kernels read from text, and written as text."""

import gc
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.kernels import KERNELS, Kernel, format_kernel, parse_kernel
from cnnviz.kernels.text import parse_matrix

SIDE = st.integers(1, 15)
ENTRY = st.one_of(
    st.integers(-(2**60), 2**60),
    st.floats(-1e100, 1e100, allow_subnormal=False),
)


@st.composite
def kernels(draw):
    """Draw a kernel of whole numbers or fractions, with any divisor."""
    height, width = draw(SIDE), draw(st.integers(1, 4))
    if draw(st.booleans()):
        height, width = width, height
    cells = draw(st.lists(ENTRY, min_size=height * width, max_size=height * width))
    divisor = draw(st.one_of(st.integers(1, 999), st.floats(1e-9, 1e9)))
    sign = draw(st.sampled_from([1, -1]))
    matrix = np.array(cells, dtype=float).reshape(height, width)
    return Kernel("own", "own", matrix, sign * divisor)


@given(kernels())
def test_written_kernels_are_read_back_exactly(kernel):
    again = parse_kernel(format_kernel(kernel))
    np.testing.assert_array_equal(again.matrix, kernel.matrix)
    assert again.divisor == kernel.divisor


@pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS)
def test_the_catalogue_can_be_written_and_read(kernel):
    np.testing.assert_array_equal(parse_kernel(format_kernel(kernel)).weights, kernel.weights)


@pytest.mark.parametrize(
    "text",
    [
        "1 0 -1\n2 0 -2",
        "1, 0, -1\n2, 0, -2",
        "1,0,-1\r\n2,0,-2\r\n",
        "1\t0\t-1\n2\t0\t-2",
        "1 0 -1; 2 0 -2",
        "1,0,-1;2,0,-2;",
        "1;0;-1\n2;0;-2",
        "\n\n  1   0  −1  \n\n  2.0 0. –2e0",
        "[[1, 0, -1], [2, 0, -2]]",
        "((1, 0, -1), (2, 0, -2))",
        "{{1, 0, -1}, {2, 0, -2}}",
        "[1 0 -1; 2 0 -2]",
        "[1, 0, -1\n 2, 0, -2]",
        "[[ 1  0 -1]\n [ 2  0 -2]]",
        "array([[ 1,  0, -1],\n       [ 2,  0, -2]])",
        "np.array([\n    [1, 0, -1],\n    [2, 0, -2],\n])",
        "np.array([[1, 0, -1], [2, 0, -2]], dtype=np.float32)",
        "tensor([[1., 0., -1.], [2., 0., -2.]], device='cpu')",
        "kernel = np.array([[1, 0, -1], [2, 0, -2]])",
        "1 0 -1\n2 0 -2 / 1",
    ],
)
def test_all_these_are_the_same_kernel(text):
    kernel = parse_kernel(text)
    assert (kernel.matrix.tolist(), kernel.divisor) == ([[1, 0, -1], [2, 0, -2]], 1)
    assert kernel.family == "own"


@pytest.mark.parametrize(
    "text",
    [
        "1 2 1\n2 4 2 / 16",
        "1 2 1\n2 4 2\n/16",
        "1/16 * [[1, 2, 1], [2, 4, 2]]",
        "(1/16) * np.array([[1, 2, 1], [2, 4, 2]])",
        "1/16 × 1 2 1; 2 4 2",
        "[[1, 2, 1], [2, 4, 2]] / 16.0",
        "[[1, 2, 1], [2, 4, 2]] * 1/16",
        "k = [[1, 2, 1], [2, 4, 2]]/16",
        "[1 2 1; 2 4 2] ÷ 16",
    ],
)
def test_a_divisor_stands_in_front_or_at_the_end(text):
    kernel = parse_kernel(text)
    assert (kernel.matrix.tolist(), kernel.divisor) == ([[1, 2, 1], [2, 4, 2]], 16)


@pytest.mark.parametrize("text", ["1/2 1/3", "[[1 / 2, 1 / 3]]", "3 2 / 6", "3/6 1/3"])
def test_fractions_become_whole_numbers_over_a_divisor(text):
    kernel = parse_kernel(text)
    assert kernel.matrix.dtype == np.int64
    np.testing.assert_array_equal(kernel.weights, [[1 / 2, 1 / 3]])


def test_fractions_of_decimals_are_divided_out():
    assert parse_kernel("0.5/2 1").weights.tolist() == [[0.25, 1]]


def test_fractions_without_a_common_denominator_within_reason_are_divided_out():
    kernel = parse_kernel("1/999983 1/999979")
    assert (kernel.matrix.tolist(), kernel.divisor) == ([[1 / 999983, 1 / 999979]], 1)


@pytest.mark.parametrize("text", ["0,5\t-1,5\n1\t2", "0,5;-1,5\n1;2"])
def test_a_decimal_comma_is_read_where_something_else_separates_the_cells(text):
    assert parse_kernel(text).matrix.tolist() == [[0.5, -1.5], [1, 2]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "There is no number"),
        (" \n ;\n", "There is no number"),
        ("[[]]", "There is no number"),
        ("1 2 3\n4 5 x", "Row 1, column 2 is “x”, which is not a number."),
        ("1 nan", "Row 0, column 1 is “nan”, which is not a number."),
        ("inf 1", "Row 0, column 0 is “inf”, which is not a number."),
        ("1_0 1", "Row 0, column 0 is “1_0”, which is not a number."),
        ("٣ 1", "Row 0, column 0 is “٣”, which is not a number."),
        ("__import__('os')", "The call “__import__” is not supported. These are: ones, zeros,"),
        ("1e999 1", "Row 0, column 0 is “1e999”, which is too large a number."),
        ("1 1/0", "Row 0, column 1 is “1/0”, and nothing can be divided by 0."),
        ("1,,2", "Row 0, column 1 is empty."),
        ("1\t\t2", "Row 0, column 1 is empty."),
        ("1 2 3\n4 5", "Row 1 has 2 numbers and row 0 has 3; all rows need the same length."),
        ("1 2\n3", "Row 1 has 1 number and row 0 has 2"),
        ("0,5 1,5\n1 2", "Row 0 has both commas and spaces"),
        ("1, 2 3", "Row 0 has both commas and spaces"),
        ("1 " * 16, "The kernel has 1 row and 16 columns; at most 15 of each can be used."),
        ("1\n" * 16, "The kernel has 16 rows and 1 column; at most 15 of each can be used."),
        ("[[1, 2], [3, 4]", "The brackets do not match: 3 open and 2 close."),
        ("[1, [2, 3]]", "The brackets should hold rows"),
        ("1 2 / 0", "The divisor is 0"),
        ("1 2 / 1e999", "which is not finite"),
        ("1e300/1e-300", "Row 0, column 0 is “1e300/1e-300”, which is too large a number."),
        ("1 / 2 1\n1 1 1", "Row 1 has 3 numbers and row 0 has 2"),
        ("9" * 20_001, "The text has 20001 characters; at most 20000 are read."),
        ("y" * 50, f"Row 0, column 0 is “{'y' * 23}…”, which is not a number."),
    ],
)
def test_unreadable_text_is_named(text, message):
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the text is compared below
        parse_kernel(text)
    assert message in str(error.value)


def test_only_text_is_read():
    with pytest.raises(TypeError, match="not from list"):
        parse_kernel([[1, 2]])


@given(st.text(alphabet="0123456789 .,;/*-[](){}ea\t\n", max_size=40))
def test_any_text_gives_a_kernel_or_a_plain_sentence(text):
    try:
        kernel = parse_kernel(text)
    except ValueError as error:
        sentence = str(error)
    else:
        sentence = f"A kernel of {kernel.shape}."
        assert max(kernel.shape) <= 15
        assert np.isfinite(kernel.weights).all()
    assert sentence[0].isupper()
    assert sentence[-1] == "."


@pytest.fixture
def uncollected():
    """Stop Python from collecting the garbage of earlier tests, which would count in the timing."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("unit", [" ", "(", "[", "1", "1 ", "a", "a=", "1/", "* ", ",", ";\n"])
def test_long_nonsense_is_refused_at_once(unit):
    text = "1" + (unit * 20_000)[:19_998] + "x"
    start = time.process_time()
    with pytest.raises(ValueError, match=r"\.$"):
        parse_kernel(text)
    assert time.process_time() - start < 0.5


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize(
    "unit",
    ["\\frac{", "\\begin{", "\\\\[", "/*", "# ", "{", "[1,", "-", "- ", "ones(", "k=", "½", "¹",
     "'", '"', "1*", "1+", ".T", "[;", "(1,", "$", "...", "grad_fn=<"],
)  # fmt: skip
def test_long_nonsense_in_other_languages_is_refused_at_once(unit):
    for start, end in (("", ""), ("[", "]"), ("k = ", ";")):
        text = start + (unit * 20_000)[:19_990] + end
        begun = time.process_time()
        with pytest.raises(ValueError, match=r"\.$"):
            parse_kernel(text)
        assert time.process_time() - begun < 0.7


def test_a_matrix_is_read_for_a_grid_of_any_size():
    assert parse_matrix("ones(20) / 4", highest=32) == ([[1] * 20] * 20, 4)
    with pytest.raises(ValueError, match="The matrix has 3 rows and 3 columns; at most 2 of each"):
        parse_matrix("eye(3)", highest=2)


PIECES = [
    "[", "]", "(", ")", "{", "}", ",", ";", "\n", " ", "1", "2.5", "-", "*", "/", "@", ".T", "'",
    "np.ones", "eye", "diag", "flip", "rot90", "(2)", "k", "=", "k=", "[1 2]", "[[1,2],[3,4]]",
    "½", ".reshape(2,2)", ",1", "None", ":", "dtype=int8", "np.float32", "import", "//", "%",
    "\\frac{1}{2}",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_any_pieces_of_programs_give_a_matrix_or_a_plain_sentence(pieces):
    sentence = "A matrix."
    try:
        rows, divisor = parse_matrix("".join(pieces))
    except ValueError as error:
        sentence = str(error)
    else:
        assert np.isfinite(rows).all()
        assert np.isfinite(divisor)
    assert sentence[0].isupper()
    assert sentence[-1] == "."
