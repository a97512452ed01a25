"""An upload never comes back as it was: neither its bytes nor the metadata hidden in it."""

from urllib.parse import urlsplit

import pytest

from tests.browser.tab import Tab, own_picture
from tests.images.pictures import encoded, exif, jpeg_segment, noise, png_chunk, with_segments

SECRET = b"51.4778 N, 0.0014 W"
PHOTO = noise(200, 160, seed=8)
GPS = jpeg_segment(0xE1, b"Exif\0\0" + exif(1)[6:] + SECRET)
PNG = encoded(PHOTO, "PNG")
WITH_SECRETS = {
    "PNG": PNG[:33] + png_chunk(b"tEXt", b"Comment\0" + SECRET) + PNG[33:] + SECRET,
    "JPEG": with_segments(encoded(PHOTO, "JPEG"), GPS, jpeg_segment(0xFE, SECRET)) + SECRET,
    "WEBP": encoded(PHOTO, "WEBP", exif=exif(1) + SECRET, xmp=SECRET),
}


@pytest.fixture(scope="module")
def listened(contexts, address):
    """Return a tab, the list of messages on its socket, and the list of HTTP answers."""
    tab, heard, answers = Tab(contexts(), address), [], []
    tab.page.on(
        "websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(frame))
    )
    tab.page.on("response", lambda answer: answers.append(answer))
    tab.open("size=256")
    yield tab, heard, answers
    tab.page.close()
    assert tab.troubles == []


@pytest.mark.parametrize("form", WITH_SECRETS)
def test_nothing_of_the_file_comes_back(listened, form):
    data = WITH_SECRETS[form]
    assert SECRET in data
    tab, heard, answers = listened
    tab.open("size=256")
    heard.clear()
    answers.clear()
    photo = {"name": "photo.png", "mimeType": "image/png", "buffer": data}
    with tab.page.expect_request(lambda request: request.method == "PUT") as sent:
        own_picture(tab.page).set_input_files(photo)
    tab.shows("200 × 160")
    tab.page.get_by_test_id("stPopoverBody").wait_for(state="detached")  # the maps are visible
    tab.page.get_by_role("button", name="Download", exact=True).click()
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="All maps as ZIP").click()
    received = [download.value.path().read_bytes()]
    received += [frame if isinstance(frame, bytes) else frame.encode() for frame in heard]
    received += [answer.body() for answer in answers if is_media(answer)]
    assert sum(map(len, received)) > 3 * PHOTO.nbytes  # includes the maps and the picture
    pieces = [data[at : at + 24] for at in range(len(data) // 4, len(data) * 3 // 4, 97)]
    for text in received:
        assert SECRET not in text
        assert not any(piece in text for piece in pieces)
    # the upload's address gets the same answer as any unknown address: the page itself
    put, page = (tab.page.request.get(url).text() for url in (sent.value.url, tab.address))
    assert put == page


def is_media(answer):
    return answer.ok and urlsplit(answer.url).path.startswith("/media/")


def test_a_browser_that_keeps_no_cookies_is_told_why_no_file_can_be_sent(browser, address):
    with browser.new_context(bypass_csp=True) as context:
        context.add_init_script(
            'Object.defineProperty(document, "cookie", { get: () => "", set() {} })'
        )
        tab = Tab(context, address).open()
        photo = {"name": "photo.png", "mimeType": "image/png", "buffer": PNG}
        own_picture(tab.page).set_input_files(photo)
        told = tab.page.get_by_text("allow cookies for this page")
        told.wait_for()
        tab.page.mouse.click(2, 600)
        told.wait_for(state="hidden")
