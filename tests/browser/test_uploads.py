"""What a person uploads never comes back as it was: neither its bytes nor what is hidden in it."""

from urllib.parse import urlsplit

import pytest

from tests.browser.tab import own_picture
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


@pytest.mark.parametrize("form", WITH_SECRETS)
def test_nothing_of_the_file_comes_back(tab, form):
    data = WITH_SECRETS[form]
    assert SECRET in data
    opened = tab("size=256", fresh=True)
    page, heard, answers = opened.page, [], []

    def listen(socket):
        socket.on("framereceived", lambda frame: heard.append(frame))

    page.on("websocket", listen)
    page.on("response", lambda answer: answers.append(answer))
    page.reload()  # so that the socket is heard from its first word on
    opened.shows("256 × 256")
    photo = {"name": "photo.png", "mimeType": "image/png", "buffer": data}
    with page.expect_request(lambda request: request.method == "PUT") as sent:
        own_picture(page).set_input_files(photo)
    opened.shows("200 × 160")
    page.get_by_test_id("stPopoverBody").wait_for(state="detached")  # the maps are in sight again
    page.get_by_role("button", name="Download", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="All maps as ZIP").click()
    received = [download.value.path().read_bytes()]
    received += [frame if isinstance(frame, bytes) else frame.encode() for frame in heard]
    received += [answer.body() for answer in answers if is_media(answer)]
    assert sum(map(len, received)) > 3 * PHOTO.nbytes  # the maps and the picture are among it
    pieces = [data[at : at + 24] for at in range(len(data) // 4, len(data) * 3 // 4, 97)]
    for text in received:
        assert SECRET not in text
        assert not any(piece in text for piece in pieces)
    # where the file was put is answered like any unknown address: with the page itself
    assert page.request.get(sent.value.url).text() == page.request.get(opened.address).text()


def is_media(answer):
    return answer.ok and urlsplit(answer.url).path.startswith("/media/")
