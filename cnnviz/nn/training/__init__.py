"""How a network learns: data, loss, optimisers, the trainer, and why it may fail."""
