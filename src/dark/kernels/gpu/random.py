"""Random numbers on a card: the same from the same seed, on every card."""  # dark-5

import cupy
import numpy as np

from .launch import Source

source = Source(r"""
typedef unsigned int word;  // 32 random bits

// Makes four random words of a counter, which may be any number of 128 bits, and of a key, the seed.
//
// To multiply two words and keep both halves of the product mixes the bits of a word thoroughly, in one
// instruction and so that nothing is lost: no two counters give the same four words. Each round does it to
// two of the words, scrambles the other two with the result, and they change places. After seven rounds no
// known test can tell the words from random ones; ten leave a margin.
// (Philox4x32-10: Salmon et al., Parallel random numbers: as easy as 1, 2, 3, 2011.)
__device__ void philox(word x[4], word key0, word key1) {
    for (int round = 0; round < 10; round++) {
        unsigned long long a = 0xD2511F53ull * x[0], b = 0xCD9E8D57ull * x[2];
        x[0] = word(b >> 32) ^ x[1] ^ key0;
        x[1] = word(b);
        x[2] = word(a >> 32) ^ x[3] ^ key1;
        x[3] = word(a);
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
}

// The four words of this thread: with those of all threads, the next of the generator's stream.
//
// state holds the seed, how many words are drawn, and a count. One thread of each block reads it for all of
// them, and counts its block. Who finds that all others have been there is the last to read: it counts up
// the words drawn, for the next kernel, and sets the count to 0 again.
__device__ void draw(word x[4], unsigned long long *state, long long words) {
    __shared__ unsigned long long seed, drawn;  // one for the block
    if (threadIdx.x == 0) {
        seed = state[0];
        drawn = state[1];
        __threadfence();  // first read, then count
        if (atomicAdd(&state[2], 1ull) == gridDim.x - 1) {
            state[1] = drawn + (words + 3) / 4 * 4;
            state[2] = 0;
        }
    }
    __syncthreads();  // all threads of the block wait here until the first has come by
    unsigned long long counter = drawn / 4 + blockIdx.x * (unsigned long long)blockDim.x + threadIdx.x;
    x[0] = word(counter);
    x[1] = word(counter >> 32);
    x[2] = x[3] = 0;
    philox(x, word(seed), word(seed >> 32));
}

// A float32 has 24 significant bits: the upper 24 of a word, times 2^-24, are a number in [0, 1).
// A float64 has 53, which take two words. float16 is computed in float32 and rounded at the end.
const int EACH = 16 / sizeof(Sum);  // how many numbers four words make

__device__ float uniform_at(const word *x, int k, float) {
    return (x[k] >> 8) * (1.0f / (1 << 24));
}

__device__ double uniform_at(const word *x, int k, double) {
    unsigned long long both = (unsigned long long)x[2 * k + 1] << 32 | x[2 * k];
    return (both >> 11) * (1.0 / (1ll << 53));
}

// The words of this thread as numbers in [0, 1); returns the place in the result of the first of them.
__device__ long long draw_uniform(Sum u[EACH], unsigned long long *state, long long n) {
    word x[4];
    draw(x, state, n * 4 / EACH);
    for (int k = 0; k < EACH; k++) u[k] = uniform_at(x, k, Sum(0));
    return (blockIdx.x * (long long)blockDim.x + threadIdx.x) * EACH;
}

extern "C" __global__ void words(unsigned int *y, long long n, unsigned long long *state) {
    word x[4];
    draw(x, state, n);
    long long i = (blockIdx.x * (long long)blockDim.x + threadIdx.x) * 4;
    for (int k = 0; k < 4 && i + k < n; k++) y[i + k] = x[k];
}

extern "C" __global__ void uniform(T *y, long long n, unsigned long long *state, double low, double high) {
    Sum u[EACH];
    long long i = draw_uniform(u, state, n);
    for (int k = 0; k < EACH && i + k < n; k++) {
        T x = T(u[k] * (Sum(high) - Sum(low)) + Sum(low));
        y[i + k] = Sum(x) == Sum(T(Sum(high))) ? T(Sum(low)) : x;  // rounding may have gone up to high
    }
}

// Two uniform numbers make two normal ones: Box-Muller, as in random/distributions.py.
extern "C" __global__ void normal(T *y, long long n, unsigned long long *state, double mean, double std) {
    Sum u[EACH];
    long long i = draw_uniform(u, state, n);
    for (int k = 0; k < EACH; k += 2) {
        Sum radius = sqrt(-2 * log1p(-u[k])), angle = Sum(6.283185307179586) * u[k + 1];
        if (i + k < n) y[i + k] = T(radius * cos(angle) * Sum(std) + Sum(mean));
        if (i + k + 1 < n) y[i + k + 1] = T(radius * sin(angle) * Sum(std) + Sum(mean));
    }
}

// 1 / kept with probability kept, else 0.
extern "C" __global__ void dropout(T *y, long long n, unsigned long long *state, double kept) {
    Sum u[EACH];
    long long i = draw_uniform(u, state, n);
    for (int k = 0; k < EACH && i + k < n; k++) y[i + k] = T(Sum(u[k] < kept ? 1 / kept : 0));
}
""")


def words(generator, n):
    """The generator's next n words of 32 random bits."""
    return drawn("words", generator, n, np.dtype(np.uint32))


def uniform(generator, n, dtype, low=0.0, high=1.0):
    """n numbers that lie anywhere in [low, high), all places equally likely."""
    return drawn("uniform", generator, n, dtype, low, high)


def normal(generator, n, dtype, mean=0.0, std=1.0):
    """n normally distributed numbers."""
    return drawn("normal", generator, n, dtype, mean, std)


normal_by_pairs = normal  # how the CPU draws a few; a card draws them like many


def dropout(generator, n, dtype, kept):
    """n numbers to multiply by: 1 / kept with probability `kept`, else 0."""
    return drawn("dropout", generator, n, dtype, kept)


def permutation(generator, n):
    """0 ... n-1 in random order: that which sorts n random numbers, too long for two of them to be equal."""
    with cupy.cuda.Device(generator.device.index):
        return cupy.argsort(generator.long_words(n)) if n else cupy.empty(0, np.int64)


def drawn(name, generator, n, dtype, *options):
    """A new array of n numbers, which a kernel has drawn from the generator."""
    dtype = np.dtype(dtype)
    each = 2 if dtype == np.float64 else 4  # numbers that a thread makes
    kernel = source.kernel(name, np.dtype(np.float32) if name == "words" else dtype)
    with cupy.cuda.Device(generator.device.index):
        y = cupy.empty(n, dtype)
        kernel(-(-n // each), y, n, generator.state, *options)
    return y
