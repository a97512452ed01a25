"""The base class of a task's goals, the screen that it checks, and its verdict.

A goal never reveals what would meet it. It says what the value is now, on which side of the target
it lies, and roughly how far off it is.
"""

from typing import Any, ClassVar, NamedTuple, Protocol

from numpy.typing import NDArray

from cnnviz.kernels import Kernel

NEARLY, FAR = 0.1, 0.5  # shares of the larger of the two numbers


class Screen(Protocol):
    """What a goal can check: the settings of a page, and the results computed from them."""

    @property
    def answer(self) -> str:
        """The typed answer."""

    def has(self, setting: str, text: str) -> bool:
        """Return whether a setting has the value that this text of a link gives it."""

    def value(self, setting: str) -> Any:
        """Return the value of a setting."""

    def title(self, name: str) -> str:
        """Return the title of a setting, a map or a measure on the screen."""

    def measure(self, name: str) -> float:
        """Return a measure of the page."""

    def missed(self, name: str) -> str:
        """Return the sentence for a missed measure that is neither too high nor too low."""

    def map(self, name: str) -> NDArray:
        """Return a map that the page shows, (H, W)."""

    def kernel(self) -> Kernel:
        """Return the kernel that the task is about."""

    def at(self, query: str) -> "Screen":
        """Return the screen with the settings of a link."""

    def start(self) -> "Screen":
        """Return the screen at the start of the task."""


class Verdict(NamedTuple):
    """Whether a goal is met, and a sentence that helps."""

    met: bool
    text: str = ""


MET = Verdict(True)


class Goal:
    """One condition for a solved task. Subclasses define the kinds."""

    typed: ClassVar[bool] = False

    def check(self, screen: Screen) -> Verdict:
        """Compare the screen with the goal; raise ValueError if the settings do not fit."""
        raise NotImplementedError


def how_far_off(
    value: float, low: float, high: float, below: str = "low", above: str = "high"
) -> str:
    """Say on which side of a range a number lies, and roughly how far away.

    Examples
    --------
    >>> how_far_off(98, 100, 100), how_far_off(60, 100, 100), how_far_off(1, 0, 0)
    ('a little too low', 'too low', 'a little too high')
    >>> how_far_off(900, 100, 200, "few", "many")
    'far too many'
    """
    edge = low if value < low else high
    share = abs(value - edge) / max(abs(value), abs(edge))
    next_to = abs(value - edge) == 1
    how = "a little too" if share <= NEARLY or next_to else "too" if share <= FAR else "far too"
    return f"{how} {below if value < low else above}"
