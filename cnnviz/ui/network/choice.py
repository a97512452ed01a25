"""The choice of the inspected network: the setting that Inside draws and Training sets."""

from cnnviz.ui.widgets.setting_kinds import Choice

PAGE = "inside"

NETWORK = Choice(
    f"{PAGE}.network",
    "Network",
    "digits",
    "Three come with the app. My network is the one that you have trained on the Training page.",
    options={
        "digits": "Digits",
        "shapes": "Shapes",
        "photos": "Photos",
        "own": "My network",
        "file": "Load a file",
    },
)
