// The polyphase filter of the resampler: a row of weights over the samples under each output.

// Outputs that are summed side by side: one alone would wait for each of its own additions.
#define RESAMPLE_GROUP 4

// An output's first sample, its row, and L times the fraction of its place between samples.
typedef struct {
  const float *samples;
  intptr_t row, phase;
} resample_place;

INLINE resample_place resample_next(const ck_resampler *f, resample_place p) {
  p.samples += f->inputs / f->outputs;
  p.phase += f->inputs % f->outputs;
  if (p.phase >= f->outputs) {
    p.phase -= f->outputs;
    p.samples++;
  }
  p.row = p.row + 1 == f->outputs ? 0 : p.row + 1;
  return p;
}

static void resample(
    const ck_resampler *filter, const float *input, intptr_t row, intptr_t count, float *output,
    intptr_t stride) {
  const intptr_t whole = filter->taps / 16 * 16, rest = filter->taps - whole;
  resample_place place = {input, row, row * (filter->inputs % filter->outputs) % filter->outputs};
  for (intptr_t done = 0; done < count; done += RESAMPLE_GROUP) {
    const intptr_t size = count - done < RESAMPLE_GROUP ? count - done : RESAMPLE_GROUP;
    const float *x[RESAMPLE_GROUP], *w[RESAMPLE_GROUP];
    for (intptr_t i = 0; i < RESAMPLE_GROUP; i++) {
      x[i] = place.samples;
      w[i] = filter->rows + place.row * filter->row_size;
      // A group with fewer outputs computes its last one again.
      if (i < size - 1 || i == RESAMPLE_GROUP - 1) place = resample_next(filter, place);
    }
    V sums[RESAMPLE_GROUP];
    UNROLL for (int i = 0; i < RESAMPLE_GROUP; i++) sums[i] = v_zero();
    for (intptr_t k = 0; k < whole; k += 16) {
      UNROLL for (int i = 0; i < RESAMPLE_GROUP; i++)
        sums[i] = v_fma(v_load(x[i] + k), v_load(w[i] + k), sums[i]);
    }
    if (rest) {
      UNROLL for (int i = 0; i < RESAMPLE_GROUP; i++)
        sums[i] = v_fma(v_load_part(x[i] + whole, rest), v_load(w[i] + whole), sums[i]);
    }
    for (intptr_t i = 0; i < size; i++) output[(done + i) * stride] = v_tree(sums[i]) + 0.f;
  }
}
