"""Keeps the peers out of the ordinary run: they are collected by `pytest tests/peers -m peers`."""


def pytest_configure(config):
    config.addinivalue_line("markers", "peers: runs the programs in PyTorch and Keras")


def pytest_ignore_collect(collection_path, config):
    if config.option.markexpr != "peers":
        return True  # modules without tests too: they import PyTorch, and doctests import them
    return None
