"""The colouring of maps: the settings of a page, behind one button."""

from cnnviz.ui.maps.panes import Colouring
from cnnviz.ui.widgets.frame import in_popover
from cnnviz.ui.widgets.setting_kinds import Choice, Switch
from cnnviz.ui.widgets.settings import Setting

SCALES = {"auto": "Automatic", "all": "One for all", "each": "Each its own"}
TABLES = {"diverging": "Blue–red", "grey": "Grey"}


class ColouringSettings:
    """The settings of one page."""

    def __init__(self, page: str) -> None:
        self.scale = Choice(
            f"{page}.scale",
            "Colour scale",
            "auto",
            "Automatic: maps share one scale, so the same value has the same colour; the outputs "
            "of sigmoid, hard sigmoid and tanh, which end at 1, have their own.",
            options=SCALES,
        )
        self.full = Switch(
            f"{page}.full",
            "Full range",
            help="The colours end at the largest value. Otherwise they end at the 99.5th "
            "percentile, so that a few extremes do not wash out the rest.",
        )
        self.table = Choice(
            f"{page}.table",
            "Colours",
            "diverging",
            "Blue below 0, red above. In grey, 0 is the middle grey. A map without negative "
            "values goes from black at 0 to white, unless it is made from a map on the same "
            "scale that has some: then equal values keep equal colours.",
            options=TABLES,
        )

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        return self.scale, self.full, self.table

    def controls(self) -> None:
        """Draw the button and the controls behind it."""
        in_popover("Colours", f"{self.scale.key}:more", self._all)

    def _all(self) -> None:
        self.scale.segments()
        self.table.segments()
        self.full.toggle()

    def chosen(self) -> Colouring:
        """Return the chosen colouring."""
        return Colouring(self.scale.value, not self.full.value, self.table.value)
