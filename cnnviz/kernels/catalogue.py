"""The kernels every course on image filters shows.

A derivative is the outer product of a smoothing across the edge and a difference along it:
Sobel smooths by 1 2 1, Prewitt by 1 1 1, Scharr by 3 10 3.
"""

import numpy as np

from cnnviz.kernels.kernel import Kernel

CENTRE = np.outer([0, 1, 0], [0, 1, 0])
DIFFERENCE = [-1, 0, 1]
SECOND_DIFFERENCE = [1, -2, 1]
BINOMIAL_3 = [1, 2, 1]
BINOMIAL_5 = [1, 4, 6, 4, 1]
SOBEL_X = np.outer(BINOMIAL_3, DIFFERENCE)
PREWITT_X = np.outer([1, 1, 1], DIFFERENCE)
SCHARR_X = np.outer([3, 10, 3], DIFFERENCE)
# The second derivative down the middle column plus the one along the middle row.
LAPLACIAN_4 = np.outer(SECOND_DIFFERENCE, [0, 1, 0]) + np.outer([0, 1, 0], SECOND_DIFFERENCE)
OUTLINE = 9 * CENTRE - 1
GAUSSIAN_5 = np.outer(BINOMIAL_5, BINOMIAL_5)

_EDGE = (
    Kernel(
        "sobel_x",
        "edge",
        SOBEL_X,
        description="Responds to vertical edges: positive where it gets brighter to the right, "
        "negative where it gets darker.",
    ),
    Kernel(
        "sobel_y",
        "edge",
        SOBEL_X.T,
        description="Responds to horizontal edges: positive where it gets brighter downwards, "
        "negative where it gets darker.",
    ),
    Kernel(
        "prewitt_x",
        "edge",
        PREWITT_X,
        description="Finds vertical edges as Sobel x does, with all three rows counting the same.",
    ),
    Kernel(
        "prewitt_y",
        "edge",
        PREWITT_X.T,
        description="Finds horizontal edges as Sobel y does, with all three columns counting the "
        "same.",
    ),
    Kernel(
        "scharr_x",
        "edge",
        SCHARR_X,
        description="Finds vertical edges like Sobel x; its weights treat slanted edges more "
        "evenly, and its responses are four times as large.",
    ),
    Kernel(
        "scharr_y",
        "edge",
        SCHARR_X.T,
        description="Finds horizontal edges like Sobel y; its weights treat slanted edges more "
        "evenly, and its responses are four times as large.",
    ),
    Kernel(
        "roberts_x",
        "edge",
        [[1, 0], [0, -1]],
        description="Takes a pixel minus its lower right neighbour: thin edges across that "
        "diagonal, and a lot of noise.",
    ),
    Kernel(
        "roberts_y",
        "edge",
        [[0, 1], [-1, 0]],
        description="Takes a pixel minus its lower left neighbour: thin edges across that "
        "diagonal, and a lot of noise.",
    ),
    Kernel(
        "laplacian_4",
        "edge",
        LAPLACIAN_4,
        description="Compares a pixel with its four neighbours: an edge of any direction gets "
        "a positive line on its dark side and a negative one on its bright side.",
    ),
    Kernel(
        "laplacian_8",
        "edge",
        -OUTLINE,
        description="Compares a pixel with all eight neighbours, so slanted edges count in full; "
        "it is Outline with the opposite sign: −8 in the middle.",
    ),
    Kernel(
        "outline",
        "edge",
        OUTLINE,
        description="Lights up what is brighter than its surroundings; it is Laplacian 8 with "
        "the opposite sign: +8 in the middle.",
    ),
)

_BLUR = (
    Kernel(
        "box_3",
        "blur",
        np.outer([1, 1, 1], [1, 1, 1]),
        9,
        "Replaces a pixel by the plain mean of its 3 × 3 neighbourhood: noise fades, and so does "
        "fine detail.",
    ),
    Kernel(
        "gaussian_3",
        "blur",
        np.outer(BINOMIAL_3, BINOMIAL_3),
        16,
        "Averages the neighbourhood with the near pixels counting most: softer than a box, "
        "without its blocky look.",
    ),
    Kernel(
        "gaussian_5",
        "blur",
        GAUSSIAN_5,
        256,
        "Averages 5 × 5 pixels with the near ones counting most: detail smaller than about "
        "three pixels melts away.",
    ),
    Kernel(
        "motion",
        "blur",
        np.eye(5),
        5,
        "Averages along the diagonal only: the picture smears as if the camera had moved that way.",
    ),
)

_SHARPEN = (
    Kernel(
        "sharpen",
        "sharpen",
        CENTRE - LAPLACIAN_4,
        description="Adds to every pixel its difference from its four neighbours: edges become "
        "steeper, flat areas stay, noise grows.",
    ),
    Kernel(
        "unsharp",
        "sharpen",
        2 * 256 * np.pad(CENTRE, 1) - GAUSSIAN_5,
        256,
        "Adds to every pixel its difference from a 5 × 5 Gaussian blur: edges get a bright and a "
        "dark rim.",
    ),
)

_EMBOSS = (
    Kernel(
        "emboss",
        "emboss",
        [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
        description="Keeps the picture and adds its slope to the lower right: it looks like a "
        "relief lit from one corner.",
    ),
)

_IDENTITY = (
    Kernel(
        "identity",
        "identity",
        CENTRE,
        description="Copies every pixel: the picture to compare all other kernels with.",
    ),
)

KERNELS: dict[str, Kernel] = {
    kernel.name: kernel for kernel in _EDGE + _BLUR + _SHARPEN + _EMBOSS + _IDENTITY
}
