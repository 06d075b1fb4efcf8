#ifndef CALSA_H
#define CALSA_H

#include <alsa/asoundlib.h>

static void calsa_say_nothing(const char *file, int line, const char *function, int error,
                              const char *format, ...) {
  (void)file, (void)line, (void)function, (void)error, (void)format;
}

/// Keeps the library from writing to standard error: what fails is said by whoever called it.
static inline void calsa_silence_errors(void) { snd_lib_error_set_handler(calsa_say_nothing); }

#endif
