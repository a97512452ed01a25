"""Two answers side by side, as bars: for the original photo, and for the changed one."""

from cnnviz.ui.inside.network import PAGE
from cnnviz.ui.inside.photos.run import PhotoRun
from cnnviz.ui.maps import overview
from cnnviz.ui.maps.overview import LayerRow
from cnnviz.ui.server.live.parts import Packed

BEST = 3  # classes per answer
KEY = f"{PAGE}:tipping"


def packed(before: PhotoRun, after: PhotoRun) -> tuple[str, Packed]:
    """Return the largest shares before and after in one message."""
    return overview.packed(KEY, rows(before, after))


def rows(before: PhotoRun, after: PhotoRun) -> list[LayerRow]:
    """Return the best classes of both answers with their shares, in a common order."""
    which = list(dict.fromkeys([*before.best(BEST), *after.best(BEST)]))
    names = [before.classes[i] for i in which]
    return [
        LayerRow(name, title, "", run.shares[which], labels=names, shares=True)
        for name, title, run in (("before", "Before", before), ("after", "After", after))
    ]
