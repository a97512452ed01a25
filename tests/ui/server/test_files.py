import asyncio
import gzip

import pytest
from starlette.middleware.gzip import GZipMiddleware

from cnnviz.ui.server import files
from cnnviz.ui.server.browser_modules import FILES, VERSION
from cnnviz.ui.server.files import KeptFiles
from cnnviz.ui.server.headers import AnswerHeaders

SCRIPT = b"export default component => {}\n" * 200
FOREVER = {"cache-control": "public, immutable, max-age=31536000"}


class Site:
    """An app with one file, which counts the requests for it."""

    def __init__(self, body=SCRIPT, status=200, kind="text/javascript", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.headers = {"content-type": kind, "content-length": str(len(body)), **headers}
        self.body, self.status, self.asked = body, status, 0

    async def __call__(self, scope, receive, send):
        self.asked += 1
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        half = len(self.body) // 2
        await send({"type": "http.response.body", "body": self.body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[half:]})


def get(app, path="/static/js/a.js", method="GET", **headers):
    """Return the headers and the body of a response."""
    sent = []

    async def send(message):
        sent.append(message)

    named = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "path": path, "method": method, "headers": named}
    asyncio.run(app({**scope, "query_string": b""}, None, send))
    names = [name.decode().lower() for name, _ in sent[0]["headers"]]
    assert len(set(names)) == len(names), names
    texts = [text.decode() for _, text in sent[0]["headers"]]
    body = b"".join(message["body"] for message in sent[1:])
    return dict(zip(names, texts, strict=True)), body


def kept(**options):
    site = Site(**{**FOREVER, **options})
    return KeptFiles(site), site


def test_a_file_is_asked_for_once_and_answered_alike():
    app, site = kept()
    answers = [get(app, accept_encoding="gzip, br") for _ in range(3)]
    assert site.asked == 1
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("parts", [0, 1, 2])
@pytest.mark.parametrize("accepted", ["gzip", ""])
def test_a_client_that_leaves_during_a_file_does_not_spoil_it_for_others(parts, accepted):
    app, site = kept()

    async def leave(scope, receive, send):
        left = parts

        async def some(message):
            nonlocal left
            left -= 1
            if left >= 0:
                await send(message)

        await site(scope, receive, some)

    app.app = leave
    sent = []

    async def send(message):
        sent.append(message)

    headers = [(b"accept-encoding", accepted.encode())]
    scope = {"type": "http", "path": "/static/js/a.js", "method": "GET", "headers": headers}
    asyncio.run(app({**scope, "query_string": b""}, None, send))
    assert sent == []
    app.app = site
    headers, body = get(app, accept_encoding=accepted)
    assert (gzip.decompress(body) if accepted else body) == SCRIPT


def test_a_file_travels_compressed_to_those_who_like_it():
    app, _ = kept()
    headers, body = get(app, accept_encoding="br, gzip;q=0.5")
    assert headers["content-encoding"] == "gzip"
    assert headers["content-length"] == str(len(body))
    assert headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(body) == SCRIPT


@pytest.mark.parametrize("accepted", ["", "br", "identity", "gzip;q=0", "br, gzip; q=0.0"])
def test_a_file_travels_as_it_is_to_everybody_else(accepted):
    app, _ = kept()
    assert get(app, accept_encoding="gzip")[1] != SCRIPT
    headers, body = get(app, accept_encoding=accepted)
    assert "content-encoding" not in headers
    assert body == SCRIPT


@pytest.mark.parametrize("accepted", ["gzip;q=0", "br, gzip;q=0", "identity"])
def test_compressed_responses_never_reach_clients_that_refuse_them(accepted):
    app = KeptFiles(GZipMiddleware(Site(**FOREVER)))
    for asked in (accepted, ""):
        headers, body = get(app, accept_encoding=asked)
        assert "content-encoding" not in headers
        assert body == SCRIPT
    headers, body = get(app, accept_encoding="gzip")
    assert gzip.decompress(body) == SCRIPT
    assert headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "options",
    [
        {"body": b"short"},
        {"kind": "font/woff2"},
        {"kind": "image/png"},
        {"content_encoding": "gzip"},
    ],
)
def test_files_that_gain_nothing_are_not_compressed(options):
    app, site = kept(**options)
    headers, body = get(app, accept_encoding="gzip")
    assert body == site.body
    assert headers.get("content-encoding") == options.get("content_encoding")


def test_a_file_of_ours_is_kept_by_its_version():
    app, site = kept(cache_control="")
    for _ in range(2):
        get(app, f"{FILES}{VERSION}/components/core/load.js")
    assert site.asked == 1
    for folder in ("", "0123456789ab/"):
        get(app, f"{FILES}{folder}components/core/load.js")
    assert site.asked == 3


@pytest.mark.parametrize("path", ["/static/js/a.js", f"{FILES}{VERSION}/components/core/load.js"])
def test_below_a_base_path_a_file_is_kept_too(below, path):
    app, site = kept()
    for _ in range(2):
        get(app, f"/cnn{path}")
    assert site.asked == 1


@pytest.mark.parametrize("options", [{"status": 404}, {"cache_control": "no-cache"}])
def test_files_that_may_change_are_not_cached(options):
    app, site = kept(**{"cache_control": FOREVER["cache-control"], **options})
    for _ in range(2):
        get(app)
    assert site.asked == 2


@pytest.mark.parametrize(
    "request_",
    [{"path": "/"}, {"method": "HEAD"}, {"range": "bytes=0-1"}, {"if_none_match": '"a"'}],
)
def test_other_questions_go_through(request_):
    app, site = kept()
    get(app)
    assert get(app, **{"accept_encoding": "gzip", **request_})[1] == SCRIPT
    assert site.asked == 2


def test_no_more_is_kept_than_may_be(monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 2 * len(SCRIPT))
    app, site = kept()
    for path in ("/static/a", "/static/b", "/static/c", "/static/a", "/static/c"):
        assert get(app, path)[1] == SCRIPT
    assert site.asked == 4
    assert app.size == 2 * len(SCRIPT)


def test_a_file_that_many_ask_for_at_once_takes_its_room_once():
    site = Site(**FOREVER)

    async def slow(scope, receive, send):
        await asyncio.sleep(0)  # all have asked before the first is answered
        await site(scope, receive, send)

    async def forget(message):
        pass

    app = KeptFiles(slow)
    scope = {"type": "http", "path": "/static/js/a.js", "method": "GET", "headers": []}

    async def ask_at_once():
        await asyncio.gather(*(app(dict(scope), None, forget) for _ in range(5)))

    asyncio.run(ask_at_once())
    assert site.asked == 5
    assert app.size == len(SCRIPT)


def test_headers_do_not_pile_up_on_what_is_kept():
    app = AnswerHeaders(kept()[0])
    assert len({tuple(get(app)[0].items()) for _ in range(3)}) == 1


def test_a_client_that_has_left_gets_no_answer_but_the_next_does():
    site, gone = Site(**FOREVER), [True]

    async def app(scope, receive, send):
        if not gone:
            await site(scope, receive, send)

    kept = KeptFiles(app)
    scope = {"type": "http", "path": "/static/js/a.js", "method": "GET", "headers": []}
    asyncio.run(kept({**scope, "query_string": b""}, None, None))
    gone.clear()
    assert get(kept)[1] == SCRIPT
