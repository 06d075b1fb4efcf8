#ifndef CSHA256_H
#define CSHA256_H

#include <stddef.h>
#include <stdint.h>

/// Takes `count` blocks of 64 bytes into a SHA-256 state of eight words (FIPS 180-4, 6.2.2). Pure, allocates
/// nothing.
void sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count);

#endif
