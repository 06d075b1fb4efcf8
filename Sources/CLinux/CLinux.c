#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
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

#ifdef CPU_SETSIZE
int clinux_allowed_core(int index) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) < 0) return -1;
  for (int core = 0; core < CPU_SETSIZE; core++) {
    if (CPU_ISSET(core, &set) && index-- == 0) return core;
  }
  return -1;
}

int clinux_bind_thread(int core) {
  if (core < 0 || core >= CPU_SETSIZE) return errno = EINVAL, -1;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  return sched_setaffinity(0, sizeof set, &set);
}
#else
int clinux_allowed_core(int index) { (void)index; return -1; }
int clinux_bind_thread(int core) { (void)core, errno = ENOSYS; return -1; }
#endif

int clinux_use_fifo(int priority) {
  struct sched_param parameters = {.sched_priority = priority};
  return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}
