"""The controls that users turn, type, draw and choose with, and the frame of every page."""
