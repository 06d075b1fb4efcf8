// Shims for what Swift cannot import: macros of ioctl, fcntl and cpu_set_t, and the calls behind them.
#ifndef CLINUX_H
#define CLINUX_H

/// Bytes that can be read now without waiting (FIONREAD), or -1 with errno set.
int clinux_readable_bytes(int fd);

/// Asks for a pipe buffer of so many bytes (F_SETPIPE_SZ). Returns the size granted, or -1 with errno set.
int clinux_set_pipe_size(int fd, int bytes);

/// The pipe's buffer in bytes (F_GETPIPE_SZ), or -1 with errno set.
int clinux_pipe_size(int fd);

/// The core, by its index counted from 0, among those that the calling thread may run on; -1 beyond the last.
int clinux_allowed_core(int index);

/// Lets the calling thread run on one core only. Returns 0, or -1 with errno set.
int clinux_bind_thread(int core);

/// Gives the calling thread the policy SCHED_FIFO. Returns 0, or the error's number.
int clinux_use_fifo(int priority);

#endif
