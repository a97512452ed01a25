"""All kernels applied to the picture; choosing one takes it apart."""

from cnnviz.ui.chain.kernel_cards import gallery_of_picture
from cnnviz.ui.export.downloads import Work
from cnnviz.ui.kernels.settings import GALLERY, one, part
from cnnviz.ui.kernels.taken_apart import computed
from cnnviz.ui.maps.gallery import chosen, gallery
from cnnviz.ui.widgets import frame, live_page


def draw_gallery(page: live_page.Page, regions: frame.Regions) -> Work:
    """Draw the map of every kernel."""
    with regions.bench:
        chosen(GALLERY, one.chosen, then=lambda: part.set("one"))
        page.draw(cards)
    return Work(*computed())


def cards() -> live_page.Steps[None]:
    """Draw the cards; they change only with the picture."""
    packed = gallery_of_picture(GALLERY)
    yield [(GALLERY, packed)]
    gallery(GALLERY, packed)
