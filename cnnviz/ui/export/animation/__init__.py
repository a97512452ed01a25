"""The sliding window as an animation for slides."""
