import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "pages").glob("*.py"))
FILES = [ROOT / "app.py", *PAGES, *sorted((ROOT / "cnnviz").rglob("*.py"))]
# The floors of the house, from the ground up: a room imports from its own floor and from below.
FLOORS = (
    ("cnnviz.resources", "cnnviz.confined"),
    ("cnnviz.functional",),
    ("cnnviz.kernels", "cnnviz.images"),
    ("cnnviz.experiments",),
    ("cnnviz",),  # the public interface of what is below
    ("cnnviz.nn",),
    ("cnnviz.ui.server",),
    ("cnnviz.ui.widgets",),
    ("cnnviz.ui.maps",),
    ("cnnviz.ui.chain",),
    ("cnnviz.ui.export",),
    ("cnnviz.ui.network", "cnnviz.ui.classroom"),
    ("cnnviz.ui",),  # everything else there belongs to one page
    ("pages", "app", "asgi"),
)
SCREEN = {"streamlit", "plotly"}


def module(file):
    """Return the dotted name of a file: cnnviz.ui for cnnviz/ui/__init__.py."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def floor(name):
    """Return the number of a module's floor."""
    homes = (
        (len(room), i) for i, rooms in enumerate(FLOORS) for room in rooms if inside(name, room)
    )
    return max(homes)[1]


def inside(name, room):
    """Say whether a module, or a name in it, belongs to a room."""
    return f"{name}.".startswith(f"{room}.")


def page_room(name):
    """Return the room of the only page that needs a module, as "cnnviz.ui.lab"; "" elsewhere."""
    return ".".join(name.split(".")[:3]) if floor(name) == floor("cnnviz.ui") else ""


@cache
def imported(file):
    """Return the dotted names that a file imports, as "cnnviz.ui.maps.boards.show"."""
    names = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import in line {node.lineno}"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def ours(file):
    """Return what a file imports from this project."""
    return [name for name in imported(file) if name.split(".")[0] in ("cnnviz", "pages", "app")]


def offending(names_of):
    """Return the files for which `names_of` finds something, with its findings."""
    found = {str(file.relative_to(ROOT)): names_of(file) for file in FILES}
    return {file: names for file, names in found.items() if names}


def upwards(file):
    """Return what a file imports from a higher floor."""
    return [name for name in ours(file) if floor(name) > floor(module(file))]


def elsewhere(file):
    """Return what a file in one page's room imports from another page's room."""
    home = page_room(module(file))
    return [name for name in ours(file) if home and page_room(name) not in ("", home)]


def screen_below(file):
    """Return what a file below the screen imports from Streamlit or Plotly."""
    screen = floor(module(file)) >= floor("cnnviz.ui.server")
    return [name for name in imported(file) if not screen and name.split(".")[0] in SCREEN]


def test_imports_run_one_way():
    assert len(FILES) > 300
    # The package itself names the networks, and loads them on demand.
    assert offending(upwards) == {"cnnviz/__init__.py": ["cnnviz.nn"]}


def test_no_page_reaches_into_the_room_of_another():
    assert offending(elsewhere) == {}


def test_only_the_screen_imports_streamlit_or_plotly():
    assert offending(screen_below) == {}


def test_the_core_loads_without_the_screen():
    code = "import sys, cnnviz; print(*sys.modules)"
    run = [sys.executable, "-c", code]
    loaded = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "cnnviz.functional.convolution" in loaded.split()
    assert not SCREEN & set(loaded.split())
    assert "cnnviz.nn" not in loaded.split()


def test_the_direction_of_an_import_is_seen():
    assert floor("app") == floor("pages.1_Lab") > floor("cnnviz.ui.lab.views")
    assert floor("cnnviz.ui.lab.views") > floor("cnnviz.ui.maps.boards.show")
    assert floor("cnnviz.ui.chain.run") > floor("cnnviz.ui.widgets.working_picture")
    assert floor("cnnviz.ui.chain") > floor("cnnviz.nn.layers.layer") > floor("cnnviz.conv2d")
    assert floor("cnnviz.experiments.shift") > floor("cnnviz.kernels.box")
    assert page_room("cnnviz.ui.lab.views") != page_room("cnnviz.ui.pooling.views") != ""
    assert page_room("cnnviz.ui.maps.boards") == ""


def slugs():
    """Yield each page file of app.py with its url_path."""
    for node in ast.walk(ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.Page":
            words = {word.arg: word.value for word in node.keywords}
            slug = ast.literal_eval(words["url_path"]) if "url_path" in words else ""
            if isinstance(node.args[0], ast.Constant):  # the others are redirects, not files
                yield node.args[0].value, slug


def test_every_page_is_in_the_navigation_with_an_address_of_its_own():
    pages = dict(slugs())
    assert sorted(pages) == [str(page.relative_to(ROOT)) for page in PAGES]
    assert len(set(pages.values())) == len(pages)


def test_no_address_is_the_name_that_streamlit_infers_from_a_file():
    # with a folder named "pages", Streamlit offers pages/1_Lab.py as "Lab" to the first visitor
    inferred = {page.stem.lstrip("0123456789_ ") for page in PAGES}
    assert not set(dict(slugs()).values()) & inferred
