"""Where do two models, or two training programs, differ? Both run in step, and every number is compared.

    from dark.comparison import compare_models, compare_scripts

    print(compare_models(ours, theirs, inputs))        # models of Dark, of PyTorch, or one of each
    print(compare_scripts("mine.py", "theirs.py"))     # programs, without a change to them

`dark compare` is the command for both.
"""  # beyond

from .models import compare_models
from .recording import ComparisonError
from .scripts import compare_scripts
from .table import Report, Row

__all__ = ["ComparisonError", "Report", "Row", "compare_models", "compare_scripts"]
