"""A class in browsers: one teacher who leads, the followers, and how they handle questions."""

import json
from contextlib import contextmanager

from tests.browser.tab import Tab

PHONE = (390, 844)
FOLLOWING = "() => cnnvizFigures().length > 1 && document.documentElement.dataset.step > 0"
# The unrounded numbers of the arithmetic below the maps.
READING = """() => {
  const walk = root => [...root.querySelectorAll("*")].flatMap(one =>
    [one, ...(one.shadowRoot ? walk(one.shadowRoot) : [])])
  return walk(document).find(one => one.matches(".panel") && one.dataset.reading)?.dataset.reading
}"""


class Lesson:
    """A teacher's tab, and the code of the class."""

    def __init__(self, contexts, address, query="picture=camera", path=""):
        self.address, self.contexts = address, contexts
        self.tabs = [Tab(contexts(), address)]
        self.teacher = self.tabs[0].open(query, path)
        self.page = self.teacher.page
        self.page.get_by_role("button", name="Class", exact=True).click()
        self.page.get_by_role("button", name="Lead a class").click()
        self.code = self.page.locator(".letters:not(:empty)").inner_text()
        self.page.get_by_role("button", name="Begin").click()

    def join(self, size, theme, following=FOLLOWING):
        """Add a follower."""
        self.tabs.append(Tab(self.contexts(theme, size), self.address))
        page = self.tabs[-1].page
        page.goto(f"{self.address}/join")
        page.get_by_label("Join a class").fill(self.code.lower())
        page.keyboard.press("Enter")
        page.wait_for_function(following)
        return self.tabs[-1]

    @contextmanager
    def panel(self):
        """Open the teacher's panel."""
        self.page.get_by_role("button", name=f"Class {self.code}").click()
        yield self.page.get_by_role("complementary", name="Your class")
        self.page.get_by_role("button", name="Hide the panel").click()

    def end(self):
        """Close all tabs; fail if one of them saw an error."""
        assert [trouble for tab in self.tabs for trouble in tab.troubles] == []
        for tab in self.tabs:
            tab.page.close()


def reading(tab):
    """Return the arithmetic of the selected cell; None if no cell is selected."""
    return json.loads(tab.page.evaluate(READING) or "null")


def follows(tab, lesson):
    """Wait until the maps of a tab have the same figures as the teacher's."""
    tab.settles(lambda: tab.figures() == lesson.teacher.figures(), True)


def works_alone(tab, words):
    """Leave the class for the teacher's screen, once the link to it holds the words.

    The link follows the teacher's runs; the maps follow the slider, which is sooner.
    """
    tab.page.locator(f'a.alone[href*="{words}"]').click()
    tab.page.get_by_role("link", name="Back to the teacher").wait_for()


def answers(tab, act):
    """Answer on a follower's page, and wait until the page says that the answer was sent."""
    tab.page.bring_to_front()
    tab.page.get_by_role("region", name="Question").locator("form").wait_for()
    act(tab.page)
    tab.page.get_by_text("Sent. You can change it").wait_for()


def number(page, value):
    page.get_by_label("Your number").fill(str(value).replace("-", "−"))
    page.get_by_role("button", name="Send").click()


def shown(lesson, panel, *followers):
    """Wait until all have answered, show the answers, and wait until all have them."""
    count = len(followers)
    lesson.page.bring_to_front()
    panel.get_by_text(f"{count} of {count} answered").wait_for()
    panel.get_by_role("button", name="Show the answers").click()
    panel.locator(".result").wait_for()
    for tab in followers:
        tab.page.get_by_role("region", name="Question").locator(".result").wait_for()


def again(panel, kind):
    panel.get_by_role("button", name="Next question").click()
    panel.get_by_role("button", name=kind).click()
