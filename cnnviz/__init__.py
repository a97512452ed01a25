"""See what a convolutional network does to a picture: the arithmetic, without the app."""
