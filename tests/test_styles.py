"""The style sheets of the components in browsers other than the Chromium of the tests."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHEETS = sorted((ROOT / "static" / "components").rglob("*.css"))
BLOCK = re.compile(r"([^{}]*)\{([^{}]*)\}")


def rules(sheet):
    return [(name.strip(), body) for name, body in BLOCK.findall(sheet.read_text())]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_no_gradient_mixes_its_colours(sheet):
    # Firefox interpolates such colours in steps, and fills narrow stripes with one of them.
    lines = [line for _, body in rules(sheet) for line in body.split(";")]
    mixed = [line for line in lines if "gradient" in line and "color-mix" in line]
    assert mixed == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_the_part_of_a_slider_that_is_done_is_coloured_in_firefox_too(sheet):
    filled = [name for name, body in rules(sheet) if "track" in name and "--done" in body]
    progress = [name for name, _ in rules(sheet) if "::-moz-range-progress" in name]
    assert len(progress) == len(filled)


def test_a_chart_goes_to_the_next_sheet_of_paper_with_its_place_in_firefox_too():
    # Firefox moved the chart alone: what comes after it was printed over its foot.
    page = ROOT / "cnnviz" / "ui" / "widgets" / "style.css"
    whole = [name for name, body in rules(page) if "break-inside: avoid" in body]
    assert any("stElementContainer" in name and "plotly" in name for name in whole)


def test_the_lines_of_a_chart_are_as_thick_below_a_small_map():
    # At a quarter of its size, a curve was half a pixel thick, its slope and its dot less.
    slot = ROOT / "static" / "components" / "maps" / "slot.css"
    (kept,) = [name for name, body in rules(slot) if "non-scaling-stroke" in body]
    assert ".chart" in kept


def test_the_names_of_the_curves_go_to_another_line_in_firefox_too():
    # Firefox breaks no line between inline elements that adjoin: a phone cut the third name off.
    curves = ROOT / "static" / "components" / "curves" / "curves.css"
    (key,) = [body for name, body in rules(curves) if name == ".key"]
    assert "display: inline-block" in key


@pytest.mark.parametrize("name", ["drawing-pad", "matrix", "stack", "transport"])
def test_a_button_that_its_own_press_switches_off_looks_so_and_keeps_the_focus(name):
    # A browser takes the focus from a disabled button, so dom.js does not disable these.
    folder = ROOT / "static" / "components" / name
    assert ".disabled = " not in (folder / f"{name}.js").read_text()
    faint = [rule for rule, body in rules(folder / f"{name}.css") if "opacity: 0." in body]
    assert any('[aria-disabled="true"]' in rule for rule in faint)


@pytest.mark.parametrize("name", ["maps", "slider"])
def test_a_finger_can_take_hold_of_every_slider(name):
    # What is lower than 24 pixels is easily missed.
    sheet = ROOT / "static" / "components" / name / f"{name}.css"
    bodies = [body for rule, body in rules(sheet) if rule == 'input[type="range"]']
    heights = [int(height) for body in bodies for height in re.findall(r"\bheight: (\d+)px", body)]
    assert len(heights) == 2  # for a mouse, and for a finger
    assert heights[1] >= 24
