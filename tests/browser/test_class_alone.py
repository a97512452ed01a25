"""A follower who works alone, is cut off or shows their screen gets back to where the class is."""

import time

import pytest

from tests.browser.conftest import DESKTOP
from tests.browser.lesson import FOLLOWING, PHONE, Lesson, follows, works_alone
from tests.browser.line import line
from tests.browser.tab import Tab, own_picture
from tests.images.pictures import encoded, noise

BACK = 3.0  # seconds in which a follower is back with the class after losing the connection
TEACHERS, FOLLOWERS = noise(96, 128, seed=3), noise(80, 64, seed=4)


@pytest.fixture
def lesson(contexts, address):
    made = Lesson(contexts, address)
    yield made
    made.end()


def upload(tab, pixels):
    photo = {"name": "own.png", "mimeType": "image/png", "buffer": encoded(pixels, "PNG")}
    own_picture(tab.page).set_input_files(photo)


def test_a_learner_who_works_alone_has_the_teachers_photo_until_another_is_shown(lesson):
    phone, desk = lesson.join(PHONE, "light"), lesson.join(DESKTOP, "dark")
    upload(lesson.teacher, TEACHERS)
    lesson.teacher.shows("96 × 128")
    lesson.teacher.stands_still()
    before = lesson.teacher.figures()
    follows(phone, lesson)
    works_alone(phone, "photo=on")
    follows(phone, lesson)
    phone.slider("Bias").focus()
    own = phone.change(lambda: phone.page.keyboard.press("Home"))
    assert own[0] == before[0]  # of the picture, exact despite the PNG

    upload(phone, FOLLOWERS)
    phone.shows("80 × 64")
    phone.query("photo=on")
    lesson.page.bring_to_front()
    lesson.page.get_by_role("button", name=f"Class {lesson.code}").click()
    lesson.page.get_by_role("button", name="Lab 1").click()
    phone.page.bring_to_front()
    phone.slider("Bias").focus()
    mine = phone.change(lambda: phone.page.keyboard.press("End"))
    phone.page.get_by_role("button", name="Show it").click()  # the address has not followed yet
    lesson.page.bring_to_front()
    lesson.page.wait_for_url("**bias=255**")
    lesson.page.get_by_role("button", name=f"Class {lesson.code}").wait_for()
    lesson.teacher.settles(lesson.teacher.figures, mine)
    desk.page.bring_to_front()
    desk.settles(desk.figures, mine)
    works_alone(desk, "bias=255")
    desk.settles(desk.figures, mine)

    lesson.page.bring_to_front()
    lesson.page.get_by_role("button", name=f"Class {lesson.code}").click()
    with lesson.page.expect_navigation():
        lesson.page.get_by_role("button", name="Back to my screen").click()
    lesson.page.get_by_role("button", name=f"Class {lesson.code}").wait_for()
    lesson.teacher.settles(lesson.teacher.figures, before)
    lesson.page.get_by_role("button", name=f"Class {lesson.code}").click()
    assert not lesson.page.get_by_role("button", name="Back to my screen").is_visible()
    phone.page.bring_to_front()
    phone.page.get_by_role("link", name="Back to the teacher").click()
    phone.page.wait_for_function(FOLLOWING)
    phone.settles(phone.figures, before)


def test_a_lost_connection_leads_back_to_where_the_class_is(lesson):
    with line(lesson.address) as way:
        away = Tab(lesson.contexts(size=PHONE), way.address)
        away.page.goto(f"{way.address}/join/{lesson.code}")
        away.page.wait_for_function(FOLLOWING)
        follows(away, lesson)
        for _ in range(2):
            way.cut()
            away.page.get_by_text("Connection lost").wait_for()
            lesson.page.bring_to_front()
            lesson.teacher.slider("Bias").focus()
            lesson.teacher.change(lambda: lesson.page.keyboard.press("PageUp"))
            lesson.teacher.stands_still()
            wanted = lesson.teacher.figures()
            away.page.bring_to_front()
            assert away.figures() != wanted
            way.mend()
            since = time.monotonic()
            away.settles(away.figures, wanted)
            assert time.monotonic() - since < BACK
            away.page.get_by_text("Connection lost").wait_for(state="hidden")
        away.page.close()  # the errors in its console about the lost connection are expected


def test_a_learner_who_works_alone_is_told_of_the_call_back_and_of_the_end(lesson):
    phone = lesson.join(PHONE, "light")
    works_alone(phone, "picture=camera")
    told = phone.page.locator(".class-bar").get_by_role("status")
    lesson.page.bring_to_front()
    lesson.page.get_by_role("button", name=f"Class {lesson.code}").click()
    panel = lesson.page.get_by_role("complementary", name="Your class")
    panel.get_by_role("button", name="Let everyone work alone").click()
    panel.get_by_role("button", name="Call everyone back").click()
    phone.page.bring_to_front()
    told.get_by_text("Your teacher is calling everyone back.").wait_for()
    assert phone.page.get_by_role("link", name="Back to the teacher").is_visible()
    assert "room=" in phone.page.url
    lesson.page.bring_to_front()
    panel.get_by_role("button", name="Close the class").click()
    phone.page.bring_to_front()
    told.get_by_text("The teacher has closed this class.").wait_for()
    assert "room=" not in phone.page.url
    lesson.page.bring_to_front()
    lesson.page.get_by_role("button", name="Class", exact=True).wait_for()
