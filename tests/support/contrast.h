/* WCAG 2.1: relative luminance and contrast of colours as 0xRRGGBB. */
#ifndef KYB_TESTS_SUPPORT_CONTRAST_H
#define KYB_TESTS_SUPPORT_CONTRAST_H

#include <stdint.h>

double colour_channel(int32_t value); /* converts a channel, 0 to 255, to linear light, 0 to 1 */
double colour_contrast(int32_t a, int32_t b);
extern const int32_t xterm_colours[16]; /* xterm's palette; bold may turn the first eight into the last eight */

#endif
