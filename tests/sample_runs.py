"""For tests: a sample's run that is killed and goes on, and both versions of a sample in step."""  # beyond

import pytest

from dark_samples import Run
from dark_samples.catalogue import Sample
from dark_samples.compare import RecordedRun, default_dtype, same_steps


def killed_and_resumed(trained, folder, epochs, after=1):
    """A run that was killed at the end of an epoch, before that was saved, and then went on.

    `trained(folder, **options)` runs the sample and returns the run.
    """
    log_epoch = Run.log_epoch

    def killed(self, **metrics):
        log_epoch(self, **metrics)
        if len(self.history) == after:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "log_epoch", killed)
        with pytest.raises(KeyboardInterrupt):
            trained(folder, epochs=epochs)
    return trained(folder, resume=True)


def check_in_step(sample: Sample, prepared, folder, capsys, *, epochs, steps, tolerance, dtype="float32"):
    """Fail unless the losses of both versions agree; `prepared` gives what to run instead of a script."""
    runs = []
    for framework in ("dark", "torch"):
        run = RecordedRun(sample.number, framework, folder, epochs=epochs)
        run.follow(prepared(sample.script(framework, "train")), steps)
        runs.append(run)
    with default_dtype(dtype):
        try:
            assert same_steps(*runs, tolerance)
        finally:
            for run in runs:
                run.stop()
    assert f"Equal: in {steps} steps" in capsys.readouterr().out
