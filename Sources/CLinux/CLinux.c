#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>

int clinux_readable_bytes(int fd) {
  int bytes = 0;
  return ioctl(fd, FIONREAD, &bytes) < 0 ? -1 : bytes;
}

#ifdef F_SETPIPE_SZ
int clinux_set_pipe_size(int fd, int bytes) { return fcntl(fd, F_SETPIPE_SZ, bytes); }
int clinux_pipe_size(int fd) { return fcntl(fd, F_GETPIPE_SZ); }
#else
int clinux_set_pipe_size(int fd, int bytes) { (void)fd, (void)bytes, errno = ENOSYS; return -1; }
int clinux_pipe_size(int fd) { (void)fd, errno = ENOSYS; return -1; }
#endif

#ifdef __linux__
#include <pthread.h>
#include <sched.h>

int clinux_pin_thread(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  return sched_setaffinity(0, sizeof set, &set) < 0 ? errno : 0;
}

int clinux_usable_processors(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) < 0 ? -1 : CPU_COUNT(&set);
}

int clinux_use_fifo(int priority) {
  struct sched_param parameters = {.sched_priority = priority};
  return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}
#else
int clinux_pin_thread(int processor) { (void)processor; return ENOSYS; }
int clinux_usable_processors(void) { return -1; }
int clinux_use_fifo(int priority) { (void)priority; return ENOSYS; }
#endif
