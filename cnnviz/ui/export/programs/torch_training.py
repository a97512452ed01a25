"""The training of a small network as a PyTorch program."""

from cnnviz.nn import SGD, Trainer
from cnnviz.ui.export.programs.torch_layers import layer_lines

PROGRAM = """\
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed({seed})
with np.load("data.npz") as data:
    images, labels = torch.from_numpy(data["images"]), torch.from_numpy(data["labels"])
    held_out, truth = torch.from_numpy(data["held_out"]), torch.from_numpy(data["truth"])

network = nn.Sequential(
{layers}
)
for layer in network:
    if isinstance(layer, (nn.Conv2d, nn.Linear)):
        {init}
        nn.init.zeros_(layer.bias)
optimiser = {optimiser}

for epoch in range({epochs}):
    network.train()
    for batch in torch.randperm(len(images)).split({batch}):
        loss = F.cross_entropy(network(images[batch]), labels[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    network.eval()
    with torch.no_grad():
        right = (network(held_out).argmax(1) == truth).float().mean().item()
    print(f"epoch {{epoch + 1}}: loss {{loss.item():.3f}}, {{right:.1%}} of what is held out")
"""
INITS = {
    "he": "nn.init.kaiming_normal_(layer.weight)",
    "xavier": "nn.init.xavier_normal_(layer.weight)",
}
EPOCHS = 5  # if no epoch has been trained yet


def learning_program(trainer: Trainer, *, init: str | float, seed: int) -> str:
    r"""Write a program that trains the network of `trainer` from scratch, for as many epochs.

    It reads data.npz: images and labels to train on, held_out and truth to test on. Its random
    numbers are PyTorch's own, so the weights differ, but the accuracy hardly does.

    Parameters
    ----------
    trainer : Trainer
    init : "he", "xavier" or a number
        How the weights were initialised.
    seed : int

    Examples
    --------
    >>> from cnnviz.nn import digits, small_cnn
    >>> data = digits()
    >>> trainer = Trainer(small_cnn((1, 8, 8), data.classes), data)
    >>> program = learning_program(trainer, init="he", seed=0)
    >>> [line for line in program.splitlines() if line.startswith("optimiser")]
    ['optimiser = torch.optim.Adam(network.parameters(), 0.003)']
    """
    lines, _ = layer_lines(trainer.network.without_softmax())  # F.cross_entropy takes the scores
    rule = trainer.optimiser
    if isinstance(rule, SGD):
        call = f"SGD(network.parameters(), {rule.learning_rate}, {rule.momentum})"
    else:
        call = f"Adam(network.parameters(), {rule.learning_rate})"
    return PROGRAM.format(
        seed=seed,
        layers="\n".join(lines),
        init=INITS.get(str(init), f"nn.init.normal_(layer.weight, std={init})"),
        optimiser=f"torch.optim.{call}",
        epochs=-(-trainer.steps // trainer.steps_per_epoch) or EPOCHS,
        batch=trainer.batch_size,
    )
