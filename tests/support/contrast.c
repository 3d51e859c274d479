#include "support/contrast.h"

/* c to the power of 2.4, which is c² times the fifth root of c², by Newton's method. */
static double power_2_4(double c)
{
	double root = 1;
	for (int i = 0; i < 60; i++)
		root -= (root * root * root * root * root - c * c) / (5 * root * root * root * root);
	return c * c * root;
}

/* WCAG 2.1, relative luminance and contrast ratio. */
double colour_channel(int32_t value)
{
	double c = value / 255.0;
	return c <= 0.03928 ? c / 12.92 : power_2_4((c + 0.055) / 1.055);
}

static double luminance(int32_t rgb)
{
	return 0.2126 * colour_channel(rgb >> 16 & 0xff) + 0.7152 * colour_channel(rgb >> 8 & 0xff) +
	       0.0722 * colour_channel(rgb & 0xff);
}

double colour_contrast(int32_t a, int32_t b)
{
	double one = luminance(a) + 0.05, other = luminance(b) + 0.05;
	return one > other ? one / other : other / one;
}

const int32_t xterm_colours[16] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
				    0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff };
