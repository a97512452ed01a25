"""The way through the pages: what comes next, what has been seen, a tour, and a reset."""

from playwright.sync_api import expect

from tests.browser.tab import WAIT

# Whether a mark follows the name of a page; at the end of its link it would be midway to the next.
MARK = """slug => [...document.querySelectorAll("[data-testid=stTopNav] a")]
  .filter(link => link.getAttribute("href").endsWith(`/${slug}`))
  .map(link => getComputedStyle(link.querySelector("p"), "::after").content.includes("✓"))[0]"""


def test_a_page_ends_with_the_next_and_what_was_seen_is_marked(tab):
    opened = tab(path="pixels")
    page = opened.page
    page.evaluate("localStorage['cnnviz.seen'] = 'film page:pixels'")
    opened.open(path="pixels")
    assert page.evaluate(MARK, "kernels") is False
    page.get_by_role("link", name="Next: Convolution").click()
    page.wait_for_url("**/convolution")
    opened.settles(lambda: page.evaluate(MARK, "pixels"), True)
    assert page.evaluate(MARK, "kernels") is False
    page.get_by_role("link", name="Pixels seen").wait_for()


ON_TOP = """link => {
  const { x, y, width, height } = link.getBoundingClientRect()
  return link.contains(document.elementFromPoint(x + width / 2, y + height / 2))
}"""


def test_on_a_phone_the_menu_of_pages_is_whole_and_goes_once_a_page_is_chosen(tab):
    opened = tab(size=(390, 844))
    page = opened.page
    page.get_by_test_id("stExpandSidebarButton").click()
    menu = page.get_by_test_id("stSidebar")
    links = menu.get_by_role("link").all()
    assert len(links) == 10
    for link in links:
        opened.settles(lambda link=link: link.evaluate(ON_TOP), True)
    menu.get_by_role("link", name="Pooling").click()
    page.get_by_role("heading", name="Pooling", level=1).wait_for()
    opened.settles(lambda: menu.get_attribute("data-collapsed"), "true")
    opened.rests()


def test_on_a_phone_a_menu_that_was_left_open_does_not_cover_what_a_link_leads_to(tab):
    opened = tab(size=(390, 844), fresh=True)
    opened.page.get_by_test_id("stExpandSidebarButton").click()
    opened.page.get_by_role("link", name="Pooling").wait_for()
    opened.page.goto(f"{opened.address}/pooling")
    opened.rests()
    assert opened.page.get_by_role("heading", name="Pooling", level=1).evaluate(ON_TOP)


def test_the_last_page_leads_back_to_the_lab(tab):
    page = tab(path="inside").page
    page.get_by_role("link", name="Next: Lab").wait_for()


def test_a_tour_shows_one_thing_after_the_other_and_can_be_left_and_found_again(tab):
    page = tab(size=(1280, 720)).page
    for leave in (lambda: page.keyboard.press("Escape"), lambda: None):
        page.get_by_role("button", name="Tour").click()
        card = page.get_by_role("dialog", name="Tour")
        for number in range(1, 6):
            card.get_by_text(f"{number} of 5").wait_for()
            box = card.bounding_box()
            assert box["x"] >= 0
            assert box["y"] >= 0
            assert box["x"] + box["width"] <= 1280
            assert box["y"] + box["height"] <= 720
            if number == 2:
                leave()
                if not card.is_visible():
                    break
            card.get_by_role("button").last.click()
        card.wait_for(state="hidden")


def test_on_a_phone_held_sideways_the_card_of_the_tour_covers_nothing_that_it_is_about(tab):
    page = tab(size=(844, 390)).page
    page.get_by_role("button", name="Tour").click()
    card = page.get_by_role("dialog", name="Tour")
    for number in range(1, 6):
        card.get_by_text(f"{number} of 5").wait_for()
        told, shown = card.bounding_box(), page.locator(".light").bounding_box()
        assert told["y"] + told["height"] <= shown["y"] or told["y"] >= shown["y"] + shown["height"]
        card.get_by_role("button").last.click()


def test_a_first_visit_gets_three_pointers_that_can_be_skipped_and_never_come_again(
    browser, address
):
    with browser.new_context(viewport={"width": 1280, "height": 720}) as context:
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.goto(address)
        card = page.get_by_role("dialog", name="Tour")
        page.locator(".figures").nth(3).wait_for()
        page.mouse.click(2, 600)  # a click stops the film
        card.get_by_text("1 of 3").wait_for()
        card.get_by_role("button", name="Next").click()
        card.get_by_text("2 of 3").wait_for()
        card.get_by_role("button", name="Skip").click()
        card.wait_for(state="hidden")
        for _ in range(2):  # neither here again nor after another page
            page.goto(f"{address}/pixels")
            page.locator(".figures").first.wait_for()
            page.goto(address)
            page.locator(".figures").nth(3).wait_for()
            page.get_by_role("button", name="Tour").wait_for()
            page.mouse.click(2, 600)
            page.evaluate("() => new Promise(requestAnimationFrame)")
            assert not card.is_visible()


def test_pointers_that_come_by_themselves_take_nothing_out_of_the_hand(browser, address):
    with browser.new_context(viewport={"width": 1280, "height": 720}) as context:
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.goto(address)
        page.locator(".figures").nth(3).wait_for()
        slider = page.get_by_role("slider", name="Bias", exact=True)
        page.get_by_role("button", name="Pause").wait_for()
        slider.focus()
        slider.press("ArrowRight")  # a key stops the film
        card = page.get_by_role("dialog", name="Tour")
        card.get_by_text("1 of 3").wait_for()
        page.keyboard.press("ArrowRight")  # sent to the element with the focus
        card.wait_for(state="hidden")
        page.wait_for_url("**bias=2**")


def test_the_lab_is_put_back_to_how_it_opens_and_the_picture_stays(tab):
    page = tab("picture=coins&stride=3&kernels=emboss&activation=tanh&pooling=average")
    page.change(lambda: page.page.get_by_role("button", name="Reset", exact=True).click())
    page.page.wait_for_function("() => location.search === '?picture=coins'")
    page.page.get_by_role("button", name="Reset", exact=True).wait_for(state="detached")


def test_the_preset_that_is_on_the_screen_is_marked(tab):
    page = tab(path="pooling").page
    pressed = page.locator(".st-key-presets-pooling [data-testid=stBaseButton-primary]")
    assert pressed.inner_text() == "Halve: 2 × 2, stride 2"
    page.get_by_role("button", name="Overlap").click()
    page.get_by_test_id("stBaseButton-primary").filter(has_text="Overlap").wait_for()
    expect(pressed).to_have_count(1)  # the previous one may be redrawn a moment later
