"""Draw the rooms of the code, and the path of a change, from the imports: docs/architecture.md.

python -m scripts.architecture          # writes the page and its two drawings
python -m scripts.architecture --check  # says whether they match the imports
"""

import sys
from collections.abc import Iterable
from html import escape
from itertools import pairwise
from pathlib import Path

from scripts.imports import ROOT, Graph, first_line, imported, levels, needed, purpose, rooms

DOCS = ROOT / "docs"

# The path of a change: a slider of the Lab is dragged, and its maps follow. Each station imports
# the one before or the one after it, except those that are called back or reached by a message.
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


def svg(width: int, height: int, title: str, parts: Iterable[str]) -> str:
    """Return a drawing as SVG text."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img"><title>{escape(title)}</title>'
    )
    return "\n".join([head, STYLE, *parts, "</svg>\n"])


def rooms_drawing(graph: Graph) -> str:
    """Draw the rooms by floor, with an arrow from each to the rooms that it imports from."""
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
    """Draw the stations of a change one below another, those in the browser on the left."""
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
    return svg(790, 36 + len(ROAD) * rise, "The path of a change", parts)


def broken() -> list[str]:
    """Return the stations of the path that do not import the next one as drawn."""
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
        "Generated by `python -m scripts.architecture` from the files' imports and docstrings;",
        "a test keeps it up to date. CONTRIBUTING.md says where to add something new.",
        "",
        "## Rooms",
        "",
        "An arrow leads from a room to one that it imports from; arrows implied by others are",
        "left out.",
        "",
        "![The rooms of the code](rooms.svg)",
        "",
        "| room | what it is for |",
        "|---|---|",
        *(f"| `{name}` | {purpose(name)} |" for name in names),
        "",
        "## The path of a change",
        "",
        "What happens while a slider of the Lab is dragged. No script runs, and Streamlit redraws",
        "nothing; when the user lets go, the page runs once, through the same code.",
        "",
        "![The path of a change](road.svg)",
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
    """Write the files, or with --check say which are out of date."""
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
        print(f"{path.relative_to(ROOT)} is out of date: run python -m scripts.architecture.")
    return len(stale) + len(broken())


if __name__ == "__main__":
    sys.exit(main())
