"""A question to a class names the map that is meant, and does not give the answer away."""

import pytest

from tests.browser.lesson import PHONE, Lesson
from tests.browser.line import line
from tests.browser.tab import Tab


@pytest.fixture
def lesson(contexts, address):
    made = []

    def make(query="picture=camera", path=""):
        made.append(Lesson(contexts, address, query, path))
        return made[-1]

    yield make
    for one in made:
        one.end()


def test_a_kernel_that_is_asked_for_is_named_nowhere_on_the_screens_of_the_class(lesson):
    led = lesson("", "activations")
    phone = led.join(PHONE, "light")
    phone.page.get_by_text("Sobel x").first.wait_for()
    with led.panel() as panel:
        panel.get_by_role("button", name="A kernel").click()
        panel.get_by_label("Map", exact=True).select_option(label="Sobel x")
        panel.get_by_role("button", name="Ask", exact=True).click()
        phone.page.bring_to_front()
        phone.page.get_by_role(
            "heading", name="Which kernel turns the picture into this map?"
        ).wait_for()
        for place in (phone.page.get_by_text("Sobel x"), phone.page.get_by_label("Sobel x")):
            phone.settles(lambda place=place: place.filter(visible=True).count(), 0)
        phone.page.locator(".called", has_text="Softplus").wait_for()
        led.page.bring_to_front()
        panel.get_by_role("button", name="Withdraw the question").click()
        phone.page.bring_to_front()
        phone.page.get_by_text("Sobel x").first.wait_for()


def test_a_teacher_who_loses_the_lead_is_told_and_can_take_it_back(lesson, contexts, address):
    led = lesson()
    word = led.page.evaluate("() => sessionStorage['cnnviz.lead']")
    other = Tab(contexts(), address).open(f"lead={word}", "")
    other.page.get_by_role("button", name=f"Class {led.code}").wait_for()
    led.page.bring_to_front()
    told = led.page.get_by_role("alert").get_by_text("Another device leads this class now.")
    told.wait_for()
    led.page.get_by_role("button", name="Class", exact=True).wait_for()
    led.page.get_by_role("button", name="Lead here").click()
    led.page.get_by_role("button", name=f"Class {led.code}").wait_for()
    told.wait_for(state="hidden")
    other.page.get_by_role("alert").get_by_text("Another device leads this class now.").wait_for()
    other.page.close()


def test_a_link_that_leads_no_class_says_so_in_sight(contexts, address):
    tab = Tab(contexts(), address).open(f"lead=BBBBB-{'0' * 32}", "")
    tab.page.get_by_role("alert").get_by_text("or the room has ended").wait_for()
    assert "lead=" not in tab.page.url
    tab.page.get_by_role("button", name="OK").click()
    tab.page.get_by_role("alert").get_by_text("or the room has ended").wait_for(state="hidden")
    tab.page.close()


def test_a_teacher_who_lost_the_lead_while_away_is_told_on_return(contexts, address):
    with line(address) as way:
        led = Lesson(contexts, way.address)
        word = led.page.evaluate("() => sessionStorage['cnnviz.lead']")
        way.cut()
        other = Tab(contexts(), address).open(f"lead={word}", "")
        other.page.get_by_role("button", name=f"Class {led.code}").wait_for()
        led.page.bring_to_front()
        way.mend()
        led.page.get_by_role("alert").get_by_text("Another device leads this class now.").wait_for()
        led.page.get_by_role("button", name="Lead here").wait_for()
        other.page.bring_to_front()
        assert other.page.get_by_role("button", name=f"Class {led.code}").is_visible()
        other.page.close()
        led.page.close()  # the errors in its console about the lost connection are expected


def test_a_tab_that_is_opened_again_after_another_took_the_lead_does_not_take_it_back(
    contexts, address
):
    led = Lesson(contexts, address)
    word, link = led.page.evaluate("() => [sessionStorage['cnnviz.lead'], location.href]")
    led.page.goto("about:blank")  # and hears nothing, as a tab that sleeps
    other = Tab(contexts(size=(1280, 720)), address).open(f"lead={word}", "")
    other.page.get_by_role("button", name=f"Class {led.code}").wait_for()
    led.page.goto(link)
    led.page.get_by_role("alert").get_by_text("Another device leads this class now.").wait_for()
    other.page.bring_to_front()
    assert other.page.get_by_role("button", name=f"Class {led.code}").is_visible()
    led.page.bring_to_front()
    led.page.get_by_role("button", name="Lead here").click()
    led.page.get_by_role("button", name=f"Class {led.code}").wait_for()
    other.page.close()
    led.page.close()
