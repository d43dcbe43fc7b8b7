"""The order of the tests, and what they cost beside what they do."""

import gc

FIRST = {"test_stages.py", "test_resume.py", "test_samples.py", "test_articles.py"}


def pytest_collection_modifyitems(items):
    """What takes minutes begins first, and no worker is left alone with it."""
    items.sort(key=lambda item: item.path.name not in FIRST)


def pytest_collection_finish():
    """The tests themselves stay until the end: no search for garbage has to walk through them again."""
    gc.collect()
    gc.freeze()
