"""Losses of classes on a card: from logits to losses in one launch, and back in another.

A row of threads shares the classes of each target. To find the largest logit, or the sum of exponentials,
each thread looks through its part, and then they join what they have, in memory that a block shares.
"""  # dark-5

import cupy
import numpy as np

from .launch import Source, elementwise, for_each, sum_type

source = Source(r"""
// The sum, or the largest, of what the threads of a row have: all of them get it. In each round the upper
// half of the threads hand theirs to the lower half, until one is left.
__device__ Sum joined(Sum value, bool added)
{
    __shared__ Sum values[256];
    int own = threadIdx.y * blockDim.x + threadIdx.x;
    values[own] = value;
    for (int half = blockDim.x / 2; half > 0; half /= 2) {
        __syncthreads();  // wait until all threads have written theirs
        if (threadIdx.x < half) {
            Sum mine = values[own], other = values[own + half];
            values[own] = added ? mine + other : mine > other ? mine : other;
        }
    }
    __syncthreads();
    Sum result = values[threadIdx.y * blockDim.x];
    __syncthreads();  // nobody writes the next values before all have read these
    return result;
}

// The weight of a target: 0 where it is ignored. NaN of a class that there isn't.
__device__ Sum weight_of(long long target, const T *weight, int classes, long long ignore_index)
{
    if (target == ignore_index) return 0;
    if (target < 0 || target >= classes) return INFINITY - INFINITY;
    return weight ? Sum(weight[target]) : Sum(1);
}

// The losses and weights of all rows. `largest` and `log_sum` keep the largest logit of each row, and the
// logarithm of the sum of exponentials of what is left without it, which can't overflow.
extern "C" __global__ void cross_entropy(
    long long rows, int classes, const T *logits, const long long *targets, const T *weight,
    T *losses, T *weights, Sum *largest, Sum *log_sum, long long ignore_index, Sum label_smoothing)
{
    long long n = blockIdx.x * (long long)blockDim.y + threadIdx.y;
    int end = n < rows ? classes : 0;  // threads without a row look at nothing, but wait with the others
    const T *row = logits + n * classes;

    Sum most = -INFINITY;
    for (int c = threadIdx.x; c < end; c += blockDim.x)
        if (Sum(row[c]) > most) most = row[c];
    most = joined(most, false);

    Sum sum = 0;
    for (int c = threadIdx.x; c < end; c += blockDim.x)
        sum += exp(Sum(row[c]) - most);
    Sum log_of_sum = log(joined(sum, true));

    Sum everywhere = 0;
    if (label_smoothing != 0) {
        for (int c = threadIdx.x; c < end; c += blockDim.x)
            everywhere += (Sum(row[c]) - most - log_of_sum) * (weight ? Sum(weight[c]) : Sum(1));
        everywhere = joined(everywhere, true);
    }

    if (n < rows && threadIdx.x == 0) {
        long long target = targets[n];
        Sum own = weight_of(target, weight, classes, ignore_index), loss = own;
        bool kept = target != ignore_index;
        if (0 <= target && target < classes && kept) loss = -own * (Sum(row[target]) - most - log_of_sum);
        if (label_smoothing != 0 && kept)
            loss = loss * (1 - label_smoothing) - everywhere * (label_smoothing / classes);
        losses[n] = T(loss);
        weights[n] = T(own);
        largest[n] = most;
        log_sum[n] = log_of_sum;
    }
}

// to_logits = (softmax * the sum of what is wanted - what is wanted) * factor: the row's own, or one for all.
// Wanted is the weight at the target, and with label smoothing a little everywhere.
extern "C" __global__ void cross_entropy_input(
    long long rows, int classes, const T *logits, const long long *targets, const T *weight,
    const T *weights, const Sum *largest, const Sum *log_sum, const T *factors, bool one_for_all,
    T *to_logits, long long ignore_index, Sum label_smoothing)
{
    long long n = blockIdx.x * (long long)blockDim.y + threadIdx.y;
    int end = n < rows ? classes : 0;
    bool kept = n < rows && targets[n] != ignore_index;
    Sum at_target = n < rows ? Sum(weights[n]) * (1 - label_smoothing) : Sum(0);
    Sum spread = kept ? label_smoothing / classes : Sum(0);

    Sum wanted = 0;
    if (label_smoothing != 0) {
        for (int c = threadIdx.x; c < end; c += blockDim.x)
            wanted += spread * (weight ? Sum(weight[c]) : Sum(1));
        wanted = joined(wanted, true);
    }
    wanted += at_target;

    for (int c = threadIdx.x; c < end; c += blockDim.x) {
        Sum probability = exp(Sum(logits[n * classes + c]) - largest[n] - log_sum[n]);
        Sum here = spread * (weight ? Sum(weight[c]) : Sum(1));
        if (c == targets[n]) here += at_target;
        to_logits[n * classes + c] = T((probability * wanted - here) * Sum(factors[one_for_all ? 0 : n]));
    }
}
""")


def cross_entropy(input, target, weight, ignore_index, label_smoothing):
    """`reference.cross_entropy`, each of its functions in one launch. Class indices are not checked."""
    logits, targets = cupy.ascontiguousarray(input), cupy.ascontiguousarray(target, np.int64)
    weight = None if weight is None else cupy.ascontiguousarray(weight)
    loss, weights = cupy.empty((2, len(logits)), logits.dtype)
    facts = tuple(cupy.empty((2, len(logits)), sum_type(logits.dtype)))
    options = ignore_index, label_smoothing
    for_each(
        source, "cross_entropy", *logits.shape, logits, targets, weight, loss, weights, facts, *options
    )  # fmt: skip

    def gradient(g):
        to_input = cupy.empty_like(logits)
        factors = cupy.ascontiguousarray(g.astype(logits.dtype, copy=False))
        for_each(
            source, "cross_entropy_input", *logits.shape, logits, targets, weight, weights, facts, factors,
            g.size == 1, to_input, *options,
        )  # fmt: skip
        return to_input

    return loss, weights, gradient


def averaged(loss, weights):
    """`reference.averaged`; both numbers stay on the card."""
    mean, scale = cupy.empty((), loss.dtype), cupy.empty((), loss.dtype)
    divided(loss.sum(), weights.sum(), mean, scale)
    return mean, scale


divided = elementwise(
    "T sum, T total", "T mean, T scale",
    "mean = Sum(sum) / Sum(total); scale = Sum(total) == 0 ? Sum(0) : 1 / Sum(total);", "divided",
)  # fmt: skip


def are_classes(target, classes, ignore_index):
    """`reference.are_classes`. It waits for the card; while a graph is recorded nothing can, and it is True.

    A class that doesn't exist makes NaN of the loss there.
    """
    with target.device:
        if not target.size or cupy.cuda.get_current_stream().is_capturing():
            return True
        return not strange(target, classes, ignore_index).item()


strange = cupy.ReductionKernel(
    "T x, int64 classes, int64 ignored", "bool y",
    "(x < 0 || x >= classes) && x != ignored", "a || b", "y = a", "false", "strange",
)  # fmt: skip
