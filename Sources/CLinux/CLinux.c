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
