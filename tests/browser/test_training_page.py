"""The Training page in Chromium: it trains while someone watches, and stops when they leave."""

import re

import pytest

from cnnviz.nn import Sequential, small_cnn
from tests.browser.tab import LOOK

PHONE = (390, 844)
LONG = 60_000  # ms; training takes a while, and longer on a slow machine


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def status(page):
    return page.locator(".transport .status").inner_text()


def steps(page):
    return int(re.match(r"Step ([\d\s]+) ", status(page))[1].replace("\u202f", ""))


def share(page):
    """Return the percentage of right answers from the line beside the buttons."""
    return float(status(page).split(" · ")[3].split()[0])


def counted(page):
    """Return the percentage of right answers from the confusion table."""
    cells = page.locator(".confusion .right").all_inner_texts()
    return round(100 * sum(int(cell) for cell in cells if cell) / 360, 1)


def until(page, condition):
    """Wait until the line beside the buttons meets a condition in JavaScript."""
    page.wait_for_function(
        f"""() => [...document.querySelectorAll("*")].some(part => {{
            const line = part.shadowRoot?.querySelector(".transport .status")?.textContent
            return line && ({condition})
        }})""",
        timeout=LONG,
        polling=LOOK,
    )


def open_network(tab, query="", **options):
    """Open the part of the page about networks."""
    opened = tab(f"part=network&{query}", path="training", **options)
    opened.page.locator(".confusion td").first.wait_for()
    return opened


def test_noise_becomes_the_sobel_kernel_before_ones_eyes_on_a_small_screen_too(tab):
    opened = tab(path="training", size=(1280, 720))
    page = opened.page
    for pane in range(4, 7):
        box = opened.window(pane).bounding_box()
        assert box["y"] + box["height"] <= 720
    press(page, "Start")
    page.get_by_text(re.compile(r"Reached: after \d+ steps")).wait_for(timeout=LONG)
    until(page, "parseFloat(line.split(' ').at(-1)) <= 0.01")
    assert page.get_by_role("button", name="Go on").is_disabled()

    def weights():
        shown = page.locator(".pane[data-slot='training:weights:2'] .figures").inner_text()
        found = re.match(r"3\s×\s3 · (\S+) … (\S+)", shown).groups()
        return [float(number.replace("−", "-")) for number in found]

    opened.settles(weights, pytest.approx([-2, 2], abs=0.011))
    press(page, "Reset")
    until(page, "line.startsWith('Step 0 ')")


def test_step_takes_one_step_pause_stops_and_another_seed_restarts(tab):
    page = tab("pace=1", path="training").page
    press(page, "One step")
    until(page, "line.startsWith('Step 1 ')")
    press(page, "Go on")
    until(page, "parseInt(line.slice(5)) > 3")
    press(page, "Pause")
    page.get_by_role("button", name="Go on").wait_for()
    paused = steps(page)
    press(page, "One step")
    until(page, f"line.startsWith('Step {paused + 1} ')")
    press(page, "Go on")
    until(page, f"parseInt(line.slice(5)) > {paused + 2}")
    page.get_by_role("spinbutton", name="Random seed").fill("5")
    page.keyboard.press("Enter")
    page.get_by_text("The random seed was changed, so it starts again from noise.").wait_for()
    until(page, "line.startsWith('Step 0 ')")


def test_too_large_a_rate_diverges_and_the_page_says_so(tab):
    page = tab("method=whitened&rate.whitened=3", path="training").page
    press(page, "Start")
    page.get_by_text("Diverged: after").wait_for(timeout=LONG)


def test_a_cell_of_either_map_shows_its_arithmetic_and_is_kept_in_the_link(tab):
    opened = tab("picture=x", path="training")
    page = opened.page
    for slot, kernel in ((1, "Target"), (2, "Learned")):
        page.locator(f".pane[data-slot='training:{slot}'] .window").hover()
        page.locator(".panel .label", has_text=f"kernel {kernel}").wait_for()
    page.get_by_role("button", name="Pin", exact=True).click()
    opened.query("pin=")


def test_the_download_dialog_stays_open_while_it_learns(tab):
    page = open_network(tab, "pace=1").page
    press(page, "Start")
    until(page, "parseInt(line.slice(5)) > 2")
    press(page, "Download")
    page.get_by_text("Everything as ZIP").wait_for()
    before = steps(page)
    until(page, f"parseInt(line.slice(5)) > {before + 3}")
    assert page.get_by_text("Everything as ZIP").is_visible()


def test_a_network_learns_nine_digits_in_ten_while_one_waits(tab):
    opened = open_network(tab)
    page = opened.page
    press(page, "Start")
    until(page, "parseFloat(line.split(' · ')[3]) > 93")  # it may fall again before the pause
    page.get_by_text("Learned:").wait_for()
    press(page, "Pause")
    page.get_by_role("button", name="Go on").wait_for()
    assert share(page) > 90
    opened.settles(lambda: counted(page), share(page))


def test_a_count_shows_its_pictures_and_a_picture_its_maps(tab):
    opened = open_network(tab)
    page = opened.page
    page.locator(".confusion td button").first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.get_by_text("Predicted 1, is 2").wait_for()
    opened.query("cell=2,1")
    press(page, "One step")
    until(page, "line.startsWith('Step 1 ')")
    opened.settles(lambda: counted(page), share(page))
    cell = page.locator(".confusion td button:not(:empty)").first
    label = cell.get_attribute("aria-label")
    cell.click()
    count, answer, truth = re.match(r"(\d+) times? (\d) for (\d)", label).groups()
    page.get_by_text(f"Predicted {answer}, is {truth}").wait_for()
    opened.query(f"cell={truth},{answer}")
    opened.settles(page.locator(".examples button").count, min(int(count), 12))
    picture = page.locator(".examples button").last
    number = picture.get_attribute("aria-label").split(":")[0].removeprefix("Picture ")
    picture.click()
    page.get_by_text(f"Held-out picture {number}: it says").wait_for()
    opened.query(f"example={number}" if number != "0" else "cell")
    opened.fits()


@pytest.mark.parametrize("size", [(1280, 720), (390, 844), (320, 640)])
def test_the_weights_of_a_filter_are_written_as_everywhere_and_fit_their_cells(read, size):
    page = read("training", "part=network", size=size).page
    cells = page.locator(".filter .cell")
    cells.nth(8).wait_for()
    told = cells.evaluate_all(
        """all => all.map(cell => {
          const text = document.createRange()
          text.selectNodeContents(cell)
          const wide = text.getBoundingClientRect().width - cell.getBoundingClientRect().width
          return [cell.textContent, cell.title, wide]
        })"""
    )
    assert "−0.00436" in [text for text, _, _ in told]
    assert all(text == title and wide <= 0 for text, title, wide in told)


def test_the_filter_under_the_cursor_stands_beside_the_maps_in_numbers(read):
    page = read("training", "part=network").page
    panel = page.locator(".st-key-training-filters .filter")
    assert panel.locator(".label").inner_text() == "Filters of conv1 · filter 0"
    overview = page.locator(".st-key-training-filters .overview")
    x, y = overview.evaluate("(element, cell) => element.placeOf(...cell)", [2, 5, 1, 2])
    overview.locator(".sheet").hover(position={"x": x, "y": y})
    panel.locator(".label", has_text="Filter 5").wait_for()
    network = small_cnn((1, 8, 8), "0123456789", filters=(16, 32), seed=0)
    wanted = network[network.names.index("conv2")].weight.value[5, 0]
    shown = [float(text.replace("−", "-")) for text in panel.locator(".cell").all_inner_texts()]
    assert shown == pytest.approx(wanted.ravel().tolist(), rel=0.06)
    assert float(panel.locator(".here").inner_text().replace("−", "-")) == shown[5]


def test_a_bad_choice_is_one_press_away_and_fails(tab):
    page = open_network(tab, "pace=25").page
    press(page, "Dead")  # tests without a browser check how each of them fails
    page.get_by_text("SGD", exact=True).wait_for()
    page.wait_for_function("() => location.search.includes('optimiser=sgd')")
    press(page, "Start")
    page.get_by_text("Dead: in relu").first.wait_for(timeout=LONG)


def test_training_stops_when_the_page_is_left_and_goes_on_when_one_is_back(tab):
    opened = open_network(tab, "pace=1")
    page = opened.page
    press(page, "Start")
    until(page, "parseInt(line.slice(5)) > 3")
    before = steps(page)
    opened.go("Pooling")
    page.locator(".pane[data-slot='pooling:1'] .window").first.wait_for()
    assert page.locator(".transport").count() == 0
    opened.go("Training")
    page.locator(".transport").wait_for()
    until(page, f"parseInt(line.slice(5)) > {before}")


def test_two_people_train_and_a_third_one_uses_the_lab(tab):
    people = [open_network(tab, f"seed={seed}").page for seed in (0, 1)]
    for page in people:
        press(page, "Start")
    lab = tab()
    for name in ("Sobel y", "Sobel x"):
        lab.change(lambda name=name: lab.kernel(name).click())
    for page in people:
        page.bring_to_front()
        until(page, "parseFloat(line.split(' · ')[3]) > 60")


def test_the_downloaded_network_is_an_archive_of_arrays(tab):
    opened = open_network(tab)
    page = opened.page
    press(page, "One step")
    until(page, "line.startsWith('Step 1 ')")
    press(page, "Download")
    page.get_by_text("Everything as ZIP").wait_for()
    opened.stands_still()  # a run deletes its files
    with page.expect_download() as waiting:
        press(page, "The network, as NumPy arrays")
    assert Sequential.load(waiting.value.path()).classes == tuple("0123456789")


@pytest.mark.parametrize("size", [PHONE, (1024, 768), (1366, 768), (1600, 1000)])
def test_every_choice_can_be_seen(read, size):
    page = read("training", "part=network", size=size).page
    cut = page.locator(".st-key-stage-controls [role=radio]").evaluate_all(
        """all => all.filter(radio => {
          const [inner, outer] = [radio, radio.closest(".st-key-stage-controls")]
            .map(part => part.getBoundingClientRect())
          return inner.left < outer.left - 1 || inner.right > outer.right + 1
        }).map(radio => radio.textContent)"""
    )
    assert page.locator(".st-key-stage-controls [role=radio]").count() > 15
    assert cut == []


def test_the_network_can_be_looked_into_while_it_learns(tab):
    page = open_network(tab, fresh=True).page
    press(page, "Start")
    until(page, "parseInt(line.slice(5)) > 5")
    press(page, "Look inside")
    page.get_by_role("heading", name="Inside").wait_for()
    page.wait_for_function("() => location.search.includes('network=own')")
    page.get_by_text(re.compile(r"It gets .* of 360 held-out pictures right")).wait_for()


def test_the_slope_of_a_chosen_weight_is_written_out_and_follows_the_step(tab):
    opened = tab("method=gradient", path="training")
    page = opened.page
    step = page.locator("p", has_text="new weight =")
    before = step.inner_text()
    page.get_by_role("button", name="Weight in row 1, column 0").click()
    opened.query("weight_row=1")
    page.get_by_role("button", name="Weight in row 1, column 0").press("ArrowDown")
    opened.query("weight_row=2")
    opened.settles(lambda: step.inner_text() != before, True)
    new = step.inner_text().rpartition("= ")[2].rstrip(".")
    press(page, "One step")

    def is_there():  # apart from rounding the two terms
        old = step.inner_text().partition("new weight = ")[2].split()[0]
        return abs(float(old.replace("−", "-")) - float(new.replace("−", "-"))) < 2e-4

    opened.settles(is_there, True)
    opened.fits()
