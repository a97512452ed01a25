"""What a person turns, types, draws and chooses with, and the frame of every page."""
