#ifdef __linux__
#define _GNU_SOURCE
#include "CPacedPCM.h"

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MAXIMUM_FAULTS 64
#define FOR_GOOD UINT64_MAX

enum fault_kind { FAULT_XRUN, FAULT_SUSPEND, FAULT_GONE };

struct fault {
  enum fault_kind kind;
  uint64_t at, length;
};

struct paced {
  snd_pcm_ioplug_t io;
  int timer;
  FILE *recording, *journal;
  size_t frame_bytes;
  uint64_t recording_frames;
  bool loops, is_coarse, is_running;
  struct fault faults[MAXIMUM_FAULTS];
  int fault_count;
  long rate;
  // When the device's time began; 0 before the first start.
  uint64_t t0;
  // The sample at which this start began to capture, and how many the program has taken since.
  uint64_t base, taken;
};

static uint64_t monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// Samples that the world has brought since the device's time began.
static uint64_t present(const struct paced *p) {
  if (!p->t0) return 0;
  return (uint64_t)((unsigned __int128)(monotonic_ns() - p->t0) * (unsigned)p->rate / 1000000000u);
}

static uint64_t fault_end(const struct fault *fault) {
  return fault->length == FOR_GOOD ? FOR_GOOD : fault->at + fault->length;
}

static bool is_gone(const struct paced *p, uint64_t at) {
  for (int i = 0; i < p->fault_count; i++) {
    const struct fault *fault = &p->faults[i];
    if (fault->kind == FAULT_GONE && at >= fault->at && at < fault_end(fault)) return true;
  }
  return false;
}

// The first fault after the sample at which capture began, or NULL.
static const struct fault *next_fault(const struct paced *p) {
  const struct fault *next = NULL;
  for (int i = 0; i < p->fault_count; i++) {
    const struct fault *fault = &p->faults[i];
    if (fault->at > p->base && (!next || fault->at < next->at)) next = fault;
  }
  return next;
}

// Samples since the start that the device has captured, or a negative error.
static int64_t captured(struct paced *p, bool *is_over) {
  p->taken = p->io.appl_ptr;
  uint64_t now = present(p);
  const struct fault *fault = next_fault(p);
  *is_over = fault && now >= fault->at;
  if (*is_over) {
    uint64_t last = fault->at - p->base;
    if (fault->kind == FAULT_XRUN) return -EPIPE;
    // Whoever takes a period at a time never asks for the rest.
    if (fault->kind == FAULT_GONE && (p->taken >= last || now > fault->at + (uint64_t)p->rate / 10))
      return -ENODEV;
    now = fault->at;
  }
  uint64_t count = now > p->base ? now - p->base : 0;
  if (!*is_over) count -= count % p->io.period_size;
  return count >= p->taken + p->io.buffer_size ? -EPIPE : (int64_t)count;
}

static void set_timer(struct paced *p) {
  uint64_t now = present(p), since = now > p->base ? now - p->base : 0;
  uint64_t next = p->base + (since / p->io.period_size + 1) * p->io.period_size;
  uint64_t at = p->t0 + (uint64_t)((unsigned __int128)next * 1000000000u / (unsigned)p->rate) + 1;
  struct itimerspec when = {.it_value = {(time_t)(at / 1000000000u), (long)(at % 1000000000u)}};
  timerfd_settime(p->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void note(struct paced *p, const char *word, uint64_t number) {
  if (!p->journal) return;
  fprintf(p->journal, "%s %llu\n", word, (unsigned long long)number);
  fflush(p->journal);
}

static void end_start(struct paced *p) {
  if (p->is_running) note(p, "to", p->base + p->taken);
  p->is_running = false;
}

static int paced_start(snd_pcm_ioplug_t *io) {
  struct paced *p = io->private_data;
  if (p->t0) {
    p->base = present(p);
  } else {
    p->t0 = monotonic_ns();
    p->base = 0;
    note(p, "t0", p->t0);
  }
  for (int i = 0; i < p->fault_count; i++) {
    const struct fault *fault = &p->faults[i];
    if (fault->kind == FAULT_XRUN && fault->at <= p->base && fault_end(fault) > p->base)
      p->base = fault_end(fault);
  }
  p->taken = 0;
  p->is_running = true;
  note(p, "from", p->base);
  set_timer(p);
  return 0;
}

static int paced_stop(snd_pcm_ioplug_t *io) {
  struct paced *p = io->private_data;
  p->taken = io->appl_ptr;
  end_start(p);
  return 0;
}

static int paced_prepare(snd_pcm_ioplug_t *io) {
  struct paced *p = io->private_data;
  end_start(p);
  return is_gone(p, present(p)) ? -ENODEV : 0;
}

static snd_pcm_sframes_t paced_pointer(snd_pcm_ioplug_t *io) {
  struct paced *p = io->private_data;
  if (!p->is_running) return 0;
  bool is_over;
  int64_t count = captured(p, &is_over);
  if (count < 0) return (snd_pcm_sframes_t)count;
  if (is_over && next_fault(p)->kind == FAULT_SUSPEND)
    snd_pcm_ioplug_set_state(io, SND_PCM_STATE_SUSPENDED);
  return (snd_pcm_sframes_t)((uint64_t)count % io->buffer_size);
}

static int paced_delay(snd_pcm_ioplug_t *io, snd_pcm_sframes_t *delay) {
  struct paced *p = io->private_data;
  uint64_t now = present(p), count = now > p->base ? now - p->base : 0;
  const struct fault *fault = next_fault(p);
  if (fault && now >= fault->at) count = fault->at - p->base;
  if (p->is_coarse) count -= count % io->period_size;
  *delay = (snd_pcm_sframes_t)(count - io->appl_ptr);
  return 0;
}

static snd_pcm_sframes_t paced_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                        snd_pcm_uframes_t offset, snd_pcm_uframes_t size) {
  struct paced *p = io->private_data;
  char *to = (char *)areas->addr + (areas->first + areas->step * offset) / 8;
  // From the reader's place on: a converter on top asks again for what it did not take the last time.
  for (snd_pcm_uframes_t done = 0; done < size;) {
    uint64_t position = (p->base + io->appl_ptr + done) % p->recording_frames;
    uint64_t count = p->recording_frames - position;
    if (count > size - done) count = size - done;
    if (fseeko(p->recording, (off_t)(position * p->frame_bytes), SEEK_SET)) return -EIO;
    if (fread(to + done * p->frame_bytes, p->frame_bytes, count, p->recording) != count) return -EIO;
    done += count;
  }
  return (snd_pcm_sframes_t)size;
}

static int paced_poll_revents(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned int count,
                              unsigned short *revents) {
  struct paced *p = io->private_data;
  uint64_t expirations;
  (void)count;
  if (fds[0].revents & POLLIN) (void)!read(p->timer, &expirations, sizeof expirations);
  set_timer(p);
  bool is_over;
  int64_t have = captured(p, &is_over);
  // Errors too are found by whoever then asks for samples: POLLERR would hide which one.
  *revents = have < 0 || is_over || (uint64_t)have >= p->taken + io->period_size ? POLLIN : 0;
  return 0;
}

static int paced_close(snd_pcm_ioplug_t *io) {
  struct paced *p = io->private_data;
  end_start(p);
  if (p->timer >= 0) close(p->timer);
  if (p->recording) fclose(p->recording);
  if (p->journal) fclose(p->journal);
  free(p);
  return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = paced_start,
    .stop = paced_stop,
    .pointer = paced_pointer,
    .transfer = paced_transfer,
    .close = paced_close,
    .prepare = paced_prepare,
    .poll_revents = paced_poll_revents,
    .delay = paced_delay,
};

static int parse_faults(struct paced *p, const char *text) {
  while (*text) {
    static const char *const names[] = {"xrun", "suspend", "gone"};
    struct fault fault;
    int kind = 0, used = 0;
    while (kind < 3 && strncmp(text, names[kind], strlen(names[kind]))) kind++;
    if (kind == 3 || p->fault_count == MAXIMUM_FAULTS) return -EINVAL;
    unsigned long long at, length = kind == FAULT_GONE ? FOR_GOOD : 0;
    text += strlen(names[kind]);
    if (sscanf(text, "@%llu%n", &at, &used) != 1) return -EINVAL;
    text += used;
    if (sscanf(text, "+%llu%n", &length, &used) == 1) text += used;
    fault = (struct fault){(enum fault_kind)kind, at, length};
    p->faults[p->fault_count++] = fault;
    while (*text == ' ') text++;
  }
  return 0;
}

static int open_files(struct paced *p, const char *infile, const char *journal) {
  p->recording = fopen(infile, "rbe");
  if (!p->recording) return -errno;
  if (flock(fileno(p->recording), LOCK_EX | LOCK_NB)) return -EBUSY;
  if (fseeko(p->recording, 0, SEEK_END)) return -errno;
  p->recording_frames = (uint64_t)ftello(p->recording) / p->frame_bytes;
  if (!p->recording_frames || p->fault_count == MAXIMUM_FAULTS) return -EINVAL;
  if (!p->loops)
    p->faults[p->fault_count++] = (struct fault){FAULT_GONE, p->recording_frames, FOR_GOOD};
  if (!journal) return 0;
  unsigned long long t0;
  p->journal = fopen(journal, "a+e");
  if (!p->journal) return -errno;
  if (fscanf(p->journal, "t0 %llu", &t0) == 1) p->t0 = t0;
  return is_gone(p, present(p)) ? -ENODEV : 0;
}

static int set_parameters(struct paced *p, unsigned format, unsigned channels) {
  static const unsigned access[] = {SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED};
  snd_pcm_ioplug_t *io = &p->io;
  unsigned rate = (unsigned)p->rate;
  int error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
  if (!error) error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, &format);
  if (!error)
    error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, channels, channels);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, rate, rate);
  // Wide, or rate conversion on top finds no sizes that fit.
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 16, 1 << 20);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 1024);
  if (!error) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, 64, 1 << 22);
  return error;
}

SND_PCM_PLUGIN_DEFINE_FUNC(paced) {
  const char *infile = NULL, *journal = NULL, *faults = "", *format_name = "S16_LE";
  long rate = 16000, channels = 1, loops = 0, is_coarse = 0;
  snd_config_iterator_t i, next;
  (void)root;
  snd_config_for_each(i, next, conf) {
    snd_config_t *node = snd_config_iterator_entry(i);
    const char *id;
    int error = 0;
    if (snd_config_get_id(node, &id) < 0) continue;
    if (!strcmp(id, "comment") || !strcmp(id, "type") || !strcmp(id, "hint")) continue;
    if (!strcmp(id, "infile"))
      error = snd_config_get_string(node, &infile);
    else if (!strcmp(id, "journal"))
      error = snd_config_get_string(node, &journal);
    else if (!strcmp(id, "faults"))
      error = snd_config_get_string(node, &faults);
    else if (!strcmp(id, "format"))
      error = snd_config_get_string(node, &format_name);
    else if (!strcmp(id, "rate"))
      error = snd_config_get_integer(node, &rate);
    else if (!strcmp(id, "channels"))
      error = snd_config_get_integer(node, &channels);
    else if (!strcmp(id, "loop"))
      error = (int)(loops = snd_config_get_bool(node)) < 0 ? -EINVAL : 0;
    else if (!strcmp(id, "coarse"))
      error = (int)(is_coarse = snd_config_get_bool(node)) < 0 ? -EINVAL : 0;
    else
      error = -EINVAL;
    if (error < 0) {
      SNDERR("%s: unknown or of the wrong type", id);
      return error;
    }
  }
  snd_pcm_format_t format = snd_pcm_format_value(format_name);
  if (stream != SND_PCM_STREAM_CAPTURE) return -ENODEV;
  if (!infile || format == SND_PCM_FORMAT_UNKNOWN || rate < 1 || channels < 1) return -EINVAL;

  struct paced *p = calloc(1, sizeof *p);
  if (!p) return -ENOMEM;
  p->rate = rate;
  p->loops = loops;
  p->is_coarse = is_coarse;
  p->frame_bytes = (size_t)(snd_pcm_format_physical_width(format) / 8 * channels);
  p->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  p->io.version = SND_PCM_IOPLUG_VERSION;
  p->io.name = "recording at its own pace";
  p->io.flags = SND_PCM_IOPLUG_FLAG_MONOTONIC;
  p->io.poll_fd = p->timer;
  p->io.poll_events = POLLIN;
  p->io.callback = &callbacks;
  p->io.private_data = p;

  int error = p->timer < 0 ? -errno : parse_faults(p, faults);
  if (!error) error = open_files(p, infile, journal);
  if (!error) error = snd_pcm_ioplug_create(&p->io, name, stream, mode);
  if (error < 0) {
    paced_close(&p->io);
    return error;
  }
  error = set_parameters(p, (unsigned)format, (unsigned)channels);
  if (error < 0) {
    snd_pcm_ioplug_delete(&p->io);
    return error;
  }
  *pcmp = p->io.pcm;
  return 0;
}

SND_PCM_PLUGIN_SYMBOL(paced);
#endif
