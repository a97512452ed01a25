"""Questions to a class: asked, answered, counted, shown, and judged."""

import asyncio
import json

import numpy as np
import pytest

from cnnviz import conv2d
from cnnviz.images.colour_maps import COLOUR_MAPS, THEMES
from cnnviz.ui.server.rooms import acts
from cnnviz.ui.server.rooms.questions import AS_STRONG, gallery
from cnnviz.ui.server.rooms.truth_rows import maps_of
from cnnviz.ui.server.rooms.wire import LENGTH
from tests.message import unpacked
from tests.ui.server.rooms.classroom import PICTURE, SOBEL, board, posed, process, run, show


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
            tab.say({"answer": 1, "value": truth})  # a changed answer, not a second one
            await tab.until(lambda tab: tab.said["question"]["mine"] == truth)
            other.say({"answer": 1, "value": 1})
            await teacher.until(lambda tab: tab.said.get("answers") == {"n": 1, "count": 2})
            assert tab.said["result"] is None
            teacher.say({"show": 1})
            told = {"n": 1, "kind": "number", "count": 2, "truth": truth,
                    "tally": sorted([[1.0, 1, False], [truth, 1, True]])}  # fmt: skip
            await tab.until(lambda tab: tab.said["result"])
            assert tab.said["result"] == {**told, "mine": truth, "right": True}
            await other.until(lambda tab: tab.said.get("result"))
            assert other.said["result"] == {**told, "mine": 1, "right": False}
            late = await here.follower(lead.code)
            await late.until(lambda tab: tab.said.get("result"))
            assert late.said["result"] == {**told, "mine": None, "right": None}
            assert late.said["question"]["shown"]

    lesson()


def test_the_cell_that_is_asked_about_stays_marked_while_the_teacher_points_elsewhere():
    @run
    async def lesson():
        async with process() as here:
            asked = {"kind": "number", "board": "lab", "pane": 1, "row": 3, "column": 4}
            lead, teacher, tab = await posed(here, asked)
            mark = {"board": "lab", "stage": 1, "row": 3, "column": 4, "chain": 0, "pinned": False}
            await tab.until(lambda tab: tab.cell == mark)
            elsewhere = {**mark, "row": 6}
            teacher.say({"cell": elsewhere})
            room = await here.rooms.find(lead.code)
            while room.said.get("cell") != elsewhere:
                await asyncio.sleep(0)
            await show(here, lead.code, live_other=b"1")
            await tab.until(lambda tab: "live:other" in tab.shown)
            assert tab.cell == mark
            teacher.say({"close": 1})
            await tab.until(lambda tab: tab.cell == elsewhere)

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
            tab.say({"answer": 1, "value": 0})
            await tab.until(
                lambda tab: tab.said.get("error") == "This question no longer takes answers."
            )
            assert not tab.said["question"]["open"]  # which it learns before the refusal
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


def test_a_returning_follower_keeps_the_answer_and_cannot_answer_twice():
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


def test_each_answer_has_a_receipt_even_if_it_is_the_same_as_before():
    @run
    async def lesson():
        async with process() as here:
            _, _, tab = await posed(here, {"kind": "choose", "options": ["a", "b"], "right": 0})
            for _ in range(2):
                del tab.said["question"]
                tab.say({"answer": 1, "value": 1})
                await tab.until(lambda tab: tab.said.get("question", {}).get("mine") == 1)

    lesson()


def test_one_who_leaves_and_comes_as_somebody_else_cannot_answer_without_end(monkeypatch):
    monkeypatch.setattr(acts, "MOST_HERE", 2)

    @run
    async def lesson():
        async with process() as here:
            lead, teacher, tab = await posed(
                here, {"kind": "choose", "options": ["a", "b"], "right": 0}
            )
            for _ in range(2):
                again = await here.follower(lead.code)
                again.say({"answer": 1, "value": 1})
                await again.until(lambda tab: tab.said.get("question", {}).get("mine") == 1)
                await again.close()
            tab.say({"answer": 1, "value": 0})
            await tab.until(
                lambda tab: (
                    tab.said.get("error") == "This question cannot take any more answers; "
                    "the teacher can ask it again."
                )
            )
            last = await here.follower(lead.code, again.me)
            last.say({"answer": 1, "value": 0})  # a changed answer takes no more room
            await last.until(lambda tab: tab.said.get("question", {}).get("mine") == 0)
            teacher.say({"show": 1})
            await teacher.until(lambda tab: tab.said.get("result"))
            assert teacher.said["result"]["tally"] == [1, 1]

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
                lambda tab: tab.said.get("error") == "That is not an answer to this question."
            )
            tab.say({"answer": 1, "value": [5, 11]})
            other.say({"answer": 1, "value": [15, 2]})
            await teacher.until(lambda tab: tab.said.get("answers") == {"n": 1, "count": 2})
            teacher.say({"show": 1})
            await tab.until(lambda tab: tab.said["result"])
            assert tab.said["result"]["truth"] == [5, 12]
            assert tab.said["result"]["tally"] == [[15, 2, 1, False], [5, 11, 1, True]]
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
            for theme, name in THEMES["kernel"].items():  # weights have the same palette everywhere
                table = np.frombuffer(
                    maps, np.uint8, 768, 4 + length + header["kernelTable"][theme]
                )
                assert table.tobytes() == COLOUR_MAPS[name].tobytes()
            for at, one in zip(header["offsets"], wanted, strict=True):
                levels = np.frombuffer(maps, np.uint8, 64, 4 + length + at).reshape(8, 8)
                drawn = (levels / 127 - 1) * header["limit"]
                assert np.abs(drawn - one).max() <= header["limit"] / 127
            await teacher.until(lambda tab: "answers" in tab.shown)
            assert teacher.shown == {"answers": maps}  # the teacher already has the rest
            assert teacher.screen is None
            teacher.say({"clear": 1})
            await tab.until(lambda tab: "answers" not in tab.shown)

    lesson()


def test_one_kernel_of_large_weights_does_not_blank_the_maps_of_the_others():
    maps = gallery([SOBEL, SOBEL, [[99] * 3] * 3, [[0] * 3] * 3], maps_of(board()), 1)
    header, data = unpacked(bytes(maps))
    levels = [data[offset : offset + 64] for offset in header["offsets"]]
    assert max(levels[0]) - min(levels[0]) > 50
    assert (max(levels[2]), set(levels[3])) == (254, {127})


def test_a_kernel_of_large_weights_does_not_blank_the_map_of_the_only_other_one():
    alone, both = (
        unpacked(bytes(gallery(kernels, maps_of(board()), 1)))[0]["limit"]
        for kernels in ([SOBEL], [SOBEL, [[99] * 3] * 3])
    )
    assert both <= AS_STRONG * alone


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
