import struct
import time

import numpy as np
import pytest
from PIL import Image

from cnnviz.images.colour_profiles import (
    CMYK,
    GREY,
    MAX_PROFILE,
    RGB,
    checked_profile,
    curve,
    matrix_profile,
    sound_profile,
    to_srgb,
)
from tests.images.profiles import SCREENS, gamma, greys, press, profile, screen, table, xyz
from tests.thorough import THOROUGH

ALL = (GREY, RGB, CMYK)
P3 = (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.329)


def tags(data):
    (number,) = struct.unpack_from(">I", data, 128)
    entries = (struct.unpack_from(">4sII", data, 132 + 12 * index) for index in range(number))
    return {name: data[at : at + size] for name, at, size in entries}


def test_only_what_leads_to_colours_is_kept():
    more = {b"desc": b"text" * 500, b"B2A0": bytes(500), b"D2B0": b"mpet" + bytes(500)}
    crowded = screen("Display P3", more=more)
    kept = tags(checked_profile(crowded, ALL))
    assert set(kept) == {b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"}
    assert all(kept[name] == tags(crowded)[name] for name in kept)


def test_a_table_is_kept_alone():
    assert set(tags(checked_profile(press(), ALL))) == {b"A2B0"}


@pytest.mark.parametrize(
    ("data", "space"), [(screen("sRGB"), RGB), (greys(2), GREY), (press(), CMYK)]
)
def test_a_profile_is_for_the_space_of_the_picture(data, space):
    assert sound_profile(data, (space,))
    assert not sound_profile(data, set(ALL) - {space})


GOOD = {b"rXYZ": xyz((1, 0, 0)), b"gXYZ": xyz((0, 1, 0)), b"bXYZ": xyz((0, 0, 1))}
GOOD |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), gamma(1))


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        bytes(200),
        screen("sRGB").ljust(MAX_PROFILE + 1, b"\0"),
        screen("sRGB")[:140],
        profile({**GOOD, b"gXYZ": gamma(1)}),
        profile({**GOOD, b"bTRC": b"text" + bytes(20)}),
        profile({**GOOD, b"rTRC": b"curv" + bytes(200_000)}),
        profile({name: tag for name, tag in GOOD.items() if name != b"rTRC"}),
        profile({b"A2B0": b"mpet" + bytes(40)}),
        profile({b"A2B0": table(4, lambda *_: (0, 0, 0))}),
        profile(GOOD, connection=b"RGB "),
        profile({b"kTRC": gamma(1)}, b"GRAY", connection=b"Lab "),
        profile(GOOD)[:128] + struct.pack(">I", 2**31),
    ],
)
def test_a_broken_profile_is_none(broken):
    assert sound_profile(broken, ALL) == b""


def test_a_profile_from_primaries_has_the_published_columns():
    found = tags(matrix_profile(P3, curve(0, 2.2)))
    for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), SCREENS["Display P3"], strict=True):
        assert np.allclose(np.frombuffer(found[name][8:], ">i4") / 65_536, column, atol=2e-3)


@pytest.mark.parametrize(
    "primaries", [(0.3,) * 8, (0.3, 0) * 4, (0.3, 0.3, 0.31, 0.3, 0.3, 0.31, 0.9, 0.01)]
)
def test_primaries_that_span_nothing_are_refused(primaries):
    with pytest.raises(ValueError, match="primar"):
        matrix_profile(primaries, curve(0, 1))


def test_a_profile_that_looks_sound_but_is_not_changes_nothing():
    image = Image.new("RGB", (2, 2), (1, 2, 3))
    hollow = checked_profile(profile({**GOOD, b"rTRC": b"para\0\0\0\0\0\x77\0\0"}), ALL)
    assert to_srgb(image, hollow) is image


@pytest.mark.slow
@pytest.mark.parametrize("data", [screen("Display P3"), greys(1.5), press()])
def test_damaged_profiles_cost_little_and_raise_nothing(data):
    rng = np.random.default_rng(0)
    image = {b"CMYK": Image.new("CMYK", (40, 40))}.get(data[16:20], Image.new("RGB", (40, 40)))
    used = 0
    for _ in range(600 if THOROUGH else 40):
        damaged = bytearray(data)
        for place in rng.integers(128, len(data), rng.integers(1, 6)):
            damaged[place] = rng.integers(256)
        start = time.process_time()
        if sound := sound_profile(bytes(damaged), ALL):
            used += to_srgb(image, sound) is not image
        assert time.process_time() - start < 1
    assert used > 5
