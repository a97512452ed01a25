"""What a kernel is: a matrix of numbers, the number they are divided by, and its meaning."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.checks import SPAN, check_unmasked, real

FAMILIES = ("edge", "blur", "sharpen", "emboss", "identity")
EXACT = 2**53  # whole numbers up to here are exact in double precision


@dataclass(frozen=True, eq=False)  # eq: arrays do not compare to one truth value
class Kernel:
    """A kernel, kept as matrix and divisor so that arithmetic with it can be shown exactly.

    It is laid on the picture without flipping (cross-correlation, as in deep learning): a weight on
    the right multiplies the pixel on the right.

    Parameters
    ----------
    name : str
        In snake_case.
    family : str
        One of `FAMILIES`, or "own".
    matrix : array-like (kH, kW)
        Kept as a read-only copy: int64 if every number is whole, float64 if not.
    divisor : int or float
        What the matrix is divided by.
    description : str
        One sentence: what the kernel responds to and what to look for.

    Raises
    ------
    ValueError
        If the matrix is not two-dimensional, is empty or has a weight that is not finite.

    Examples
    --------
    >>> kernel = Kernel("box", "blur", [[1, 1], [1, 1]], 4)
    >>> kernel.weights
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """

    name: str
    family: str
    matrix: NDArray[Any]
    divisor: float = 1
    description: str = ""

    if TYPE_CHECKING:  # dataclass makes the same one, except for the type of matrix

        def __init__(
            self,
            name: str,
            family: str,
            matrix: ArrayLike,
            divisor: float = 1,
            description: str = "",
        ) -> None: ...

    def __post_init__(self) -> None:
        # A frozen dataclass sets its own fields through object.__setattr__.
        object.__setattr__(self, "matrix", _frozen(self.matrix))
        object.__setattr__(self, "divisor", plain(real(self.divisor, "The divisor")))
        if self.divisor == 0:
            raise ValueError("The divisor is 0, and nothing can be divided by 0.")
        for row, cell in np.argwhere(~np.isfinite(self.weights)):
            raise ValueError(
                f"Row {row}, column {cell} is {self.matrix[row, cell]} / {self.divisor}, "
                f"which is not finite."
            )

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over what a copy or an unpickled kernel consists of, read-only again."""
        self.__dict__.update(state)
        self.matrix.flags.writeable = False

    @property
    def weights(self) -> NDArray[np.float64]:
        """The matrix divided by the divisor, (kH, kW)."""
        with np.errstate(all="ignore"):  # a result that is not finite is refused above
            return self.matrix / self.divisor

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        height, width = self.matrix.shape
        return height, width

    @property
    def title(self) -> str:
        """The name as users read it: "sobel_x_then_box_3" is "Sobel x then Box 3"."""
        parts = self.name.split("_then_")
        return " then ".join(part.replace("_", " ").capitalize() for part in parts)


def _frozen(matrix: ArrayLike) -> NDArray[Any]:
    """Return a read-only copy, whole numbers as int64."""
    check_unmasked(matrix, "matrix")
    try:
        if np.asarray(matrix).dtype.kind not in "biufO":  # complex numbers, text, times
            raise TypeError
        matrix = np.array(matrix, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError("A kernel holds rows of real numbers, all of one length.") from None
    except OverflowError:
        raise ValueError(f"The weights of a kernel must be {SPAN}.") from None
    if matrix.ndim != 2 or not matrix.size:
        raise ValueError(f"A kernel has rows and columns, but this has the shape {matrix.shape}.")
    if (abs(matrix) <= EXACT).all() and (matrix == np.rint(matrix)).all():
        matrix = matrix.astype(np.int64)
    matrix.flags.writeable = False
    return matrix


def plain(number: float) -> float:
    """Return a whole number as int, any other as float."""
    number = float(number)
    return int(number) if number.is_integer() and abs(number) <= EXACT else number
