/* A percentage that is known exactly, or only by its bounds, as registers of owners state it: "more than 25 % but not
 * more than 50 %" (share of an interest in BODS 0.4). As text "25"; "25-50": from 25 to 50; ">25-50": more than 25;
 * "25-<50": less than 50. Sums and products of ranges are the ranges of all sums and products. Pure. */
#ifndef KYBDESK_DOMAIN_PERCENT_RANGE_H
#define KYBDESK_DOMAIN_PERCENT_RANGE_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/decimal.h"

struct percent_range {
	struct decimal *low;
	struct decimal *high; /* NULL: exactly low */
	bool is_above_low, is_below_high;
};

/* Whether the text has two parts, valid or not. */
bool percent_range_is_range(const char *text);
/* Why the text is neither a percentage (ownership_percent_fault()) nor a range, as the end of a sentence; NULL: valid.
 * The bounds of a range are at most 100. */
const char *percent_range_fault(struct arena *arena, const char *text);
/* False: percent_range_fault() has a fault; the result is 0 then. The caller releases the result in both cases. */
bool percent_range_parse(struct percent_range *out, const char *text);
/* Whether the text can be a share: valid, and at most 100. */
bool percent_range_is_share(const char *text);
struct percent_range percent_range_copy(const struct percent_range *range);
void percent_range_release(struct percent_range *range);
void percent_range_add(struct percent_range *to, const struct percent_range *value); /* at most 100, if not exact */
/* Bound by bound: the range that was added to a sum. False: the sum has no such part, and is unchanged. */
bool percent_range_subtract(struct percent_range *from, const struct percent_range *value);
void percent_range_take_part(struct percent_range *of, const struct percent_range *percent);
/* What is missing to 100; from a sum of over 100, nothing is missing. */
void percent_range_complement(struct percent_range *range);
/* -1, 0, 1: the lower bounds, or the upper bounds. More than 25 is greater than 25, less than 50 is less than 50. */
int percent_range_compare_low(const struct percent_range *a, const struct percent_range *b);
int percent_range_compare_high(const struct percent_range *a, const struct percent_range *b);
/* As decimal_text(). */
const char *percent_range_text(struct arena *arena, const struct percent_range *range, unsigned places);

enum reach { REACH_NO, REACH_MAYBE, REACH_YES };
/* Whether the percentage reaches the threshold (a number), or is above it if that is not inclusive. MAYBE: only a part
 * of the range does. */
enum reach percent_range_reach(const struct percent_range *range, const char *threshold, bool is_inclusive);

#endif
