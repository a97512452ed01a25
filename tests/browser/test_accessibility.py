"""Every page with a screen reader, with the keyboard, for low vision, and with reduced motion."""

import pytest

from tests.browser.axe import violations
from tests.browser.tab import Tab

POPOVER = "[data-testid=stPopoverBody]"
# Whether one can see that an element has the focus: an outline, a field's caret, or what a canvas
# draws around the cell that the element represents.
MARKED = """one => one.matches("input:not([type=range], [type=checkbox]), canvas > *")
  || [one, ...(one.closest("label")?.children ?? [])].some(part => {
    const { boxShadow, outlineStyle } = getComputedStyle(part)
    return boxShadow !== "none" || outlineStyle !== "none"
  })"""
# The element with the focus, in shadow roots too.
FOCUSED = """() => {
  let one = document.activeElement
  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement
  return one
}"""
# Whether an element is uncovered at its middle, its upper and its lower edge.
IN_SIGHT = """one => {
  const { left, top, width, height } = one.getBoundingClientRect()
  const on = (root, place) => {
    const found = root.elementFromPoint(...place)
    return found?.shadowRoot && found.shadowRoot !== root ? on(found.shadowRoot, place) : found
  }
  return [0.1, 0.5, 0.9].every(share => {
    const found = on(document, [left + width / 2, top + share * height])
    return found && one.contains(found)
  })
}"""


def test_axe_finds_nothing_in_what_opens(tab):
    page = tab().page
    for button in ("+ Own", "Flip, axes …"):
        page.get_by_role("button", name=button).click()
        inside = page.locator(POPOVER).locator("input, button")
        inside.first.wait_for(state="attached")
        assert violations(page, POPOVER) == []
        page.keyboard.press("Escape")
        page.locator(POPOVER).wait_for(state="hidden")
    page.get_by_role("button", name="All kernels").click()
    page.locator(".button[aria-expanded=true]").wait_for()
    assert violations(page) == []


def test_a_violation_is_found(tab):
    page = tab().page
    page.evaluate(
        """() => {
          const pale = document.createElement("p")
          pale.textContent = "pale"
          pale.style = "color: #aaa; background: #fff"
          document.querySelector(".st-key-stage-bench").append(pale)
        }"""
    )
    assert [found.partition(":")[0] for found in violations(page)].count("color-contrast") == 1


def test_the_focus_goes_into_what_a_key_opens_and_comes_back(tab):
    page = tab().page
    button = page.get_by_role("button", name="Flip, axes …")
    button.focus()
    page.keyboard.press("Enter")
    body = page.get_by_test_id("stPopoverBody")
    body.locator(":focus").wait_for(state="attached")
    page.keyboard.press("Tab")
    assert page.evaluate(
        "() => document.activeElement.closest('[data-testid=stPopoverBody]') !== null"
    )
    page.keyboard.press("Escape")
    body.wait_for(state="hidden")
    page.wait_for_function("() => document.activeElement.textContent.includes('Flip, axes')")


def test_the_focus_goes_into_all_kernels_and_comes_back(tab):
    page = tab().page
    page.get_by_role("button", name="All kernels").focus()
    few = page.locator(".gallery .card:visible").count()
    page.keyboard.press("Enter")
    focused = page.evaluate_handle(FOCUSED)
    assert focused.evaluate("one => one.matches('.card')")
    assert focused.evaluate(IN_SIGHT)
    assert page.locator(".gallery .card:visible").count() > few
    page.keyboard.press("Escape")
    assert page.locator(".gallery .card:visible").count() == few
    assert page.evaluate_handle(FOCUSED).inner_text() == "All kernels"
    page.get_by_role("button", name="All kernels").click()  # a mouse click leaves the focus on it
    assert page.evaluate_handle(FOCUSED).inner_text() == "Fewer"


def test_a_mouse_leaves_the_focus_where_it_is(tab):
    page = tab().page
    page.get_by_role("button", name="Flip, axes …").click()
    page.locator("[data-testid=stPopoverBody] input").first.wait_for(state="attached")
    assert page.locator("[data-testid=stPopoverBody] :focus").count() == 0


@pytest.mark.parametrize("size", [(390, 844), (1280, 600)])
def test_the_focused_element_is_visible_and_uncovered(tab, size):
    page = tab(size=size).page
    seen = set()
    page.get_by_role("heading", name="Lab", level=1).click()
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate_handle(FOCUSED)
        name = focused.evaluate("one => one.className || one.dataset.testid || one.tagName")
        if focused.evaluate("one => one === document.body || one.closest('header') !== null"):
            continue
        assert focused.evaluate(MARKED), name
        if "window" in name:
            seen.add(focused.get_attribute("aria-label"))
            page.keyboard.press("ArrowDown")  # on a phone, the panel with the arithmetic rises
            assert focused.evaluate(IN_SIGHT), focused.get_attribute("aria-label")
    assert len(seen) == 4


def test_the_ways_into_a_class_are_whole_in_a_window_enlarged_four_times(read):
    width, height = 320, 200
    page = read(size=(width, height)).page
    page.get_by_role("button", name="Class", exact=True).click()
    menu = page.get_by_role("dialog", name="Class")
    box = menu.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= height
    page.keyboard.press("Escape")
    menu.wait_for(state="hidden")


def test_letters_grow_with_the_size_that_a_reader_has_set_in_the_browser(tab):
    opened = tab()
    size = """() => {
      const all = [...document.querySelectorAll("*")]
      const legend = all.map(one => one.shadowRoot?.querySelector(".legend")).find(one => one)
      const ours = [document.querySelector("p.subtitle"), legend]
      return ours.map(one => parseFloat(getComputedStyle(one).fontSize))
    }"""
    usual = opened.page.evaluate(size)
    browser = opened.page.context.new_cdp_session(opened.page)
    browser.send("Page.enable")
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 20}})  # 16 is usual
    larger = pytest.approx([each * 20 / 16 for each in usual])
    opened.settles(lambda: opened.page.evaluate(size), larger)
    opened.fits(themes=["light"])
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    opened.settles(lambda: opened.page.evaluate(size), usual)
    browser.detach()


def test_the_focus_is_in_sight_at_the_foot_of_a_column_that_stays_beside_many_maps(tab):
    opened = tab(path="inside", size=(1280, 720))
    page = opened.page
    page.get_by_role("combobox", name="Layer").focus()
    opened.stands_still()
    page.keyboard.press("Shift+Tab")
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    page.keyboard.press("Tab")
    focused = page.evaluate_handle(FOCUSED)
    assert focused.get_attribute("aria-label") == "Layer"
    assert focused.evaluate(IN_SIGHT)


@pytest.mark.parametrize("size", [(390, 844), (1600, 1000)])
def test_the_focus_among_the_pages_can_be_seen(tab, size):
    page = tab(size=size, fresh=size[0] < 500).page  # a phone's menu stays open
    if size[0] < 500:
        page.get_by_test_id("stSkipToContent").focus()
        page.keyboard.press("Tab")  # past the pages of the closed menu
        assert page.evaluate("() => document.activeElement.ariaLabel") == "Expand sidebar"
        page.keyboard.press("Enter")
        page.locator("[data-testid=stSidebar] :focus").wait_for()
        page.keyboard.press("Escape")
        page.locator("[data-testid=stExpandSidebarButton]:focus").wait_for()
        page.keyboard.press("Enter")
        page.locator("[data-testid=stSidebar] :focus").wait_for()
    link = page.get_by_role("link", name="Pixels").first
    link.wait_for()
    page.get_by_role("link", name="Lab").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent.includes('Pixels')")
    outline = link.evaluate(
        "one => [getComputedStyle(one).outlineStyle, getComputedStyle(one).outlineWidth]"
    )
    assert outline == ["solid", "2px"]


PLAYED = """scrub => { // how many cells the window goes in three seconds
  const press = name => scrub.getRootNode().querySelector(`[aria-label=${name}]`).click()
  const [frame, frames] = [window.requestAnimationFrame, []]
  window.requestAnimationFrame = act => frames.push(act)
  press("Play")
  const before = Number(scrub.value)
  const start = performance.now()
  for (let time = 0; time <= 3000; time += 20) frames.splice(0).forEach(act => act(start + time))
  window.requestAnimationFrame = frame
  press("Pause")
  press("Speed")
  return Number(scrub.value) - before
}"""


def test_little_moves_for_those_who_ask_for_it(tab):
    page = tab().page
    scrub = page.get_by_role("slider", name="Position of the window")
    assert scrub.evaluate(PLAYED) > 10
    page.emulate_media(reduced_motion="reduce")
    assert all(scrub.evaluate(PLAYED) in (2, 3) for _ in range(3))  # at each speed
    times = "all => all.map(one => parseFloat(getComputedStyle(one).transitionDuration))"
    assert max(page.locator(".stApp button").evaluate_all(times)) == 0


def test_a_training_and_the_glide_keep_still_too(tab):
    page = tab(path="training", fresh=True).page
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(
        """() => {
          const wait = window.setTimeout
          window.waits = []
          window.setTimeout = (act, time, ...more) => {
            if (/tick/.test(String(act))) waits.push(time)
            return wait(act, time, ...more)
          }
        }"""
    )
    page.get_by_role("button", name="Start").click()
    page.wait_for_function("() => waits.length > 0")
    page.get_by_role("button", name="Pause").click()
    assert min(page.evaluate("() => waits")) >= 1000
    page = tab(path="layers", fresh=True).page
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(
        """() => {
          window.glides = []
          Element.prototype.scrollIntoView = how => glides.push(how?.behavior ?? "auto")
        }"""
    )
    page.locator(".overview .sheet").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".unit").first.wait_for()
    page.wait_for_function("() => glides.length > 0")
    assert set(page.evaluate("() => glides")) == {"auto"}


# The controls of the bench that a finger 24 pixels wide may miss, and what stands askew in it.
MISSED = """() => {
  const bench = document.querySelector(".st-key-stage-bench")
  const box = one => one.getBoundingClientRect()
  const middle = one => box(one).top + box(one).height / 2
  const field = one => one.shadowRoot?.querySelector(".slider input[type=number]") ?? []
  const fields = [...bench.querySelectorAll("*")].flatMap(field)
  const small = [...bench.querySelectorAll("button"), ...fields]
    .filter(one => one.checkVisibility() && !one.closest("[data-testid=stTooltipIcon]"))
    .filter(one => box(one).width < 24 || box(one).height < 24)
  const narrow = [...bench.querySelectorAll("[data-testid=stTooltipIcon] button")].filter(one => {
    const { width, height } = getComputedStyle(one, "::after")
    return parseFloat(width) < 24 || parseFloat(height) < 24
  })
  const slider = bench.querySelector("[class*=-slider]"), heading = bench.querySelector("h2.stage")
  return {
    missed: [...small, ...narrow].map(one => one.ariaLabel ?? one.textContent),
    askew: Math.abs(middle(slider) - middle(heading)),
    bare: [...bench.querySelectorAll("button[data-variant=segmented_control]:not([data-selected])")]
      .filter(one => one.parentElement.childElementCount > 2)
      .filter(one => / /.test(getComputedStyle(one).borderColor.replace(/\\([^)]*\\)/g, "")))
      .map(one => one.textContent),
  }
}"""


def test_controls_are_large_enough_for_fingers_and_aligned_and_pinching_enlarges_small_maps(
    browser, address
):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with browser.new_context(**phone, bypass_csp=True) as context:
        opened = Tab(context, address).open()
        opened.page.locator("[data-testid=stNumberInput]").first.wait_for()
        found = opened.page.evaluate(MISSED)
        assert found["missed"] == found["bare"] == []
        assert found["askew"] < 1
        tops = opened.page.locator(".st-key-stage > :first-child button:visible").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert max(tops) - min(tops) < 0.5
        opened.open(path="layers")
        touch = context.new_cdp_session(opened.page)
        for kind, apart in (("touchStart", 10), *(("touchMove", 10 + 20 * i) for i in range(6))):
            fingers = [{"x": 150 + side * apart, "y": 300, "id": side + 1} for side in (-1, 1)]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
            opened.stands_still(1)
        assert opened.page.evaluate("visualViewport.scale") > 1.5
        assert opened.troubles == []
