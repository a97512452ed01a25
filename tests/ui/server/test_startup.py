import socket
import sys
import threading
from queue import SimpleQueue
from tempfile import SpooledTemporaryFile

import pytest
from starlette.formparsers import MultiPartParser

from cnnviz.nn.formats.read_model import MAX_FILE
from cnnviz.ui.server import startup
from cnnviz.ui.server.startup import (
    NEEDED_FIRST,
    prepare,
    send_at_once,
    tidy_memory,
    warm_up,
    warn_if_alone,
)


@pytest.fixture
def door():
    # as Streamlit does: without naming the protocol, which asyncio looks at
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        yield door


def test_small_messages_of_all_who_connect_leave_at_once(door):
    assert send_at_once() >= 1
    with socket.create_connection(door.getsockname()), door.accept()[0] as accepted:
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_sockets_that_do_not_listen_are_left_alone(door):
    door.close()
    with socket.socket() as idle, socket.socket(type=socket.SOCK_DGRAM):
        send_at_once()
        assert not idle.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_largest_file_stays_in_memory_on_its_way(monkeypatch):
    monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)
    prepare()
    with SpooledTemporaryFile(max_size=MultiPartParser.spool_max_size) as file:
        file.write(bytes(MAX_FILE))
        assert not file._rolled


@pytest.mark.parametrize("alone", [True, False])
def test_app_py_started_alone_says_once_what_is_missing(alone, monkeypatch, capsys):
    monkeypatch.setattr(startup, "_prepared", threading.Event())
    warn_if_alone.cache_clear()
    if not alone:
        startup._prepared.set()
    for _ in range(2):
        warn_if_alone()
    assert capsys.readouterr().err.count("no classes") == alone


def test_imports_of_the_first_page_run_beside_the_first_answers():
    thread = warm_up()
    assert thread.daemon
    thread.join()
    assert set(NEEDED_FIRST) <= sys.modules.keys()


def test_freed_memory_is_returned_repeatedly_until_the_end(monkeypatch):
    given = SimpleQueue()
    monkeypatch.setattr(startup, "_of_glibc", lambda name: lambda pad: given.put((name, pad)))
    ended = tidy_memory(every=0.001)
    assert [given.get(timeout=10) for _ in range(3)] == 3 * [("malloc_trim", 0)]
    ended.set()


def test_without_glibc_there_is_nothing_to_tidy(monkeypatch):
    monkeypatch.setattr(startup, "_of_glibc", lambda name: None)
    before = threading.enumerate()
    tidy_memory()
    assert not set(threading.enumerate()) - set(before)
