"""The photo with one patch after the other covered: coarse patches first, then finer ones."""

from collections.abc import Hashable

from cnnviz.nn.inspection.occlusion import SIZES, Covering, cover_step_by_step
from cnnviz.ui.inside.network import PAGE
from cnnviz.ui.inside.photos.run import PhotoRun
from cnnviz.ui.widgets.session_values import state
from cnnviz.ui.widgets.transport import Stepwise

SESSION = f"{PAGE}:occlusion"
COARSE = (224 // SIZES[0]) ** 2  # patches, after which it waits to be asked for finer ones


class Occlusion(Stepwise):
    """The patches that have been covered so far."""

    def __init__(self, run: PhotoRun) -> None:
        super().__init__()
        self.network, self.image = run.network, run.image
        self.key: Hashable = run.key
        self.restart()
        self.running = True

    def restart(self) -> None:
        """Forget what was covered."""
        self.made: Covering | None = None
        self._steps = cover_step_by_step(self.network, self.image)

    @property
    def steps(self) -> int:
        """How many patches have been covered."""
        return self.made.done if self.made else 0

    @property
    def over(self) -> bool:
        """Whether all have been."""
        return bool(self.made) and self.made.done == self.made.total

    @property
    def status(self) -> str:
        """How far it is."""
        if not self.made:
            return ""
        return (
            f"{self.made.done} of {self.made.total} patches, the last {self.made.size} pixels wide"
        )

    def step(self) -> None:
        """Cover the next few patches; after the coarse ones, rest."""
        self.made = next(self._steps)
        if self.made.done == COARSE:
            self.running = False


def session(run: PhotoRun) -> Occlusion:
    """Return what has been covered of the photo of a run."""
    last: Occlusion | None = state().get(SESSION)
    if last is None or last.key != run.key:
        last = Occlusion(run)
        state()[SESSION] = last
    return last
