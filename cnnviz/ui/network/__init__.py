"""Shared by the network pages: rows of layers, a unit taken apart, the user's own network."""
