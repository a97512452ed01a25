"""Keep the peers out of ordinary runs: `pytest tests/peers -m peers` collects them."""


def pytest_configure(config):
    config.addinivalue_line("markers", "peers: runs the programs in PyTorch and Keras")


def pytest_ignore_collect(collection_path, config):
    if config.option.markexpr != "peers":
        return True  # even modules without tests: they import PyTorch, and doctests import them
    return None
