"""Code that only the Geometry page uses."""
