"""The screen as a figure and as an animation: copied or saved, with the numbers of the package."""

import io
from base64 import b64decode
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from cnnviz.experiments.chain import Recipe, feature_maps
from cnnviz.images.samples import SAMPLES
from cnnviz.kernels import KERNELS
from cnnviz.ui.widgets.formatting import number

SVG = "{http://www.w3.org/2000/svg}"
CLIPPED = """async () => {
  const [item] = await navigator.clipboard.read()
  const bytes = new Uint8Array(await (await item.getType("image/png")).arrayBuffer())
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""))
}"""


def opened(tab, name):
    """Open a tab of the Download dialog."""
    tab.page.get_by_role("button", name="Download", exact=True).click()
    dialog = tab.page.get_by_role("dialog")
    dialog.get_by_role("tab", name=name).click()
    return dialog


def saved(tab, button):
    with tab.page.expect_download() as download:
        button.click()
    return download.value


def texts(svg):
    return [one.text for one in svg.iter(f"{SVG}text")]


def test_a_figure_has_the_stages_their_scales_and_the_arithmetic_of_the_pinned_cell(tab):
    row, column = 3, 5
    one = tab(f"picture=x&kernels=sobel_x&pin=1,{row},{column},0")
    dialog = opened(one, "Figure for slides")
    dialog.get_by_role("img").wait_for()
    download = saved(one, dialog.get_by_role("button", name="Save SVG"))
    assert download.suggested_filename == "cnnviz-lab.svg"
    svg = ElementTree.fromstring(download.path().read_bytes())
    found = texts(svg)
    for words in ("1 Input", "2 Convolution", "3 ReLU", "4 Max pooling"):
        assert words in found
    whole = " ".join(found).replace("\N{NO-BREAK SPACE}", " ")
    assert all(figures in whole for figures in one.figures())  # long lines are wrapped

    x = SAMPLES["x"].load().astype(float)
    kernel, maps = KERNELS["sobel_x"], feature_maps(x, Recipe(KERNELS["sobel_x"]))
    start = found.index("window of the input") + 1
    window = x[row - 1 : row + 2, column - 1 : column + 2]
    assert found[start : start + 9] == [number(value) for value in window.ravel()]
    start = found.index("kernel Sobel x") + 1
    assert found[start : start + 9] == [number(weight) for weight in kernel.matrix.ravel()]
    products = (window * kernel.matrix).ravel()
    start = found.index("products") + 1
    signed = [f"+{number(one)}" if one > 0 else number(one) for one in products]
    assert found[start : start + 9] == signed
    assert found[found.index("sum") + 1] == number(maps.features[row, column])
    assert found[found.index("ReLU", start) + 1] == number(maps.activated[row, column])
    assert found[found.index("pooled") + 1] == number(maps.pooled[row // 2, column // 2])
    assert (
        found[-1] == "Lab: Sobel x 3 × 3, stride 1, padding 1 → ReLU → max pooling 2 × 2, stride 2"
    )
    # one grey pixel per cell: the figure holds the picture itself
    pictures = [pixels(image) for image in svg.iter(f"{SVG}image")]
    assert any(one.shape == (9, 9) and (one == x).all() for one in pictures)


def pixels(image):
    data = b64decode(image.get("href").partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"))


def test_a_figure_is_copied_and_saved_on_each_ground(tab):
    one = tab("picture=x", size=(1280, 900))
    one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dialog = opened(one, "Figure for slides")
    grounds = {
        "Light": (255, 255, 255, 255),
        "Dark": (20, 23, 28, 255),
        "Transparent": (0, 0, 0, 0),
    }
    for ground, corner in grounds.items():
        dialog.get_by_role("button", name=ground, exact=True).click()
        dialog.get_by_label("Caption").fill(f"What the class saw, {ground} & <all>")
        download = saved(one, dialog.get_by_role("button", name="Save PNG"))
        image = Image.open(download.path())
        assert image.width == 2 * 1280
        assert image.convert("RGBA").getpixel((1, 1)) == corner
        dialog.get_by_role("button", name="Copy as picture").click()
        dialog.get_by_text("Copied: paste it into a slide.").wait_for()
        copied = Image.open(io.BytesIO(b64decode(one.page.evaluate(CLIPPED))))
        assert copied.size == image.size
        assert copied.convert("RGBA").getpixel((1, 1)) == corner
    svg = saved(one, dialog.get_by_role("button", name="Save SVG")).path().read_text()
    assert "What the class saw, Transparent &amp; &lt;all&gt;" in svg
    dialog.get_by_label("Arithmetic of the cell").uncheck()
    svg = saved(one, dialog.get_by_role("button", name="Save SVG")).path().read_text()
    assert "window of the input" not in svg
    assert "kernel " in svg  # then the kernel is by itself


def test_the_rows_of_a_network_are_a_figure_too(tab):
    one = tab(path="layers", query="picture=x")
    dialog = opened(one, "Figure for slides")
    dialog.get_by_role("img").wait_for()
    download = saved(one, dialog.get_by_role("button", name="Save SVG"))
    svg = ElementTree.fromstring(download.path().read_bytes())
    heads = one.page.locator(".head .title").all_inner_texts()
    assert len(heads) > 3
    assert set(heads) <= set(texts(svg))
    # The picture, eight signed maps in colour, and eight unsigned ones in grey.
    pictures = [in_colour(image) for image in list(svg.iter(f"{SVG}image"))[:17]]
    assert heads[1:3] == ["conv1", "relu1"]
    assert [is_grey(one) for one in pictures] == [True] + [False] * 8 + [True] * 8


def in_colour(image):
    data = b64decode(image.get("href").partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def is_grey(one):
    return bool((one == one[..., :1]).all())


def test_a_gallery_is_a_figure_with_every_kernel(tab):
    one = tab(path="kernels", query="part=all&picture=x")
    names = one.page.locator(".card .name").all_inner_texts()
    assert len(names) >= len(KERNELS)
    dialog = opened(one, "Figure for slides")
    download = saved(one, dialog.get_by_role("button", name="Save SVG"))
    svg = ElementTree.fromstring(download.path().read_bytes())
    assert len(list(svg.iter(f"{SVG}image"))) == len(names)
    named = " ".join(texts(svg))
    assert all(name in named for name in names)
