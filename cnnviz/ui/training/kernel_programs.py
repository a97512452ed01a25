"""The lesson of one kernel as a program for download, by library."""

import numpy as np

from cnnviz.nn import KernelFitting

PYTORCH = """\
import numpy as np
import torch
import torch.nn.functional as F

x = torch.from_numpy(np.load("input.npy"))  # (H, W), a picture in grey
x = ((x - x.mean()) / x.std(correction=0))[None, None]  # mean 0, variance 1
target = torch.tensor({target}, dtype=torch.float64)
weight = torch.tensor({start}, dtype=torch.float64, requires_grad=True)  # noise
wanted = F.conv2d(x, target[None, None])
{prepare}
for step in range({steps}):
    loss = F.mse_loss(F.conv2d(x, weight[None, None]), wanted)
    {clear}
    loss.backward()
    {descend}

print(loss.item(){over_torch})
print(weight.detach().numpy().round(2))
"""
NUMPY = """\
import numpy as np
from scipy.signal import correlate2d

x = np.load("input.npy")  # (H, W), a picture in grey
x = (x - x.mean()) / x.std()  # mean 0, variance 1
target = np.array({target})
weight = np.array({start})  # noise
wanted = correlate2d(x, target, mode="valid")
{prepare}
for step in range({steps}):
    error = correlate2d(x, weight, mode="valid") - wanted
    gradient = 2 / error.size * correlate2d(x, error, mode="valid")
    {descend}

print((error**2).mean(){over_numpy})
print(weight.round(2))
"""
# The second derivative of the loss: twice the mean product of each pair of cells of a window.
TORCH_CURVATURE = """\
windows = F.unfold(x, target.shape)[0]
curvature = 2 * windows @ windows.T / windows.shape[1]
"""
NUMPY_CURVATURE = """\
windows = np.lib.stride_tricks.sliding_window_view(x, target.shape).reshape(-1, target.size)
curvature = 2 * windows.T @ windows / len(windows)
"""
# By method: the preparation, and the update of the weight.
TORCH = {
    "whitened": (
        TORCH_CURVATURE + "inverse = torch.linalg.pinv(curvature, rtol=1e-10, hermitian=True)\n",
        "weight.grad = None",
        "weight.data -= {rate} * (inverse @ weight.grad.ravel()).view_as(weight)",
    ),
    "momentum": (
        TORCH_CURVATURE
        + "steepest = torch.linalg.eigvalsh(curvature)[-1].item()\n"
        + "optimiser = torch.optim.SGD([weight], {rate} / steepest, momentum=0.9)\n",
        "optimiser.zero_grad()",
        "optimiser.step()",
    ),
    "gradient": (
        TORCH_CURVATURE + "steepest = torch.linalg.eigvalsh(curvature)[-1]\n",
        "weight.grad = None",
        "weight.data -= {rate} / steepest * weight.grad",
    ),
    "adam": (
        "optimiser = torch.optim.Adam([weight], {rate})\n",
        "optimiser.zero_grad()",
        "optimiser.step()",
    ),
}
PLAIN = {
    "whitened": (
        NUMPY_CURVATURE + "inverse = np.linalg.pinv(curvature, rcond=1e-10, hermitian=True)\n",
        "weight -= {rate} * (inverse @ gradient.ravel()).reshape(weight.shape)",
    ),
    "momentum": (
        NUMPY_CURVATURE + "steepest, velocity = np.linalg.eigvalsh(curvature)[-1], 0\n",
        "velocity = 0.9 * velocity + gradient\n    weight -= {rate} / steepest * velocity",
    ),
    "gradient": (
        NUMPY_CURVATURE + "steepest = np.linalg.eigvalsh(curvature)[-1]\n",
        "weight -= {rate} / steepest * gradient",
    ),
    "adam": (
        "mean = square = 0\n",
        "mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2\n"
        "    unbiased = mean / (1 - 0.9 ** (step + 1)), square / (1 - 0.999 ** (step + 1))\n"
        "    weight -= {rate} * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8)",
    ),
}


def fitting_programs(fitting: KernelFitting, start: np.ndarray) -> dict[str, str]:
    """Return programs that repeat the steps of `fitting`, from the kernel `start`.

    They use the current learning rate for all steps, and 100 steps if none has been taken.
    """
    numbers = {
        "target": fitting.target.tolist(),
        "start": start.tolist(),
        "steps": len(fitting.history) or 100,
        "over_torch": " / (wanted**2).mean().item()" if fitting.target_map.any() else "",
        "over_numpy": " / (wanted**2).mean()" if fitting.target_map.any() else "",
    }
    rate = {"rate": float(fitting.learning_rate)}
    prepare, clear, descend = (text.format_map(rate) for text in TORCH[fitting.method])
    pytorch = PYTORCH.format(**numbers, prepare=prepare, clear=clear, descend=descend)
    prepare, descend = (text.format_map(rate) for text in PLAIN[fitting.method])
    return {
        "PyTorch": pytorch,
        "NumPy and SciPy": NUMPY.format(**numbers, prepare=prepare, descend=descend),
    }
