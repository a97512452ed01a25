"""What the tabs of a class say, in Python; `protocol` says what each word means."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Join:
    """The first message of a follower."""

    code: str
    me: str = ""
    free: bool = False


@dataclass(frozen=True)
class Lead:
    """The first message of the teacher, and what a session that leads knows."""

    code: str
    key: str

    @property
    def word(self) -> str:
        """Code and key in one, for a link."""
        return f"{self.code}-{self.key}"


@dataclass(frozen=True)
class Got:
    """A step is painted."""

    step: int


@dataclass(frozen=True)
class Hidden:
    """Whether the tab is hidden."""

    hidden: bool


@dataclass(frozen=True)
class Free:
    """Whether the follower works alone."""

    free: bool


@dataclass(frozen=True)
class Here:
    """Where a free follower is."""

    page: str
    query: str


@dataclass(frozen=True)
class Answer:
    """An answer to question `n`; whether its value fits is for the question to say."""

    n: int
    value: Any


@dataclass(frozen=True)
class Agree:
    """Whether the owner lets the class see a screen."""

    agree: bool


@dataclass(frozen=True)
class Cell:
    """The cell in hand."""

    cell: dict[str, Any] | None


@dataclass(frozen=True)
class Mode:
    """Whether the class follows, or works alone."""

    mode: str


@dataclass(frozen=True)
class Ask:
    """A question of the teacher."""

    kind: str
    text: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Close:
    """No more answers to question `n`."""

    n: int


@dataclass(frozen=True)
class Show:
    """Show the answers to question `n`."""

    n: int


@dataclass(frozen=True)
class Clear:
    """Take question `n` away."""

    n: int


@dataclass(frozen=True)
class Lift:
    """Ask whether a free screen may be shown; None: do not ask any longer."""

    screen: str | None


@dataclass(frozen=True)
class End:
    """The room is over."""


FromFollower = Got | Hidden | Free | Here | Answer | Agree
FromLeader = Got | Hidden | Cell | Mode | Ask | Close | Show | Clear | Lift | End
