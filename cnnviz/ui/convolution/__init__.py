"""Code that only the Convolution page uses."""
