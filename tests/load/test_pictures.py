"""Pictures that are meant to bring the server down, or come too many at once."""

import asyncio
import os
import sys

import pytest
from PIL import Image

from cnnviz.images import sandbox
from cnnviz.images.loading import PictureError
from cnnviz.images.sandbox import CRASHED, SLOW, read_picture
from scripts.replica import Replica
from tests.images.pictures import encoded, noise, png
from tests.load.acts import alerts, drag, good

PHOTO = encoded(noise(40, 60), "PNG")
HUGE = png([[0] * 4], size=(60_000, 60_000))  # claims 3.6 thousand million pixels
HEAVY = encoded(Image.new("RGBA", (3500, 3500), (9, 9, 9, 99)), "WEBP", lossless=True, method=0)
# A decoder that hangs in C code and never releases the interpreter's lock.
HANG = "import re; re.match('(a+)+$', 60 * 'a' + 'b')"


def worker(act):
    """Return the command of a reader process that does `act` instead of reading a picture."""
    body = f"def load_picture(data):\n    {act}\napart.load_picture = load_picture"
    return (
        sys.executable,
        "-c",
        f"import cnnviz.images.sandbox as apart, os\n{body}\napart.main()",
    )


@pytest.fixture
def broken(monkeypatch):
    """Return a function that makes new readers do something else: `broken("os.abort()")`."""
    sandbox.stop_idle()
    yield lambda act: monkeypatch.setattr(sandbox, "COMMAND", worker(act))
    sandbox.stop_idle()


def refusal(data=PHOTO):
    with pytest.raises(PictureError) as caught:
        read_picture(data)
    return str(caught.value)


def test_a_decoder_that_hangs_is_ended(broken, monkeypatch):
    broken(HANG)
    monkeypatch.setattr(sandbox, "TIME_LIMIT", 0.5)
    assert refusal() == SLOW
    assert sandbox._idle == []


def test_a_decoder_that_starts_slowly_on_a_busy_machine_refuses_no_picture(broken, monkeypatch):
    broken("from cnnviz.images.loading import load_picture; return load_picture(data)")
    *python, body = sandbox.COMMAND
    monkeypatch.setattr(sandbox, "COMMAND", (*python, f"import time; time.sleep(2); {body}"))
    monkeypatch.setattr(sandbox, "TIME_LIMIT", 1.5)
    assert read_picture(PHOTO, "mine").name == "mine"


def test_a_decoder_that_crashes_takes_only_itself_along(broken):
    broken("os.abort()")
    assert refusal() == CRASHED


def test_the_next_picture_finds_a_decoder_that_works(broken, monkeypatch):
    command = sandbox.COMMAND
    broken("os.abort()")
    refusal()
    monkeypatch.setattr(sandbox, "COMMAND", command)
    assert read_picture(PHOTO, "mine").name == "mine"


def test_a_decoder_gets_no_more_memory_than_the_worst_good_picture_needs(broken):
    broken("bytearray(1 << 30)")  # load_picture would refuse with a better message
    assert refusal() == CRASHED


def test_a_decoder_can_write_nothing(broken, tmp_path):
    target = tmp_path / "out"
    broken(f"f = open({os.fspath(target)!r}, 'wb', 0); f.write(b'x')")
    assert refusal() == CRASHED
    assert target.read_bytes() == b""


def test_a_refusal_in_the_other_process_keeps_its_sentence():
    assert "make it smaller first" in refusal(HUGE)
    assert read_picture(PHOTO).digest == sandbox.load_picture(PHOTO).digest


def test_idle_readers_are_used_again():
    read_picture(PHOTO)
    (before,) = {reader.process.pid for reader in sandbox._idle[-1:]}
    read_picture(PHOTO)
    assert sandbox._idle[-1].process.pid == before


def test_an_idle_reader_that_the_system_has_ended_costs_no_picture():
    read_picture(PHOTO)
    gone = sandbox._idle[-1].process
    gone.kill()
    gone.wait()
    assert read_picture(PHOTO, "mine").name == "mine"


async def brought(client, data):
    """Upload a picture until it is read or refused; there may be too many at first."""
    while "Too many pictures" in "".join(alerts(answer := await client.upload(data))):
        pass
    return answer


def test_ten_bombs_at_once_leave_the_page_quick_and_two_decoders(clients, replica):
    async def act(visitor, *attackers):
        bombs = [HUGE, HEAVY] * (len(attackers) // 2)
        attacks = [
            asyncio.create_task(brought(client, bomb))
            for client, bomb in zip(attackers, bombs, strict=True)
        ]
        most = 0
        for turn in range(10):
            await drag(visitor, "lab.bias", turn)
            most = max(most, len(replica.children()))
        assert not all(attack.done() for attack in attacks)  # the drags did not wait for them
        for bomb, answer in zip(bombs, await asyncio.gather(*attacks), strict=True):
            good(answer)
            most = max(most, len(replica.children()))
            assert any("smaller" in said for said in alerts(answer)) == (bomb is HUGE)
        assert 1 <= most <= 2

    clients(11, act)


def test_a_server_whose_decoder_hangs_goes_on(clients):
    launch = (
        "import sys, cnnviz.images.sandbox as apart\n"
        f"apart.COMMAND, apart.TIME_LIMIT = {worker(HANG)!r}, 1.0\n"
        "from streamlit.web.cli import main\nsys.argv[0] = 'streamlit'\nmain()"
    )

    async def act(one, other):
        late = asyncio.create_task(one.upload(PHOTO))
        turn = 0
        while not late.done():
            turn += 1
            await drag(other, "lab.bias", turn % 99)
        assert turn > 3
        answer = good(await late)
        assert alerts(answer) == [SLOW]
        good(await one.change("lab.pooling", "Average"))

    with Replica(command=("-c", launch)) as replica:
        clients(2, act, at=replica)
        assert replica.children() == []
