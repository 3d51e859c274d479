/*
 * Figures for a lead: the desk over some days, and its team. Everyone reads the counts of days, ages and decisions;
 * reasons of rejections and results of screening are for leads, since a few of them reveal a suspicion. A reviewer
 * reads only their own row of the team.
 */
#ifndef KYBDESK_DESK_FIGURES_H
#define KYBDESK_DESK_FIGURES_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/figures.h"

/* days: 1 to FIGURES_DAYS_MAX, the present one included. In the arena. */
enum err desk_figures(struct desk *desk, struct arena *arena, int64_t days, struct figures *out,
		      struct error *error) KYB_MUST_USE;
enum err desk_team(struct desk *desk, struct arena *arena, int64_t days, struct team *out,
		   struct error *error) KYB_MUST_USE;

#endif
