"""Draw the rooms of the code and the road of a change from its imports: docs/architecture.md.

python -m scripts.architecture          # writes the page and its two drawings again
python -m scripts.architecture --check  # says whether they are as the imports have them
"""

import ast
import re
import sys
from collections.abc import Iterable, Mapping
from html import escape
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

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

# The road of a change: a slider of the Lab is dragged, and its maps follow. Each station imports
# the one before or the one after it, but for those that are called back or reached by a message.
ROAD = (
    ("static/components/slider/slider.js", ""),
    ("static/components/live/hand.js", "imports"),
    ("static/components/live/channel.js", "imports"),
    ("cnnviz/ui/server/live/route.py", "one message up /live"),
    ("cnnviz/ui/server/live/connection.py", "imports"),
    ("cnnviz/ui/server/live/one_in_flight.py", "imports"),
    ("cnnviz/ui/server/live/pool.py", "imports"),
    ("cnnviz/ui/server/live/scenes.py", "a thread is free and answers"),
    ("cnnviz/ui/widgets/live_page.py", "calls back the page's scene"),
    ("cnnviz/ui/lab/maps.py", "calls back the part to draw"),
    ("cnnviz/ui/chain/run.py", "imports"),
    ("cnnviz/experiments/chain.py", "imports"),
    ("cnnviz/functional/convolution.py", "imports"),
    ("cnnviz/ui/lab/maps.py", "returns the arrays"),
    ("cnnviz/ui/chain/panes.py", "imports"),
    ("cnnviz/ui/lab/maps.py", "returns the panes"),
    ("cnnviz/ui/maps/boards.py", "imports"),
    ("cnnviz/ui/maps/message.py", "imports"),
    ("cnnviz/ui/server/live/wire.py", "returns the planes"),
    ("static/components/live/wire.js", "one binary message down"),
    ("static/components/maps/maps.js", "calls back what listens for the board"),
)

STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #1c1f24 }
.small { font-size: 11px; fill: #5b6470 }
rect { fill: #fff; stroke: #9aa4b2 }
.browser { fill: #eef2ff }
path { fill: none; stroke: #9aa4b2 }
marker path { fill: #9aa4b2 }
svg { background: #fff }
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" \
orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>"""

Graph = Mapping[str, set[str]]


def sources() -> list[Path]:
    """Return the files of the app, in order."""
    files = [ROOT / "app.py", ROOT / "asgi.py", *(ROOT / "pages").glob("*.py")]
    return sorted([*files, *(ROOT / "cnnviz").rglob("*.py")])


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
    """Return the room in which a file lies; "" for what is at the door, as cnnviz/cli.py.

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
    """Return which rooms each room imports from."""
    graph: dict[str, set[str]] = {}
    for file in sources():
        own = room(str(file.relative_to(ROOT)))
        if own:
            graph.setdefault(own, set()).update(
                other for path in imported(file) if (other := room(path)) not in ("", own)
            )
    return graph


def reach(graph: Graph, start: str) -> set[str]:
    """Return all rooms that a room depends on, by way of others too."""
    found: set[str] = set()
    new = set(graph.get(start, ()))
    while new:
        found |= new
        new = {far for near in new for far in graph.get(near, ())} - found
    return found


def levels(graph: Graph) -> list[list[str]]:
    """Return the rooms by floor, the ground last; rooms that import each other share a floor.

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
    """Return the imports that no others imply, each as (who, of whom).

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
    """Return what a file says of itself, the first sentence."""
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
    """Return what a room is for, as its __init__.py says."""
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


def svg(width: int, height: int, title: str, parts: Iterable[str]) -> str:
    """Return a drawing as text."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img"><title>{escape(title)}</title>'
    )
    return "\n".join([head, STYLE, *parts, "</svg>\n"])


def rooms_drawing(graph: Graph) -> str:
    """Draw the rooms by floor, and an arrow from each to those that it imports from."""
    box, tall, gap, rise = 170, 40, 24, 96
    floors = levels(graph)
    width = max(len(floor) for floor in floors) * (box + gap) + gap
    at: dict[str, tuple[float, float]] = {}
    for row, floor in enumerate(floors):
        left = (width - len(floor) * (box + gap) + gap) / 2
        for column, name in enumerate(floor):
            at[name] = left + column * (box + gap), 20 + row * rise
    parts = []
    for name, other in needed(graph):
        (x, y), (to_x, to_y) = at[name], at[other]
        if y == to_y:
            side = 1 if to_x > x else -1
            start, end = x + box / 2 + side * box / 4, to_x + box / 2 - side * box / 4
            parts.append(
                f'<path d="M{start:g} {y:g} C{start:g} {y - 24:g} {end:g} {y - 24:g} '
                f'{end:g} {y:g}" marker-end="url(#tip)"/>'
            )
        else:
            middle = (y + tall + to_y) / 2
            parts.append(
                f'<path d="M{x + box / 2:g} {y + tall:g} C{x + box / 2:g} {middle:g} '
                f'{to_x + box / 2:g} {middle:g} {to_x + box / 2:g} {to_y:g}" '
                f'marker-end="url(#tip)"/>'
            )
    for name, (x, y) in at.items():
        parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{box}" height="{tall}" rx="6"/>'
            f'<text x="{x + box / 2:g}" y="{y + 25:g}" text-anchor="middle">{escape(name)}</text>'
        )
    return svg(width, 20 + len(floors) * rise - rise + tall + 20, "The rooms of the code", parts)


def road_drawing() -> str:
    """Draw the stations of a change one below the other, those of the browser to the left."""
    box, tall, rise = 330, 34, 62
    parts = [
        '<text x="185" y="20" text-anchor="middle">in the browser</text>',
        '<text x="605" y="20" text-anchor="middle">at the server</text>',
    ]
    before = None
    for number, (path, how) in enumerate(ROAD):
        browser = path.startswith("static/")
        x, y = (20 if browser else 440), 36 + number * rise
        if before is not None:
            start, end = before + box / 2, x + box / 2
            top = y - rise + tall
            label = y - (10 if start == end else 20)
            parts.append(
                f'<path d="M{start:g} {top} C{start:g} {top + 16} {end:g} {y - 16} {end:g} {y}" '
                f'marker-end="url(#tip)"/>'
                f'<text class="small" x="{(start + end) / 2 + 8:g}" y="{label}">'
                f"{escape(how)}</text>"
            )
        kind = ' class="browser"' if browser else ""
        name = path.removeprefix("static/components/").removeprefix("cnnviz/")
        parts.append(
            f'<rect{kind} x="{x}" y="{y}" width="{box}" height="{tall}" rx="6"/>'
            f'<text x="{x + box / 2:g}" y="{y + 22}" text-anchor="middle">{name}</text>'
        )
        before = x
    return svg(790, 36 + len(ROAD) * rise, "The road of a change", parts)


def broken() -> list[str]:
    """Return the stations of the road that do not import what the drawing says."""
    return [
        f"{before} does not import {path}"
        for (before, _), (path, how) in pairwise(ROAD)
        if how == "imports" and path not in imported(ROOT / before)
    ]


def page(graph: Graph) -> str:
    """Return docs/architecture.md."""
    names = [name for floor in levels(graph) for name in floor]
    stations = dict.fromkeys(path for path, _ in ROAD)
    lines = [
        "# Architecture",
        "",
        "Written by `python -m scripts.architecture` from what the files import and say of",
        "themselves; a test compares. CONTRIBUTING.md says where a new thing goes.",
        "",
        "## Rooms",
        "",
        "An arrow leads from a room to one that it imports from; what others imply is left out.",
        "",
        "![The rooms of the code](rooms.svg)",
        "",
        "| room | what it is for |",
        "|---|---|",
        *(f"| `{name}` | {purpose(name)} |" for name in names),
        "",
        "## The road of a change",
        "",
        "What happens while a slider of the Lab is dragged. No script runs and nothing of the page",
        "is drawn anew; when the hand lets go, the page runs once, by the same code.",
        "",
        "![The road of a change](road.svg)",
        "",
        f"{len(stations)} modules take part:",
        "",
        "| module | what it is for |",
        "|---|---|",
        *(f"| `{path}` | {first_line(path)} |" for path in stations),
        "",
    ]
    return "\n".join(lines)


def written() -> dict[Path, str]:
    """Return the text of each file that this program writes."""
    graph = rooms()
    return {
        DOCS / "architecture.md": page(graph),
        DOCS / "rooms.svg": rooms_drawing(graph),
        DOCS / "road.svg": road_drawing(),
    }


def main() -> int:
    """Write the files, or say with --check which are not as they should be."""
    for sentence in broken():
        print(sentence)
    if "--check" not in sys.argv[1:]:
        for path, text in written().items():
            path.write_text(text, encoding="utf-8")
        return len(broken())
    stale = [
        path
        for path, text in written().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        print(f"{path.relative_to(ROOT)} is not as the code has it.")
    return len(stale) + len(broken())


if __name__ == "__main__":
    sys.exit(main())
