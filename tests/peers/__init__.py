"""Comparisons with the libraries for which the app writes programs."""
