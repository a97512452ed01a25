import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "pages").glob("*.py"))
FILES = [ROOT / "app.py", *PAGES, *sorted((ROOT / "cnnviz").rglob("*.py"))]
# Each layer imports from itself and from those before it, and from nothing after it.
LAYERS = ("cnnviz", "cnnviz.nn", "cnnviz.ui", "pages")
SCREEN = {"streamlit", "plotly"}

each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))


def module(file):
    """Return the dotted name of a file: cnnviz.ui for cnnviz/ui/__init__.py."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def layer(name):
    """Return the place in LAYERS of a module of ours; app.py stands with the pages."""
    inner = [i for i, top in enumerate(LAYERS) if f"{name}.".startswith(f"{top}.")]
    return max(inner, default=len(LAYERS) - 1)


def imported(file):
    """Return the dotted names that a file imports, as "cnnviz.ui.maps.show"."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import in line {node.lineno}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@each_file
def test_imports_run_one_way(file):
    ours = [name for name in imported(file) if name.split(".")[0] in ("cnnviz", "pages", "app")]
    assert [name for name in ours if layer(name) > layer(module(file))] == []


@each_file
def test_only_the_screen_imports_streamlit_or_plotly(file):
    screen = layer(module(file)) >= LAYERS.index("cnnviz.ui")
    assert screen or not SCREEN & {name.split(".")[0] for name in imported(file)}


def test_the_core_loads_without_the_screen():
    code = "import sys, cnnviz; print(*sys.modules)"
    run = [sys.executable, "-c", code]
    loaded = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "cnnviz.convolution" in loaded.split()
    assert not SCREEN & set(loaded.split())


def test_the_direction_of_an_import_is_seen():
    assert layer("app") == layer("pages.1_Lab") > layer("cnnviz.ui.maps.show")
    assert layer("cnnviz.ui") > layer("cnnviz.nn.layer") > layer("cnnviz.conv2d")


def slugs():
    """Return the url_path of each page of app.py, by its file."""
    for node in ast.walk(ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.Page":
            words = {word.arg: word.value for word in node.keywords}
            slug = ast.literal_eval(words["url_path"]) if "url_path" in words else ""
            if isinstance(node.args[0], ast.Constant):  # the others are no files, but redirect
                yield node.args[0].value, slug


def test_every_page_is_in_the_navigation_with_an_address_of_its_own():
    pages = dict(slugs())
    assert sorted(pages) == [str(page.relative_to(ROOT)) for page in PAGES]
    assert len(set(pages.values())) == len(pages)


def test_no_address_is_the_name_that_streamlit_infers_from_a_file():
    # a folder named "pages" makes Streamlit offer pages/1_Lab.py as "Lab", to the first visitor
    inferred = {page.stem.lstrip("0123456789_ ") for page in PAGES}
    assert not set(dict(slugs()).values()) & inferred
