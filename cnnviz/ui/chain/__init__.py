"""A chain of convolution, activation and pooling: settings, run, panes, sentences."""
