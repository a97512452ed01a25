"""Time one epoch of the digits network against PyTorch: same layers, weights, batches, optimiser.

    python benchmarks/training.py
    python benchmarks/training.py --only "Adam 64"

Both learn the 1 437 training digits in the same order from the same weights; the epochs take turns,
each line is the median of its rounds, and the ratio is our time over PyTorch's better one: on all
cores, or on one, which is faster on a busy machine. The last line is the training of
scripts/train_digits.py.
"""

import argparse
import time
from functools import partial

import numpy as np
import torch
from table import header, interleaved, is_wanted, row

from cnnviz.nn import SGD, Adam, Sequential, Trainer, digits, evaluate, random_shift, small_cnn

SECONDS = 8.0
LEARN, TEST = digits().split()


def torch_twin(network: Sequential) -> torch.nn.Sequential:
    """Return the same network in PyTorch, with the same weights."""
    twin = torch.nn.Sequential(
        torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(16, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Flatten(), torch.nn.Linear(128, 10),
    )  # fmt: skip
    twin.load_state_dict(
        {name: torch.tensor(each.value) for name, each in network.parameters().items()}
    )
    return twin


def epochs(optimiser, batch_size):
    """Return two functions that train for one epoch each: ours and PyTorch's."""
    network = small_cnn((1, 8, 8), LEARN.classes)
    twin = torch_twin(network)
    mine, theirs = {
        "SGD, momentum 0.9": (
            SGD(network.parameters().values(), 0.01, 0.9),
            torch.optim.SGD(twin.parameters(), 0.01, 0.9),
        ),
        "Adam": (
            Adam(network.parameters().values(), 0.001),
            torch.optim.Adam(twin.parameters(), 0.001),
        ),
    }[optimiser]
    trainer = Trainer(network, LEARN, optimiser=mine, batch_size=batch_size)
    images, labels = torch.tensor(LEARN.images), torch.tensor(LEARN.labels)
    rng = np.random.default_rng(0)

    def ours():
        for _ in range(trainer.steps_per_epoch):
            trainer.step()

    def pytorch():
        order = torch.from_numpy(rng.permutation(len(LEARN)))
        for which in order.split(batch_size):
            theirs.zero_grad()
            scores = twin(images[which])
            loss = torch.nn.functional.cross_entropy(scores, labels[which])
            loss.backward()
            theirs.step()
            loss.item(), (scores.argmax(1) == labels[which]).float().mean().item()

    ours()
    pytorch()
    ahead = max(
        abs(each.value - other.detach().numpy()).max()
        for each, other in zip(network.parameters().values(), twin.parameters(), strict=True)
    )
    return ours, pytorch, float(ahead)


def on_one_core(call):
    """Run a PyTorch call on one thread."""
    cores = torch.get_num_threads()
    torch.set_num_threads(1)
    call()
    torch.set_num_threads(cores)


def main():
    """Print one table, and the time to train the network that ships."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seconds", nargs="?", type=float, default=SECONDS, help="for each line")
    parser.add_argument("--only", default="", help='lines whose name has this: "Adam", "SGD 16"')
    asked = parser.parse_args()
    columns = ["optimiser", "batch", "cnnviz ms", "torch ms", "torch, 1 core", "ratio"]
    print(header([*columns, "weights differ by"]))
    for optimiser in "SGD, momentum 0.9", "Adam":
        for batch_size in 16, 32, 64, 128:
            if not is_wanted(f"{optimiser} {batch_size}", asked.only):
                continue
            ours, pytorch, ahead = epochs(optimiser, batch_size)
            peers = {"ours": ours, "torch": pytorch, "torch 1": partial(on_one_core, pytorch)}
            times = interleaved(peers, asked.seconds)
            ratio = times["ours"] / min(times["torch"], times["torch 1"])
            print(row([optimiser, batch_size, *times.values(), ratio, f"{ahead:.0e}"]), flush=True)
    if not is_wanted("digits", asked.only):
        return
    network = small_cnn((1, 8, 8), LEARN.classes)
    trainer, start = Trainer(network, LEARN, augment=random_shift), time.perf_counter()
    while trainer.epoch < 60:
        trainer.optimiser.learning_rate = 0.003 * (1 - trainer.epoch / 60)
        trainer.step()
    took = time.perf_counter() - start
    print(
        f"\n60 epochs: {took:.1f} s, {evaluate(network, TEST).accuracy:.1%} of the held-out digits"
    )


if __name__ == "__main__":
    main()
