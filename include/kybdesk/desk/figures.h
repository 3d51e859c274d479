/* Figures of the desk and of its team over a number of days. Every role reads the counts by day, by age and by
 * decision. Only leads read the reasons of rejections and the results of screening, since small counts of these can
 * reveal a suspicion. A reviewer reads only their own row of the team. */
#ifndef KYBDESK_DESK_FIGURES_H
#define KYBDESK_DESK_FIGURES_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/figures.h"

/* days: 1 to FIGURES_DAYS_MAX, including the present day. The result is in the arena. */
enum err desk_figures(struct desk *desk, struct arena *arena, int64_t days, struct figures *out, struct error *error);
enum err desk_team(struct desk *desk, struct arena *arena, int64_t days, struct team *out, struct error *error);
/* Metrics for monitoring. */
enum err desk_measure(struct desk *desk, struct arena *arena, struct measures *out, struct error *error);

#endif
