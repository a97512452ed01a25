"""People whose connections come and go, and servers that do."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from scripts.protocol_client import ProtocolClient
from scripts.replica import Replica
from tests.images.pictures import encoded, noise
from tests.load.acts import alerts, drag, good, picture_of, shapes, slide

PHOTO = encoded(noise(40, 60), "PNG")


def test_people_who_are_dropped_find_everything_as_it_was(clients):
    async def act(*here):
        for number, client in enumerate(here):
            await slide(client, "lab.bias", number + 1)
            good(await client.upload(PHOTO))
        sessions = [client.session for client in here]
        before = [(client.link, picture_of(client).tolist()) for client in here]
        await asyncio.gather(*(client.drop() for client in here))
        for answer in await asyncio.gather(*(client.back() for client in here)):
            good(answer)
        assert [client.session for client in here] == sessions
        assert [(client.link, picture_of(client).tolist()) for client in here] == before
        assert [client.link for client in here] == [
            f"photo=on&bias={number + 1}" for number in range(len(here))
        ]

    clients(12, act)


def test_a_slider_goes_on_when_a_setting_beside_it_is_not_shown_any_more(clients):
    async def act(client):
        good(await client.change("lab.pooling", "None"))
        assert "lab.window" not in client.widgets
        await drag(client, "lab.bias", 7)

    clients(1, act)


def test_a_slider_goes_to_a_value_that_it_has_had_and_a_reset_has_taken_back(clients):
    async def act(client):
        for turn in (1, 2):
            await slide(client, "lab.bias", 3, turn)
            assert client.link == "bias=3"
            good(await client.change("reset", True))
            assert client.link == ""

    clients(1, act)


@pytest.mark.parametrize(
    ("key", "title", "link"),
    [
        ("training.method", "Adam", "method=adam"),
        ("training.part", "Train a network", "part=network"),
    ],
)
def test_changes_sent_with_a_training_request_get_into_the_link(clients, key, title, link):
    async def act(client):
        good(await client.go("training"))
        both = client.request(key, title)
        both.fragment_id = client.part("training:kernel:transport")
        good(await client.run(both))
        assert client.link == link

    clients(1, act)


def test_two_tabs_of_one_person_do_not_disturb_one_another(clients):
    async def act(one):
        async with ProtocolClient(one.address, cookies=one.cookies) as two:
            good(await two.open("pooling"))
            assert two.session != one.session
            await slide(one, "lab.bias", 5)
            good(await two.upload(PHOTO))
            await slide(two, "pooling.window", 4)
            good(await one.change("lab.pooling", "Average"))
            assert set(one.link.split("&")) == {"pooling=average", "bias=5"}
            assert set(two.link.split("&")) == {"photo=on", "window=4"}

    clients(1, act)


def test_a_phone_that_reads_nothing_holds_up_no_one_else(clients, replica):
    async def act(slow, quick):
        slow.stop_reading()
        good(await quick.change("lab.pooling", "Average"))
        memory = replica.memory
        for turn in range(40):
            await slow.send(
                slow.request("lab.bias:slider", {"moved": {"value": turn, "turn": turn}})
            )
            await drag(quick, "lab.bias", turn)
        assert replica.memory - memory < 40

    clients(2, act)


def test_people_come_back_to_a_restarted_server_with_their_settings_but_without_their_photo():
    async def act(replica):
        async with AsyncExitStack() as doors:
            here = [
                await doors.enter_async_context(ProtocolClient(replica.address)) for _ in range(3)
            ]
            lab, pooling, owner = here
            good(await lab.open("", "size=64"))
            await slide(lab, "lab.bias", 3)
            good(await pooling.open("pooling", "size=64"))
            await slide(pooling, "pooling.window", 3)
            good(await owner.open())
            good(await owner.upload(PHOTO))
            assert shapes(owner)[0] == (40, 60)
            sessions = {client.session for client in here}
            replica.kill()
            await asyncio.to_thread(replica.restart)
            *_, said = [good(await client.back()) for client in here]
            assert not sessions & {client.session for client in here}
            assert (lab.page, lab.link) == ("", "size=64&bias=3")
            assert (pooling.page, pooling.link) == ("pooling", "size=64&window=3")
            assert shapes(owner)[0] == (256, 256)
            assert "own photo" in said.texts()
            assert alerts(said) == []

    with Replica() as replica:
        asyncio.run(act(replica))
