"""The arguments of a call, by position or by name, apart from those that set a number type."""

from dataclasses import dataclass
from typing import NamedTuple

from cnnviz.kernels.text.tokens import shown
from cnnviz.kernels.text.values import Array, Number, Value, check_count

# Arguments that say only how and where numbers are stored.
STORAGE = {"dtype", "device", "requires_grad", "copy", "layout", "pin_memory", "name", "like",
           "ndmin", "subok"}  # fmt: skip
INTEGERS = {"int", "int_", "long", "short", "uchar", "int8", "int16", "int32", "int64", "uint8",
            "uint16", "uint32", "uint64"}  # fmt: skip
FLOATS = {"float", "double", "single", "half", "float_", "longdouble", "bfloat16", "float16",
          "float32", "float64"}  # fmt: skip
TYPES = INTEGERS | FLOATS | {"cpu", "cuda", "like", "object"}


class WordArgument(NamedTuple):
    """A name or a string that is not a number, such as a type."""

    name: str

    @property
    def last(self) -> str:
        """The name without its library."""
        return self.name.rpartition(".")[2]


class Arguments(NamedTuple):
    """The arguments between the parentheses of a call."""

    called: str
    values: list[Value | WordArgument]
    named: dict[str, Value | WordArgument]

    @property
    def is_matlab(self) -> bool:
        """Whether the call names no library: its arguments then mean what they do in MATLAB."""
        return "." not in self.called

    @property
    def type(self) -> str:
        """The name of the type of number, or an empty text."""
        names = [
            value.last
            for value in (*self.values, self.named.get("dtype"))
            if isinstance(value, WordArgument)
        ]
        return names[-1] if names else ""

    def bound(self, *names: str) -> "Bound":
        """Return the arguments by name; refuse unknown ones, and more than there are names."""
        values = []
        for value in self.values:
            if not isinstance(value, WordArgument):
                values.append(value)
            elif value.last not in TYPES:
                what = shown(value.name)
                raise ValueError(f"The name {what} in {self.called} does not stand for a number.")
        if len(values) > len(names):
            raise ValueError(
                f"The call {self.called} is read with at most {len(names)} arguments, "
                f"not with {len(values)}."
            )
        given = dict(zip(names, values, strict=False))
        for name, value in self.named.items():
            if name in names and name not in given and not isinstance(value, WordArgument):
                given[name] = value
            elif name not in STORAGE:
                raise ValueError(f"The argument {shown(name)} of {self.called} is not supported.")
        return Bound(self.called, given)

    def shape(self) -> tuple[int, ...]:
        """Return all arguments as a shape: several numbers, or one list of numbers."""
        names = [name for name in ("shape", "size") if name in self.named]
        places = [str(place) for place in range(len(self.values))]
        bound = self.bound(*(names or places))
        sizes = [size for name in (names or places) for size in bound.wholes(name)]
        is_side = len(sizes) == 1 and self.is_matlab and not isinstance(self.values[0], Array)
        return bound.checked(sizes * 2 if is_side else sizes)


@dataclass
class Bound:
    """Arguments by name; each method returns one as the type it has to be."""

    called: str
    given: dict[str, Value]

    def value(self, name: str) -> Value:
        """Return a required argument."""
        if name not in self.given:
            raise ValueError(f"The call {self.called} needs its {name}.")
        return self.given[name]

    def array(self, name: str) -> Array:
        """Return an argument that has to be a matrix or a row."""
        value = self.value(name)
        if not isinstance(value, Array) or not value.cells.size:
            raise ValueError(f"The call {self.called} needs a matrix in its parentheses.")
        return value

    def vector(self, name: str) -> Array:
        """Return an argument that has to be one row or one column."""
        value = self.array(name)
        if max(value.shape) != value.cells.size:
            raise ValueError(f"The call {self.called} is read for one row of numbers.")
        return value

    def number(self, name: str) -> Number:
        """Return an argument that has to be one number."""
        value = self.value(name)
        if isinstance(value, Array):
            raise ValueError(f"The call {self.called} needs one number as its {name}.")
        return value

    def wholes(self, name: str) -> list[int]:
        """Return the whole numbers of an argument, one or a list; none if it is not given."""
        value = self.given.get(name, Array.of([], (0,)))
        numbers = value.quotients if isinstance(value, Array) else [value]
        if not all(isinstance(number, int) for number in numbers):
            raise ValueError(f"The call {self.called} needs whole numbers here.")
        return [int(number) for number in numbers]

    def whole(self, name: str, default: int) -> int:
        """Return an argument that has to be one whole number."""
        numbers = self.wholes(name)
        return numbers[0] if len(numbers) == 1 else default

    def checked(self, shape: list[int]) -> tuple[int, ...]:
        """Return a shape, if it is valid and not far larger than a kernel's."""
        if not shape:
            raise ValueError(f"The call {self.called} needs its shape.")
        if min(shape) < 1:
            raise ValueError(f"The call {self.called} needs sizes of at least 1.")
        check_count(*shape, asking=f"The call {self.called}")
        return tuple(shape)
