"""Untrusted bytes become a safe picture; samples, colour maps and drawings besides."""
