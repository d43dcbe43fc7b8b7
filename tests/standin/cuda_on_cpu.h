// CUDA C++ as a host compiler can run it: the words of the language, a thread as a fiber, blocks one after another.
//
// A fiber is a stack of its own that gives way only where its thread waits: at __syncthreads() until all threads of
// the block are there, at a warp's exchange until all lanes named in the mask are there. Threads of which some
// wait where the others never come are an error here (on a card they hang, or worse). Blocks and threads take turns
// in an order that differs from their numbers, so that a missing barrier shows.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <utility>

#define __CUDA_ON_CPU__ 1
#define __CUDA_ARCH__ 800
#define __global__ static
#define __device__
#define __host__
#define __constant__ static
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __restrict__ __restrict
#define __launch_bounds__(...)
#define __align__(n)
#define __grid_constant__
#ifdef SHARED_IN_SECTION  // so that its bytes are known, and can be spoilt before each block
#define __shared__ static __attribute__((section("cuda_shared")))
extern char __start_cuda_shared[] __attribute__((weak));
extern char __stop_cuda_shared[] __attribute__((weak));
#else
#define __shared__ static
#endif

struct uint3 { unsigned x, y, z; };
struct dim3 {
  unsigned x, y, z;
  dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};
static uint3 threadIdx, blockIdx;
static dim3 blockDim, gridDim;
static const int warpSize = 32;

// ---- vectors of a few numbers

#define CUDA_VECTORS(T, N)                                                                         \
  struct N##1 { T x; }; struct N##2 { T x, y; }; struct N##4 { T x, y, z, w; };                    \
  static inline N##1 make_##N##1(T x) { return {x}; }                                              \
  static inline N##2 make_##N##2(T x, T y) { return {x, y}; }                                      \
  static inline N##4 make_##N##4(T x, T y, T z, T w) { return {x, y, z, w}; }
#define CUDA_THREE(T, N)                                                                           \
  struct N##3 { T x, y, z; };                                                                      \
  static inline N##3 make_##N##3(T x, T y, T z) { return {x, y, z}; }
CUDA_VECTORS(float, float) CUDA_VECTORS(double, double) CUDA_VECTORS(int, int) CUDA_VECTORS(unsigned, uint)
CUDA_VECTORS(signed char, char) CUDA_VECTORS(unsigned char, uchar) CUDA_VECTORS(short, short)
CUDA_VECTORS(unsigned short, ushort) CUDA_VECTORS(long long, longlong)
CUDA_VECTORS(unsigned long long, ulonglong)
CUDA_THREE(float, float) CUDA_THREE(double, double) CUDA_THREE(int, int)
static inline uint3 make_uint3(unsigned x, unsigned y, unsigned z) { return {x, y, z}; }

// ---- fibers

namespace cuda {

enum Waits { nowhere, at_block, at_warp, finished };

struct Fiber {
  void *stack_pointer;
  uint3 index;
  Waits waits;
  int line;               // of the barrier
  unsigned mask;          // of the lanes that an exchange names
  unsigned exchanges;     // how many it took part in
  int value;              // what it brings to a barrier that counts
  char offered[2][16];    // what it offers the other lanes; in turns, as a lane may be one exchange ahead
};

static Fiber *fibers;
static char *stacks;
static size_t room, threads, current;
static const size_t STACK = 1 << 17;
static void *scheduler;
static void (*body)(void **);
static void **arguments;
static char failure[256];
static char *dynamic_shared;
static int votes[3];  // of the last barrier that counts: how many, any, all

#if defined(__x86_64__)
// Save the registers a call must keep, change stacks, restore them.
extern "C" void cuda_switch(void **save, void *load);
asm(R"(
.text
.local cuda_switch
.type cuda_switch,@function
cuda_switch:
  pushq %rbp; pushq %rbx; pushq %r12; pushq %r13; pushq %r14; pushq %r15
  movq %rsp,(%rdi)
  movq %rsi,%rsp
  popq %r15; popq %r14; popq %r13; popq %r12; popq %rbx; popq %rbp
  ret
)");
static void fiber_main();
static void *prepared(char *stack_end) {
  void **top = (void **)(((size_t)stack_end - 64) & ~(size_t)15);
  top[0] = nullptr;
  top[-1] = (void *)fiber_main;
  return top - 7;
}
#elif defined(__aarch64__)
extern "C" void cuda_switch(void **save, void *load);
asm(R"(
.text
.local cuda_switch
.type cuda_switch,%function
cuda_switch:
  sub sp, sp, #176
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #176
  ret
)");
static void fiber_main();
static void *prepared(char *stack_end) {
  char *top = (char *)(((size_t)stack_end - 64) & ~(size_t)15) - 176;
  memset(top, 0, 176);
  *(void **)(top + 88) = (void *)fiber_main;
  return top;
}
#else
#error "fibers are written for x86-64 and 64-bit ARM"
#endif

static void give_way() { cuda_switch(&fibers[current].stack_pointer, scheduler); }
static void fiber_main() {
  body(arguments);
  fibers[current].waits = finished;
  give_way();
}

static void barrier(int line) {
  fibers[current].line = line;
  fibers[current].waits = at_block;
  give_way();
}
static int vote(int line, int value, int which) {
  fibers[current].value = value;
  barrier(line);
  return votes[which];
}

// One lane's part in an exchange: offer a value, wait for the others, take that of lane `source`.
template <class T> static T exchange(int line, unsigned mask, T value, int source) {
  static_assert(sizeof(T) <= 16, "a lane offers at most 16 bytes");
  Fiber &me = fibers[current];
  const size_t first = current & ~(size_t)31;
  const unsigned turn = me.exchanges++ & 1;
  memcpy(me.offered[turn], &value, sizeof value);
  me.mask = mask;
  me.line = line;
  me.waits = at_warp;
  give_way();
  T taken;
  if (mask >> source & 1) memcpy(&taken, fibers[first + source].offered[turn], sizeof taken);
  else memset(&taken, 0xff, sizeof taken);  // undefined on a card
  return taken;
}
static inline int lane() { return (int)(current & 31); }

// Let every warp go on whose lanes have all arrived; 0 where none has, -1 where one can't.
static int release_warps() {
  int released = 0;
  for (size_t first = 0; first < threads; first += 32) {
    for (size_t t = first; t < first + 32 && t < threads; t++) {
      if (fibers[t].waits != at_warp) continue;
      const unsigned mask = fibers[t].mask;
      const int line = fibers[t].line;
      bool complete = mask >> (t - first) & 1;
      if (!complete) {
        snprintf(failure, sizeof failure, "line %d: lane %d is not in its own mask", line, (int)(t - first));
        return -1;
      }
      for (int lane = 0; lane < 32; lane++) {
        if (!(mask >> lane & 1)) continue;
        if (first + lane >= threads || fibers[first + lane].waits == finished) {
          snprintf(failure, sizeof failure,
                   "line %d: a warp's exchange names lane %d, which %s", line, lane,
                   first + lane >= threads ? "the block doesn't have" : "has returned already");
          return -1;
        }
        const Fiber &other = fibers[first + lane];
        complete = complete && other.waits == at_warp && other.mask == mask && other.line == line;
      }
      if (!complete) continue;
      for (int lane = 0; lane < 32; lane++)
        if (mask >> lane & 1) fibers[first + lane].waits = nowhere;
      released = 1;
    }
  }
  return released;
}

// Let the block go on, all of whose threads wait at one barrier; 0 where all have returned, -1 where they differ.
static int release_block() {
  size_t waiting = 0, done = 0;
  int line = 0;
  votes[0] = votes[1] = 0;
  votes[2] = 1;
  for (size_t t = 0; t < threads; t++) {
    if (fibers[t].waits == finished) { done++; continue; }
    if (fibers[t].waits == at_warp) {
      snprintf(failure, sizeof failure, "line %d: a warp's exchange waits for lanes that never come", fibers[t].line);
      return -1;
    }
    if (waiting++ && fibers[t].line != line) {
      snprintf(failure, sizeof failure, "threads of one block wait at different barriers, lines %d and %d", line,
               fibers[t].line);
      return -1;
    }
    line = fibers[t].line;
    votes[0] += fibers[t].value != 0;
    votes[1] |= fibers[t].value != 0;
    votes[2] &= fibers[t].value != 0;
  }
  if (waiting && done) {
    snprintf(failure, sizeof failure,
             "line %d: __syncthreads is not reached by all threads of the block: %zu wait, %zu have returned", line,
             waiting, done);
    return -1;
  }
  for (size_t t = 0; t < threads; t++)
    if (fibers[t].waits == at_block) fibers[t].waits = nowhere;
  return waiting != 0;
}

static int run_block_of_fibers(bool backwards) {
  for (size_t t = 0; t < threads; t++) {
    fibers[t].waits = nowhere;
    fibers[t].exchanges = 0;
    fibers[t].stack_pointer = prepared(stacks + (t + 1) * STACK);
  }
  for (;;) {
    for (size_t turn = 0; turn < threads; turn++) {
      const size_t t = backwards ? threads - 1 - turn : turn;
      if (fibers[t].waits != nowhere) continue;
      current = t;
      threadIdx = fibers[t].index;
      cuda_switch(&scheduler, fibers[t].stack_pointer);
    }
    int warps = release_warps();
    if (warps < 0) return 1;
    if (warps) continue;
    int block = release_block();
    if (block < 0) return 1;
    if (!block) return 0;
  }
}

static void spoil_shared(size_t bytes) {
#ifdef SHARED_IN_SECTION
  if (__start_cuda_shared) memset(__start_cuda_shared, 0xff, __stop_cuda_shared - __start_cuda_shared);
#endif
  memset(dynamic_shared, 0xff, bytes + 64);
}

// All blocks of a grid. Every other one runs its threads from the last to the first.
static int launch(void (*kernel)(void **), void **args, const unsigned *grid, const unsigned *block, size_t shared,
                  bool waits) {
  body = kernel;
  arguments = args;
  gridDim = dim3(grid[0], grid[1], grid[2]);
  blockDim = dim3(block[0], block[1], block[2]);
  threads = (size_t)block[0] * block[1] * block[2];
  failure[0] = 0;
  if (threads > room) {
    free(fibers);
    free(stacks);
    fibers = (Fiber *)calloc(threads, sizeof(Fiber));
    stacks = waits ? (char *)malloc(threads * STACK) : nullptr;
    room = threads;
  }
  for (size_t t = 0; t < threads; t++)
    fibers[t].index = {(unsigned)(t % block[0]), (unsigned)(t / block[0] % block[1]),
                       (unsigned)(t / ((size_t)block[0] * block[1]))};
  dynamic_shared = (char *)aligned_alloc(64, (shared + 191) / 64 * 64);
  const size_t blocks = (size_t)grid[0] * grid[1] * grid[2];
  int failed = 0;
  for (size_t turn = 0; turn < blocks && !failed; turn++) {
    const size_t b = blocks - 1 - turn;
    blockIdx = {(unsigned)(b % grid[0]), (unsigned)(b / grid[0] % grid[1]),
                (unsigned)(b / ((size_t)grid[0] * grid[1]))};
    spoil_shared(shared);
    if (waits) {
      failed = run_block_of_fibers(turn & 1);
    } else {
      for (size_t i = 0; i < threads; i++) {
        current = turn & 1 ? threads - 1 - i : i;
        threadIdx = fibers[current].index;
        body(args);
      }
    }
    for (int i = 0; i < 64 && !failed; i++)
      if ((unsigned char)dynamic_shared[shared + i] != 0xff) {
        snprintf(failure, sizeof failure, "a store beyond the %zu bytes of dynamic shared memory", shared);
        failed = 1;
      }
  }
  free(dynamic_shared);
  return failed;
}

}  // namespace cuda

#define __syncthreads() cuda::barrier(__LINE__)
#define __syncthreads_count(x) cuda::vote(__LINE__, x, 0)
#define __syncthreads_or(x) cuda::vote(__LINE__, x, 1)
#define __syncthreads_and(x) cuda::vote(__LINE__, x, 2)
#define __threadfence()
#define __threadfence_block()

// ---- exchanges within a warp

namespace cuda {
static inline int segment(int width) { return lane() & ~(width - 1); }
template <class T> static T shuffle(int line, unsigned mask, T v, int source, int width = 32) {
  return exchange(line, mask, v, segment(width) + (source & (width - 1)));
}
template <class T> static T shuffle_down(int line, unsigned mask, T v, unsigned by, int width = 32) {
  int source = lane() + (int)by;
  return exchange(line, mask, v, source < segment(width) + width ? source : lane());
}
template <class T> static T shuffle_up(int line, unsigned mask, T v, unsigned by, int width = 32) {
  int source = lane() - (int)by;
  return exchange(line, mask, v, source >= segment(width) ? source : lane());
}
template <class T> static T shuffle_xor(int line, unsigned mask, T v, int with, int width = 32) {
  int source = lane() ^ with;
  return exchange(line, mask, v, source < segment(width) + width ? source : lane());
}
static unsigned ballot(int line, unsigned mask, int value) {
  const size_t first = current & ~(size_t)31;
  const unsigned turn = fibers[current].exchanges & 1;
  exchange(line, mask, value, lane());
  unsigned result = 0;
  for (int l = 0; l < 32; l++) {
    int theirs = 0;
    if (mask >> l & 1) memcpy(&theirs, fibers[first + l].offered[turn], sizeof theirs);
    result |= (unsigned)(theirs != 0) << l;
  }
  return result;
}
}  // namespace cuda
#define __shfl_sync(...) cuda::shuffle(__LINE__, __VA_ARGS__)
#define __shfl_down_sync(...) cuda::shuffle_down(__LINE__, __VA_ARGS__)
#define __shfl_up_sync(...) cuda::shuffle_up(__LINE__, __VA_ARGS__)
#define __shfl_xor_sync(...) cuda::shuffle_xor(__LINE__, __VA_ARGS__)
#define __ballot_sync(mask, x) cuda::ballot(__LINE__, mask, (x) != 0)
#define __any_sync(mask, x) (cuda::ballot(__LINE__, mask, (x) != 0) != 0)
#define __all_sync(mask, x) (cuda::ballot(__LINE__, mask, (x) != 0) == (mask))
#define __syncwarp(...) cuda::ballot(__LINE__, cuda::mask_of(__VA_ARGS__), 0)
namespace cuda { static inline unsigned mask_of(unsigned mask = 0xffffffffu) { return mask; } }

// ---- atomic operations: threads take turns, so each is one already

template <class T> using Same = typename std::enable_if<true, T>::type;
template <class T> static inline T atomicAdd(T *p, Same<T> v) { T old = *p; *p = old + v; return old; }
template <class T> static inline T atomicSub(T *p, Same<T> v) { T old = *p; *p = old - v; return old; }
template <class T> static inline T atomicMax(T *p, Same<T> v) { T old = *p; if (v > old) *p = v; return old; }
template <class T> static inline T atomicMin(T *p, Same<T> v) { T old = *p; if (v < old) *p = v; return old; }
template <class T> static inline T atomicExch(T *p, Same<T> v) { T old = *p; *p = v; return old; }
template <class T> static inline T atomicAnd(T *p, Same<T> v) { T old = *p; *p = old & v; return old; }
template <class T> static inline T atomicOr(T *p, Same<T> v) { T old = *p; *p = old | v; return old; }
template <class T> static inline T atomicXor(T *p, Same<T> v) { T old = *p; *p = old ^ v; return old; }
template <class T> static inline T atomicCAS(T *p, Same<T> compare, Same<T> v) {
  T old = *p;
  if (old == compare) *p = v;
  return old;
}
static inline unsigned atomicInc(unsigned *p, unsigned v) { unsigned old = *p; *p = old >= v ? 0 : old + 1; return old; }

// ---- mathematics

// CUDA's own pairs of types, and no others: max(1LL, 2) is ambiguous there, too.
#define CUDA_PAIR(A, B, C)                                                                         \
  static inline C max(A a, B b) { return cuda::larger((C)a, (C)b); }                               \
  static inline C min(A a, B b) { return cuda::smaller((C)a, (C)b); }
#define CUDA_PAIRS(S, U) CUDA_PAIR(S, S, S) CUDA_PAIR(U, U, U) CUDA_PAIR(S, U, U) CUDA_PAIR(U, S, U)
namespace cuda {
template <class C> static inline C larger(C a, C b) { return a < b ? b : a; }
template <class C> static inline C smaller(C a, C b) { return b < a ? b : a; }
static inline float larger(float a, float b) { return std::fmax(a, b); }
static inline float smaller(float a, float b) { return std::fmin(a, b); }
static inline double larger(double a, double b) { return std::fmax(a, b); }
static inline double smaller(double a, double b) { return std::fmin(a, b); }
}  // namespace cuda
CUDA_PAIRS(int, unsigned) CUDA_PAIRS(long, unsigned long) CUDA_PAIRS(long long, unsigned long long)
CUDA_PAIR(float, float, float) CUDA_PAIR(double, double, double)
CUDA_PAIR(float, double, double) CUDA_PAIR(double, float, double)
using std::abs; using std::fabs; using std::sqrt; using std::exp; using std::log; using std::pow; using std::floor;
using std::ceil; using std::isnan; using std::isinf; using std::isfinite; using std::signbit; using std::fma;
using std::tanh; using std::sin; using std::cos; using std::erf; using std::fmax; using std::fmin; using std::trunc;
using std::rint; using std::log1p; using std::expm1; using std::copysign; using std::fmod; using std::cbrt;
using std::round; using std::log2; using std::exp2; using std::tan; using std::atan2; using std::hypot;
static inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
static inline float rsqrt(float x) { return 1.0f / std::sqrt(x); }
static inline double rsqrt(double x) { return 1.0 / std::sqrt(x); }
static inline void sincospif(float x, float *s, float *c) {
  *s = (float)std::sin(M_PI * x);
  *c = (float)std::cos(M_PI * x);
}
static inline void sincospi(double x, double *s, double *c) { *s = std::sin(M_PI * x); *c = std::cos(M_PI * x); }
namespace cuda {
static inline float sine_pi(float x) { return (float)std::sin(M_PI * x); }
static inline double sine_pi(double x) { return std::sin(M_PI * x); }
static inline float cosine_pi(float x) { return (float)std::cos(M_PI * x); }
static inline double cosine_pi(double x) { return std::cos(M_PI * x); }
}  // namespace cuda
#define sinpif(x) cuda::sine_pi((float)(x))
#define sinpi(x) cuda::sine_pi((double)(x))
#define cospif(x) cuda::cosine_pi((float)(x))
#define cospi(x) cuda::cosine_pi((double)(x))
// The host's headers use names that begin with two underscores for their own ends, so these are macros.
#define __expf(x) std::exp((float)(x))
#define __logf(x) std::log((float)(x))
#define __sinf(x) std::sin((float)(x))
#define __cosf(x) std::cos((float)(x))
#define __powf(x, y) std::pow((float)(x), (float)(y))
static inline float __fdividef(float x, float y) { return x / y; }
static inline float __saturatef(float x) { return x < 0 ? 0 : x > 1 ? 1 : x; }
static inline float __fadd_rn(float x, float y) { return x + y; }
static inline float __fsub_rn(float x, float y) { return x - y; }
static inline float __fmul_rn(float x, float y) { return x * y; }
static inline float __fdiv_rn(float x, float y) { return x / y; }
static inline float __fsqrt_rn(float x) { return std::sqrt(x); }
static inline float __frcp_rn(float x) { return 1.0f / x; }
static inline float __fmaf_rn(float x, float y, float z) { return std::fma(x, y, z); }
static inline double __dadd_rn(double x, double y) { return x + y; }
static inline double __dmul_rn(double x, double y) { return x * y; }
static inline double __ddiv_rn(double x, double y) { return x / y; }
static inline double __dsqrt_rn(double x) { return std::sqrt(x); }
static inline double __fma_rn(double x, double y, double z) { return std::fma(x, y, z); }
static inline int __float2int_rn(float x) { return (int)std::rint(x); }
static inline int __float2int_rd(float x) { return (int)std::floor(x); }
static inline int __float2int_ru(float x) { return (int)std::ceil(x); }
static inline int __float2int_rz(float x) { return (int)x; }
static inline int __double2int_rn(double x) { return (int)std::rint(x); }
static inline float __int2float_rn(int x) { return (float)x; }
static inline float __uint2float_rn(unsigned x) { return (float)x; }
static inline double __uint2double_rn(unsigned x) { return (double)x; }
template <class To, class From> static inline To bits_as(From x) {
  static_assert(sizeof(To) == sizeof(From), "");
  To y;
  memcpy(&y, &x, sizeof y);
  return y;
}
static inline int __float_as_int(float x) { return bits_as<int>(x); }
static inline unsigned __float_as_uint(float x) { return bits_as<unsigned>(x); }
static inline float __int_as_float(int x) { return bits_as<float>(x); }
static inline float __uint_as_float(unsigned x) { return bits_as<float>(x); }
static inline long long __double_as_longlong(double x) { return bits_as<long long>(x); }
static inline double __longlong_as_double(long long x) { return bits_as<double>(x); }
static inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)((unsigned long long)a * b >> 32); }
static inline int __mulhi(int a, int b) { return (int)((long long)a * b >> 32); }
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return (unsigned long long)((unsigned __int128)a * b >> 64);
}
static inline int __popc(unsigned x) { return __builtin_popcount(x); }
static inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
static inline int __clz(int x) { return x ? __builtin_clz((unsigned)x) : 32; }
static inline int __clzll(long long x) { return x ? __builtin_clzll((unsigned long long)x) : 64; }
static inline int __ffs(int x) { return __builtin_ffs(x); }
static inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned by) {
  return (unsigned)((((unsigned long long)high << 32 | low) << (by & 31)) >> 32);
}
template <class T> static inline T __ldg(const T *p) { return *p; }

// ---- 16-bit floats

namespace cuda {
static float widened(unsigned short h) {
  const unsigned sign = (unsigned)(h & 0x8000) << 16, exponent = h >> 10 & 31, fraction = h & 1023;
  if (exponent == 31) return bits_as<float>(sign | 0x7f800000u | fraction << 13);
  const float size = exponent ? std::ldexp(1.0f + fraction / 1024.0f, (int)exponent - 15)
                              : std::ldexp(fraction / 1024.0f, -14);
  return sign ? -size : size;
}
static unsigned short rounded(float x) {  // to the nearest, halves to even
  const unsigned short sign = bits_as<unsigned>(x) >> 16 & 0x8000;
  const float size = std::fabs(x);
  if (size != size) return 0x7fff;
  if (size >= 65520.0f) return sign | 0x7c00;
  if (size < 6.103515625e-05f) return sign | (unsigned short)std::rint(size * 16777216.0f);
  int exponent;
  const float fraction = std::frexp(size, &exponent);  // size = fraction 2^exponent, fraction in [1/2, 1)
  return sign | (unsigned short)(((exponent + 13) << 10) + (int)std::rint(fraction * 2048.0f));
}
}  // namespace cuda

// That of cuda_fp16.h: it computes with its own kind, and every number converts to it and back, so that a formula
// which mixes it with others is ambiguous: the others have to be converted by name.
struct __half {
  unsigned short bits;
  __half() = default;
#define CUDA_NUMBER(N)                                                                             \
  __half(N x) : bits(cuda::rounded((float)x)) {}                                                   \
  operator N() const { return (N)cuda::widened(bits); }
  CUDA_NUMBER(short) CUDA_NUMBER(unsigned short) CUDA_NUMBER(int) CUDA_NUMBER(unsigned)
  CUDA_NUMBER(long) CUDA_NUMBER(unsigned long) CUDA_NUMBER(long long) CUDA_NUMBER(unsigned long long)
  __half(float x) : bits(cuda::rounded(x)) {}
  __half(double x) : bits(cuda::rounded((float)x)) {}
  operator float() const { return cuda::widened(bits); }
  operator bool() const { return cuda::widened(bits) != 0; }
};
#define CUDA_HALF(OP)                                                                              \
  static inline __half operator OP(const __half &x, const __half &y) { return (float)x OP(float) y; }  \
  static inline __half &operator OP##=(__half &x, const __half &y) { return x = x OP y; }
#define CUDA_HALF_COMPARED(OP)                                                                     \
  static inline bool operator OP(const __half &x, const __half &y) { return (float)x OP(float) y; }
CUDA_HALF(+) CUDA_HALF(-) CUDA_HALF(*) CUDA_HALF(/)
CUDA_HALF_COMPARED(==) CUDA_HALF_COMPARED(!=) CUDA_HALF_COMPARED(<) CUDA_HALF_COMPARED(<=)
CUDA_HALF_COMPARED(>) CUDA_HALF_COMPARED(>=)
static inline __half operator-(const __half &x) { return -(float)x; }
static inline __half operator+(const __half &x) { return x; }
typedef __half half;
static inline float __half2float(__half x) { return x; }
static inline __half __float2half(float x) { return x; }
static inline __half __float2half_rn(float x) { return x; }
static inline __half __double2half(double x) { return x; }
static inline unsigned short __half_as_ushort(__half x) { return x.bits; }
static inline __half __ushort_as_half(unsigned short x) { __half h; h.bits = x; return h; }
static inline bool __hisnan(__half x) { return std::isnan((float)x); }
struct __half2 { __half x, y; };
typedef __half2 half2;
static inline float2 __half22float2(__half2 v) { return {v.x, v.y}; }
static inline __half2 __floats2half2_rn(float x, float y) { return {x, y}; }

// That of CuPy's formulas: a float as soon as anything is done with it.
struct float16 {
  unsigned short bits;
  float16() = default;
  float16(float x) : bits(cuda::rounded(x)) {}
  template <class N> explicit float16(N x) : bits(cuda::rounded((float)x)) {}
  template <class N> float16 &operator=(const N &x) { return *this = float16((float)x); }
  float16 &operator=(const float16 &) = default;
  float16(const float16 &) = default;
  operator float() const { return cuda::widened(bits); }
};
static inline bool isnan(float16 x) { return std::isnan((float)x); }
static inline bool isinf(float16 x) { return std::isinf((float)x); }
static inline bool isfinite(float16 x) { return std::isfinite((float)x); }
static inline float16 max(float16 x, float16 y) { return max((float)x, (float)y); }
static inline float16 min(float16 x, float16 y) { return min((float)x, (float)y); }

// ---- how Python calls a kernel

namespace cuda {

// What a parameter is: kind and size, as "f4", "i8", "b1"; of a pointer "*" before it, "*c" where it points to const.
template <class P> static void describe(char *text) {
  if constexpr (std::is_pointer<P>::value) {
    using E = typename std::remove_pointer<P>::type;
    strcat(text, std::is_const<E>::value ? "*c" : "*");
    describe<typename std::remove_cv<E>::type>(text);
  } else {
    const char kind = std::is_same<P, bool>::value ? 'b'
                      : std::is_same<P, __half>::value || std::is_floating_point<P>::value ? 'f'
                      : std::is_integral<P>::value ? (std::is_signed<P>::value ? 'i' : 'u')
                      : std::is_void<P>::value ? 'v' : 's';
    size_t size = 0;
    if constexpr (!std::is_void<P>::value) size = sizeof(P);
    char word[32];
    snprintf(word, sizeof word, "%c%zu ", kind, size);
    strcat(text, word);
  }
}
template <class... P> static void describe_all(void (*)(P...), char *text) {
  text[0] = 0;
  (describe<typename std::remove_cv<P>::type>(text), ...);
}
template <class... P, size_t... I>
static void call(void (*kernel)(P...), void **a, std::index_sequence<I...>) {
  kernel(*(typename std::remove_reference<P>::type *)a[I]...);
}
template <class... P> static void call(void (*kernel)(P...), void **a) {
  call(kernel, a, std::index_sequence_for<P...>());
}

}  // namespace cuda

// ---- what CuPy adds for the kernels that it writes around a formula

template <class T> struct CArray {  // an array with strides; a[i] counts in C order, a[{i, j}] by axes
  char *data;
  int ndim;
  const ptrdiff_t *shape_, *strides_;
  const ptrdiff_t *shape() const { return shape_; }
  const ptrdiff_t *strides() const { return strides_; }
  ptrdiff_t size() const {
    ptrdiff_t product = 1;
    for (int d = 0; d < ndim; d++) product *= shape_[d];
    return product;
  }
  template <class I> T &at(const I *index) const {
    ptrdiff_t offset = 0;
    for (int d = 0; d < ndim; d++) offset += strides_[d] * (ptrdiff_t)index[d];
    return *(T *)(data + offset);
  }
  T &at(ptrdiff_t i) const {
    ptrdiff_t offset = 0;
    for (int d = ndim; d-- > 0; i /= shape_[d]) offset += strides_[d] * (d ? i % shape_[d] : i);
    return *(T *)(data + offset);
  }
  T &operator[](ptrdiff_t i) { return at(i); }
  const T &operator[](ptrdiff_t i) const { return at(i); }
  template <class I> T &operator[](const I *index) { return at(index); }
  template <class I> const T &operator[](const I *index) const { return at(index); }
};

struct CIndexer {  // an index in C order, and its place along each axis
  int ndim;
  ptrdiff_t size_;
  const ptrdiff_t *shape_;
  ptrdiff_t index_[33];
  CIndexer(int ndim, const ptrdiff_t *shape) : ndim(ndim), size_(1), shape_(shape), index_() {
    for (int d = 0; d < ndim; d++) size_ *= shape[d];
  }
  ptrdiff_t size() const { return size_; }
  const ptrdiff_t *get() const { return index_; }
  const ptrdiff_t *shape() const { return shape_; }
  void set(ptrdiff_t i) {
    for (int d = ndim; d-- > 0; i /= shape_[d]) index_[d] = d ? i % shape_[d] : i;
  }
};
