"""Switches between speed and precision: PyTorch's names, defaults and checks."""  # dark-5

import pytest

import dark
from against_torch import needs_torch, torch
from dark import backends


@needs_torch
def test_precision_has_pytorchs_names_and_defaults():
    assert backends.cudnn.allow_tf32 == torch.backends.cudnn.allow_tf32
    assert backends.cuda.matmul.allow_tf32 == torch.backends.cuda.matmul.allow_tf32
    assert dark.get_float32_matmul_precision() == torch.get_float32_matmul_precision()


def test_what_is_set_holds(monkeypatch):
    for switch in (backends.cudnn, backends.cuda.matmul):
        monkeypatch.setattr(switch, "allow_tf32", False)
        assert switch.allow_tf32 is False
        monkeypatch.setattr(switch, "allow_tf32", True)
        assert switch.allow_tf32 is True


def test_a_wrong_value_or_name_is_refused():
    before = backends.cudnn.allow_tf32
    with pytest.raises(TypeError, match="expected True or False, not 1"):
        backends.cudnn.allow_tf32 = 1
    with pytest.raises(AttributeError):
        backends.cudnn.alow_tf32 = False
    assert backends.cudnn.allow_tf32 is before


def test_the_precision_of_matrices_can_be_named(monkeypatch):
    monkeypatch.setattr(backends.cuda.matmul, "allow_tf32", False)
    dark.set_float32_matmul_precision("high")
    assert backends.cuda.matmul.allow_tf32
    assert dark.get_float32_matmul_precision() == "high"
    dark.set_float32_matmul_precision("highest")
    assert not backends.cuda.matmul.allow_tf32
    with pytest.raises(ValueError, match="'highest' or 'high', not 'low'"):
        dark.set_float32_matmul_precision("low")
