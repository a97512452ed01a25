"""What the network pages share: rows of layers, a unit taken apart, a network of one's own."""
