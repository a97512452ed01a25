"""The networks that ship: what is written of them is true, and the command makes them again."""

import hashlib
import re

import pytest

from cnnviz.nn import digits, draw_shapes, evaluate, trained
from cnnviz.nn.pretrained import FOLDER, MODELS
from scripts import train_digits

CREDITS = (FOLDER / "CREDITS.md").read_text(encoding="utf-8")
HELD_OUT = {
    "digits": lambda: digits().split(seed=train_digits.SEED)[1],
    "shapes": lambda: draw_shapes(500, seed=train_digits.SEED + 1),
}


def told(name):
    """Return the row of a file in the table of the credits."""
    (row,) = re.findall(rf"^\| `{name}\.npz` \|(.*%.*)\|$", CREDITS, re.MULTILINE)
    return [cell.strip().replace("\N{NO-BREAK SPACE}", " ") for cell in row.split("|")]


@pytest.mark.parametrize("name", MODELS)
def test_the_file_is_the_one_that_is_described(name):
    digest = hashlib.sha256((FOLDER / f"{name}.npz").read_bytes()).hexdigest()
    assert told(name)[3] == f"`{digest}`"


@pytest.mark.parametrize("name", MODELS)
def test_it_knows_as_much_of_what_was_held_out_as_is_written(name):
    data = HELD_OUT[name]()
    found = evaluate(trained(name), data).accuracy
    assert found >= 0.97
    assert told(name)[1:3] == [str(len(data)), f"{100 * found:.1f} %"]


def test_the_command_trains_the_digits_again_from_the_seed():
    # to the last byte where NumPy and processor are the same, which a test cannot know
    learned, held_out = digits().split(seed=train_digits.SEED)
    network = train_digits.train(learned)
    assert evaluate(network, held_out).accuracy >= 0.97
    assert repr(network) == repr(trained("digits"))
