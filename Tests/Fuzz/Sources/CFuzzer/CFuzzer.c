#define _GNU_SOURCE
#include "CFuzzer.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int fuzzer_file(const uint8_t *data, size_t size) {
  int file = memfd_create("fuzz", MFD_CLOEXEC);
  if (file >= 0 && size > 0 && write(file, data, size) != (ssize_t)size) {
    close(file);
    return -1;
  }
  if (file >= 0) lseek(file, 0, SEEK_SET);
  return file;
}

int fuzzer_pipe(const uint8_t *data, size_t size) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return -1;
  // As much as it holds without a reader.
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  ssize_t written = size > 0 ? write(ends[1], data, size) : 0;
  close(ends[1]);
  if (written == (ssize_t)size) return ends[0];
  close(ends[0]);
  return -1;
}
