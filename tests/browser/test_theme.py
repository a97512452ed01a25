"""The maps follow the page's theme, even if it changes while they are off the screen."""


def colours(page):
    """Return the colours of the legend of the Lab's feature map."""
    bars = page.locator(".st-key-lab-block .pane[data-slot='lab:1'] .bar")
    return bars.evaluate_all("bars => bars.map(bar => bar.style.backgroundImage)")


def test_maps_follow_the_theme_where_they_stand_and_where_they_come_back(tab):
    shown = tab()
    page, light = shown.page, colours(shown.page)
    page.emulate_media(color_scheme="dark")
    shown.settles(lambda: colours(page) not in ([], light), True)
    dark = colours(page)
    shown.go("Pixels")
    shown.settles(lambda: colours(page), [])
    page.emulate_media(color_scheme="light")
    page.go_back()
    shown.settles(lambda: colours(page), light)
    assert dark != light
