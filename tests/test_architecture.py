"""The drawings in docs/ agree with the imports; the README lists and counts what exists."""

import re
from pathlib import Path

from cnnviz import ACTIVATIONS
from cnnviz.images.samples import SAMPLES
from cnnviz.ui.widgets.kernel_picker import OWN, TITLES
from scripts import architecture, imports

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LAYOUT = re.search(r"## Layout\n\n```\n(.*?)```", README, re.DOTALL)[1]


def test_the_drawings_are_as_the_imports_have_them():
    written = architecture.written()
    assert len(written) == 3
    for path, text in written.items():
        assert path.read_text(encoding="utf-8") == text, "run python -m scripts.architecture"


def test_each_step_of_the_road_that_says_so_is_an_import():
    assert architecture.broken() == []


def test_no_rooms_import_each_other_not_even_by_way_of_others():
    graph = imports.rooms()
    assert len(graph) > 10
    assert [name for name in graph if name in imports.reach(graph, name)] == []
    back = {**graph, "cnnviz/ui/widgets": {"cnnviz/ui/chain"}}
    assert {"cnnviz/ui/widgets", "cnnviz/ui/maps"} <= imports.reach(back, "cnnviz/ui/widgets")


def test_a_new_import_changes_the_drawing():
    graph = imports.rooms()
    before = architecture.rooms_drawing(graph)
    assert architecture.rooms_drawing({**graph, "cnnviz/kernels": {"cnnviz/images"}}) != before


def listed(depth):
    """Return the folders at one depth of the README's layout, without examples."""
    lines = [line for line in LAYOUT.splitlines() if re.match(rf" {{{2 * depth}}}[\w.]", line)]
    return {line.split()[0].rstrip("/") for line in lines if "…" not in line}


def folders(path, *left_out):
    return {
        each.name
        for each in path.iterdir()
        if each.is_dir() and not each.name.startswith((".", "__")) and each.name not in left_out
    }


def test_the_layout_of_the_readme_is_the_one_of_the_folders():
    top = folders(ROOT, "build", "node_modules", "dist")
    named = {name for line in LAYOUT.splitlines() for name in re.findall(r"^(\w+)/", line)}
    assert named | {"static"} == top
    assert folders(ROOT / "cnnviz") == listed(1) & folders(ROOT / "cnnviz")
    assert set(imports.SHARED) == listed(2) & folders(ROOT / "cnnviz" / "ui")


def test_the_readme_counts_what_can_be_chosen():
    words = {13: "thirteen"}
    assert f"one of {words[len(SAMPLES)]} samples" in README
    assert f"{len(TITLES.keys() - {OWN})} of them, with sliders" in README
    assert f"{words[len(ACTIVATIONS.keys() - {'none'})]} activations" in README
