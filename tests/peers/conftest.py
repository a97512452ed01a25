"""Keeps the peers out of the ordinary run: they are collected by `pytest tests/peers -m peers`."""


def pytest_configure(config):
    config.addinivalue_line("markers", "peers: runs the programs in PyTorch and Keras")


def pytest_ignore_collect(collection_path, config):
    if collection_path.name.startswith("test_") and config.option.markexpr != "peers":
        return True
    return None
