"""The photo network's answer, and how far to trust it."""

from html import escape

import streamlit as st

from cnnviz.ui.inside.photos.run import PhotoRun
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.formatting import literal, percent

BEST = 5
# Iandola et al. 2016, arXiv 1602.07360: 57.5 % and 80.3 % of ImageNet's held-out photos.
WORTH = (
    "According to its paper (Iandola et al., 2016, arXiv 1602.07360) its first guess is right on "
    "about 57\N{NO-BREAK SPACE}% of ImageNet's photos, one of its first five on "
    "80\N{NO-BREAK SPACE}%. "
    "For a drawing, a text, a face or anything else it was not trained on, it still names one of "
    "its 1000 classes."
)


def draw_answer(run: PhotoRun) -> None:
    """Draw the best answers with their shares, the coarse group, and how far to trust them."""
    frame.say(sentence(run))
    st.html(bars(run))
    left = max(1 - float(sum(run.shares[i] for i in run.best(BEST))), 0)
    st.caption(f"All {len(run.classes) - BEST} others together: {percent(left)}. {WORTH}")


def sentence(run: PhotoRun) -> str:
    """State the answer and its coarse group, as Markdown."""
    name, share = run.classes[run.answer], percent(float(run.shares[run.answer]))
    group, together = next(iter(run.groups().items()))
    return f"It says **{literal(name)}**, {share}. The group *{group}* gets {percent(together)}."


def bars(run: PhotoRun) -> str:
    """Return the largest shares as HTML, the largest first."""
    lines = []
    for i in run.best(BEST):
        share = float(run.shares[i])
        kind = ' class="first"' if i == run.answer else ""
        lines.append(
            f'<li{kind}><b>{escape(run.classes[i])}</b><span class="share">'
            f'<i style="width:{100 * share:.1f}%"></i></span><span>{percent(share)}</span></li>'
        )
    return f'<ol class="answers">{"".join(lines)}</ol>'
