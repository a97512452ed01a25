"""The messages from the tabs of a class as Python objects; see `protocol` for the fields."""

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
    """The first message of the teacher; a leading session keeps it, too, with its own name."""

    code: str
    key: str
    session: str = field(default="", compare=False)

    @property
    def word(self) -> str:
        """Code and key in one word, for a link."""
        return f"{self.code}-{self.key}"


@dataclass(frozen=True)
class Got:
    """Receipt: the tab has painted a step."""

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
    """The page that a free follower is on."""

    page: str
    query: str


@dataclass(frozen=True)
class Answer:
    """An answer to question `n`; the kind of question decides whether its value is valid."""

    n: int
    value: Any


@dataclass(frozen=True)
class Agree:
    """Whether the owner of a screen agrees to show it to the class."""

    agree: bool


@dataclass(frozen=True)
class Cell:
    """The selected cell."""

    cell: dict[str, Any] | None


@dataclass(frozen=True)
class Mode:
    """Whether the class follows, or works alone."""

    mode: str


@dataclass(frozen=True)
class Ask:
    """A question from the teacher."""

    kind: str
    text: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Close:
    """Close question `n`: no more answers."""

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
    """Ask whether a free screen may be shown; None: no more, or its answer was heard."""

    screen: str | None


@dataclass(frozen=True)
class End:
    """End the room."""


FromFollower = Got | Hidden | Free | Here | Answer | Agree
FromLeader = Got | Hidden | Cell | Mode | Ask | Close | Show | Clear | Lift | End
