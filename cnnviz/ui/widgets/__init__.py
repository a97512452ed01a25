"""The controls for users to type, draw and choose with, and the frame of every page."""
