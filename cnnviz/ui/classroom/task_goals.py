"""The kinds of goal: conditions on a screen's settings, numbers, maps and kernel."""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from cnnviz.functional.powers import RAISED
from cnnviz.kernels import rank, weight_sum
from cnnviz.ui.classroom.task_goal import MET, Goal, Screen, Verdict, how_far_off
from cnnviz.ui.widgets.formatting import number, percent

GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
POWER = re.compile(r"[·×*]10(\^-?\d+|⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
LOWERED = {raised: plain for plain, raised in RAISED.items()} | {ord("^"): None}


@dataclass(frozen=True)
class Is(Goal):
    """A setting has one of a few values, in the format of a link."""

    setting: str
    values: tuple[str, ...]

    def check(self, screen: Screen) -> Verdict:
        """Compare the setting with the values."""
        if any(screen.has(self.setting, value) for value in self.values):
            return MET
        title = screen.title(self.setting)
        wanted = [float(value) for value in self.values if _is_number(value)]
        now = screen.value(self.setting)
        if wanted and _is_real(now):
            nearest = min(wanted, key=lambda value: abs(value - now))
            side = how_far_off(now, nearest, nearest)
            return Verdict(False, f"{title} is {number(now)}. That is {side}.")
        return Verdict(False, f"{title}: not there yet.")


@dataclass(frozen=True)
class Within(Goal):
    """A setting or a measure lies in a range, both ends included."""

    name: str
    low: float
    high: float
    measured: bool = False

    def check(self, screen: Screen) -> Verdict:
        """Compare the number with the range."""
        value = screen.measure(self.name) if self.measured else screen.value(self.name)
        slack = 1e-9 * max(1, abs(self.low), abs(self.high))
        if self.low - slack <= value <= self.high + slack:
            return MET
        if self.measured and (sentence := screen.missed(self.name)):
            return Verdict(False, sentence)
        said = f"{screen.title(self.name)}: {number(value)}. "
        return Verdict(False, f"{said}That is {how_far_off(value, self.low, self.high)}.")


@dataclass(frozen=True)
class Size(Goal):
    """A map has a given number of rows and columns."""

    map: str
    rows: int
    columns: int

    def check(self, screen: Screen) -> Verdict:
        """Compare the sizes."""
        rows, columns = screen.map(self.map).shape
        if (rows, columns) == (self.rows, self.columns):
            return MET
        said = [
            f"{how_far_off(have, want, want, 'few', 'many')} {name}"
            for have, want, name in (
                (rows, self.rows, "rows"),
                (columns, self.columns, "columns"),
            )
            if have != want
        ]
        title = screen.title(self.map)
        return Verdict(False, f"{title}: {rows} × {columns} cells. That is {' and '.join(said)}.")


@dataclass(frozen=True)
class Zero(Goal):
    """All values of a map are zero, within the tolerance."""

    map: str
    within: float = 0

    def check(self, screen: Screen) -> Verdict:
        """Count the cells that are not zero."""
        values = abs(screen.map(self.map))
        other = values > self.within + 1e-9
        if not other.any():
            return MET
        return Verdict(
            False,
            f"{screen.title(self.map)}: {percent(float(other.mean()))} of the cells are not 0; "
            f"the largest is {number(float(values.max()), 3)} away from it.",
        )


@dataclass(frozen=True)
class Like(Goal):
    """A map equals the one that the page shows with other settings, within the tolerance."""

    map: str
    settings: str
    within: float = 0

    def check(self, screen: Screen) -> Verdict:
        """Compare the maps cell by cell."""
        have, want = screen.map(self.map), screen.at(self.settings).map(self.map)
        title = screen.title(self.map)
        if have.shape != want.shape:
            return Verdict(
                False,
                f"{title} has {have.shape[0]} × {have.shape[1]} cells; "
                f"the target has {'more' if want.size > have.size else 'fewer'}.",
            )
        off = have - want
        slack = self.within + 1e-9 * max(1.0, float(abs(want).max(initial=0)))
        wrong = abs(off) > slack
        if not wrong.any():
            return MET
        high = float((off[wrong] > 0).mean())
        side = "mostly too high" if high > 0.65 else "mostly too low"
        if 0.35 <= high <= 0.65:
            side = "now too high, now too low"
        return Verdict(
            False,
            f"{title} agrees in {percent(1 - float(wrong.mean()))} of the cells. "
            f"Where it does not, it is {side}.",
        )


@dataclass(frozen=True)
class Typed(Goal):
    """The learner types a number: a given one, or one that the page computes at the start.

    A number that the page computes is also right as the screen writes it, rounded.
    """

    number: float | str
    within: float = 0
    typed: ClassVar[bool] = True

    def check(self, screen: Screen) -> Verdict:
        """Compare the typed number."""
        if not screen.answer.strip():
            return Verdict(False, "Type your number first.")
        read = readings(screen.answer)
        if not read:
            return Verdict(False, "That is not a number. Write it as 12, −0.5 or 1/9.")
        want = self.wanted(screen)
        slack = self.within + 1e-9 * max(1.0, abs(want))
        right = [want, *(readings(number(want)) if isinstance(self.number, str) else [])]
        if any(abs(value - one) <= slack for value in read for one in right):
            return MET
        value = read[0]
        if want and abs(value + want) <= slack:
            return Verdict(False, "The size is right. Look at the sign.")
        if abs(value - want) <= max(0.01 * abs(want), 2 * slack):
            return Verdict(False, "Very close. Look at the last digits, or at the rounding.")
        return Verdict(False, f"Your number is {how_far_off(value, want, want, 'low', 'high')}.")

    def wanted(self, screen: Screen) -> float:
        """Return the right number."""
        if isinstance(self.number, str):
            return screen.start().measure(self.number)
        return self.number


SYMMETRIES = {
    "left-right": (lambda m: m[:, ::-1], "mirrored from left to right"),
    "up-down": (lambda m: m[::-1], "mirrored from top to bottom"),
    "turn": (lambda m: m[::-1, ::-1], "turned by 180°"),
    "diagonal": (lambda m: m.T, "with rows and columns swapped"),
    "opposite": (lambda m: -m[:, ::-1], "mirrored from left to right and with every sign changed"),
    "opposite-down": (
        lambda m: -m[::-1],
        "mirrored from top to bottom and with every sign changed",
    ),
}


@dataclass(frozen=True)
class KernelSum(Goal):
    """The weights of the kernel add up to a number."""

    total: float
    within: float = 0

    def check(self, screen: Screen) -> Verdict:
        """Add up the weights."""
        have = weight_sum(screen.kernel())
        if abs(have - self.total) <= self.within + 1e-9 * max(1, abs(self.total)):
            return MET
        side = how_far_off(have, self.total, self.total, "little", "much")
        return Verdict(False, f"The weights add up to {number(have)}. That is {side}.")


@dataclass(frozen=True)
class Symmetric(Goal):
    """The kernel is the same when mirrored, turned or transposed, and not all zero."""

    kind: str

    def check(self, screen: Screen) -> Verdict:
        """Compare the kernel with its image."""
        weights = screen.kernel().weights
        if not weights.any():
            return Verdict(False, "All weights are 0.")
        turn, words = SYMMETRIES[self.kind]
        image = turn(weights)
        if image.shape != weights.shape:
            return Verdict(False, f"A kernel that is not square is another {words}.")
        other = int((abs(weights - image) > 1e-9 * abs(weights).max()).sum())
        if not other:
            return MET
        cells = "one cell differs" if other == 1 else f"{other} cells differ"
        return Verdict(False, f"Compared with itself {words}, {cells}.")


@dataclass(frozen=True)
class Rank(Goal):
    """The kernel has a given rank: it is the sum of that many products of a column and a row."""

    rank: int

    def check(self, screen: Screen) -> Verdict:
        """Count the products."""
        have = rank(screen.kernel())
        if have == self.rank:
            return MET
        return Verdict(
            False, f"Its rank is {have}. That is too {'high' if have > self.rank else 'low'}."
        )


def readings(text: str) -> list[float]:
    """Return the possible readings of a typed number, the likeliest first; empty if it is none.

    Examples
    --------
    >>> readings("−1/9"), readings("67 500"), readings("0,5"), readings("67,500"), readings("x")
    ([-0.1111111111111111], [67500.0], [0.5], [67.5, 67500.0], [])
    >>> readings("2.5·10⁻³"), readings("2.5*10^-3")
    ([0.0025], [0.0025])
    """
    text = text.strip().replace("−", "-").replace("–", "-").rstrip("%")
    text = "".join(text.split()).replace("\N{NARROW NO-BREAK SPACE}", "")
    text = POWER.sub(lambda power: f"e{power[1].translate(LOWERED)}", text)
    ways = [text.replace(",", ".") if text.count(",") == 1 else text]
    if GROUPED.fullmatch(text):
        ways.append(text.replace(",", ""))
    found = []
    for way in ways:
        try:
            value = float(Fraction(way)) if "/" in way and len(way) < 40 else float(way)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        if math.isfinite(value):
            found.append(value)
    return found


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_real(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
