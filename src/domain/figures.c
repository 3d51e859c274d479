#include "kybdesk/domain/figures.h"

#include "kybdesk/base/timefmt.h"

#include <stdlib.h>

const struct age_group age_groups[AGE_GROUP_COUNT] = {
	{ "under 1 d", 1 * FIGURES_DAY_MS },  { "1 to 3 d", 3 * FIGURES_DAY_MS },    { "3 to 7 d", 7 * FIGURES_DAY_MS },
	{ "7 to 14 d", 14 * FIGURES_DAY_MS }, { "14 to 30 d", 30 * FIGURES_DAY_MS }, { "over 30 d", 0 },
};

int64_t day_begin(int64_t ms)
{
	int64_t rest = ms % FIGURES_DAY_MS;

	return ms - (rest < 0 ? rest + FIGURES_DAY_MS : rest);
}

static int compare_values(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

int64_t quantile(int64_t *values, size_t count, size_t of, size_t parts)
{
	if (!count)
		return TIME_NONE;
	qsort(values, count, sizeof *values, compare_values);
	size_t at = (count * of + parts - 1) / parts;

	return values[at ? at - 1 : 0];
}

int64_t share(int64_t part, int64_t whole)
{
	return whole > 0 ? (part * 1000 + whole / 2) / whole : -1;
}

const char *share_text(struct arena *arena, int64_t part, int64_t whole)
{
	int64_t tenths = share(part, whole);

	return tenths < 0 ? "-"
			  : arena_printf(arena, "%lld.%lld %%", (long long)(tenths / 10), (long long)(tenths % 10));
}

const char *span_text(struct arena *arena, int64_t ms)
{
	if (ms == TIME_NONE)
		return "";
	if (ms < 60000)
		return arena_printf(arena, "%lld s", (long long)(ms / 1000));
	if (ms < 3600000)
		return arena_printf(arena, "%lld min", (long long)(ms / 60000));
	/* Tenths of an hour or of a day, rounded down. */
	int64_t tenths = ms < 2 * FIGURES_DAY_MS ? ms / 360000 : ms / (FIGURES_DAY_MS / 10);

	return arena_printf(arena, "%lld.%lld %s", (long long)(tenths / 10), (long long)(tenths % 10),
			    ms < 2 * FIGURES_DAY_MS ? "h" : "d");
}
