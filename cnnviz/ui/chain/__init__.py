"""Convolution, activation and pooling in a row: settings, run, panes, sentences."""
