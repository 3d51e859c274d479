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
