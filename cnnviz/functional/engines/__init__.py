"""The fast ways to convolve, and the choice between them.

Each method is a module with the same two functions: `jobs` splits the work into parts for the
threads; `work` counts the operations that the time depends on.
"""

from cnnviz.functional.engines.choice import convolve

__all__ = ["convolve"]
