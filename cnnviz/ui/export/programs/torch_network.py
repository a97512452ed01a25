"""A network as a PyTorch program: the same layers, with the weights of its npz file."""

from cnnviz.nn import Sequential
from cnnviz.ui.export.programs.torch_layers import layer_lines

PROGRAM = """\
{numpy}import torch
from torch import nn

{classes}network = nn.Sequential(
{layers}
)
{weights}network.{mode}

x = {given}  # (N, C, H, W), float32
with torch.no_grad():
    print(network(x){shown})
"""
WEIGHTS = """\
with np.load("{file}") as arrays:
    state = {{name: torch.from_numpy(arrays[name]) for name in arrays if name != "network"}}
{renamed}network.load_state_dict(state, strict={strict})
"""
CLASSES = {
    "Affine": """\
class Affine(nn.Module):
    def __init__(self, num_features):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))

    def forward(self, x):
        each = (-1, *[1] * (x.ndim - 2))
        return x * self.weight.view(each) + self.bias.view(each)
""",
    "Gated": """\
class Gated(nn.ModuleList):
    def forward(self, x):
        branch, shortcut = self
        return branch(x) * shortcut(x)  # an empty nn.Sequential returns x
""",
    "Parallel": """\
class Parallel(nn.ModuleList):
    def forward(self, x):
        return torch.cat([branch(x) for branch in self], dim=1)
""",
    "Residual": """\
class Residual(nn.ModuleList):
    def forward(self, x):
        branch, shortcut = self
        return branch(x) + shortcut(x)  # an empty nn.Sequential returns x
""",
    "SelectChannels": """\
class SelectChannels(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.channels = channels

    def forward(self, x):
        return x[:, self.channels]
""",
}


def torch_program(
    network: Sequential, file: str = "network.npz", image: str = "", *, training: bool = False
) -> str:
    r"""Write a program that defines `network` in PyTorch and loads the arrays of `file`.

    Parameters
    ----------
    network : Sequential
        With an input shape.
    file : str
        A file written by `Sequential.save`; if empty, the program keeps the weights that PyTorch
        draws.
    image : str
        The .npy file of an image (C, H, W) whose answer is printed; if empty, the image is zero.
    training : bool
        Whether batch normalisation uses the statistics of that image.

    Raises
    ------
    ValueError
        If the network has no input shape, or an average pooling that PyTorch lacks.

    Examples
    --------
    >>> from cnnviz.nn import small_cnn
    >>> program = torch_program(small_cnn((1, 8, 8), "0123456789"))
    >>> print(*program.splitlines()[4:8], sep="\n")
    network = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
    """
    lines, moved = layer_lines(network)
    shape = ", ".join(map(str, network.input_shape))
    renamed = "".join(f'state["{new}"] = state.pop("{old}")\n' for old, new in moved)
    kinds = {type(layer).__name__ for layer in network.all_layers()}
    classes = "\n\n".join(text for name, text in CLASSES.items() if name in kinds)
    # PyTorch's batch normalisation also stores the number of batches, which it does not use here.
    weights = WEIGHTS.format(file=file, renamed=renamed, strict=not network.buffers())
    return PROGRAM.format(
        numpy="import numpy as np\n" if file or image else "",
        classes=f"\n{classes}\n\n" if classes else "",
        layers="\n".join(lines),
        weights=weights if file else "",
        mode="train()  # batch normalisation by the numbers of x" if training else "eval()",
        given=f'torch.from_numpy(np.load("{image}"))[None]'
        if image
        else f"torch.zeros(1, {shape})",
        shown="" if image else ".shape",
    )
