"""Occlusion: cover the photo patch by patch, first with coarse patches, then with finer ones."""

from collections.abc import Hashable

from cnnviz.nn.inspection.occlusion import SIZES, Covering, cover_step_by_step
from cnnviz.ui.inside.network import PAGE
from cnnviz.ui.inside.photos.run import PhotoRun
from cnnviz.ui.widgets.session_values import state
from cnnviz.ui.widgets.transport import Stepwise

SESSION = f"{PAGE}:occlusion"
COARSE = (224 // SIZES[0]) ** 2  # patches; then it waits until the user asks for finer ones


class Occlusion(Stepwise):
    """The patches that have been covered so far."""

    def __init__(self, run: PhotoRun) -> None:
        super().__init__()
        self.network, self.image = run.network, run.image
        self.key: Hashable = run.key
        self.restart()
        self.running = True

    def restart(self) -> None:
        """Start over."""
        self.made: Covering | None = None
        self._steps = cover_step_by_step(self.network, self.image)

    @property
    def steps(self) -> int:
        """The number of covered patches."""
        return self.made.done if self.made else 0

    @property
    def over(self) -> bool:
        """Whether all patches are done."""
        return bool(self.made) and self.made.done == self.made.total

    @property
    def status(self) -> str:
        """The progress."""
        if not self.made:
            return ""
        return (
            f"{self.made.done} of {self.made.total} patches, the last {self.made.size} pixels wide"
        )

    def step(self) -> None:
        """Cover the next few patches; pause after the coarse ones."""
        self.made = next(self._steps)
        if self.made.done == COARSE:
            self.running = False


def session(run: PhotoRun) -> Occlusion:
    """Return the occlusion of a run's photo so far."""
    last: Occlusion | None = state().get(SESSION)
    if last is None or last.key != run.key:
        last = Occlusion(run)
        state()[SESSION] = last
    return last
