/* Integrated loudness, loudness range and true peak of a file with libebur128, as a program of its own:
 *     cc -O3 ebur128_file.c -lebur128 -lsndfile -lm */
#include <ebur128.h>
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>

enum { FRAMES = 8192 };

int main(int count, char **words) {
    SF_INFO info = {0};
    SNDFILE *file = count == 2 ? sf_open(words[1], SFM_READ, &info) : NULL;
    if (!file) return 2;
    ebur128_state *state = ebur128_init((unsigned)info.channels, (unsigned long)info.samplerate,
                                        EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
    float *block = malloc(sizeof(float) * FRAMES * (size_t)info.channels);
    sf_count_t frames;
    if (!state || !block) return 2;
    while ((frames = sf_readf_float(file, block, FRAMES)) > 0)
        ebur128_add_frames_float(state, block, (size_t)frames);
    double integrated, range, highest = 0.0, peak;
    ebur128_loudness_global(state, &integrated);
    ebur128_loudness_range(state, &range);
    for (int channel = 0; channel < info.channels; channel++) {
        ebur128_true_peak(state, (unsigned)channel, &peak);
        highest = peak > highest ? peak : highest;
    }
    printf("%.6f %.6f %.6f\n", integrated, range, 20.0 * log10(highest));
    ebur128_destroy(&state);
    sf_close(file);
    free(block);
    return 0;
}
