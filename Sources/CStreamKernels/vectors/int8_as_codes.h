// Sixteen groups of four int8 codes for a product that takes them as they are.
typedef int32_t int8_input;
typedef VI int8_inputs;
typedef VI int8_weights;

INLINE int8_weights int8_load(const int32_t *p) { return vi_load(p); }
INLINE int8_inputs int8_broadcast(const int8_input *p) { return vi_set1(*p); }
