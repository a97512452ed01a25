"""The four maps of the Lab as most apps would show them: `st.image` or Plotly heatmaps.

`latency.py` compares with it: `?way=image|plotly&size=256`. A button adds 1 to the bias.
"""

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from cnnviz.experiments.chain import Recipe, feature_maps
from cnnviz.images.colour_maps import DIVERGING, png, symmetric_limits, to_index
from cnnviz.images.loading import encode_png, fit, grey
from cnnviz.images.samples import DEFAULT_SAMPLE, sample_picture
from cnnviz.kernels import KERNELS

COLOURS = [[i / 254, f"#{bytes(DIVERGING[i]).hex()}"] for i in range(0, 255, 2)]


def as_images(picture: np.ndarray, maps: list[np.ndarray], limit: float) -> None:
    """Show PNG files; a palette PNG passes through Streamlit untouched."""
    files = [encode_png(picture), *(png(to_index(x, -limit, limit), DIVERGING) for x in maps)]
    for column, file in zip(st.columns(4), files, strict=True):
        with column:
            st.image(file, width="stretch")


def as_heatmaps(picture: np.ndarray, maps: list[np.ndarray], limit: float) -> None:
    """Show Plotly heatmaps, with numbers in the type that takes the fewest bytes to send."""
    traces = [
        go.Heatmap(z=picture, zmin=0, zmax=255, colorscale="gray", showscale=False),
        *(
            go.Heatmap(
                z=x.astype(np.float32), zmin=-limit, zmax=limit, colorscale=COLOURS, showscale=False
            )
            for x in maps
        ),
    ]
    for i, (column, trace) in enumerate(zip(st.columns(4), traces, strict=True)):
        figure = go.Figure(trace).update_layout(margin=dict.fromkeys("lrtb", 0), height=360)
        figure.update_yaxes(autorange="reversed", visible=False).update_xaxes(visible=False)
        with column:
            st.plotly_chart(figure, key=f"map{i}", theme=None)


def more() -> None:
    """Add 1 to the bias."""
    st.session_state.bias += 1


@st.cache_resource
def photo(size: int) -> np.ndarray:
    """Return the picture of the Lab, which caches it too."""
    return grey(fit(sample_picture(DEFAULT_SAMPLE).pixels, size))


@st.fragment
def page() -> None:
    """Draw the page; as in the Lab, a change reruns only this fragment."""
    st.session_state.setdefault("bias", 0)
    st.button("More", on_click=more)
    picture = photo(int(st.query_params["size"]))
    recipe = replace(Recipe(KERNELS["sobel_x"]), bias=float(st.session_state.bias))
    maps = list(feature_maps(picture, recipe))
    show = {"image": as_images, "plotly": as_heatmaps}[st.query_params["way"]]
    show(picture, maps, symmetric_limits(maps[0]))


st.set_page_config(layout="wide")
page()
