/* The arithmetic of one rack with an equaliser (four bands), a compressor and a saturator, as plain C loops over 64
 * lanes: what a good compiler makes of it is the yardstick for the engine's own units. Compiled and called by
 * benchmarks/yardstick.py. One block is 64 frames of 64 lanes, float32, frames first. */

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { FRAMES = 64, LANES = 64, STEEP = 30, WIDE = 6, HISTORY = 2 * STEEP, PLANE = (HISTORY + FRAMES) * LANES };

typedef float lanes[LANES];
typedef struct { lanes damping, rate, squared, m0, m1, m2, ic1, ic2, rest1, rest2; } svf;

static svf bands[5];
static lanes mean, held, reduction, vu_inner, vu, before, blocked;
static float key[FRAMES][LANES], steep[STEEP], wide[WIDE];
static float given[PLANE], between[PLANE], even[PLANE], odd[PLANE], lowered[PLANE], planes[4][PLANE];

static void run_svf(svf *f, float *restrict block) {
    for (int t = 0; t < FRAMES; t++)
        for (int l = 0; l < LANES; l++) {
            float v0 = block[t * LANES + l], s1 = f->ic1[l], s2 = f->ic2[l], v3 = v0 - s2;
            float d1 = f->rate[l] * v3 - f->damping[l] * s1, d2 = f->rate[l] * s1 + f->squared[l] * v3;
            block[t * LANES + l] = f->m0[l] * v0 + f->m1[l] * (s1 + d1) + f->m2[l] * (s2 + d2);
            float step1 = 2 * d1 + f->rest1[l], sum1 = s1 + step1;
            f->rest1[l] = step1 - (sum1 - s1), f->ic1[l] = sum1;
            float step2 = 2 * d2 + f->rest2[l], sum2 = s2 + step2;
            f->rest2[l] = step2 - (sum2 - s2), f->ic2[l] = sum2;
        }
}

static inline float from_bits(int32_t i) { float f; memcpy(&f, &i, 4); return f; }
static inline int32_t to_bits(float f) { int32_t i; memcpy(&i, &f, 4); return i; }

static inline float log2_of(float x) {
    int32_t bits = to_bits(x) - 0x3f3504f3, e = bits >> 23;
    float t = from_bits(to_bits(x) - (int32_t)((uint32_t)e << 23)) - 1;
    return e + t * (1.44269973f + t * (-0.721375872f + t * (0.480465033f + t * (-0.358961844f +
           t * (0.297262598f + t * (-0.272697996f + t * 0.170634548f))))));
}

static inline float exp2_of(float x) {
    x = x > -126 ? x : -126, x = x < 127 ? x : 127;
    float whole = (x + 12582912.0f) - 12582912.0f, f = x - whole;
    return from_bits(((int32_t)whole + 127) << 23) * (1 + f * (0.693147215f + f * (0.240222346f + f * (0.0555030836f +
           f * (0.00967187519f + f * 0.00134072591f)))));
}

static void compress(float *restrict block) {
    memcpy(key, block, sizeof key);
    run_svf(&bands[4], &key[0][0]);
    for (int t = 0; t < FRAMES; t++) {
        for (int l = 0; l < LANES; l++) {
            float square = key[t][l] * key[t][l];
            mean[l] += 0.002f * (square - mean[l]);
            float level = log2_of(square + 0.0f * (mean[l] - square)) * 3.01029996f;
            float over = (level < 60 ? level : 60) + 20, into = over + 3;
            into = into > 0 ? into : 0, into = into < 6 ? into : 6;
            key[t][l] = 0.75f * (into * into * 0.0833333f + (over - 3 > 0 ? over - 3 : 0));
        }
        for (int c = 0; c < LANES / 2; c++) {
            float left = key[t][c], right = key[t][c + LANES / 2], larger = left > right ? left : right;
            key[t][c] = left + (larger - left), key[t][c + LANES / 2] = right + (larger - right);
        }
        for (int l = 0; l < LANES; l++) {
            float c = key[t][l], next = held[l] + 0.0002f * (c - held[l]);
            held[l] = c > next ? c : next;
            reduction[l] += 0.002f * (held[l] - reduction[l]);
            block[t * LANES + l] *= exp2_of(-reduction[l] * 0.166096405f);
        }
    }
}

static void steep_of(const float *restrict x, float *restrict out) {
    float *to = out + HISTORY * LANES;
    for (int j = 0; j < FRAMES * LANES; j++) to[j] = 0;
    for (int first = 0; first < STEEP; first += 5) {
        const float *a = x + (HISTORY - STEEP - first - 4) * LANES, *b = x + (HISTORY - STEEP + 1 + first) * LANES;
        for (int j = 0; j < FRAMES * LANES; j++)
            to[j] += steep[first] * (a[j + 4 * LANES] + b[j]) + steep[first + 1] * (a[j + 3 * LANES] + b[j + LANES]) +
                     steep[first + 2] * (a[j + 2 * LANES] + b[j + 2 * LANES]) +
                     steep[first + 3] * (a[j + LANES] + b[j + 3 * LANES]) + steep[first + 4] * (a[j] + b[j + 4 * LANES]);
    }
}

static void wide_of(const float *restrict last, const float *restrict other, float *restrict to) {
    const float *a = last - 5 * LANES, *b = other - 5 * LANES;
    for (int j = 0; j < FRAMES * LANES; j++)
        to[j] = wide[0] * (a[j + 2 * LANES] + b[j + 3 * LANES]) + wide[1] * (b[j + 2 * LANES] + a[j + 3 * LANES]) +
                wide[2] * (a[j + LANES] + b[j + 4 * LANES]) + wide[3] * (b[j + LANES] + a[j + 4 * LANES]) +
                wide[4] * (a[j] + b[j + 5 * LANES]) + wide[5] * (b[j] + a[j + 5 * LANES]);
}

static void halve(const float *restrict centre, float *restrict x) {
    for (int j = 0; j < FRAMES * LANES; j++) x[j] = 0.5f * (x[j] + centre[j]);
}

static inline float bend(float x) {
    x = x > -7.90531111f ? x : -7.90531111f, x = x < 7.90531111f ? x : 7.90531111f;
    float s = x * x;
    float above = x * (4.89352456e-3f + s * (6.37261929e-4f + s * (1.48572236e-5f + s * (5.1222971e-8f +
                  s * (-8.60467152e-11f + s * (2.00018790e-13f + s * -2.76076848e-16f))))));
    return above / (4.89352519e-3f + s * (2.26843463e-3f + s * (1.18534706e-4f + s * 1.1982584e-6f)));
}

static void saturate(float *restrict block) {
    const int start = HISTORY * LANES, late = start - (STEEP - 1) * LANES, count = FRAMES * LANES;
    for (int t = 0; t < FRAMES; t++)
        for (int l = 0; l < LANES; l++) {
            float x = 2.8f * block[t * LANES + l];
            block[t * LANES + l] = x;
            vu_inner[l] += 0.00023f * (2.3562f * fabsf(x) * 0.3548f - 0.5f * vu[l] - vu_inner[l]);
            vu[l] += 0.00023f * (vu_inner[l] - vu[l]);
        }
    memcpy(given + start, block, count * sizeof(float));
    steep_of(given, between);
    wide_of(between + start, given + late - LANES, planes[0] + start);
    memcpy(planes[1] + start, given + late - 3 * LANES, count * sizeof(float));
    wide_of(given + late, between + start, planes[2] + start);
    memcpy(planes[3] + start, between + start - 2 * LANES, count * sizeof(float));
    for (int p = 0; p < 4; p++)
        for (int j = 0; j < count; j++) planes[p][start + j] = bend(planes[p][start + j]);
    wide_of(planes[0] + start, planes[2] + start - LANES, even + start);
    halve(planes[1] + start - 3 * LANES, even + start);
    wide_of(planes[2] + start, planes[0] + start, odd + start);
    halve(planes[3] + start - 3 * LANES, odd + start);
    steep_of(odd, lowered);
    halve(even + late, lowered + start);
    float *all[] = {given, between, even, odd, planes[0], planes[1], planes[2], planes[3]};
    for (int p = 0; p < 8; p++) memmove(all[p], all[p] + count, start * sizeof(float));
    for (int t = 0; t < FRAMES; t++)
        for (int l = 0; l < LANES; l++) {
            float x = lowered[start + t * LANES + l];
            blocked[l] = 0.99967f * (x - before[l]) + 0.99935f * blocked[l];
            before[l] = x;
            block[t * LANES + l] = 0.3548f * (x + 0.0f * (blocked[l] - x));
        }
}

void set_up(const float *steep_weights, const float *wide_weights) {
    memcpy(steep, steep_weights, sizeof steep);
    memcpy(wide, wide_weights, sizeof wide);
    for (int b = 0; b < 5; b++)
        for (int l = 0; l < LANES; l++) {
            float g = 0.01f * (b + 1), k = 1.4f, a1 = 1 / (1 + g * (g + k));
            bands[b].damping[l] = g * (g + k) * a1, bands[b].rate[l] = g * a1, bands[b].squared[l] = g * g * a1;
            bands[b].m0[l] = 1, bands[b].m1[l] = b < 4 ? 0.3f : 0, bands[b].m2[l] = 0;
        }
}

/* Which: 0 the equaliser, 1 the compressor, 2 the saturator. */
void run(float *block, int which, int blocks) {
    for (int n = 0; n < blocks; n++)
        if (which == 0)
            for (int b = 0; b < 4; b++) run_svf(&bands[b], block);
        else if (which == 1) compress(block);
        else saturate(block);
}
