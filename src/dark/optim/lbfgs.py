"""L-BFGS."""  # beyond

from collections.abc import Callable

import numpy as np

from ..autograd.modes import enable_grad
from ..tensor import counter, wrap
from .line_search import Point, strong_wolfe
from .optimizer import Optimizer, before_step, check_not_negative


class LBFGS(Optimizer):
    """Newton's method, with a Hessian guessed from the last `history_size` changes of the gradient.

    A step needs a closure, which it calls up to `max_eval` times (max_iter * 5 / 4 unless given); it ends
    after `max_iter` iterations, or as soon as no element of the gradient is above `tolerance_grad`, or
    nothing changes by more than `tolerance_change`. `line_search_fn` is "strong_wolfe" or None: then every
    change is lr times what Newton's method says. For whole data sets; there is one group of parameters.
    Liu and Nocedal, On the limited memory BFGS method for large scale optimization (1989).
    """

    def __init__(
        self, params, lr: float = 1, max_iter: int = 20, max_eval: int | None = None,
        tolerance_grad: float = 1e-7, tolerance_change: float = 1e-9, history_size: int = 100,
        line_search_fn: str | None = None,
    ):  # fmt: skip
        check_not_negative({"lr": lr})
        if line_search_fn not in (None, "strong_wolfe"):
            raise RuntimeError(f"LBFGS: line_search_fn is 'strong_wolfe' or None, not {line_search_fn!r}")
        max_eval = max_iter * 5 // 4 if max_eval is None else max_eval
        options = {
            "lr": lr, "max_iter": max_iter, "max_eval": max_eval, "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change, "history_size": history_size,
            "line_search_fn": line_search_fn,
        }  # fmt: skip
        super().__init__(params, options)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS: all parameters are in one group; they have no options of their own")
        self._params = self.param_groups[0]["params"]

    def step(self, closure: Callable):  # type: ignore[override]
        """Change the parameters; `closure` clears the gradients, computes the loss and calls backward."""
        for look in before_step:
            look(self)
        self._stepped = True
        group, state = self.param_groups[0], self.state[self._params[0]]
        lr, smallest = float(group["lr"]), group["tolerance_change"]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)

        def evaluate():
            state["func_evals"] += 1
            with enable_grad():
                return closure()

        first = evaluate()
        loss, grad, before = float(first), self._gradient(), state["func_evals"] - 1
        if np.abs(grad).max() <= group["tolerance_grad"]:
            return first

        for iteration in range(1, group["max_iter"] + 1):
            state["n_iter"] += 1
            d = self._direction(grad, state, group["history_size"])
            t = lr if state["n_iter"] > 1 else min(1.0, 1.0 / float(np.abs(grad).sum())) * lr
            state.update(d=wrap(d), t=t, prev_flat_grad=wrap(grad), prev_loss=loss)
            slope, last_loss = float(grad @ d), loss
            if slope > -smallest:
                break

            if group["line_search_fn"]:
                start = [p.array.copy() for p in self._params]

                def at(t, start=start, d=d):
                    self._move(t, d)
                    loss = float(evaluate())
                    grad = self._gradient()
                    for p, array in zip(self._params, start):
                        p.array[...] = array
                    return Point(t, loss, grad, float(grad @ d))

                most = group["max_eval"] - (state["func_evals"] - before)
                start_point, largest = Point(0.0, loss, grad, slope), float(np.abs(d).max())
                t, loss, grad, _ = strong_wolfe(at, start_point, t, largest, max_evaluations=most)
                state["t"] = t
                self._move(t, d)
            else:
                self._move(t, d)
                if iteration < group["max_iter"]:
                    loss = float(evaluate())
                    grad = self._gradient()

            if (
                state["func_evals"] - before >= group["max_eval"]
                or np.abs(grad).max() <= group["tolerance_grad"]
                or np.abs(d * t).max() <= smallest
                or abs(loss - last_loss) < smallest
            ):
                break
        return first

    def _direction(self, grad, state, history_size):
        """Minus the guessed inverse Hessian times the gradient, from the changes that are remembered."""
        if state["n_iter"] == 1:
            state.update(old_dirs=[], old_stps=[], ro=[], H_diag=1)
            return -grad
        changes, steps, factors = state["old_dirs"], state["old_stps"], state["ro"]
        change, step = grad - state["prev_flat_grad"].array, state["d"].array * float(state["t"])
        product = change @ step
        if product > 1e-10:
            if len(changes) == history_size:
                for memory in (changes, steps, factors):
                    memory.pop(0)
            for memory, new in ((changes, change), (steps, step), (factors, 1.0 / product)):
                memory.append(wrap(new))
            state["H_diag"] = wrap(product / (change @ change))

        pairs = [(y.array, s.array, float(r)) for y, s, r in zip(changes, steps, factors)]
        q, parts = -grad, []
        for y, s, r in reversed(pairs):
            parts.append(float(s @ q) * r)
            q = q - parts[-1] * y
        d = q * float(state["H_diag"])
        for (y, s, r), part in zip(pairs, reversed(parts)):
            d = d + (part - float(y @ d) * r) * s
        return d

    def _gradient(self):
        """The gradients of all parameters, one behind the other."""
        arrays = [np.zeros_like(p.array) if p.grad is None else p.grad.array for p in self._params]
        return np.concatenate([array.reshape(-1) for array in arrays])

    def _move(self, t, d):
        """Add t * d to the parameters."""
        start = 0
        for p in self._params:
            end = start + p.array.size
            p.array += t * d[start:end].reshape(p.array.shape)
            counter(p)[0] += 1
            start = end
