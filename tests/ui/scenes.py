"""The scene of a page beside the page's own run: both have to give the same bytes."""

from cnnviz.nn import PRESETS, Block, format_stack
from cnnviz.ui.layers.stack_editor import StackText
from cnnviz.ui.server.live.requests import Request
from cnnviz.ui.widgets.drawing_pad import Drawing
from cnnviz.ui.widgets.number_grid import Matrix
from cnnviz.ui.widgets.settings import Choice, Number, Several, Switch
from tests.ui.pages import run_again

LARGEST = {"shared.size": 200, "layers.side": 80}  # of what only takes longer when it is larger


def scene(at):
    """Return the scene of the page that the session is on."""
    return at.session_state["cnnviz.live"].scene


def drawn(at, **changes):
    """Return what the scene shows after changes, given as texts by keys: bytes by their place."""
    return {to: bytes(packed) for to, packed in scene(at)(Request(1, changes))}


def sent(at):
    """Return what the page's run has sent to each component that takes bytes, by its key."""
    found = [element.proto for element in at.get("bidi_component")]
    return {_key(proto): proto.bytes for proto in found if proto.WhichOneof("data") == "bytes"}


def agree(at, changes):
    """Change settings in the scene and on the page; say whether they fitted.

    What the scene shows has to be what the page's run sends, and its sentence the page's.
    """
    scene_of_before, settings = scene(at), scene(at).settings
    try:
        maps = {to: bytes(packed) for to, packed in scene_of_before(Request(1, changes))}
        refused = None
    except ValueError as error:
        maps, refused = {}, str(error)
    run_again(at, {key: settings[key].understand(text) for key, text in changes.items()})
    run = sent(at)
    assert maps or refused
    for to, shown in maps.items():
        assert run[to] == shown, f"{to} after {changes}"
    complaints = [element.value for element in at.error]
    assert not refused or any(refused in complaint for complaint in complaints)
    return refused is None


def some_changes(at, rng, names):
    """Draw values at random for one to three settings, by their keys, as texts."""
    settings = {key: each for key, each in scene(at).settings.items() if key in names}
    keys = rng.choice(list(settings), size=rng.integers(1, 4))
    return {str(key): some_text(settings[str(key)], rng) for key in keys}


def changeable(at):
    """Return the keys of the settings for which `some_text` has values."""
    kinds = Number | Choice | Switch | Matrix | StackText | Drawing
    return [
        key
        for key, each in scene(at).settings.items()
        if isinstance(each, kinds) and each.CARRIED and not key.endswith(".lesson")
    ]


def some_text(setting, rng):
    """Return a value of a setting as a link writes it."""
    match setting:
        case Several():
            names = rng.choice(list(setting.options), size=rng.integers(1, 4), replace=False)
            return ",".join(names)
        case Choice():
            return str(rng.choice(list(setting.options)))
        case Switch():
            return str(rng.choice(["on", "off"]))
        case Number():
            high = min(setting.high, LARGEST.get(setting.key, setting.high))
            return setting.format(setting.nearest(rng.uniform(setting.low, high)))
        case Matrix():
            height, width = rng.integers(1, 5, 2)
            rows = rng.integers(-4, 9, (height, width))
            return ";".join(",".join(map(str, row)) for row in rows)
        case StackText():
            network = PRESETS[str(rng.choice(["three", "lenet5"]))].build(0)
            return format_stack([Block.of_layer(layer) for layer in network])
        case Drawing():
            points = rng.integers(0, 256, (4, 2))
            return "d" + "".join(f"{x:02x}{y:02x}" for x, y in points)
    raise TypeError(setting)


def _key(proto):
    """Return what a component is for: the key that the page has given it, or the board of maps."""
    return proto.id.split("-", 2)[2].removesuffix(":maps")
