import asyncio

import pytest

from cnnviz.ui.server.browser_modules import VERSION, VersionedFiles


def path_that_arrives(path, kind="http"):
    arrived = []

    async def app(scope, receive, send):
        arrived.append((scope["path"], scope["raw_path"]))

    scope = {"type": kind, "path": path, "raw_path": path.encode()}
    asyncio.run(VersionedFiles(app)(scope, None, None))
    assert arrived[0][0].encode() == arrived[0][1]
    return arrived[0][0]


@pytest.mark.parametrize("version", [VERSION, "0123456789ab"])
def test_a_file_of_any_version_comes_from_the_plain_folder(version):
    asked = f"/app/static/{version}/components/core/load.js"
    assert path_that_arrives(asked) == "/app/static/components/core/load.js"


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/components/core/load.js",
        f"/static/{VERSION}/a.js",
        f"/app/static/{VERSION}0/a.js",
        f"/app/static/{VERSION}",
        f"/base/app/static/{VERSION}/a.js",
    ],
)
def test_any_other_path_stays_as_it_is(path):
    assert path_that_arrives(path) == path


def test_a_file_below_a_base_path_comes_from_the_plain_folder_there(below):
    asked = f"/cnn/app/static/{VERSION}/components/core/load.js"
    assert path_that_arrives(asked) == "/cnn/app/static/components/core/load.js"
    astray = f"/app/static/{VERSION}/components/core/load.js"
    assert path_that_arrives(astray) == astray


@pytest.mark.parametrize("name", ["a" * 300, "ä" * 150, "a/" * 3000])
def test_a_path_that_no_file_can_have_is_not_looked_for(name):
    said = []

    async def send(message):
        said.append(message)

    scope = {"type": "http", "path": f"/app/static/{VERSION}/{name}"}
    asyncio.run(VersionedFiles(None)(scope, None, send))
    assert said[0]["status"] == 404
