#pragma once
// What libFuzzer without a main of its own offers (FuzzerInterface.h has no declaration of it for C).
#include <stddef.h>
#include <stdint.h>

/// Runs `body` on inputs until an option in `arguments` says stop; returns an exit code.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*body)(const uint8_t *data, size_t size));

/// A file in memory with those bytes; its descriptor, -1 where there is none.
int fuzzer_file(const uint8_t *data, size_t size);

/// The reading end of a pipe with those bytes and no writer, -1 where it does not hold them.
int fuzzer_pipe(const uint8_t *data, size_t size);
