/* The table of screens: one row each, the uppermost first. */
#include "workbench.h"

#define ADDRESS(name) &name##_screen,
static const struct screen_ops *const screens[] = { SCREENS(ADDRESS) };
#undef ADDRESS
#define SCREEN_COUNT (sizeof screens / sizeof screens[0])

static const struct screen_ops *first_on(const struct workbench *workbench, size_t from)
{
	for (size_t i = from; i < SCREEN_COUNT; i++)
		if (screens[i]->on(workbench))
			return screens[i];
	BUG("no screen is on");
}

const struct screen_ops *top_screen(const struct workbench *workbench)
{
	return first_on(workbench, 0);
}

const struct screen_ops *screen_under_help(const struct workbench *workbench)
{
	return first_on(workbench, 1);
}
