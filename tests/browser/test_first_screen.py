"""The maps are the loudest thing on the first screen; see benchmarks/first_screen.py."""

import pytest

from benchmarks.first_screen import PAGES, share_of_maps

PROJECTOR, PHONE = (1280, 720), (390, 844)
# Maps take their place in the frames after a message, the last ones as they are painted.
STANDS = """async () => {
  const { dataset } = document.documentElement
  for (let still = 0, painted = ""; still < 10; still++) {
    await new Promise(requestAnimationFrame)
    if (painted !== dataset.cnnvizPainted) still = -1
    painted = dataset.cnnvizPainted
  }
}"""


def opened(read, path, size):
    """Look at a page once its maps have their place."""
    page = read("" if path == "lab" else path, size=size).page
    page.evaluate(STANDS)
    return page


@pytest.mark.parametrize("path", PAGES)
def test_maps_fill_two_fifths_of_a_projector_and_begin_in_the_upper_half_of_a_phone(read, path):
    share, _ = share_of_maps(opened(read, path, PROJECTOR))
    assert share >= 0.4
    _, begin = share_of_maps(opened(read, path, PHONE))
    assert begin < 0.5
