"""The layers of a network: each knows its output shape, its parameters and its gradient."""
