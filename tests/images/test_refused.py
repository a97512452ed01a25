import struct
import threading
import warnings
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import GifImagePlugin, Image

from cnnviz.images import loading as image_module
from cnnviz.images.loading import FORMATS, MAX_BYTES, MAX_SCANS, PictureError, load_picture
from tests.images.pictures import (
    FILES,
    PHOTO,
    encoded,
    jpeg_segment,
    png,
    png_chunk,
    with_scans,
    with_segments,
)


def refusal(data):
    """Return the message with which a file is refused."""
    with pytest.raises(PictureError) as caught:
        load_picture(data)
    return str(caught.value)


def outcome(data):
    """Return the pixels of a file, or one black pixel if it is properly refused."""
    try:
        return load_picture(data).pixels
    except PictureError:
        return np.zeros((1, 1, 3), np.uint8)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1miaf", "AVIF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "Video"),
        (encoded(PHOTO, "TIFF"), "TIFF"),
        (encoded(PHOTO, "ICO"), "Icon"),
        (b"8BPS\0\x01" + bytes(40), "Photoshop"),
        (b"%PDF-1.7\n", "PDF"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"BLP2" + bytes(280), "PNG, JPEG, WebP, GIF and BMP"),
        (encoded(PHOTO, "PPM"), "PNG, JPEG, WebP, GIF and BMP"),
        (encoded(PHOTO, "JPEG2000"), "PNG, JPEG, WebP, GIF and BMP"),
        (b"hello, world\n", "PNG, JPEG, WebP, GIF and BMP"),
    ],
)
def test_other_files_are_refused_by_content_with_the_way_out(data, word):
    assert word in refusal(data)


def test_every_other_format_that_pillow_can_write_is_refused():
    Image.init()
    ours = {form.upper() for form in FORMATS} | {"MPO"}  # MPO begins with a JPEG
    written = []
    for form in sorted(Image.SAVE):
        if form not in ours:
            for mode in ("RGB", "L", "1", "F"):
                with suppress(Exception):  # not every format stores every mode
                    written.append((form, encoded(Image.fromarray(PHOTO), form, mode=mode)))
    assert len({form for form, _ in written}) > 15
    for form, data in written:
        assert refusal(data), form


def test_frames_are_never_counted(monkeypatch):
    def count(_):
        raise AssertionError("a file may have a million of them")

    monkeypatch.setattr(GifImagePlugin.GifImageFile, "n_frames", property(count))
    frames = [Image.new("P", (4, 3), colour) for colour in range(3)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert load_picture(data).pixels.shape == (3, 4, 3)


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 20_000_000])
def test_a_file_that_is_too_long_is_refused_unread(size):
    assert "at most 10 MB" in refusal(FILES["PNG"].ljust(size, b"\0"))


@pytest.mark.parametrize(
    ("size", "limit"),
    [
        ((50_000, 50_000), "16 million"),
        ((13_000, 1), "12000 per side"),
        ((4001, 4000), "16 million"),
    ],
)
def test_a_png_that_claims_too_many_pixels_is_refused_by_its_header(size, limit):
    # under this filter Pillow's own bomb check does not raise: ours must
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert limit in refusal(png([[0]], size=size))


@pytest.mark.parametrize(
    ("form", "place", "layout", "limit"),
    [("GIF", 6, "<HH", 16), ("BMP", 18, "<ii", 16), ("WEBP", 26, "<HH", 14)],
)
def test_other_formats_are_refused_by_their_header_too(form, place, layout, limit):
    data = bytearray(FILES[form])
    struct.pack_into(layout, data, place, 5000, 5000)
    assert f"5000 × 5000 pixels; at most {limit} million" in refusal(bytes(data))


@pytest.mark.parametrize(
    ("progressive", "limit"), [(False, "at most 64 million"), (True, "at most 32 million")]
)
def test_a_jpeg_may_be_larger_unless_it_must_be_held_whole(progressive, limit):
    data = bytearray(encoded(PHOTO, "JPEG", progressive=progressive))
    frame = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    struct.pack_into(">HH", data, frame + 5, 9000, 9000)
    assert limit in refusal(bytes(data))


def test_a_jpeg_of_many_scans_is_refused():
    bomb = with_scans(encoded(PHOTO, "JPEG", progressive=True), MAX_SCANS + 1)
    assert f"{MAX_SCANS + 1} scans; at most {MAX_SCANS}" in refusal(bomb)


@pytest.mark.parametrize(
    ("coding", "precision", "name"),
    [(0xC1, 12, "12-bit"), (0xC9, 8, "arithmetic-coded"), (0xC3, 8, "lossless")],
)
def test_a_rare_kind_of_jpeg_is_refused_by_its_name(coding, precision, name):
    data = bytearray(FILES["JPEG"])
    frame = data.index(b"\xff\xc0")
    data[frame + 1], data[frame + 4] = coding, precision
    assert refusal(bytes(data)).startswith(f"This JPEG is {name}, ")


def test_a_jpeg_of_just_enough_scans_is_accepted():
    data = with_scans(encoded(PHOTO, "JPEG", progressive=True), MAX_SCANS)
    assert load_picture(data).pixels.shape == PHOTO.shape


def test_the_film_behind_a_phone_photo_does_not_count_as_scans():
    film = b"\xff\xda" * 500
    assert load_picture(FILES["JPEG"] + film).pixels.shape == PHOTO.shape


def test_a_run_length_bmp_is_refused():
    data = bytearray(encoded(PHOTO, "BMP", mode="P"))
    struct.pack_into("<I", data, 30, 1)
    assert "run-length" in refusal(bytes(data))


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_refused_where_pixels_are_cut_off_and_read_where_only_the_end_is(name):
    data = FILES[name]
    # without its last bytes, an end marker and checksums, a file still has the whole picture
    spare = {"PNG": 20, "JPEG": 2, "JPEG progressive": 2, "GIF": 2}.get(name, 0)
    whole = load_picture(data).pixels
    for cut in range(1, spare + 1):
        assert (load_picture(data[:-cut]).pixels == whole).all()
    for length in range(len(data) - spare - 1, 0, -max(1, len(data) // 150)):
        assert refusal(data[:length]).endswith(".")


def test_a_damaged_checksum_is_refused():
    data = FILES["PNG"]
    place = data.index(b"IDAT") + 40
    assert "damaged" in refusal(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])


@pytest.mark.parametrize("error", [MemoryError, RecursionError, OverflowError, struct.error])
def test_whatever_the_decoder_raises_becomes_one_sentence(monkeypatch, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(image_module.Image, "open", fail)
    assert refusal(FILES["PNG"]).startswith("This PNG file is damaged")


# in production Pillow's warnings go only to the log, so the decoders get further
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FILES)
def test_mutated_files_give_a_picture_or_a_picture_error(name):
    rng = np.random.default_rng(len(name))
    for _ in range(200):
        data = bytearray(FILES[name])
        for place in rng.integers(0, len(data), rng.integers(1, 8)):
            data[place] = rng.integers(0, 256)
        pixels = outcome(bytes(data))
        assert pixels.dtype == np.uint8
        assert max(pixels.shape) <= 1024


@settings(deadline=None)
@given(
    start=st.sampled_from([b"", *(data[:40] for data in FILES.values())]),
    rest=st.binary(max_size=200),
)
@pytest.mark.filterwarnings("ignore")
def test_any_bytes_give_a_picture_or_a_picture_error(start, rest):
    assert outcome(start + rest).ndim == 3


def test_metadata_never_reaches_the_decoder(monkeypatch):
    secret = b"51.4778 N, 0.0014 W"
    seen = []
    genuine = Image.open
    monkeypatch.setattr(
        image_module.Image, "open", lambda file, **k: seen.append(file.read()) or genuine(file, **k)
    )
    load_picture(
        with_segments(FILES["JPEG"], jpeg_segment(0xE1, secret), jpeg_segment(0xFE, secret))
    )
    load_picture(png([[0]], extra=png_chunk(b"tEXt", b"place\0" + secret)))
    assert len(seen) == 2
    assert not any(secret in data for data in seen)


# two at once


def test_a_third_picture_is_told_to_wait_when_two_take_too_long(monkeypatch):
    entered, go_on = threading.Semaphore(0), threading.Event()

    def decode(data, form, name):
        entered.release()
        go_on.wait(timeout=30)
        return name

    monkeypatch.setattr(image_module, "decode", decode)
    monkeypatch.setattr(image_module, "_PATIENCE", 0.0)
    threads = [threading.Thread(target=load_picture, args=(FILES["PNG"],)) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert all(entered.acquire(timeout=30) for _ in threads)
    try:
        assert "try again in a moment" in refusal(FILES["PNG"])
    finally:
        go_on.set()
        for thread in threads:
            thread.join()
    assert load_picture(FILES["PNG"], "next") == "next"


def test_a_refused_picture_gives_its_place_back():
    for _ in range(5):
        refusal(FILES["PNG"][:100])
    assert load_picture(FILES["PNG"]).pixels.shape == PHOTO.shape


def test_the_list_of_formats_names_what_works():
    assert {form.upper() for form in FORMATS} == {name.split()[0] for name in FILES}
