// Calls of ONNX Runtime and OpenVINO through their C interfaces, with every tensor made and bound before:
// no Python between two calls. The state goes back and forth between two sets of buffers, so that it is
// never copied outside the graph.
#include <openvino/c/openvino.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MOST 64

typedef struct peer {
  int (*call)(struct peer *);
  int parity, tensors;
  // ONNX Runtime
  void *session;
  const char *in_names[MOST], *out_names[MOST];
  void *in_values[2][MOST], *out_values[2][MOST];
  // OpenVINO
  ov_infer_request_t *requests[2];
} peer;

static float *floats(int rank, const int64_t *shape, size_t *bytes) {
  size_t count = 1;
  for (int i = 0; i < rank; i++) count *= (size_t)shape[i];
  *bytes = count * sizeof(float);
  float *values = aligned_alloc(64, (*bytes + 63) / 64 * 64);
  for (size_t i = 0; values && i < count; i++) values[i] = (float)((i * 37) % 101) / 101 - .5f;
  return values;
}

// ONNX Runtime publishes one table of functions to which it only ever appends; the wheel has no header,
// so the places in the table stand here.
enum {
  ort_error_message = 2,
  ort_create_env = 3,
  ort_create_session = 7,
  ort_run = 9,
  ort_create_session_options = 10,
  ort_set_optimization = 23,
  ort_set_intra_threads = 24,
  ort_set_inter_threads = 25,
  ort_create_tensor_with_data = 49,
  ort_create_cpu_memory_info = 69,
};
typedef struct {
  void *const *(*api)(uint32_t version);
  const char *(*version)(void);
} ort_base;
extern const ort_base *OrtGetApiBase(void);
static void *const *ort;
static void *environment;

static int ort_failed(void *status) {
  if (!status) return 0;
  fprintf(stderr, "onnxruntime: %s\n", ((const char *(*)(void *))ort[ort_error_message])(status));
  return 1;
}

static int ort_call(peer *p) {
  void *(*run)(void *, void *, const char *const *, void *const *, size_t, const char *const *, size_t,
               void **) = (void *(*)(void *, void *, const char *const *, void *const *, size_t,
                                     const char *const *, size_t, void **))ort[ort_run];
  void *status = run(p->session, NULL, p->in_names, p->in_values[p->parity], (size_t)p->tensors,
                     p->out_names, (size_t)p->tensors, p->out_values[p->parity]);
  p->parity ^= 1;
  return status ? ort_failed(status) : 0;
}

static void *ort_value(void *info, int rank, const int64_t *shape, float *values, size_t bytes) {
  void *value = NULL;
  void *(*make)(void *, void *, size_t, const int64_t *, size_t, int, void **) =
      (void *(*)(void *, void *, size_t, const int64_t *, size_t, int, void **))
          ort[ort_create_tensor_with_data];
  return ort_failed(make(info, values, bytes, shape, (size_t)rank, 1, &value)) ? NULL : value;
}

/// Tensor 0 is the input, or the output; tensor i its state i, alike on both sides. `shapes` holds all
/// input shapes, then all output shapes.
peer *ort_open(const char *path, int tensors, const char **in_names, const char **out_names,
               const int *ranks, const int64_t *shapes) {
  peer *p = calloc(1, sizeof *p);
  void *options = NULL, *info = NULL;
  if (!p || tensors > MOST) return NULL;
  if (!ort) ort = OrtGetApiBase()->api(17);
  if (!ort) return NULL;
  if (!environment &&
      ort_failed(((void *(*)(int, const char *, void **))ort[ort_create_env])(3, "p", &environment)))
    return NULL;
  if (ort_failed(((void *(*)(void **))ort[ort_create_session_options])(&options)) ||
      ort_failed(((void *(*)(void *, int))ort[ort_set_optimization])(options, 99)) ||
      ort_failed(((void *(*)(void *, int))ort[ort_set_intra_threads])(options, 1)) ||
      ort_failed(((void *(*)(void *, int))ort[ort_set_inter_threads])(options, 1)) ||
      ort_failed(((void *(*)(void *, const char *, void *, void **))ort[ort_create_session])(
          environment, path, options, &p->session)) ||
      ort_failed(((void *(*)(int, int, void **))ort[ort_create_cpu_memory_info])(1, 0, &info)))
    return NULL;
  p->call = ort_call;
  p->tensors = tensors;
  const int64_t *in = shapes, *out = shapes;
  for (int i = 0; i < tensors; i++) out += ranks[i];
  for (int i = 0; i < tensors; i++) {
    size_t bytes, out_bytes;
    p->in_names[i] = in_names[i];
    p->out_names[i] = out_names[i];
    float *a = floats(ranks[i], in, &bytes);
    float *b = floats(ranks[tensors + i], out, &out_bytes);
    if (!a || !b) return NULL;
    void *input = ort_value(info, ranks[i], in, a, bytes);
    void *output = ort_value(info, ranks[tensors + i], out, b, out_bytes);
    if (!input || !output) return NULL;
    p->in_values[0][i] = input;
    p->out_values[0][i] = output;
    p->in_values[1][i] = i == 0 ? input : output;
    p->out_values[1][i] = i == 0 ? output : input;
    in += ranks[i];
    out += ranks[tensors + i];
  }
  return p;
}

static int ov_failed(ov_status_e status) {
  if (status == OK) return 0;
  fprintf(stderr, "openvino: %s\n", ov_get_error_info(status));
  return 1;
}

static int ov_call(peer *p) {
  ov_status_e status = ov_infer_request_infer(p->requests[p->parity]);
  p->parity ^= 1;
  return status == OK ? 0 : ov_failed(status);
}

/// As `ort_open`, in f32, by index.
peer *ov_open(const char *path, int tensors, const char **in_names, const char **out_names,
              const int *ranks, const int64_t *shapes) {
  static ov_core_t *core;
  peer *p = calloc(1, sizeof *p);
  ov_model_t *model = NULL;
  ov_compiled_model_t *compiled = NULL;
  if (!p || tensors > MOST) return NULL;
  if (!core && ov_failed(ov_core_create(&core))) return NULL;
  if (ov_failed(ov_core_read_model(core, path, NULL, &model)) ||
      ov_failed(ov_core_compile_model(core, model, "CPU", 10, &compiled, "PERFORMANCE_HINT", "LATENCY",
                                      "INFERENCE_NUM_THREADS", "1", "NUM_STREAMS", "1",
                                      "INFERENCE_PRECISION_HINT", "f32", "ENABLE_CPU_PINNING", "NO")))
    return NULL;
  for (int i = 0; i < 2; i++)
    if (ov_failed(ov_compiled_model_create_infer_request(compiled, &p->requests[i]))) return NULL;
  p->call = ov_call;
  p->tensors = tensors;
  const int64_t *in = shapes, *out = shapes;
  for (int i = 0; i < tensors; i++) out += ranks[i];
  for (int i = 0; i < tensors; i++) {
    size_t bytes;
    ov_shape_t in_shape = {ranks[i], (int64_t *)in};
    ov_shape_t out_shape = {ranks[tensors + i], (int64_t *)out};
    ov_tensor_t *a = NULL, *b = NULL;
    if (ov_failed(ov_tensor_create_from_host_ptr(F32, in_shape, floats(ranks[i], in, &bytes), &a)) ||
        ov_failed(ov_tensor_create_from_host_ptr(F32, out_shape,
                                                 floats(ranks[tensors + i], out, &bytes), &b)))
      return NULL;
    for (int k = 0; k < 2; k++) {
      ov_tensor_t *input = k == 1 && i > 0 ? b : a, *output = k == 1 && i > 0 ? a : b;
      if (ov_failed(ov_infer_request_set_tensor(p->requests[k], in_names[i], input)) ||
          ov_failed(ov_infer_request_set_tensor(p->requests[k], out_names[i], output)))
        return NULL;
    }
    in += ranks[i];
    out += ranks[tensors + i];
  }
  return p;
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// Calls for so many nanoseconds, a quarter of them to warm up; writes each later call's nanoseconds.
/// Returns how many, at least three if there is room, or -1.
int time_calls(peer *p, int64_t budget, int64_t *times, int room) {
  const int64_t start = now();
  int count = 0;
  for (int i = 0; i < 2 || now() - start < budget / 4; i++)
    if (p->call(p)) return -1;
  for (int64_t last = now(); count < room && (last - start < budget || count < 3); count++) {
    if (p->call(p)) return -1;
    const int64_t end = now();
    times[count] = end - last;
    last = end;
  }
  return count;
}
