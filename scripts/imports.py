"""The rooms of the code, read from the files: their imports and their purposes."""

import ast
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED = (
    "server",
    "widgets",
    "maps",
    "chain",
    "export",
    "network",
    "classroom",
)  # rooms of ui for all pages
CORE = ("functional", "kernels", "images", "experiments", "nn")
PAGES = "cnnviz/ui/<page>"
ENTRY = "app.py, asgi.py"

Graph = Mapping[str, set[str]]


def sources() -> list[Path]:
    """Return the files of the app, in order."""
    files = [ROOT / "app.py", ROOT / "asgi.py", *(ROOT / "pages").glob("*.py")]
    return sorted([*files, *(ROOT / "cnnviz").rglob("*.py")])


@cache
def imported(file: Path) -> set[str]:
    """Return the files of the app that a Python or JavaScript file imports, as "a/b.py"."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".js":
        named = re.findall(
            r'^(?:import|\}).*? from "(\..*?)"|^import "(\..*?)"', text, re.MULTILINE
        )
        paths = [(file.parent / (one or other)).resolve() for one, other in named]
        return {str(path.relative_to(ROOT)) for path in paths}
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    found = set()
    for name in names:
        base = ROOT / name.replace(".", "/")
        for path in (base.with_suffix(".py"), base / "__init__.py"):
            if path.is_file():
                found.add(str(path.relative_to(ROOT)))
    return found


def room(path: str) -> str:
    """Return the room of a file; "" for an entry point, such as cnnviz/cli.py.

    Examples
    --------
    >>> room("cnnviz/nn/layers/layer.py"), room("cnnviz/ui/lab/maps.py"), room("cnnviz/cli.py")
    ('cnnviz/nn', 'cnnviz/ui/<page>', '')
    """
    parts = path.split("/")
    if len(parts) == 1:
        return ENTRY
    if parts[0] == "pages":
        return "pages"
    if parts[1] in CORE:
        return f"cnnviz/{parts[1]}"
    if parts[1] == "ui" and len(parts) > 3:
        return f"cnnviz/ui/{parts[2]}" if parts[2] in SHARED else PAGES
    return ""


def rooms() -> dict[str, set[str]]:
    """Return the rooms that each room imports from."""
    graph: dict[str, set[str]] = {}
    for file in sources():
        own = room(str(file.relative_to(ROOT)))
        if own:
            graph.setdefault(own, set()).update(
                other for path in imported(file) if (other := room(path)) not in ("", own)
            )
    return graph


def reach(graph: Graph, start: str) -> set[str]:
    """Return all rooms that a room depends on, directly or indirectly."""
    found: set[str] = set()
    new = set(graph.get(start, ()))
    while new:
        found |= new
        new = {far for near in new for far in graph.get(near, ())} - found
    return found


def levels(graph: Graph) -> list[list[str]]:
    """Return the rooms by floor, the ground floor last; rooms that import each other share one.

    Examples
    --------
    >>> levels({"a": {"b", "c"}, "b": {"c"}, "c": set()})
    [['a'], ['b'], ['c']]
    >>> levels({"a": {"b", "c"}, "b": {"c"}, "c": {"b"}})
    [['a'], ['b', 'c']]
    """
    below = {name: reach(graph, name) for name in graph}
    strictly = {
        name: {other for other in below[name] if name not in below[other]} for name in graph
    }
    height: dict[str, int] = {}

    def high(name: str) -> int:
        if name not in height:
            height[name] = 1 + max((high(other) for other in strictly[name]), default=-1)
        return height[name]

    peers = {
        name: {name} | {other for other in below[name] if name in below[other]} for name in graph
    }
    floor = {name: max(high(peer) for peer in peers[name]) for name in graph}
    tops = range(max(floor.values()), -1, -1)
    return [sorted(name for name in graph if floor[name] == top) for top in tops]


def needed(graph: Graph) -> list[tuple[str, str]]:
    """Return the imports that no others imply, each as (importing room, imported room).

    Examples
    --------
    >>> needed({"a": {"b", "c"}, "b": {"c"}, "c": set()})
    [('a', 'b'), ('b', 'c')]
    """
    kept = []
    for name in sorted(graph):
        for other in sorted(graph[name]):
            between = {near for near in graph[name] if near not in (name, other)}
            if not any(
                other in reach(graph, near)
                and near not in reach(graph, other)
                and name not in reach(graph, near)
                for near in between
            ):
                kept.append((name, other))
    return kept


def first_line(path: str) -> str:
    """Return the first sentence of a file's own description."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".py"):
        said = ast.get_docstring(ast.parse(text)) or ""
    else:
        lines = text.removeprefix("// @ts-check\n").split("\n")
        comment = []
        for line in lines:
            if not line.startswith("//"):
                break
            comment.append(line.removeprefix("//").strip())
        said = " ".join(comment)
    return re.split(r"(?<=\.)\s", " ".join(said.split("\n\n")[0].split()))[0].rstrip(":.") + "."


def purpose(name: str) -> str:
    """Return the purpose of a room, from its __init__.py."""
    init = ROOT / name / "__init__.py"
    if init.is_file():
        return first_line(str(init.relative_to(ROOT)))
    folders = sorted(
        path.name for path in (ROOT / "cnnviz/ui").iterdir()
        if path.is_dir() and path.name not in (*SHARED, "__pycache__")
    )  # fmt: skip
    return {
        "pages": f"{len(list((ROOT / 'pages').glob('*.py')))} pages, each read from top to bottom.",
        ENTRY: "Routes, navigation, the picture picker; and how it is served.",
        PAGES: f"What one page alone needs: {', '.join(folders)}.",
    }[name]
