"""Where the tests run, their order, and what they cost beside what they do."""

import gc

import pytest

import on_device

FIRST = {"test_stages.py", "test_resume.py", "test_samples.py", "test_articles.py"}


def pytest_addoption(parser):
    """`--device`: where tensors are that nothing else is said of."""
    text = "where tensors are: cpu, standin (for CuPy, without a card), or cuda; `-m gpu` alone means cuda"
    parser.addoption("--device", choices=("cpu", "standin", "cuda"), help=text)


def pytest_configure(config):
    """Away from the CPU, only those tests run that a card can run."""
    config.addinivalue_line("markers", "gpu: runs on a card, or on the stand-in for CuPy")
    device = config.getoption("device") or ("cuda" if config.option.markexpr == "gpu" else "cpu")
    config.on_card = device != "cpu"
    config.no_card = on_device.use(device) if config.on_card else None
    if config.on_card:
        config.option.markexpr = config.option.markexpr or "gpu"


def pytest_ignore_collect(collection_path, config):
    """Tests of what only cards have would put the stand-in in CuPy's place for all others."""
    only_cards = collection_path.name.startswith(("test_gpu_", "test_cuda_graphs"))
    return True if only_cards and not config.on_card else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Mark what runs on a card; what takes minutes begins first, and no worker is left alone with it."""
    items.sort(key=lambda item: item.path.name not in FIRST)
    for item in items:
        if on_device.on_card(item):
            item.add_marker(pytest.mark.gpu)
            if config.no_card:
                item.add_marker(pytest.mark.skip(reason=config.no_card))


def pytest_collection_finish():
    """The tests themselves stay until the end: no search for garbage has to walk through them again."""
    gc.collect()
    gc.freeze()
