"""A class in a room of one process: following, answering, and what is not allowed."""

import asyncio
import json
import time

import numpy as np
import pytest

from cnnviz import conv2d
from cnnviz.ui.server.rooms import connection, protocol, recording
from cnnviz.ui.server.rooms.protocol import Lead
from cnnviz.ui.server.rooms.room import PUT, SCREEN, as_json
from cnnviz.ui.server.rooms.store import LASTS, Change, MemoryStore
from cnnviz.ui.server.rooms.wire import LENGTH, Put, packed
from tests.ui.server.rooms.classroom import Tab, message, process, run

CELL = {"board": "lab", "stage": 1, "row": 2, "column": 3, "chain": 0, "pinned": False}
SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
PICTURE = np.arange(64, dtype=np.uint8).reshape(8, 8) ** 2 % 251


def board(kernel=SOBEL, picture=PICTURE):
    """Return the message of a board: a picture, and what a kernel makes of it."""
    height, width = picture.shape
    common = {"place": [0, 0, 1, 1], "numbers": None, "channel": 0}
    header = {
        "board": "lab",
        "panes": [
            {**common, "role": "picture", "chain": None},
            {**common, "role": "convolution", "chain": 0},
        ],
        "input": {"offset": 0, "channels": 1, "height": height, "width": width, "factor": 1,
                  "exact": False},
        "chains": [
            {"matrices": [kernel], "divisor": 1, "bias": 0, "flip": False, "stride": [1, 1],
             "dilation": [1, 1], "pads": [[1, 1], [1, 1]], "mode": "zeros", "activation": "none",
             "parameters": {}, "norm": None, "pooling": None,
             "sizes": {"pooled": [height, width]}},
        ],
    }  # fmt: skip
    text = json.dumps(header).encode()
    return LENGTH.pack(len(text)) + text + picture.tobytes()


async def show(here, code, screen=None, **messages):
    """Change what a room shows, as a recording does."""
    put = {f"{PUT}{to.replace('_', ':')}": Put.of(packed(data)).written
           for to, data in messages.items()}  # fmt: skip
    if screen is not None:
        put[SCREEN] = as_json(screen)
    room = await here.rooms.find(code)
    assert await here.rooms.change(room, Change(put))


async def posed(here, question, **words):
    """Open a room with a board, a teacher and a follower, and pose a question."""
    lead = await here.rooms.open()
    await show(here, lead.code, live_lab=board(**words))
    teacher, follower = await here.teacher(lead), await here.follower(lead.code)
    teacher.say({"ask": question})
    await teacher.until(lambda tab: tab.said.get("question"))
    await follower.until(lambda tab: tab.said.get("question"))
    return lead, teacher, follower


def test_who_joins_gets_the_whole_screen_and_then_what_changes():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            first, second = message("a", 1), message("b", 2)
            await show(here, lead.code, {"page": "lab"}, mount_a=first, live_b=second)
            tab = await here.follower(lead.code.lower())
            await tab.until(lambda tab: tab.screen)
            assert tab.screen == {"page": "lab"}
            assert tab.shown == {"mount:a": bytes(first), "live:b": bytes(second)}
            assert tab.cell is None
            third = message("a", 3)
            await show(here, lead.code, mount_a=third)
            await tab.until(lambda tab: tab.shown["mount:a"] == bytes(third))
            assert tab.shown["live:b"] == bytes(second)

    lesson()


def test_a_part_that_a_tab_has_is_named_instead_of_sent():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            await show(here, lead.code, {"page": "lab"}, mount_a=message("a", 1))
            tab = await here.follower(lead.code)
            await tab.until(lambda tab: tab.shown)
            sizes = []
            tab.take_step, step = lambda data: (sizes.append(len(data)), step(data)), tab.take_step
            await show(here, lead.code, live_a=message("a", 1))
            await tab.until(lambda tab: "live:a" in tab.shown)
            assert tab.shown["live:a"] == bytes(message("a", 1))
            assert sizes[0] < 300  # of two planes of 1024 bytes

    lesson()


def test_a_slow_tab_skips_steps_and_ends_at_the_latest():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            await show(here, lead.code, {"page": "lab"}, live_a=message("a", 0))
            slow = await here.follower(lead.code, receipts=False)
            await slow.until(lambda tab: tab.shown)
            for seed in range(1, 20):
                await show(here, lead.code, live_a=message("a", seed))
            await asyncio.sleep(0)
            assert slow.steps == 1
            slow.say({"got": 1})
            await slow.until(lambda tab: tab.steps == 2)
            assert slow.shown["live:a"] == bytes(message("a", 19))

    lesson()


def test_a_hidden_tab_gets_no_steps_and_is_up_to_date_when_it_comes_back():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            tab, other = await here.follower(lead.code), await here.follower(lead.code)
            await tab.until(lambda tab: tab.steps)
            tab.say({"hidden": True})
            await asyncio.sleep(0)
            await show(here, lead.code, live_a=message("a", 1))
            await other.until(lambda tab: tab.shown)
            assert tab.down.empty()
            tab.say({"hidden": False})
            await tab.until(lambda tab: tab.shown)

    lesson()


def test_the_cell_in_hand_comes_from_the_teachers_browser():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            teacher, tab = await here.teacher(lead), await here.follower(lead.code)
            for row in range(5):
                teacher.say({"cell": {**CELL, "row": row}})
            await tab.until(lambda tab: tab.cell and tab.cell["row"] == 4)
            late = await here.follower(lead.code)
            await late.until(lambda tab: tab.cell == {**CELL, "row": 4})
            teacher.say({"cell": None})
            await tab.until(lambda tab: tab.cell is None)

    lesson()


def test_people_are_counted_and_teachers_are_not(monkeypatch):
    monkeypatch.setattr("cnnviz.ui.server.rooms.rooms.TICK", 0.01)

    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            teacher = await here.teacher(lead)
            tabs = [await here.follower(lead.code) for _ in range(3)]
            await teacher.until(lambda tab: tab.said.get("people") == {"inside": 3, "free": 0})
            tabs[0].say({"free": True})
            await tabs[1].until(lambda tab: tab.said.get("people") == {"inside": 3, "free": 1})
            await tabs[0].close()
            await teacher.until(lambda tab: tab.said.get("people") == {"inside": 2, "free": 0})

    lesson()


def test_the_class_works_alone_when_the_teacher_says_so():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            teacher, tab = await here.teacher(lead), await here.follower(lead.code)
            teacher.say({"mode": "free"})
            await tab.until(lambda tab: tab.said.get("mode") == "free")
            late = await here.follower(lead.code)
            assert late.said["welcome"]["mode"] == "free"

    lesson()


def test_a_number_is_asked_counted_shown_and_judged():
    @run
    async def lesson():
        async with process() as here:
            asked = {"kind": "number", "board": "lab", "pane": 1, "row": 3, "column": 4}
            lead, teacher, tab = await posed(here, {**asked, "text": "How large?"})
            state = {"n": 1, "text": "How large?", "open": True, "shown": False, "mine": None}
            assert tab.said["question"] == {**asked, **state}
            truth = float(conv2d(PICTURE.astype(float), np.array(SOBEL, float), padding=1)[3, 4])
            other = await here.follower(lead.code)
            tab.say({"answer": 1, "value": 7})
            await tab.until(lambda tab: tab.said["question"]["mine"] == 7)
            tab.say({"answer": 1, "value": truth})  # changed, not a second one
            await tab.until(lambda tab: tab.said["question"]["mine"] == truth)
            other.say({"answer": 1, "value": 1})
            await teacher.until(lambda tab: tab.said.get("answers") == {"n": 1, "count": 2})
            assert tab.said["result"] is None
            teacher.say({"show": 1})
            told = {"n": 1, "kind": "number", "count": 2, "truth": truth,
                    "tally": [[value, 1] for value in sorted((1.0, truth))]}  # fmt: skip
            await tab.until(lambda tab: tab.said["result"])
            assert tab.said["result"] == {**told, "mine": truth, "right": True}
            await other.until(lambda tab: tab.said.get("result"))
            assert other.said["result"] == {**told, "mine": 1, "right": False}
            late = await here.follower(lead.code)
            await late.until(lambda tab: tab.said.get("result"))
            assert late.said["result"] == {**told, "mine": None, "right": None}
            assert late.said["question"]["shown"]

    lesson()


def test_nothing_says_the_truth_or_others_answers_before_they_are_shown():
    @run
    async def lesson():
        async with process() as here:
            asked = {"kind": "choose", "options": ["Blur", "Edges"], "right": 1}
            lead, teacher, tab = await posed(here, asked)
            assert "right" not in tab.said["question"]
            spy = await here.follower(lead.code)
            tab.say({"answer": 1, "value": 0})
            await teacher.until(lambda tab: tab.said.get("answers") == {"n": 1, "count": 1})
            teacher.say({"close": 1})
            await spy.until(lambda tab: not tab.said.get("question", {"open": True})["open"])
            assert not {"answers", "screens", "lifted"} & set(spy.said)
            assert spy.said["result"] is None
            teacher.say({"show": 1})
            await spy.until(lambda tab: tab.said["result"])
            assert spy.said["result"]["tally"] == [1, 0]
            assert spy.said["result"]["truth"] == 1

    lesson()


def test_a_closed_question_takes_no_answer_and_a_cleared_one_is_gone():
    @run
    async def lesson():
        async with process() as here:
            lead, teacher, tab = await posed(
                here, {"kind": "choose", "options": ["a", "b"], "right": None}
            )
            teacher.say({"close": 1})
            await tab.until(lambda tab: not tab.said["question"]["open"])
            tab.say({"answer": 1, "value": 0})
            await tab.until(
                lambda tab: tab.said.get("error") == "This question no longer takes answers."
            )
            teacher.say({"clear": 1})
            await tab.until(lambda tab: tab.said["question"] is None)
            room = await here.rooms.find(lead.code)
            assert not room.answers
            teacher.say({"show": 1})
            await teacher.until(lambda tab: "error" in tab.said)
            teacher.say({"ask": {"kind": "choose", "options": ["a", "b"], "right": 0}})
            await tab.until(lambda tab: tab.said["question"])
            assert tab.said["question"]["n"] == 2

    lesson()


def test_who_comes_back_has_the_answer_of_before_and_cannot_answer_twice():
    @run
    async def lesson():
        async with process() as here:
            lead, teacher, tab = await posed(
                here, {"kind": "choose", "options": ["a", "b"], "right": 0}
            )
            tab.say({"answer": 1, "value": 1})
            await tab.until(lambda tab: tab.said["question"]["mine"] == 1)
            await tab.close()
            again = await here.follower(lead.code, tab.me)
            assert again.me == tab.me
            await again.until(lambda tab: tab.said.get("question"))
            assert again.said["question"]["mine"] == 1
            again.say({"answer": 1, "value": 0})
            await again.until(lambda tab: tab.said["question"]["mine"] == 0)
            teacher.say({"show": 1})
            await teacher.until(lambda tab: tab.said.get("result"))
            assert teacher.said["result"]["tally"] == [1, 0]

    lesson()


def test_an_identity_that_the_server_has_not_given_is_none():
    @run
    async def lesson():
        async with process() as here:
            lead, other = await here.rooms.open(), await here.rooms.open()
            tab = await here.follower(lead.code)
            made_up = await here.follower(lead.code, "0" * 64)
            elsewhere = await here.follower(other.code, tab.me)
            assert len({tab.me, made_up.me, elsewhere.me, "0" * 64}) == 4

    lesson()


def test_taps_come_back_as_counts_and_those_on_the_strongest_are_right():
    @run
    async def lesson():
        async with process() as here:
            picture = np.zeros((20, 20), np.uint8)
            picture[5, 12] = 200
            asked = {"kind": "point", "board": "lab", "pane": 1}
            lead, teacher, tab = await posed(
                here, asked, picture=picture, kernel=[[0] * 3, [0, 9, 0], [0] * 3]
            )
            other = await here.follower(lead.code)
            tab.say({"answer": 1, "value": [20, 0]})
            await tab.until(
                lambda tab: tab.said.get("error") == "That is no answer to this question."
            )
            tab.say({"answer": 1, "value": [5, 11]})
            other.say({"answer": 1, "value": [15, 2]})
            await teacher.until(lambda tab: tab.said.get("answers") == {"n": 1, "count": 2})
            teacher.say({"show": 1})
            await tab.until(lambda tab: tab.said["result"])
            assert tab.said["result"]["truth"] == [5, 12]
            assert tab.said["result"]["tally"] == [[15, 2, 1], [5, 11, 1]]
            assert tab.said["result"]["right"] is True
            await other.until(lambda tab: tab.said.get("result"))
            assert other.said["result"]["right"] is False

    lesson()


def test_drawn_kernels_come_back_with_their_maps_the_commonest_first():
    @run
    async def lesson():
        async with process() as here:
            lead, teacher, tab = await posed(here, {"kind": "draw", "board": "lab", "pane": 1})
            double = [[2 * weight for weight in row] for row in SOBEL]  # the same map, brighter
            blur = [[1] * 3] * 3
            for value in (blur, blur, double):
                person = await here.follower(lead.code)
                person.say({"answer": 1, "value": value})
            await teacher.until(lambda tab: tab.said.get("answers") == {"n": 1, "count": 3})
            teacher.say({"show": 1})
            await tab.until(lambda tab: tab.said.get("result") and "answers" in tab.shown)
            assert tab.said["result"]["tally"] == {
                "rights": 1,
                "kernels": [
                    {"kernel": blur, "count": 2, "right": False},
                    {"kernel": double, "count": 1, "right": True},
                ],
            }
            maps = tab.shown["answers"]
            (length,) = LENGTH.unpack_from(maps)
            header = json.loads(maps[4 : 4 + length])
            wanted = [
                conv2d(PICTURE.astype(float), np.array(k, float), padding=1) for k in (blur, double)
            ]
            assert header["limit"] == max(np.abs(one).max() for one in wanted)
            assert (header["height"], header["width"]) == (8, 8)
            for at, one in zip(header["offsets"], wanted, strict=True):
                levels = np.frombuffer(maps, np.uint8, 64, 4 + length + at).reshape(8, 8)
                drawn = (levels / 127 - 1) * header["limit"]
                assert np.abs(drawn - one).max() <= header["limit"] / 127
            await teacher.until(lambda tab: "answers" in tab.shown)
            assert teacher.shown == {"answers": maps}  # the rest the teacher has
            assert teacher.screen is None
            teacher.say({"clear": 1})
            await tab.until(lambda tab: "answers" not in tab.shown)

    lesson()


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ({"kind": "point", "board": "none", "pane": 1}, "There are no maps “none” on the page."),
        ({"kind": "point", "board": "lab", "pane": 7}, "There are 2 maps here"),
        ({"kind": "number", "board": "lab", "pane": 1, "row": 8, "column": 0}, "8 × 8 cells"),
    ],
)  # fmt: skip
def test_a_question_without_a_truth_is_not_posed(question, sentence):
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            await show(here, lead.code, live_lab=board())
            teacher = await here.teacher(lead)
            teacher.say({"ask": question})
            await teacher.until(lambda tab: sentence in tab.said.get("error", ""))
            room = await here.rooms.find(lead.code)
            assert room.question is None

    lesson()


def test_a_screen_is_shown_only_if_its_owner_agrees():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            teacher, other = await here.teacher(lead), await here.follower(lead.code)
            await other.until(lambda tab: tab.steps)
            owner = await here.free(lead.code)
            owner.say({"here": {"page": "pooling", "query": "stride=3"}})
            await asyncio.sleep(0)
            room = await here.rooms.find(lead.code)
            told = as_json({"inside": 2, "free": 1, "at": time.time()})
            await here.rooms.change(room, Change({f"members:{here.rooms.process}": told}))
            await teacher.until(lambda tab: tab.said.get("screens"))
            ((screen, page),) = [one.values() for one in teacher.said["screens"]]
            assert page == "pooling"
            assert "stride" not in json.dumps(teacher.said)
            for agreed, where in ((False, None), (True, {"page": "pooling", "query": "stride=3"})):
                teacher.said.pop("lifted", None)
                teacher.say({"lift": screen})
                await owner.until(lambda tab: tab.said.get("lift"))
                owner.say({"agree": agreed})
                await teacher.until(lambda tab: "lifted" in tab.said)
                assert teacher.said["lifted"] == where
                await owner.until(lambda tab: not tab.said["lift"])
            assert not {"lift", "lifted", "screens"} & set(other.said)
            other.say({"agree": True})  # nobody asked
            teacher.say({"lift": "0" * 12})
            await teacher.until(lambda tab: "not there" in tab.said.get("error", ""))

    lesson()


def test_the_teacher_ends_the_room_for_all():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            teacher, tab = await here.teacher(lead), await here.follower(lead.code)
            teacher.say({"end": True})
            await tab.until(lambda tab: tab.closed == protocol.ENDED)
            assert tab.said["ended"] == connection.OVER
            assert (
                await here.rooms.find(lead.code) is None or (await here.rooms.find(lead.code)).over
            )

    lesson()


def test_a_room_ends_three_hours_after_the_last_sign_of_the_teacher(monkeypatch):
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)

    async def lesson():
        nonlocal now
        store = MemoryStore()
        assert await store.create("KRTZN", {"key": b""}, LASTS)
        now += LASTS - 1
        assert (await store.load("KRTZN")).lasts == 1
        await store.change("KRTZN", Change({"answer:1:x": b"1"}))  # no sign of the teacher
        assert (await store.load("KRTZN")).lasts == 1
        await store.change("KRTZN", Change(sign=True))
        assert (await store.load("KRTZN")).lasts == LASTS
        now += LASTS
        assert await store.load("KRTZN") is None
        assert await store.change("KRTZN", Change(sign=True)) is None

    asyncio.run(lesson())


def test_a_key_brings_the_room_back_and_no_other_word_does():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            assert protocol.CODE.fullmatch(lead.code)
            assert len(bytes.fromhex(lead.key)) == 16
            for _ in range(2):
                teacher = await here.teacher(lead)
                assert teacher.said["welcome"] == {
                    "code": lead.code,
                    "leads": True,
                    "me": "",
                    "mode": "follow",
                }
            thief = Tab(here.app)
            here.tabs.append(thief)
            await thief.open()
            thief.say({"lead": lead.code, "key": "0" * 32})
            await thief.until(lambda tab: tab.closed == protocol.NOT_THE_KEY)
            room = await here.rooms.find(lead.code)
            assert lead.key.encode() not in b"".join(room.fields.values())

    lesson()


def test_a_session_that_leads_after_another_takes_its_place():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            one = await recording.begin(here.rooms, lead)
            one.live("lab", message("lab", 1))
            tab = await here.follower(lead.code)
            await tab.until(lambda tab: tab.shown.get("live:lab") == bytes(message("lab", 1)))
            two = await recording.begin(here.rooms, lead)
            one.live("lab", message("lab", 2))
            two.live("lab", message("lab", 3))
            await tab.until(lambda tab: tab.shown["live:lab"] == bytes(message("lab", 3)))
            while not one.ended:
                await asyncio.sleep(0)
            assert not two.ended
            assert await recording.begin(here.rooms, Lead(lead.code, "0" * 32)) is None

    lesson()


def test_a_code_that_is_no_room_is_told_so_and_many_of_them_slowly(monkeypatch):
    waited = []

    async def sleep(seconds):
        waited.append(seconds)

    @run
    async def lesson():
        async with process() as here:
            here.tries.free = 3
            lead = await here.rooms.open()
            with monkeypatch.context() as patch:
                patch.setattr(connection, "sleep", sleep)
                for _ in range(5):
                    tab = Tab(here.app)
                    here.tabs.append(tab)
                    await tab.open()
                    tab.say({"join": "BBBBB", "me": ""})
                    await tab.until(lambda tab: tab.closed == protocol.UNKNOWN)
                assert waited == [1.0, 2.0]
                await here.follower(lead.code, "0" * 64)
                assert waited == [1.0, 2.0]  # who has been here before does not wait
                await here.follower(lead.code, address="192.0.2.8")
                assert waited == [1.0, 2.0]
                await here.follower(lead.code)
                assert waited == [1.0, 2.0, 3.0]

    lesson()


@pytest.mark.parametrize(
    "garbage",
    ["no JSON", "{}", "[]", '{"end": true}',
     '{"ask": {"kind": "point", "board": "lab", "pane": 0}}', '{"text": "hello"}',
     '{"answer": 1}', "[" * 9000],
)  # fmt: skip
def test_a_follower_that_says_what_no_browser_of_ours_says_is_let_go(garbage):
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            tab, other = await here.follower(lead.code), await here.follower(lead.code)
            tab.say(garbage)
            await tab.until(lambda tab: tab.closed in (1007, 1009))
            await show(here, lead.code, {"page": "lab"})
            await other.until(lambda tab: tab.screen)

    lesson()


def test_who_talks_without_end_is_let_go():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            tab = await here.follower(lead.code)
            for _ in range(connection.AT_ONCE + connection.A_SECOND):
                tab.say({"hidden": False})
            await tab.until(lambda tab: tab.closed == 1008)

    lesson()


def test_a_room_that_nobody_needs_is_forgotten_here_and_found_again(monkeypatch):
    monkeypatch.setattr("cnnviz.ui.server.rooms.rooms.TICK", 0.001)
    monkeypatch.setattr("cnnviz.ui.server.rooms.rooms.KEPT", 0)

    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            room = await here.rooms.find(lead.code)
            while lead.code in here.rooms._rooms:
                await asyncio.sleep(0.001)
            assert await here.rooms.find(lead.code) is not room

    lesson()


def test_a_thousand_people_are_enough(monkeypatch):
    monkeypatch.setattr(connection, "MOST_HERE", 2)

    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            for _ in range(2):
                await here.follower(lead.code)
            tab = Tab(here.app)
            here.tabs.append(tab)
            await tab.open()
            tab.say({"join": lead.code, "me": ""})
            await tab.until(lambda tab: tab.closed == protocol.FULL)
            await here.teacher(lead)

    lesson()


def test_a_tab_that_cannot_be_told_something_comes_back_for_the_whole(monkeypatch, caplog):
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            tab = await here.follower(lead.code)
            await tab.until(lambda tab: tab.steps)
            with monkeypatch.context() as patch:
                patch.setattr(connection, "step", lambda *_: 1 / 0)
                await show(here, lead.code, {"page": "lab"})
                await tab.until(lambda tab: tab.closed == connection.AGAIN)
            again = await here.follower(lead.code, tab.me)
            await again.until(lambda tab: tab.screen == {"page": "lab"})

    lesson()
    assert "ZeroDivisionError" in caplog.text
