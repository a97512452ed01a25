"""All kernels on the picture; choosing one takes it apart."""

from cnnviz.ui.chain.run import Run
from cnnviz.ui.kernels import views
from cnnviz.ui.kernels.settings import GALLERY, one, part
from cnnviz.ui.kernels.taken_apart import computed
from cnnviz.ui.maps.gallery import chosen, gallery, message
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets import frame, live, picture_picker


def draw_gallery(page: live.Page, stage: frame.Stage) -> tuple[Run, list[Pane]]:
    """Draw every kernel on the picture."""
    with stage.bench:
        chosen(GALLERY, one.chosen, then=lambda: part.set("one"))
        page.draw(cards)
    return computed()


def cards() -> live.Steps[None]:
    """Draw the cards; only another picture changes them."""
    packed = present_cards()
    yield [(GALLERY, packed)]
    gallery(GALLERY, packed)


def present_cards() -> Packed:
    """Return the cards of the present picture; a user's own photo leaves nothing behind."""
    if picture_picker.PHOTO.value:
        return message(GALLERY, views.cards(picture_picker.picture().pixels))
    return views.cards_of_sample(picture_picker.SAMPLE.value, GALLERY)
