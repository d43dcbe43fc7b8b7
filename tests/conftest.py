"""The order of the tests: what takes minutes begins first, and no worker is left alone with it."""  # beyond

FIRST = {"test_stages.py", "test_resume.py", "test_samples.py", "test_articles.py"}


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name not in FIRST)
