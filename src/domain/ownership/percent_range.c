#include "kybdesk/domain/percent_range.h"
#include "kybdesk/domain/ownership.h"
#include "ownership_graph.h"

#include <string.h>

struct bounds {
	const char *low, *high; /* texts of numbers */
	bool is_above_low, is_below_high;
};

bool percent_range_is_range(const char *text)
{
	return *text && strchr(text + 1, '-');
}

static struct bounds split(struct arena *arena, const char *text)
{
	const size_t at = strcspn(text, "-");
	struct bounds bounds = { .is_above_low = *text == '>' };

	bounds.low = arena_strndup(arena, text + bounds.is_above_low, at - (at && bounds.is_above_low));
	bounds.high = text[at] ? text + at + 1 : "";
	bounds.is_below_high = *bounds.high == '<';
	bounds.high += bounds.is_below_high;
	return bounds;
}

static bool parse_range(struct arena *scratch, struct percent_range *out, const char *text)
{
	const struct bounds bounds = split(scratch, text);
	struct decimal *hundred = decimal_hundred();
	bool valid = !ownership_percent_fault(scratch, bounds.low) && !ownership_percent_fault(scratch, bounds.high);

	out->high = decimal_new();
	valid = valid && decimal_parse(out->low, bounds.low) && decimal_parse(out->high, bounds.high) &&
		decimal_compare(out->low, out->high) < 0 && decimal_compare(out->high, hundred) <= 0;
	out->is_above_low = bounds.is_above_low;
	out->is_below_high = bounds.is_below_high;
	decimal_free(hundred);
	return valid;
}

bool percent_range_parse(struct percent_range *out, const char *text)
{
	struct arena scratch = ARENA_INIT;
	bool valid;

	*out = (struct percent_range){ .low = decimal_new() };
	if (percent_range_is_range(text))
		valid = parse_range(&scratch, out, text);
	else
		valid = !ownership_percent_fault(&scratch, text) && decimal_parse(out->low, text);
	if (!valid) {
		percent_range_release(out);
		*out = (struct percent_range){ .low = decimal_new() };
	}
	arena_release(&scratch);
	return valid;
}

const char *percent_range_fault(struct arena *arena, const char *text)
{
	struct percent_range range;
	const char *fault = NULL;

	if (!percent_range_is_range(text))
		return ownership_percent_fault(arena, text);
	if (!percent_range_parse(&range, text))
		fault = "is not a range of percentages; write it like 25-50, >25-50 (more than 25) or 50-<75 (less "
			"than 75)";
	percent_range_release(&range);
	return fault;
}

bool percent_range_is_share(const char *text)
{
	struct percent_range range;
	const bool share = percent_range_parse(&range, text) && percent_range_reach(&range, "100", false) == REACH_NO;

	percent_range_release(&range);
	return share;
}

struct percent_range percent_range_copy(const struct percent_range *range)
{
	struct percent_range copy = *range;

	copy.low = decimal_copy(range->low);
	copy.high = range->high ? decimal_copy(range->high) : NULL;
	return copy;
}

void percent_range_release(struct percent_range *range)
{
	decimal_free(range->low);
	if (range->high)
		decimal_free(range->high);
}

static const struct decimal *upper(const struct percent_range *range)
{
	return range->high ? range->high : range->low;
}

static void become_range(struct percent_range *range)
{
	if (!range->high)
		range->high = decimal_copy(range->low);
}

/* Lower bounds of together more than 100 stay so, since they are not possible. */
static void limit(struct percent_range *range)
{
	struct decimal *hundred = decimal_hundred();

	if (range->high && decimal_compare(range->high, hundred) > 0) {
		decimal_free(range->high);
		range->high = decimal_copy(hundred);
		range->is_below_high = false;
	}
	if (range->high && decimal_compare(range->low, range->high) >= 0) {
		decimal_free(range->high);
		*range = (struct percent_range){ .low = range->low, .is_above_low = range->is_above_low };
	}
	decimal_free(hundred);
}

void percent_range_add(struct percent_range *to, const struct percent_range *value)
{
	if (to->high || value->high) {
		become_range(to);
		decimal_add(to->high, upper(value));
	}
	decimal_add(to->low, value->low);
	to->is_above_low |= value->is_above_low;
	to->is_below_high |= value->is_below_high;
	if (to->high)
		limit(to);
}

bool percent_range_subtract(struct percent_range *from, const struct percent_range *value)
{
	if (decimal_compare(from->low, value->low) < 0 || decimal_compare(upper(from), upper(value)) < 0)
		return false;
	if (from->high || value->high) {
		become_range(from);
		decimal_subtract(from->high, upper(value));
	}
	decimal_subtract(from->low, value->low);
	from->is_above_low = from->is_above_low && !value->is_above_low;
	from->is_below_high = from->is_below_high && !value->is_below_high;
	if (from->high)
		limit(from);
	return true;
}

void percent_range_take_part(struct percent_range *of, const struct percent_range *percent)
{
	if (of->high || percent->high) {
		become_range(of);
		decimal_multiply(of->high, upper(percent));
		decimal_divide_100(of->high);
	}
	decimal_multiply(of->low, percent->low);
	decimal_divide_100(of->low);
	of->is_above_low = (of->is_above_low || percent->is_above_low) && !decimal_is_zero(of->low);
	of->is_below_high |= percent->is_below_high;
	if (of->high)
		limit(of);
}

static struct decimal *rest_of(const struct decimal *part)
{
	struct decimal *rest = decimal_hundred();

	if (decimal_compare(part, rest) <= 0) {
		decimal_subtract(rest, part);
		return rest;
	}
	decimal_free(rest);
	return decimal_new();
}

void percent_range_complement(struct percent_range *range)
{
	struct percent_range rest = { .low = rest_of(upper(range)),
				      .high = range->high ? rest_of(range->low) : NULL,
				      .is_above_low = range->is_below_high,
				      .is_below_high = range->is_above_low };

	percent_range_release(range);
	*range = rest;
}

int percent_range_compare_low(const struct percent_range *a, const struct percent_range *b)
{
	const int order = decimal_compare(a->low, b->low);

	return order ? order : a->is_above_low - b->is_above_low;
}

int percent_range_compare_high(const struct percent_range *a, const struct percent_range *b)
{
	const int order = decimal_compare(upper(a), upper(b));

	return order ? order : b->is_below_high - a->is_below_high;
}

const char *percent_range_text(struct arena *arena, const struct percent_range *range, unsigned places)
{
	const char *low = decimal_text(arena, range->low, places);

	if (!range->high)
		return low;
	return arena_printf(arena, "%s%s-%s%s", range->is_above_low ? ">" : "", low, range->is_below_high ? "<" : "",
			    decimal_text(arena, range->high, places));
}

enum reach percent_range_reach(const struct percent_range *range, const char *threshold, bool is_inclusive)
{
	struct decimal *least = decimal_new();
	enum reach reach = REACH_NO;

	if (decimal_parse(least, threshold)) {
		const int low = decimal_compare(range->low, least), high = decimal_compare(upper(range), least);

		if (low > 0 || (!low && (is_inclusive || range->is_above_low)))
			reach = REACH_YES;
		else if (high > 0 || (!high && is_inclusive && !range->is_below_high))
			reach = REACH_MAYBE;
	}
	decimal_free(least);
	return reach;
}
