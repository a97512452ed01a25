"""The lessons of the Convolution page: small inputs and kernels in whole numbers.

Always the same numbers, so that a lecturer can prepare slides. A matrix is written as in a link:
cells separated by spaces, rows by semicolons, a divisor after a slash.
"""

from dataclasses import dataclass

# Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (2016).
DUMOULIN = "3 3 2 1 0;0 0 1 3 1;3 1 2 2 3;2 0 0 2 2;2 0 0 0 1"
DUMOULIN_KERNEL = "0 1 2;2 2 0;0 1 2"
FLAT = "2 2 2 2 2 2 2"
BRIGHT_DOT = ";".join([FLAT] * 3 + ["2 2 2 9 2 2 2"] + [FLAT] * 3)
# ±1 pictures, 9 × 9: strokes are 1, all other cells −1.
X = (
    "-1 -1 -1 -1 -1 -1 -1 -1 -1;-1 1 -1 -1 -1 -1 -1 1 -1;-1 -1 1 -1 -1 -1 1 -1 -1;"
    "-1 -1 -1 1 -1 1 -1 -1 -1;-1 -1 -1 -1 1 -1 -1 -1 -1;-1 -1 -1 1 -1 1 -1 -1 -1;"
    "-1 -1 1 -1 -1 -1 1 -1 -1;-1 1 -1 -1 -1 -1 -1 1 -1;-1 -1 -1 -1 -1 -1 -1 -1 -1"
)
O = (  # noqa: E741 - it is the letter
    "-1 -1 -1 -1 -1 -1 -1 -1 -1;-1 -1 -1 1 1 1 -1 -1 -1;-1 -1 1 -1 -1 -1 1 -1 -1;"
    "-1 1 -1 -1 -1 -1 -1 1 -1;-1 1 -1 -1 -1 -1 -1 1 -1;-1 1 -1 -1 -1 -1 -1 1 -1;"
    "-1 -1 1 -1 -1 -1 1 -1 -1;-1 -1 -1 1 1 1 -1 -1 -1;-1 -1 -1 -1 -1 -1 -1 -1 -1"
)
FALLING = "1 -1 -1;-1 1 -1;-1 -1 1 /9"
RISING = "-1 -1 1;-1 1 -1;1 -1 -1 /9"
CROSS = "1 -1 1;-1 1 -1;1 -1 1 /9"


@dataclass(frozen=True)
class ExercisePreset:
    """Numbers to start with: inputs (one, or red, green and blue), kernels, settings."""

    title: str
    inputs: tuple[str, ...]
    kernels: tuple[str, ...]
    stride: int = 1
    padding: int = 0
    bias: int = 0


@dataclass(frozen=True)
class Exercise:
    """One idea: its title, what to look for, and its presets, the first of which is the default.

    `flips` adds the flipped kernel beside the kernel; `filter` gives each channel its kernel.
    """

    name: str
    title: str
    hint: str
    presets: tuple[ExercisePreset, ...]
    kernel_titles: tuple[str, ...] = ("Kernel",)
    flips: bool = False
    filter: bool = False


EXERCISES = {
    exercise.name: exercise
    for exercise in (
        Exercise(
            "sliding",
            "Sliding window",
            "The kernel lies on a window of the input; each cell is multiplied by the weight "
            "above it, and the products are added up. Then the window moves on by the stride. "
            "The window is all that an output cell sees: its receptive field.",
            (
                ExercisePreset(
                    "Zeros and ones",
                    ("1 1 1 0 0;0 1 1 1 0;0 0 1 1 1;0 0 1 1 0;0 1 1 0 0",),
                    ("1 0 1;0 1 0;1 0 1",),
                ),
                ExercisePreset("Not symmetric", (DUMOULIN,), (DUMOULIN_KERNEL,)),
                ExercisePreset("Padding 1, stride 2", (DUMOULIN,), (DUMOULIN_KERNEL,), 2, 1),
            ),
        ),
        Exercise(
            "average",
            "Weighted average",
            "If the weights add up to 1, a flat area keeps its value; if none of them is negative, "
            "each output is a weighted average of the cells in its window. If they add up to 0, "
            "flat areas give 0 and only changes are seen.",
            (
                ExercisePreset("Box: all alike", (BRIGHT_DOT,), ("1 1 1;1 1 1;1 1 1 /9",)),
                ExercisePreset(
                    "Gaussian: most in the middle", (BRIGHT_DOT,), ("1 2 1;2 4 2;1 2 1 /16",)
                ),
                ExercisePreset("Sum 0: changes only", (BRIGHT_DOT,), ("0 1 0;1 -4 1;0 1 0",)),
            ),
        ),
        Exercise(
            "flip",
            "Flip or not",
            "Mathematics turns the kernel by 180° before it slides it (convolution); networks "
            "slide it as it stands (cross-correlation) and call that convolution. A single "
            "bright cell shows it: the convolution draws the kernel, the correlation draws it "
            "turned. For a kernel that looks the same when turned, both agree.",
            (
                ExercisePreset(
                    "One bright cell",
                    ("0 0 0 0 0;0 0 0 0 0;0 0 1 0 0;0 0 0 0 0;0 0 0 0 0",),
                    ("1 2 3;4 5 6;7 8 9",),
                ),
                ExercisePreset("Not symmetric", (DUMOULIN,), (DUMOULIN_KERNEL,)),
                ExercisePreset("Symmetric", (DUMOULIN,), ("1 2 1;2 4 2;1 2 1",)),
            ),
            flips=True,
        ),
        Exercise(
            "features",
            "Features of X and O",
            "Each kernel is a small picture of a feature, made of 1 and −1. Divided by 9 and with "
            "bias 0, its sum says how well a place matches: 1 is a perfect match, −1 the exact "
            "negative, about 0 neither. A network does not divide; the ÷ 9 only makes the numbers "
            "easy to read. Three features give three maps: that stack is what a convolution layer "
            "returns.",
            (
                ExercisePreset("Letter X", (X,), (FALLING, RISING, CROSS)),
                ExercisePreset("Letter O", (O,), (FALLING, RISING, CROSS)),
            ),
            kernel_titles=("Diagonal ╲", "Diagonal ╱", "Crossing"),
        ),
        Exercise(
            "filter",
            "A filter on colour",
            "A filter has one kernel for each channel. Each makes a partial map; the partial maps "
            "are added, and the bias comes once on top. However many channels go in, one map "
            "comes out.",
            (
                ExercisePreset(
                    "Red rises, blue falls",
                    (
                        "0 0 1 2 2;0 0 1 2 2;0 0 1 2 2;0 0 1 2 2;0 0 1 2 2",
                        "1 1 1 1 1;1 2 2 2 1;1 2 0 2 1;1 2 2 2 1;1 1 1 1 1",
                        "2 2 1 0 0;2 2 1 0 0;2 2 1 0 0;2 2 1 0 0;2 2 1 0 0",
                    ),
                    ("-1 0 1;-1 0 1;-1 0 1", "0 0 0;0 1 0;0 0 0", "1 0 -1;1 0 -1;1 0 -1"),
                    bias=1,
                ),
            ),
            kernel_titles=("Red kernel", "Green kernel", "Blue kernel"),
            filter=True,
        ),
    )
}
