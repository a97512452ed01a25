"""nginx, as deploy/ configures it, in front of two replicas of the app on this machine."""

import asyncio
import gzip
import json
import re
import subprocess
import time
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from cnnviz.ui.server.headers import COOKIE, EMBED_IN, IN_FRAMES, headers_for
from scripts.protocol_client import ProtocolClient
from scripts.proxy import CONFIGURATION, REPLICAS, find_nginx, proxy, replicas
from scripts.replica import Replica
from tests.images.pictures import encoded, noise

NAMES = ("app-1", "app-2")
SCHOOL = "https://moodle.example.org"  # may show the app in a frame
PHOTO = encoded(noise(1500, 2000), "BMP")  # 9 MB
CLIENT = ("127.0.0.2", 0)  # not the proxy's own address


@pytest.fixture(scope="module")
def both():
    """Return the two replicas by name."""
    one, two = (Replica(environment={"CNNVIZ_REPLICA": name, EMBED_IN: SCHOOL}) for name in NAMES)
    with one, two:
        yield dict(zip(NAMES, (one, two), strict=True))


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return tmp_path_factory.mktemp("nginx") / "log"


@pytest.fixture(scope="module")
def address(both, log):
    with log.open("w") as file:
        places = [urlsplit(replica.address).netloc for replica in both.values()]
        with proxy(places, file) as address:
            yield address


def get(address, path, method="GET", body=None, **headers):
    """Return the status, the headers and the body of a response."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60, source_address=CLIENT)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


@asynccontextmanager
async def clients(address, number):
    """Yield this many people who have opened the Lab, each with a different bias."""
    async with AsyncExitStack() as doors:
        here = [await doors.enter_async_context(ProtocolClient(address)) for _ in range(number)]
        for bias, client in enumerate(here, 1):
            answer = await client.open("", f"bias={bias}")
            assert not answer.errors
            assert client.maps
        yield here


def names(here):
    return Counter(client.cookies[COOKIE] for client in here)


def test_people_are_shared_out_and_each_keeps_what_is_his_own(address):
    async def lesson():
        async with clients(address, 6) as here:
            assert names(here) == {"app-1": 3, "app-2": 3}
            for client in here:
                assert not (await client.change("lab.stride", 2)).errors
            assert [client.link for client in here] == [f"stride=2&bias={i}" for i in range(1, 7)]

    asyncio.run(lesson())


def test_a_page_says_who_gave_it_and_files_do_not(address):
    for path, named in {"/": True, "/pooling": True, "/favicon.png": False}.items():
        status, headers, _ = get(address, path)
        assert status == 200
        assert (COOKIE in headers.get("Set-Cookie", "")) == named


@pytest.mark.parametrize("name", NAMES)
def test_users_return_to_their_replica(address, both, log, name):
    path, read = "/kernels", len(log.read_text())  # that no other test asks for
    for _ in range(5):
        assert "Set-Cookie" not in get(address, path, Cookie=f"{COOKIE}={name}")[1]
    served = [line["replica"] for line in logged(log, [path] * 5, read)]
    assert served == [urlsplit(both[name].address).netloc] * 5


@pytest.mark.parametrize("name", ["", "app-9", "app-", "any", "example.org", "127.0.0.1:1", "a\tb"])
def test_an_unknown_name_is_answered_by_any_replica(address, name):
    status, headers, _ = get(address, "/", Cookie=f"{COOKIE}={name}")
    assert status == 200
    assert COOKIE in headers["Set-Cookie"]


def test_a_large_photo_reaches_the_session_it_belongs_to(address):
    async def lesson():
        async with clients(address, 4) as here:
            for client in here:
                assert not (await client.upload(PHOTO)).errors
                assert "photo=on" in client.link

    asyncio.run(lesson())


def test_a_body_of_more_than_65_mb_is_refused_unread(address):
    path = "/_stcore/upload_file/session/file"  # a network has at most 64 MB, a photo 10
    assert get(address, path, "PUT", **{"Content-Length": str(66 * 2**20)})[0] == 413


def test_the_live_channel_leads_to_the_replica_of_the_session(address, log):
    tokens = []

    async def drags():
        async with clients(address, 8) as here:
            for turn in range(3):
                for client in here:
                    channel = await client.live()
                    assert await channel.ask(**{"lab.bias": turn + 20}) > 0
                    assert channel.places == ["lab"]
            tokens.extend(channel.token for channel in [await client.live() for client in here])
            assert {client.cookies[COOKIE] for client in here} == set(NAMES)

    asyncio.run(drags())
    logged(log, ["/live"])
    assert not any(token in log.read_text() for token in tokens)


def test_when_a_replica_dies_its_people_come_back_on_the_other_and_stay_there(address, both):
    async def lesson():
        async with clients(address, 6) as here:
            lost = [client for client in here if client.cookies[COOKIE] == "app-1"]
            links = [client.link for client in here]
            both["app-1"].kill()
            try:
                for client in lost:
                    await client.drop()
                    assert not (await client.back()).errors
                assert names(here) == {"app-2": 6}
                assert [client.link for client in here] == links
                for client in here:
                    assert not (await client.change("lab.stride", 2)).errors
                assert get(address, "/", Cookie=f"{COOKIE}=app-1")[0] == 200
            finally:
                # in a thread: the lines of the others are closed if they answer no ping meanwhile
                await asyncio.to_thread(both["app-1"].restart)
            for client in lost:  # on one replica, although there are two again
                assert not (await client.upload(encoded(noise(), "PNG"))).errors
                assert names([client]) == {"app-2": 1}

    asyncio.run(lesson())


def test_a_link_may_be_as_long_as_the_settings_that_it_holds(address):
    assert get(address, "/?own=" + "-99.25,%20" * 3000)[0] == 200


def test_a_photo_without_the_token_of_the_page_is_refused(address):
    path = "/_stcore/upload_file/session/file"
    token = {"Cookie": "_streamlit_xsrf=2|1|2|3", "X-Xsrftoken": "2|9|9|9"}
    for headers in ({}, token):
        assert get(address, path, "PUT", b"photo", **headers)[0] == 403


@pytest.mark.parametrize(
    "host", ["example.org", "127.0.0.3", "localhost.example.org", "_", "[::1]"]
)
def test_a_site_answers_to_its_own_names_only(address, host):
    assert get(address, "/", Host=host)[0] == 421
    assert get(address, "/_stcore/health", Host=host)[0] == 421


def test_a_name_may_be_written_with_a_port_and_in_capitals(address):
    assert get(address, "/", Host="LocalHost:8080")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/metrics?x",
        "/_stcore//metrics",
        "/x/../_stcore/metrics",
        "/%5fstcore/metrics",
        "/_stcore/script-health-check",
        "/_stcore/agent/interact",
        "/_stcore/agent/openapi.json",
    ],
)
def test_internal_addresses_are_closed(address, path):
    status, _, body = get(address, path)
    assert status == 404
    assert b"nginx" in body


def test_health_is_open(address):
    assert get(address, "/_stcore/health")[::2] == (200, b"ok")


def script(address):
    page = get(address, "/")[2].decode()
    return page.partition('crossorigin src=".')[2].partition('"')[0]


def test_files_travel_compressed_and_are_kept(address, log):
    path = script(address)
    plain = get(address, path)
    packed = get(address, path, **{"Accept-Encoding": "gzip, deflate, br"})
    assert gzip.decompress(packed[2]) == plain[2]
    assert len(packed[2]) < len(plain[2]) / 2
    for _, headers, _ in (plain, packed):
        assert headers["Cache-Control"] == "public, immutable, max-age=31536000"
        assert headers["Vary"] == "Accept-Encoding"
    logged(log, [path] * 2)
    read = len(log.read_text())
    assert get(address, path, **{"Accept-Encoding": "gzip"})[2] == packed[2]
    assert [line["replica"] for line in logged(log, [path], read)] == [""]  # no replica was asked


def test_the_policy_of_the_app_passes_the_proxy(address):
    expected = headers_for((SCHOOL,))
    assert SCHOOL in expected["Content-Security-Policy"]
    for path in ("/", script(address)):
        headers = get(address, path)[1]
        assert {name: headers[name] for name in expected} == expected
        assert "X-Frame-Options" not in headers


def test_cookies_reach_the_replica_inside_a_frame(address):
    cookies = [cookie for path in ("/", "/_stcore/health") for cookie in set_by(address, path)]
    assert {cookie.partition("=")[0] for cookie in cookies} == {COOKIE, "_streamlit_xsrf"}
    assert all(cookie.endswith(IN_FRAMES) for cookie in cookies)


def set_by(address, path):
    return get(address, path)[1].get_all("Set-Cookie") or []


def logged(log, paths, start=0):
    """Return the log lines for the paths, from `start` on, once all of them are written.

    nginx writes a line after the response has gone: an earlier request may be logged later.
    """
    for _ in range(500):
        whole = log.read_text()[start:].rpartition("\n")[0]
        lines = [line for line in map(json.loads, whole.splitlines()) if line["path"] in paths]
        if Counter(paths) <= Counter(line["path"] for line in lines):
            return lines
        time.sleep(0.01)
    raise AssertionError(f"{paths} are not all in the log")


def test_the_log_tells_neither_who_nor_what(address, log):
    async def visit():
        async with ProtocolClient(address) as client:
            await client.open("pooling", "picture=coffee")
            await client.upload(encoded(noise(), "PNG"), "my-holiday.png")
            return client.session

    session = asyncio.run(visit())
    get(address, "/pooling?picture=cat")
    logged(log, ["/_stcore/stream", "/_stcore/upload_file", "/pooling"])
    text = log.read_text()
    for secret in (CLIENT[0], session, "my-holiday", "coffee", "cat"):
        assert secret not in text


def test_the_list_of_replicas_that_ships_is_made_like_the_one_tested():
    assert replicas(["app-1:8501", "app-2:8501"]) == (CONFIGURATION / REPLICAS).read_text()


def test_nginx_makes_its_folders_in_its_own_place_so_that_anyone_may_start_it():
    built = subprocess.run([find_nginx(), "-V"], capture_output=True, text=True, check=True).stderr
    folders = re.findall(r"--http-(\S+-temp-path)=", built)
    assert folders
    configured = (CONFIGURATION / "nginx.conf").read_text(encoding="utf-8")
    for folder in folders:
        assert re.search(rf"\n    {folder.replace('-', '_')} \w+;\n", configured), folder
