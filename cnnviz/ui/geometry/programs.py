"""Border and the way back as programs for download, which load `input.npy` from the ZIP."""

from collections.abc import Iterable

from cnnviz.experiments.borders import bordered
from cnnviz.experiments.chain import feature_maps
from cnnviz.functional.transposed_convolution import conv_transpose2d
from cnnviz.ui.chain.run import Run
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.export.programs.layout import WIDTH, wrapped
from cnnviz.ui.export.programs.phrases import every, numpy_mode, pair

BORDERS = {
    "PyTorch": """\
import numpy as np
import torch
import torch.nn.functional as F

x = torch.from_numpy(np.load("input.npy"))[None]  # (1, H, W), float64, intensity 0–255

border = {{"zeros": F.pad(x, [{width}] * 4)}}
for mode in "reflect", "replicate", "circular":
    border[mode] = F.pad(x, [{width}] * 4, mode=mode)
mean = {{mode: F.avg_pool2d(padded, {side}, stride=1) for mode, padded in border.items()}}
""",
    "NumPy and SciPy": """\
import numpy as np
from scipy.ndimage import uniform_filter

x = np.load("input.npy")  # (H, W), float64, intensity 0–255
modes = dict(zeros="constant", reflect="reflect", replicate="edge", circular="wrap")

border = {{mode: np.pad(x, {width}, mode=name) for mode, name in modes.items()}}
mean = {{
    mode: uniform_filter(padded, {side})[{width}:-{width}, {width}:-{width}]
    for mode, padded in border.items()
}}
""",
    "Keras": """\
import keras
import numpy as np
from keras import ops

keras.config.set_floatx("float64")  # JAX also needs JAX_ENABLE_X64=1
x = np.load("input.npy")[None, ..., None]  # (batch, height, width, channels), 0–255
modes = dict(zeros="constant", reflect="reflect", replicate="edge", circular="wrap")
pads = (0, 0), ({width}, {width}), ({width}, {width}), (0, 0)

border = {{mode: np.pad(x, pads, mode=name) for mode, name in modes.items()}}
mean = {{
    mode: ops.average_pool(padded, {side}, strides=1, data_format="channels_last")
    for mode, padded in border.items()
}}
""",
}
SHAPES = "\nprint({mode: (border[mode].shape, mean[mode].shape) for mode in border})\n"
FILE = "input.npy is in the ZIP under Download."


def border_code(width: int) -> Code:
    """Return the code of the borders of `width` cells, and of the mean over each."""
    programs = {
        library: program.format(width=width, side=2 * width + 1) + SHAPES
        for library, program in BORDERS.items()
    }
    note = "Gives the borders on this page, and the means before they are rounded to be drawn."
    return Code((bordered,), programs, f"{note} {FILE}")


def way_back_code(run: Run, output_padding: tuple[int, int]) -> Code:
    """Return the code of a mean and of its transposed convolution, for the input of a run."""
    programs = {
        "PyTorch": _program(_in_torch(run, output_padding)),
        "NumPy and SciPy": _program(_in_scipy(run, output_padding)),
        "Keras": _program(_in_keras(run, output_padding)),
    }
    note = f"Gives the maps of the photo on this page. {FILE}"
    return Code((feature_maps, conv_transpose2d), programs, note)


def _program(lines: Iterable[str]) -> str:
    whole = [part for line in lines for part in wrapped(line, WIDTH)]
    return "\n".join([*whole, "", "print(there.shape, back.shape)", ""])


def _in_torch(run: Run, output_padding: tuple[int, int]) -> list[str]:
    recipe, (rows, columns) = run.recipes[0], run.geometries[0].convolution
    k, (top, bottom), (left, right) = recipe.kernel.shape[0], rows.padding, columns.padding
    steps = _options(stride=recipe.stride, dilation=recipe.dilation)
    mode = "" if recipe.padding_mode == "zeros" else f', mode="{recipe.padding_mode}"'
    every_channel = ".expand(1, 3, -1, -1)" if run.input.colour else ""
    lines = [
        "import numpy as np",
        "import torch",
        "import torch.nn.functional as F",
        "",
        'x = torch.from_numpy(np.load("input.npy"))'
        + ("  # (3, H, W), float64" if run.input.colour else "[None]  # (1, H, W), float64"),
        f"weight = torch.full((1, 1, {k}, {k}), 1 / {k * k}, dtype=torch.float64)",
        "",
        f"padded = F.pad(x, ({left}, {right}, {top}, {bottom}){mode})",
        f"there = F.conv2d(padded, weight{every_channel}{steps})",
    ]
    if (top, left) == (bottom, right):
        cut = _options(padding=(top, left), output_padding=output_padding)
        return [*lines, f"back = F.conv_transpose2d(there, weight{steps}{cut})"]
    down, along = output_padding
    return [
        *lines,
        f"full = F.conv_transpose2d(there, weight{steps})",
        f"back = F.pad(full, ({-left}, {along - right}, {-top}, {down - bottom}))"
        "  # less than 0 cuts off",
    ]


def _options(**options: tuple[int, int]) -> str:
    """Write the options of a convolution that differ from its defaults."""
    usual = {"stride": (1, 1), "dilation": (1, 1)}
    return "".join(
        f", {name}={pair(value)}"
        for name, value in options.items()
        if value != usual.get(name, (0, 0))
    )


def _in_scipy(run: Run, output_padding: tuple[int, int]) -> list[str]:
    stride = run.recipes[0].stride
    there = 'correlate2d(padded, kernel, mode="valid")'
    if run.input.colour:
        there = 'sum(correlate2d(plane, kernel, mode="valid") for plane in padded)'
    lines = [
        "import numpy as np",
        "from scipy.signal import convolve2d, correlate2d",
        "",
        *_padded(run),
        f"there = {there}{every(stride)}",
        "",
        "# Every cell stamps the kernel, times its value, where its window was.",
    ]
    stamps = "there"
    if max(stride) > 1:
        stamps = "spread"
        lines += [
            f"spread = np.zeros([{stride[0]} * (size - 1) + 1 for size in there.shape])",
            f"spread{every(stride)} = there",
        ]
    lines.append(f"full = convolve2d({stamps}, kernel)")
    if any(output_padding):
        down, along = output_padding
        lines.append(f"full = np.pad(full, ((0, {down}), (0, {along})))")
    return [*lines, f"back = full[{_kept(run, output_padding)}]"]


def _in_keras(run: Run, output_padding: tuple[int, int]) -> list[str]:
    stride = pair(run.recipes[0].stride)
    last = "np.moveaxis(padded, 0, -1)[None]" if run.input.colour else "padded[None, ..., None]"
    every_channel = "np.repeat(weight, 3, axis=2)" if run.input.colour else "weight"
    how = f'strides={stride}, padding="valid", data_format="channels_last"'
    lines = [
        "import keras",
        "import numpy as np",
        "from keras import ops",
        "",
        'keras.config.set_floatx("float64")  # JAX also needs JAX_ENABLE_X64=1',
        *_padded(run),
        f"padded = {last}  # (batch, height, width, channels)",
        "weight = kernel[..., None, None]  # (kH, kW, in, out)",
        f"there = ops.conv(padded, {every_channel}, {how})",
        f"full = ops.conv_transpose(there, weight, {how})",
    ]
    if any(output_padding):
        down, along = output_padding
        lines.append(f"full = ops.pad(full, ((0, 0), (0, {down}), (0, {along}), (0, 0)))")
    return [*lines, f"back = full[:, {_kept(run, output_padding)}]"]


def _padded(run: Run) -> list[str]:
    """Write the lines up to `kernel`, a mean with its dilation, and `padded`."""
    recipe, (rows, columns) = run.recipes[0], run.geometries[0].convolution
    k, shape = recipe.kernel.shape[0], "(3, H, W)" if run.input.colour else "(H, W)"
    channels = "(0, 0), " if run.input.colour else ""
    return [
        f'x = np.load("input.npy")  # {shape}, float64',
        f"kernel = np.zeros(({rows.extent}, {columns.extent}))",
        f"kernel{every(recipe.dilation) or '[:]'} = 1 / {k * k}",
        "",
        f"padded = np.pad(x, ({channels}{rows.padding}, {columns.padding}){numpy_mode(recipe)})",
    ]


def _kept(run: Run, output_padding: tuple[int, int]) -> str:
    """Write the rows and columns of a full result that remain without the padding."""
    axes = run.geometries[0].convolution
    return ", ".join(
        f"{axis.padding[0]}:{axis.padding[0] + axis.transposed_size + more}"
        for axis, more in zip(axes, output_padding, strict=True)
    )
