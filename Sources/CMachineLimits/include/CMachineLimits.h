// What one core of this machine can do at most: small loops, chosen at run time by what the processor
// has, and the few system calls that make a measurement repeatable.
#ifndef CMACHINELIMITS_H
#define CMACHINELIMITS_H

#include <stddef.h>
#include <stdint.h>

/// What a loop shows.
typedef enum {
  /// f32 fused multiply-adds; two operations each.
  ml_f32_fma = 0,
  /// Products of int8 summed in int32; two operations each.
  ml_int8_dot = 1,
  /// Products of bf16 summed in f32; two operations each.
  ml_bf16_dot = 2,
  /// Reading memory from one end to the other.
  ml_read = 3,
} ml_kind;

/// A loop: `run` does its work `times` times and returns what it did, operations or bytes. A loop that
/// reads goes through `bytes` of `memory` (aligned to 64, a multiple of 4096) each time.
typedef struct {
  const char *name;
  ml_kind kind;
  double (*run)(const void *memory, size_t bytes, long times);
} ml_loop;

/// Loops that this processor can run.
int ml_loop_count(void);

/// One of them; NULL past the last.
const ml_loop *ml_loop_at(int index);

/// Ticks of the cheapest steady clock: the time stamp counter of x86, else CLOCK_MONOTONIC.
uint64_t ml_ticks(void);

/// CLOCK_MONOTONIC in nanoseconds.
int64_t ml_nanoseconds(void);

/// Computes for so many steps of a few cycles each, and touches no memory.
void ml_spin(long steps);

/// Zeroed memory of whole huge pages where there are any; NULL if there is no memory.
void *ml_memory(size_t bytes);

#endif
