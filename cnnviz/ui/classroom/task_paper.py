"""The dialog part for downloading printable worksheets."""

from functools import partial

import streamlit as st

from cnnviz.kernels import KERNELS
from cnnviz.ui.classroom.task_page import TaskPage
from cnnviz.ui.export.worksheet import MOST_BENCHES, benches_from_plane, benches_from_seed
from cnnviz.ui.export.worksheet_page import html

FROM = {"screen": "The screen", "seed": "A seed"}
MOST_SEEDS = 9999


def draw(page: TaskPage) -> None:
    """Draw the options of a worksheet, and the download button."""
    st.caption(
        "Convolution, ReLU, pooling and the output size by hand, with different numbers on each "
        "page, and the solutions on separate pages at the end. Open the file in a browser and "
        "print it, on A4 or Letter."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = st.segmented_control(
            "Numbers from", list(FROM), format_func=FROM.get, default="screen", required=True,
            key="paper:from",
        )  # fmt: skip
        count = int(st.number_input("Pages", 1, MOST_BENCHES, key="paper:benches", width=140))
        seed = int(st.number_input("Random seed", 1, MOST_SEEDS, key="paper:seed", width=140))
    if source == "seed":
        st.caption("Digits from 0 to 9, and kernels of 3 × 3. The same seed gives the same sheets.")
        benches = partial(benches_from_seed, seed)
    else:
        kernel = page.kernel() if page.kernel else KERNELS["sobel_x"]
        st.caption(
            f"Parts of the picture on the screen, and the kernel {kernel.title}. "
            "The seed chooses the parts."
        )
        benches = partial(benches_from_plane, page.plane(), kernel, seed)
        try:
            benches(1)
        except ValueError as error:
            st.error(str(error))
            return
    st.download_button(
        "Download the worksheet",
        lambda: html(benches(count)),
        "worksheet.html",
        "text/html",
        type="primary",
        on_click="ignore",
    )
