"""Code that only the Kernels page uses."""
