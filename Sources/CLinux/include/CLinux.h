// Shims for what Swift cannot import: macros of ioctl and fcntl, and the variadic calls behind them.
#ifndef CLINUX_H
#define CLINUX_H

/// Bytes that can be read now without waiting (FIONREAD), or -1 with errno set.
int clinux_readable_bytes(int fd);

/// Asks for a pipe buffer of so many bytes (F_SETPIPE_SZ). Returns the size granted, or -1 with errno set.
int clinux_set_pipe_size(int fd, int bytes);

/// The pipe's buffer in bytes (F_GETPIPE_SZ), or -1 with errno set.
int clinux_pipe_size(int fd);

/// Puts the calling thread on one processor (sched_setaffinity). Returns 0, or the error's number.
int clinux_pin_thread(int processor);

/// Processors that the calling thread may use (sched_getaffinity), or -1.
int clinux_usable_processors(void);

/// Gives the calling thread the policy SCHED_FIFO. Returns 0, or the error's number.
int clinux_use_fifo(int priority);

#endif
