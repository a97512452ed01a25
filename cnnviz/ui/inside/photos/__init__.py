"""Look into the photo network, with the user's own photo."""
