"""The bounds of each activation, and its largest slope, against the function itself."""

import math

import numpy as np
import pytest
from scipy import special

from cnnviz.functional.activations import ACTIVATIONS


def each_setting():
    """Yield every activation with its parameters at their default, lowest and highest values."""
    for name, each in ACTIVATIONS.items():
        for end in ("default", "low", "high") if each.parameters else ("default",):
            chosen = {one.name: float(getattr(one, end)) for one in each.parameters}
            yield pytest.param(each, chosen, id=f"{name}-{end}")


@pytest.mark.parametrize(("each", "chosen"), list(each_setting()))
def test_the_bounds_are_those_of_the_numbers_that_come_out(each, chosen):
    low, high, reached, slope = each.bounds(**chosen)
    near = np.linspace(-40, 40, 800_001)  # steps of 10⁻⁴
    found, far = each.function(near, **chosen), each.function([-1e30, 1e30], **chosen)
    everything = [*far, found.min(), found.max()]
    for bound, extreme in ((low, min(everything)), (high, max(everything))):
        if np.isfinite(bound):
            assert extreme == pytest.approx(bound, abs=1e-6)
        else:
            assert abs(extreme) > 1e27
    inside = abs(near) < 8  # further out, a value that only approaches its bound is rounded to it
    touched = [abs(found[inside] - bound).min() < 1e-8 for bound in (low, high)]
    assert any(touched) == (reached and np.isfinite([low, high]).any())
    steepest = each.derivative(near, **chosen).max()
    assert steepest <= slope + 1e-12
    assert steepest == pytest.approx(slope, abs=1e-4)


def test_the_bounds_are_the_known_ones():
    assert ACTIVATIONS["sigmoid"].bounds().slope == 1 / 4
    assert ACTIVATIONS["tanh"].bounds() == (-1, 1, False, 1)
    assert ACTIVATIONS["selu"].bounds().low == pytest.approx(-1.7580993408473766)
    assert ACTIVATIONS["gelu"].bounds().low == pytest.approx(-0.16997120747990369)
    assert ACTIVATIONS["silu"].bounds().low == pytest.approx(-special.lambertw(1 / math.e).real)
