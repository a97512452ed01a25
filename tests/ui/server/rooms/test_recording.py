"""What a leading session records: byte for byte what its browser gets, and nothing private."""

import json
import time
from threading import Thread

import numpy as np
import pytest

from cnnviz.images.sandbox import read_picture
from cnnviz.ui.server.live.requests import Request
from cnnviz.ui.server.live.scenes import live_session
from cnnviz.ui.server.rooms import acts, leading, recording, sessions
from cnnviz.ui.server.rooms import rooms as rooms_module
from cnnviz.ui.server.rooms.incoming import Ask, Show
from cnnviz.ui.server.rooms.protocol import LIVE, MOUNT
from cnnviz.ui.server.rooms.room import SCREEN
from cnnviz.ui.server.rooms.wire import in_parts
from tests.ui.pages import headers, open_page, run_again
from tests.ui.scenes import sent

LONG = 10  # seconds; only a failing test takes so long
# What a paragraph says about controls, which stay with the teacher.
OF_CONTROLS = {"Silence or amplify maps of a layer, and see what follows."}
PHOTO = np.random.default_rng(0).integers(0, 256, (60, 80, 3)).astype(np.uint8)


def led(at):
    """Let a page's session lead a room; return its recording."""
    here = rooms_module.rooms()
    lead = here.call(here.open())
    made = here.call(recording.begin(here, lead))
    at.session_state["cnnviz.room"] = made
    sessions._leading.add(made)
    return made


def until(true):
    """Wait for other threads until a condition is true; return its value."""
    end = time.monotonic() + LONG
    while not (found := true()):
        assert time.monotonic() < end
        time.sleep(0.005)
    return found


def until_whole(true):
    """Wait until a condition is true between two changes of the room; return its value.

    The room takes in the fields of a change one after the other, in another thread.
    """

    async def look():
        return true()

    return until(lambda: rooms_module.rooms().call(look()))


def shown(made, page):
    """Return what the room shows once its screen is that page: contents by receiver."""
    until_whole(lambda: (made.room.said.get(SCREEN) or {}).get("page") == page)
    return {to: put.content() for to, put in made.room.puts.items()}


@pytest.fixture
def lab():
    at = open_page("pages/1_Lab.py", {"shared.size": 64})
    made = led(at)
    run_again(at)
    made.finish([])
    yield at, made
    made.end()


@pytest.mark.parametrize(
    "page",
    ["1_Lab", "2_Pixels", "3_Convolution", "4_Kernels", "5_Geometry", "6_Activations", "7_Pooling"],
)
def test_a_room_shows_byte_for_byte_what_the_page_has_sent(page):
    at = open_page(f"pages/{page}.py", {"shared.size": 48})
    made = led(at)
    run_again(at)
    made.finish([])
    told = sent(at)
    found = shown(made, page.partition("_")[2].lower())
    items = {item["key"]: item for item in made.room.said[SCREEN]["items"] if "key" in item}
    assert {to.removeprefix(MOUNT) for to in found} == set(items)
    assert any(item["module"] in ("maps/maps", "gallery/gallery") for item in items.values())
    for key, item in items.items():
        content = found[MOUNT + key]
        assert told[key.removesuffix(":maps")] == (json.loads(content) if item["json"] else content)
    made.end()


def test_the_screen_has_titles_stages_sentences_and_link_in_the_order_of_the_page(lab):
    _, made = lab
    shown(made, "lab")
    screen = made.room.said[SCREEN]
    assert (screen["title"], screen["link"], screen["photo"]) == ("Lab", "size=64", "")
    assert screen["subtitle"].startswith("See what a CNN does")
    stages = [item["text"] for item in screen["items"] if item["kind"] == "stage"]
    assert stages[:2] == ["Input", "Convolution"]
    assert len(stages) == 4
    size, sentence = [item["text"] for item in screen["items"] if item["kind"] == "sentence"]
    assert size.startswith("Output size")
    assert sentence.startswith("**What to look for.** ")
    regions = {item.get("key", item.get("text")): item["region"] for item in screen["items"]}
    assert regions["lab:block"] == "maps"
    assert regions["Input"] == regions["lab:maps"] == "bench"


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("2_Pixels", "part=planes"),
        ("2_Pixels", "part=dense"),
        ("2_Pixels", "part=shift"),
        ("3_Convolution", ""),
        ("4_Kernels", "part=one"),
        ("4_Kernels", "part=passes"),
        ("4_Kernels", "part=row"),
        ("5_Geometry", "part=sizes"),
        ("5_Geometry", "part=border"),
        ("5_Geometry", "part=back"),
        ("6_Activations", "lesson=linear"),
        ("7_Pooling", ""),
        ("8_Layers", ""),
        ("9_Training", "part=kernel"),
        ("9_Training", "part=network"),
        ("9_Training", "part=own"),
        ("10_Inside", ""),
        ("10_Inside", "network=photos"),
    ],
)
def test_a_class_reads_every_paragraph_of_the_page(page, link):
    at = open_page(f"pages/{page}.py", {"shared.size": 48}, link=link)
    made = led(at)
    run_again(at)
    made.finish([])
    shown(made, page.partition("_")[2].lower())
    items = made.room.said[SCREEN]["items"]
    told = {item["text"].strip() for item in items if item["kind"] == "sentence"}
    assert told
    assert {one.value for one in at.markdown} - OF_CONTROLS <= told
    made.end()


def test_a_question_is_over_when_its_map_leaves_the_page_and_not_before(lab):
    at, made = lab
    here, room = rooms_module.rooms(), made.room
    shown(made, "lab")
    pane = next(
        i for i, one in enumerate(headers(at)["lab"]["panes"]) if one["role"] == "convolution"
    )
    there = {"board": "lab", "pane": pane}
    for fields in ({"kind": "point"}, {"kind": "draw"}, {"kind": "number", "row": 3, "column": 4}):
        kind = fields.pop("kind")
        here.call(acts.lead(here, room, Ask(kind, fields={**there, **fields})))
        n, before = room.open, room.version
        run_again(at)  # the same maps
        made.live("lab", in_parts(sent(at)["lab"]))
        made.finish([])
        until(lambda before=before: room.version > before and not made._outbox._working)
        assert room.open == n
        at.session_state["lab.bias"] = at.session_state["lab.bias"] + 5.0
        run_again(at)
        made.finish([])
        result = until_whole(lambda: room.said.get("result"))
        assert (result["n"], result["moved"], room.open) == (n, True, None)


def test_answers_that_are_shown_stay_with_other_settings_and_go_with_the_page(lab):
    at, made = lab
    here, room = rooms_module.rooms(), made.room
    shown(made, "lab")
    here.call(acts.lead(here, room, Ask("draw", fields={"board": "lab", "pane": None})))
    here.call(acts.lead(here, room, Show(room.open)))
    at.session_state["lab.bias"] = 5.0
    run_again(at)
    before = room.version
    made.finish([])
    until(lambda: room.version > before and not made._outbox._working)
    assert room.said["result"]["n"] == room.question["n"]
    at.switch_page("pages/7_Pooling.py")
    run_again(at)
    made.finish([])
    until_whole(lambda: not room.question)
    assert "result" not in room.said


def test_a_question_about_no_map_stays_when_the_page_changes(lab):
    at, made = lab
    here, room = rooms_module.rooms(), made.room
    shown(made, "lab")
    choice = Ask("choose", fields={"options": ["a", "b"], "right": 0})
    here.call(acts.lead(here, room, choice))
    at.session_state["lab.bias"] = 5.0
    run_again(at)
    before = room.version
    made.finish([])
    until(lambda: room.version > before and not made._outbox._working)
    assert room.open == 1


def test_kernels_to_choose_from_stay_with_the_teacher(lab):
    at, made = lab
    assert "lab:strip" in sent(at)
    assert not [to for to in shown(made, "lab") if "strip" in to]


def test_nothing_private_reaches_the_room(lab):
    at, made = lab
    shown(made, "lab")
    everything = b"".join(made.room.fields.values()) + b"".join(
        put.content() for put in made.room.puts.values()
    )
    assert live_session(at.session_state).token.encode() not in everything
    assert at.session_state["cnnviz.visit"].encode() not in everything
    assert not {"live", "link", "picker:thumbnails", "picker:live", "path"} & {
        item.get("key") for item in made.room.said[SCREEN]["items"]
    }


def test_answers_of_the_live_channel_are_passed_on_and_end_with_the_next_run(lab):
    at, made = lab
    shown(made, "lab")
    answers = dict(live_session(at.session_state).scene(Request(1, {"lab.bias": "40"})))
    for to, answer in answers.items():
        made.live(to, answer)
    until(lambda: LIVE + "lab" in made.room.puts)
    assert made.room.puts[LIVE + "lab"].content() == bytes(answers["lab"])
    run_again(at, {"lab.bias": 40.0})
    made.finish([])
    until_whole(lambda: LIVE + "lab" not in made.room.puts)
    assert made.room.puts["mount:lab:maps"].content() == sent(at)["lab"]


def test_an_answer_that_comes_while_a_run_ends_is_kept(lab, monkeypatch):
    _, made = lab
    shown(made, "lab")
    made.live("lab", in_parts("before"))
    until(lambda: LIVE + "lab" in made.room.puts)
    later = Thread(target=made.live, args=("lab", in_parts("after")))
    put = made._outbox.put

    def put_slowly(fields, gone=()):
        if SCREEN in fields:
            later.start()
            later.join(0.05)
        put(fields, gone)

    monkeypatch.setattr(made._outbox, "put", put_slowly)
    made.finish([])
    later.join()
    until(lambda: made.room.puts.get(LIVE + "lab") and not made._outbox._working)
    assert made.room.puts[LIVE + "lab"].content() == b'"after"'


def test_elements_that_a_page_no_longer_draws_are_removed(lab):
    at, made = lab
    shown(made, "lab")
    at.switch_page("pages/7_Pooling.py")
    run_again(at)
    made.finish([])
    assert not [to for to in shown(made, "pooling") if to.startswith("mount:lab")]


def test_a_part_of_a_page_replaces_what_stood_in_it_and_nothing_else(lab, monkeypatch):
    _, made = lab
    at, part = (), None
    monkeypatch.setattr(recording, "place", lambda *_: at)
    monkeypatch.setattr(recording, "fragment_place", lambda: part)

    def note(text, where, inside):
        nonlocal at, part
        at, part = where, inside
        made.sentence(text)

    def texts():
        items = made.room.said.get(SCREEN, {"items": []})["items"]
        return [item["text"] for item in items if "text" in item]

    inner = ("inner", (0, 3, 1))
    note("before", (0, 1), None)
    note("one", (0, 3, 0), ("outer", (0, 3)))
    note("two", (0, 3, 1, 0), inner)
    note("three", (0, 3, 1, 1), inner)
    note("after", (0, 10), None)
    made.finish([])
    until(lambda: texts() == ["before", "one", "two", "three", "after"])
    note("changed", (0, 3, 1, 0), inner)
    made.finish(["inner"])
    until(lambda: texts() == ["before", "one", "changed", "after"])
    note("all new", (0, 3, 2), ("outer", (0, 3)))
    made.finish(["outer"])
    until(lambda: texts() == ["before", "all new", "after"])


def test_the_photo_of_a_teacher_is_kept_at_working_size():
    at = open_page("pages/1_Lab.py", {"shared.size": 48}, photo=PHOTO)
    made = led(at)
    run_again(at)
    made.finish([])
    shown(made, "lab")
    assert made.room.said[SCREEN]["photo"] == "own"
    file = until(lambda: leading.picture(made.lead.code))
    assert read_picture(file, "photo").pixels.shape == (36, 48, 3)
    assert leading.picture("BBBBB") is None
    assert leading.picture("no code") is None
    made.end()


def test_a_session_that_does_not_lead_notes_nothing(monkeypatch):
    def refuse(*_):
        raise AssertionError("it does not lead")

    for name in ("component", "stage", "sentence", "heading", "photo", "finish"):
        monkeypatch.setattr(recording.Recording, name, refuse)
    open_page("pages/1_Lab.py", {"shared.size": 48})
    assert sessions.recording() is None


def test_a_photo_that_was_lifted_takes_no_other_ones_place():
    at = open_page("pages/1_Lab.py", {"shared.size": 48}, photo=PHOTO)
    made = led(at)
    own = at.session_state["cnnviz.photo"].digest
    at.session_state["cnnviz.room.lifted"] = own, f"{made.lead.code}-{'0' * 12}"
    run_again(at)
    made.finish([])
    shown(made, "lab")
    assert made.room.said[SCREEN]["photo"] == f"{made.lead.code}-{'0' * 12}"
    assert leading.picture(made.lead.code) is None
    made.end()
