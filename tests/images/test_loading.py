import io
import struct

import numpy as np
import pytest
from PIL import Image

from cnnviz.images.loading import MAX_BYTES, Picture, PictureError, load_picture
from tests.images.pictures import FILES, PHOTO, encoded, exif, noise, png

LOSSLESS = {"PNG": {}, "BMP": {}, "WEBP": {"lossless": True}}


@pytest.mark.parametrize(("form", "options"), LOSSLESS.items())
def test_a_lossless_file_gives_exactly_its_pixels(form, options):
    assert (load_picture(encoded(PHOTO, form, **options)).pixels == PHOTO).all()


def test_a_jpeg_gives_nearly_its_pixels():
    smooth = np.tile(np.arange(0, 240, 10, dtype=np.uint8)[:, None], (20, 1, 3))
    loaded = load_picture(encoded(smooth, "JPEG", quality=95)).pixels
    assert np.abs(loaded.astype(int) - smooth).max() <= 4


def test_a_gif_gives_its_first_frame():
    frames = [Image.new("P", (4, 3), colour) for colour in range(40)]
    for frame in frames:
        frame.putpalette([value for grey in range(256) for value in (grey, 0, 255 - grey)])
    data = encoded(frames[7], "GIF", save_all=True, append_images=frames[8:])
    assert (load_picture(data).pixels == (7, 0, 248)).all()


def test_a_gif_is_white_where_its_frame_does_not_reach():
    frame = Image.new("P", (4, 2), 0)
    frame.putpalette([255, 0, 0, 0, 0, 255])
    data = bytearray(encoded(frame, "GIF"))
    struct.pack_into("<HH", data, 6, 8, 6)
    struct.pack_into("<HH", data, data.index(b"\x2c\0\0\0\0") + 1, 3, 1)
    expected = np.full((6, 8, 3), 255)
    expected[1:3, 3:7] = (255, 0, 0)
    assert (load_picture(bytes(data)).pixels == expected).all()


def test_a_webp_is_read_whose_last_note_is_cut_short():
    data = encoded(PHOTO, "WEBP", lossless=True, exif=exif(1) + bytes(51))
    assert (load_picture(data[:-20]).pixels == PHOTO).all()


def test_a_jpeg_is_read_whose_end_is_missing_before_what_a_phone_appends():
    appended = b"\0\0\1\n\x0e\0\0\0Image_UTC_Data1600000000000SEFHj" + bytes(40) + b"SEFT"
    for name in ("JPEG", "JPEG progressive"):
        whole = load_picture(FILES[name]).pixels
        assert (load_picture(FILES[name][:-2] + appended).pixels == whole).all()


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_an_animation_gives_its_first_frame(form):
    frames = [Image.new("RGB", (4, 3), (grey, 0, 0)) for grey in (10, 200)]
    data = encoded(frames[0], form, save_all=True, append_images=frames[1:], lossless=True)
    assert (load_picture(data).pixels == (10, 0, 0)).all()


def test_pixels_are_read_only_for_good():
    pixels = load_picture(FILES["PNG"]).pixels
    with pytest.raises(ValueError, match="cannot set WRITEABLE"):
        pixels.flags.writeable = True


def test_equal_pixels_from_different_files_have_the_same_digest():
    first, second = load_picture(FILES["PNG"], "a"), load_picture(FILES["BMP"], "b")
    assert first.digest == second.digest
    assert (first.name, second.name) == ("a", "b")


def test_the_digest_tells_shapes_apart():
    grey = np.zeros((2, 6), np.uint8)
    assert Picture.from_pixels(grey).digest != Picture.from_pixels(grey.reshape(3, 4)).digest


def test_the_content_counts_and_not_the_ending_of_the_name():
    assert load_picture(FILES["BMP"], "holiday.jpg").pixels.shape == (20, 24, 3)


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (3, 2)])
def test_the_smallest_pictures_work(shape):
    assert load_picture(encoded(noise(*shape), "PNG")).pixels.shape == (*shape, 3)


@pytest.mark.parametrize(
    ("size", "shape"),
    [((1025, 2), (2, 1024, 3)), ((2, 5000), (1024, 1, 3)), ((2048, 1024), (512, 1024, 3))],
)
def test_a_large_picture_is_shrunk_to_the_working_size_and_remembers_its_own(size, shape):
    picture = load_picture(encoded(Image.new("RGB", size), "PNG"))
    assert (picture.pixels.shape, picture.original_size) == (shape, size)


def test_a_large_jpeg_is_shrunk_like_any_other_picture():
    picture = load_picture(encoded(Image.new("RGB", (5000, 3000), (200, 100, 50)), "JPEG"))
    assert (picture.pixels.shape, picture.original_size) == ((614, 1024, 3), (5000, 3000))
    assert np.abs(picture.pixels.astype(int) - (200, 100, 50)).max() <= 2


# kinds of pixels


def test_sixteen_bits_are_scaled_and_not_clipped():
    levels = np.array([0, 128, 129, 257, 32_768, 65_535], ">u2")
    loaded = load_picture(png([levels.tobytes()], depth=16)).pixels
    assert loaded[0, :, 0].tolist() == [0, 0, 1, 1, 128, 255]


def test_sixteen_bit_colour_keeps_its_range():
    levels = np.array([0, 32_768, 65_535] * 2, ">u2")
    loaded = load_picture(png([levels.tobytes()], depth=16, colour="colour", size=(2, 1))).pixels
    assert loaded[0].tolist() == [[0, 128, 255]] * 2


@pytest.mark.parametrize("form", ["PNG", "GIF", "BMP"])
def test_one_bit_is_black_and_white(form):
    squares = np.eye(5, dtype=bool)
    assert (load_picture(encoded(squares, form)).pixels == squares[..., None] * 255).all()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP"])
def test_grey_has_three_equal_channels(form):
    pixels = load_picture(encoded(PHOTO, form, mode="L")).pixels
    assert (pixels == pixels[..., :1]).all()


@pytest.mark.parametrize("colour", [(0, 0, 0, 0), (255, 0, 0, 0), (0, 0, 0, 255)])
def test_a_cmyk_jpeg_has_the_colours_of_its_inks(colour):
    inks = Image.new("CMYK", (16, 16), colour)
    pixels = load_picture(encoded(inks, "JPEG", quality=95)).pixels
    assert np.abs(pixels.astype(int) - np.asarray(inks.convert("RGB"))).max() <= 4


@pytest.mark.parametrize(
    ("orientation", "upright"),
    [
        (1, [[1, 2, 3], [4, 5, 6]]),
        (2, [[3, 2, 1], [6, 5, 4]]),
        (3, [[6, 5, 4], [3, 2, 1]]),
        (4, [[4, 5, 6], [1, 2, 3]]),
        (5, [[1, 4], [2, 5], [3, 6]]),
        (6, [[4, 1], [5, 2], [6, 3]]),
        (7, [[6, 3], [5, 2], [4, 1]]),
        (8, [[3, 6], [2, 5], [1, 4]]),
        (9, [[1, 2, 3], [4, 5, 6]]),
    ],
)
@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_every_orientation_is_turned_upright(form, orientation, upright):
    stored = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)
    data = encoded(stored, form, mode="RGB", exif=exif(orientation), **LOSSLESS[form])
    picture = load_picture(data)
    assert picture.pixels[..., 0].tolist() == upright
    assert picture.original_size == (len(upright[0]), len(upright))


def test_a_jpeg_from_a_phone_is_turned_upright():
    lying = np.zeros((40, 60, 3), np.uint8)
    lying[:, :30] = 255  # the left half, which should be at the top
    picture = load_picture(encoded(lying, "JPEG", exif=exif(6)))
    assert picture.original_size == (40, 60)
    assert picture.pixels[:24].min() > 240
    assert picture.pixels[36:].max() < 15


# sources of the bytes


def test_a_file_is_read_from_bytes_a_view_a_path_or_an_open_file(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(FILES["PNG"])
    odd = memoryview(bytes(2 * len(FILES["PNG"])))[::2]
    assert not odd.contiguous
    for source in (bytearray(FILES["PNG"]), memoryview(FILES["PNG"]), io.BytesIO(FILES["PNG"])):
        assert (load_picture(source, "mine").pixels == PHOTO).all()
        assert load_picture(FILES["PNG"], "mine").name == "mine"
    for source in (path, str(path)):
        assert (load_picture(source).pixels == PHOTO).all()
        assert load_picture(source).name == "photo.png"
        assert load_picture(source, "mine").name == "mine"
    with path.open("rb") as file:
        assert load_picture(file).digest == load_picture(path).digest
    with pytest.raises(PictureError, match="not a picture"):
        load_picture(odd)


@pytest.mark.parametrize("source", [None, 7, [1, 2], PHOTO])
def test_arguments_that_are_not_files_are_refused_with_their_type(source):
    with pytest.raises(TypeError, match=type(source).__name__):
        load_picture(source)


def test_a_file_opened_as_text_is_refused():
    with pytest.raises(TypeError, match="open it with 'rb'"):
        load_picture(io.StringIO("text"))


@pytest.mark.parametrize("kind", [bytes, bytearray, lambda data: memoryview(data), io.BytesIO])
def test_no_more_is_read_than_may_be(kind):
    with pytest.raises(PictureError, match="at most 10 MB"):
        load_picture(kind(bytes(MAX_BYTES + 1)))


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_name_that_no_file_can_have_is_refused(name):
    with pytest.raises(PictureError, match=r"No file can have the name '.*\\"):
        load_picture(name)


def test_a_path_that_leads_nowhere_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.png"):
        load_picture(tmp_path / "none.png")
