"""What SECURITY.md promises: nothing is written to disk, and no outside host is contacted."""

import asyncio
import os
import resource
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from scripts.protocol_client import ProtocolClient
from scripts.replica import Replica
from tests.images.pictures import encoded, noise
from tests.load.acts import good, slide

WATCH = Path(__file__).with_name("watch")
# Python itself would write only compiled modules, once.
ENVIRONMENT = {"PYTHONPATH": str(WATCH), "PYTHONDONTWRITEBYTECODE": "1"}
PHOTO = encoded(noise(900, 1200), "BMP")  # 3 MB: an upload above 1 MB might be written to disk


def write_nothing():
    """Make the system refuse every byte that this process and its children write to a file."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


async def lesson(address):
    """Open every page, change something, upload a photo, reconnect, download the maps."""
    async with ProtocolClient(address) as client:
        good(await client.open())
        for page in [page for page in client.pages if page not in ("", "lab")]:
            good(await client.go(page))
        good(await client.go(""))
        await slide(client, "lab.bias", 9)
        assert good(await client.upload(PHOTO)).errors == []
        assert client.link == "photo=on&bias=9"
        good(await client.upload(b"no picture"))
        await client.drop()
        good(await client.back())


def watched(text):
    """Return what the watch has reported, except pipes between our own processes."""
    lines = [line for line in text.splitlines() if line.startswith("WATCHED")]
    return [
        line
        for line in lines
        if not line.startswith("WATCHED open (")
        or not line.removeprefix("WATCHED open (")[0].isdigit()
    ]


@pytest.fixture(params=["whole", "full disk"])
def guarded(request):
    full = request.param == "full disk"
    with Replica(environment=ENVIRONMENT, prepare=write_nothing if full else None) as replica:
        yield replica


def test_a_lesson_writes_nothing_and_contacts_no_host(guarded):
    asyncio.run(lesson(guarded.address))
    assert watched(guarded.text()) == []
    assert "Traceback" not in guarded.text()


def test_the_watch_sees_what_it_looks_for(tmp_path):
    act = (
        "import os, socket, subprocess, sys\n"
        f"open({os.fspath(tmp_path / 'file')!r}, 'w').close()\n"
        f"os.mkdir({os.fspath(tmp_path / 'folder')!r})\n"
        "try: socket.create_connection(('127.0.0.1', 9), 1)\n"
        "except OSError: pass\n"
        "subprocess.run([sys.executable, '-c', 'open(\"/dev/full\", \"w\")'])\n"
    )
    run = [sys.executable, "-c", act]
    said = subprocess.run(
        run, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True, check=True
    ).stderr
    kinds = [line.split()[1] for line in watched(said)]
    assert kinds == ["open", "os.mkdir", "socket.getaddrinfo", "socket.connect", "open"]


def test_the_bytes_of_a_photo_are_gone_once_it_is_read(clients, replica):
    async def act(client):
        good(await client.upload(PHOTO))
        with urlopen(f"{replica.address}/_stcore/metrics") as answer:
            kept = [line for line in answer.read().decode().splitlines() if "cache_memory" in line]
        assert any(
            "SessionStateStatProvider" in line or "st_session_state" in line for line in kept
        )
        assert [line for line in kept if "UploadedFileManager" in line] == []

    clients(1, act)
