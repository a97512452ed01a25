"""Arrays in, arrays out: convolution, pooling, activations, shapes, engines."""
