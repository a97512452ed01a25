"""Feature maps on the screen: panes, boards, overviews, galleries, and their message."""
