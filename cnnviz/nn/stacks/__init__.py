"""Networks as people build them: blocks, presets, and where their filters come from."""
