"""Comparisons with the libraries that the app's programs are written for."""
