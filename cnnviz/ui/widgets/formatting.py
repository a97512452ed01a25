"""Format numbers for the screen."""

import math
import re
from collections.abc import Sequence

from cnnviz.functional.activations import Bounds
from cnnviz.functional.powers import power_of_ten

DECIMALS = 3
LEAST, MOST = 3, 9  # significant digits of a non-integer


def number(value: float, digits: int | None = None) -> str:
    """Write a number with a true minus sign; whole numbers in full.

    All numbers on screen have one precision, so that a number reads the same everywhere: three
    decimals, three significant digits below 0.1, and the groups of `grouped`. `digits` gives
    another number of significant digits, for a rough figure in a sentence.

    Examples
    --------
    >>> number(-955), number(105.5564), number(0.0123456), number(2.7e-12), number(1755.4, 3)
    ('−955', '105.556', '0.0123', '2.7·10⁻¹²', '1755')
    """
    if not math.isfinite(value):
        text = str(value).replace("inf", "∞")
    elif float(value).is_integer() and abs(value) < 1e15:
        text = f"{value:.0f}"
    else:
        size = math.floor(math.log10(abs(value)))
        if -5 < size < 15:
            text = f"{value:.{_decimals(size, digits)}f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
        else:
            mantissa, exponent = f"{value:.{(digits or LEAST) - 1}e}".split("e")
            text = f"{float(mantissa):g}·{power_of_ten(int(exponent))}"
    return _in_groups("0" if text == "-0" else text).replace("-", "−")


def as_written(value: float) -> float:
    """Return the number that `number` writes for a value.

    Examples
    --------
    >>> as_written(105.5564), as_written(-0.0123456), as_written(0.0)
    (105.556, -0.0123, 0.0)
    """
    return round(value, _decimals(math.floor(math.log10(abs(value))), None)) if value else 0.0


def within(value: float, bounds: Bounds) -> str:
    """Write a function's result; a value rounded to a bound that is never reached gets a "≈".

    Examples
    --------
    >>> within(0.9999966, Bounds(0, 1, False, 0.25)), within(6.0, Bounds(0, 6, True, 1))
    ('≈ 1', '6')
    """
    text = number(value)
    near = not bounds.reached and text in (number(bounds.low), number(bounds.high))
    return f"≈ {text}" if near else text


def _decimals(size: int, digits: int | None) -> int:
    """Return the number of decimals for a number of magnitude 10 to the `size`."""
    if digits is None:
        return max(0, min(max(DECIMALS, LEAST - 1 - size), MOST - 1 - size))
    return max(0, digits - 1 - size)


def grouped(value: int) -> str:
    """Write a whole number; five digits or more in groups of three, with non-breaking spaces.

    Four digits are not split, as in the cells of a map: ISO 80000-1 allows both.

    Examples
    --------
    >>> grouped(67500).replace("\N{NARROW NO-BREAK SPACE}", " "), grouped(9300)
    ('67 500', '9300')
    """
    return _in_groups(str(value))


def grouped_count(count: int, thing: str) -> str:
    """Return a count as `grouped` writes it, and its noun.

    Examples
    --------
    >>> grouped_count(1, "parameter"), grouped_count(320, "parameter")
    ('1 parameter', '320 parameters')
    """
    return f"{grouped(count)} {thing}" if count == 1 else f"{grouped(count)} {thing}s"


def _in_groups(text: str) -> str:
    """Return a number with spaces in its integer part, if that has five digits or more."""
    digits = re.search(r"\d{5,}", text.partition(".")[0])
    if not digits:
        return text
    spaced = f"{int(digits[0]):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return text[: digits.start()] + spaced + text[digits.end() :]


def left_to_right(formula: str) -> str:
    r"""Return a formula that keeps its direction in right-to-left text.

    Examples
    --------
    >>> left_to_right("5 − 3 = 2")
    '\u20665 − 3 = 2\u2069'
    """
    return f"\N{LEFT-TO-RIGHT ISOLATE}{formula}\N{POP DIRECTIONAL ISOLATE}"


def writable(text: str) -> str:
    r"""Return a text of a file with "?" for half a character, which no message can contain.

    Examples
    --------
    >>> writable("\ud83d cat")
    '? cat'
    """
    return text.encode(errors="replace").decode()


def literal(text: str) -> str:
    r"""Escape a user's text so that Markdown shows it verbatim, and fetches and links nothing.

    Examples
    --------
    >>> print(literal("![](a.b/x)"))
    \!\[\]\(a\.b\/x\)
    >>> print(literal("cup \ud83d"))
    cup \?
    >>> literal("www.a") == "www\u2060\\.a"  # a mark without width, or it would become a link
    True
    """
    apart = re.sub(
        r"(https?|www)(?=[:.])|(?=@)",
        "\\g<0>\N{WORD JOINER}",
        writable(text),
        flags=re.IGNORECASE,
    )
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", apart)


def listed(names: Sequence[str], last: str = "and") -> str:
    """Write names one after the other, with a word before the last.

    Examples
    --------
    >>> listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"], "or")
    ('A', 'A and B', 'A, B or C')
    """
    return f" {last} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def together(text: str) -> str:
    r"""Return a text that does not break: a number and its unit, "10 MB", or a size, "3 × 3".

    Examples
    --------
    >>> together("10 MB") == "10\N{NO-BREAK SPACE}MB"
    True
    """
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def percent(share: float) -> str:
    r"""Write a share from 0 to 1 in percent; only nothing is 0 % and only all is 100 %.

    Examples
    --------
    >>> [percent(share).replace("\N{NO-BREAK SPACE}", " ") for share in (0.5234, 0.001, 1.0)]
    ['52 %', '< 1 %', '100 %']
    """
    if 0 < share < 0.01:
        return together("< 1 %")
    if 0.99 < share < 1:
        return together("> 99 %")
    return together(f"{100 * share:.0f} %")


def percents(*shares: float) -> list[str]:
    r"""Write shares from 0 to 1 in percent, with as many decimals as tell unequal ones apart.

    Shares that three decimals do not tell apart are written alike.

    Examples
    --------
    >>> [text.replace("\N{NO-BREAK SPACE}", " ") for text in percents(0.5144, 0.5056, 1.0)]
    ['51.4 %', '50.6 %', '100.0 %']
    >>> [text.replace("\N{NO-BREAK SPACE}", " ") for text in percents(0.5, 0.25)]
    ['50 %', '25 %']
    """
    plain = [percent(share) for share in shares]
    finer = [[together(f"{100 * share:.{d}f} %") for share in shares] for d in (1, 2, 3)]
    different = len({round(share, 9) for share in shares})  # 1e-9 is rounding error
    return next((texts for texts in (plain, *finer) if len(set(texts)) == different), plain)


def accuracy_percent(share: float) -> str:
    r"""Write an accuracy to a tenth of a percent, the same everywhere.

    Examples
    --------
    >>> accuracy_percent(0.9861).replace("\N{NO-BREAK SPACE}", " ")
    '98.6 %'
    """
    return together(f"{100 * share:.1f} %")
