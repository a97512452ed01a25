"""The maps are the loudest thing on the first screen; see benchmarks/first_screen.py."""

import pytest

from benchmarks.first_screen import PAGES, share_of_maps

PROJECTOR, PHONE = (1280, 720), (390, 844)


def opened(read, path, size):
    """Look at a page once its maps have their place."""
    page = read("" if path == "lab" else path, size=size).page
    page.wait_for_function(
        """() => {
          const { cnnvizPainted } = document.documentElement.dataset
          const still = window.counted === cnnvizPainted
          window.counted = cnnvizPainted
          return still
        }""",
        polling=700,
    )
    return page


@pytest.mark.parametrize("path", PAGES)
def test_two_fifths_of_a_projector_show_maps(read, path):
    share, _ = share_of_maps(opened(read, path, PROJECTOR))
    assert share >= 0.4


@pytest.mark.parametrize("path", PAGES)
def test_on_a_phone_the_first_map_begins_in_the_upper_half(read, path):
    _, begin = share_of_maps(opened(read, path, PHONE))
    assert begin < 0.5
