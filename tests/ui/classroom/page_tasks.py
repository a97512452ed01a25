"""The tasks of every page, taken from the pages themselves."""

from importlib import import_module

from tests.test_imports import PAGES

NAMES = [page.stem.lstrip("0123456789_").lower() for page in PAGES]
PAGE_TASKS = {name: import_module(f"cnnviz.ui.{name}.tasks").TASKS for name in NAMES}
