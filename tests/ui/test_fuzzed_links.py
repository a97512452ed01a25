"""Every page opens whatever the link contains, can be used, and says what it ignored.

The settings are not listed here: each page is asked for its own. Links go through a server, as a
browser sends them.
"""

import asyncio
import re
from urllib.parse import parse_qs, quote, urlencode

import numpy as np
import pytest

from cnnviz.ui.widgets import frame, working_picture
from cnnviz.ui.widgets.frame import MOST_NOTICES
from cnnviz.ui.widgets.settings import MAX_LINK_VALUE
from scripts.protocol_client import ProtocolClient
from scripts.replica import Replica
from scripts.server import ROOT
from tests.test_imports import slugs
from tests.thorough import THOROUGH
from tests.ui.pages import open_page

PAGES = {file: slug if slug != "first" else "" for file, slug in sorted(slugs())}
ROUNDS = 40 if THOROUGH else 4
WORDS = (
    *(
        "",
        " ",
        "banana",
        "photo",
        "None",
        "true",
        "off",
        "on",
        "{}",
        "[[1,2],[3",
        "1;2;3",
        ";;;",
        ",",
    ),
    *(
        "0",
        "-0",
        "1",
        "2",
        "-1",
        "0.5",
        "1e-99",
        "1e999",
        "9" * 400,
        "999999999999999",
        "nan",
        "-inf",
    ),
    *(
        "0x10",
        "1_000",
        "٣",
        "½",
        "１",
        "1,2,3,4",
        "-1,-1,-1,-1",
        "9,99999,99999,9",
        "1 2;3 4",
        "1/0",
    ),
    *("x" * 24, "x" * MAX_LINK_VALUE, "x" * (MAX_LINK_VALUE + 1), "1 " * 2000, "relu," * 900),
    *(
        "\0",
        "😀",
        "\u202e",
        "é\u0301",
        "\ud7ff",
        "a\r\nb: c",
        "%00",
        "%2e%2e%2f",
        "../../x",
        "a&b=c",
    ),
    *("<script>alert(1)</script>", "$x^2$", "![](http://a.b/c)", "__proto__", "{{7*7}}", "'; --"),
)
# Only a browser, or a person, writes them like this.
RAW = (
    *("%", "%%%", "%zz=%zz", "stride=%FF%FE", "stride=%00", "=", "&&&=&", "?????", "#", "stride"),
    *(
        "stride=1&stride=2&stride=x",
        "%73tride=x",
        "stride[]=1",
        "a" * 20_000,
        "&".join(["a=1"] * 3000),
    ),
    *(
        "stride=" + "%F0%9F%98%80" * 400,
        "stride=+1+",
        "[::1]",
        "//a@b:c/",
        "stride=9e9",
        "%C0%AE=1",
    ),
)
each_page = pytest.mark.parametrize(("path", "slug"), PAGES.items(), ids=PAGES)


@pytest.fixture(scope="module")
def server():
    with Replica() as server:
        yield server
        assert "Traceback" not in server.text(), server.text()


@pytest.fixture
def asked(monkeypatch):
    """Return a function that gives a page's settings, and the names of those it reads at once."""

    def ask(path):
        settings = {}
        genuine = frame.keep

        def keep(found):
            settings.update({setting.name: setting for setting in found})
            return genuine(found)

        monkeypatch.setattr(frame, "keep", keep)
        at = open_page(path)
        settings.clear()
        at.run()
        kept = at.session_state["cnnviz.kept"]
        return settings, {name for name, setting in settings.items() if setting.key in kept}

    return ask


async def opened(server, slug, query):
    """Open a link; return the page's widgets, the toasts about the link, and the link it became."""
    async with ProtocolClient(server.address) as client:
        answer = await client.open(slug, query)
        assert not answer.errors, query
        said = [part.toast.body for part in answer.parts if part.WhichOneof("type") == "toast"]
        return set(client.widgets), said, parse_qs(client.link, keep_blank_values=True)


def refused(setting, word):
    """Say whether a setting refuses a word."""
    try:
        setting.parse(word)
    except ValueError:
        return True
    return len(word) > MAX_LINK_VALUE


def number_of(said):
    """Return the number of settings that a toast mentions."""
    (text,) = said
    more = re.search(r"And (\d+) more like these", text)
    return text.count("The link says") + (int(more[1]) if more else 0)


@each_page
def test_a_link_of_pure_nonsense_is_the_first_screen_and_says_so(server, asked, path, slug):
    settings, read = asked(path)
    assert len(read) > 3

    async def visit():
        usual, said, became = await opened(server, slug, "")
        assert (said, became) == ([], {})
        # Streamlit ignores a query of more than 512 KiB: all settings together stay below that.
        for word in ("banana", "\0", "x" * (MAX_LINK_VALUE + 1), "<b>"):
            wrong = {name for name, setting in settings.items() if refused(setting, word)}
            query = urlencode([(name, text) for name in wrong for text in ("1", word)])
            widgets, said, became = await opened(server, slug, query)
            assert widgets == usual
            assert number_of(said) == len(wrong & read) > MOST_NOTICES
            assert became == {}

    asyncio.run(visit())


@each_page
def test_no_setting_is_called_like_what_a_link_says_beside_them(asked, path, slug):
    settings, _ = asked(path)
    script = (ROOT / "static/components/page/link.js").read_text(encoding="utf-8")
    (beside,) = re.findall(r"const KEPT = \[(.*)\]", script)
    assert not set(settings) & set(re.findall(r'"(\w+)"', beside)), slug


@each_page
def test_any_words_for_all_settings_leave_a_page_that_can_be_used(server, asked, path, slug):
    settings, _ = asked(path)
    always = {setting.name for setting in working_picture.SETTINGS}
    rng = np.random.default_rng(len(path))

    async def visit():
        usual, _, _ = await opened(server, slug, "")
        for _ in range(ROUNDS):
            link = {}
            for name in settings:
                number = int(rng.choice([0, 1, 1, 1, 2, 3]))
                if number:
                    link[name] = [WORDS[i] for i in rng.integers(len(WORDS), size=number)]
            widgets, said, became = await opened(server, slug, urlencode(link, doseq=True))
            assert len(widgets) > len(usual) / 3, link
            wrong = {name for name, words in link.items() if refused(settings[name], words[-1])}
            assert not [name for name in became if refused(settings[name], became[name][-1])], link
            assert len(said) == 1 or not wrong & always, link

    asyncio.run(visit())


@each_page
def test_any_query_that_can_be_typed_opens_the_page(server, path, slug):
    # Links are read before the page is known: the Lab gets all of them, each other page a third.
    number = list(PAGES.values()).index(slug)

    async def visit():
        usual, _, _ = await opened(server, slug, "")
        for query in RAW if slug == "" else RAW[number % 3 :: 3]:
            widgets, _, _ = await opened(server, slug, quote(query, safe="%&=#?[]@:/+"))
            assert widgets == usual, query

    asyncio.run(visit())
