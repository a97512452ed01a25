"""People whose connection comes and goes, and servers that do."""

import asyncio

import pytest

from scripts.person import Person
from scripts.replica import Replica
from tests.images.pictures import encoded, noise
from tests.load.acts import alerts, drag, good, picture_of, shapes, slide

PHOTO = encoded(noise(40, 60), "PNG")


def test_people_who_are_dropped_find_everything_as_it_was(people):
    async def act(*here):
        for number, person in enumerate(here):
            await slide(person, "lab.bias", number + 1)
            good(await person.upload(PHOTO))
        sessions = [person.session for person in here]
        before = [(person.link, picture_of(person).tolist()) for person in here]
        await asyncio.gather(*(person.drop() for person in here))
        for answer in await asyncio.gather(*(person.back() for person in here)):
            good(answer)
        assert [person.session for person in here] == sessions
        assert [(person.link, picture_of(person).tolist()) for person in here] == before
        assert [person.link for person in here] == [
            f"photo=on&bias={number + 1}" for number in range(len(here))
        ]

    people(12, act)


def test_a_slider_goes_on_when_a_setting_beside_it_is_not_shown_any_more(people):
    async def act(person):
        good(await person.change("lab.pooling", "None"))
        assert "lab.window" not in person.widgets
        await drag(person, "lab.bias", 7)

    people(1, act)


def test_what_a_browser_sends_along_with_a_tick_of_a_training_gets_into_the_link(people):
    async def act(person):
        good(await person.go("training"))
        both = person.request("training.method", "Adam")
        both.fragment_id = person.part("training:kernel:transport")
        good(await person.run(both))
        assert person.link == "method=adam"

    people(1, act)


def test_two_tabs_of_one_person_do_not_disturb_one_another(people):
    async def act(one):
        async with Person(one.address, cookies=one.cookies) as two:
            good(await two.open("pooling"))
            assert two.session != one.session
            await slide(one, "lab.bias", 5)
            good(await two.upload(PHOTO))
            await slide(two, "pooling.window", 4)
            good(await one.change("lab.pooling", "Average"))
            assert one.link == "pooling=average&bias=5"
            assert two.link == "photo=on&window=4"

    people(1, act)


def test_a_phone_that_reads_nothing_holds_up_nobody(people, replica):
    async def act(slow, quick):
        slow.stop_reading()
        good(await quick.change("lab.pooling", "Average"))
        memory = replica.memory
        for turn in range(40):
            await slow.send(
                slow.request("lab.bias:slider", {"value": {"value": turn, "turn": turn}})
            )
            await drag(quick, "lab.bias", turn)
        assert replica.memory - memory < 40

    people(2, act)


@pytest.mark.parametrize("page", ["", "pooling"])
def test_people_come_back_to_a_restarted_server_with_their_settings(page):
    async def act(replica):
        async with Person(replica.address) as person:
            good(await person.open(page, "size=64"))
            key = "lab.bias" if page == "" else "pooling.window"
            await slide(person, key, 3)
            link, session = person.link, person.session
            replica.kill()
            await asyncio.to_thread(replica.restart)
            good(await person.back())
            assert (person.link, person.page) == (link, page)
            assert person.session != session
            assert link == f"size=64&{key.partition('.')[2]}=3"

    with Replica() as replica:
        asyncio.run(act(replica))


def test_a_photo_that_a_restart_has_lost_is_said_so(people):
    async def act(replica):
        async with Person(replica.address) as person:
            good(await person.open())
            good(await person.upload(PHOTO))
            assert shapes(person)[0] == (40, 60)
            replica.kill()
            await asyncio.to_thread(replica.restart)
            answer = good(await person.back())
            assert shapes(person)[0] == (256, 256)
            assert "own photo" in answer.texts()
            assert alerts(answer) == []

    with Replica() as replica:
        asyncio.run(act(replica))
