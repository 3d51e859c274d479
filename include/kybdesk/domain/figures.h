/* Figures of a desk over some days, and of its team: counts and times, no names of clients. docs/figures.md says
 * how each figure is computed. Pure. */
#ifndef KYBDESK_DOMAIN_FIGURES_H
#define KYBDESK_DOMAIN_FIGURES_H

#include "kybdesk/base/arena.h"
#include "kybdesk/domain/types.h"

#include <stdint.h>

#define FIGURES_DAY_MS ((int64_t)86400000)
#define FIGURES_DAYS_DEFAULT 14
#define FIGURES_DAYS_MAX 366
#define FIGURES_DECISION_KIND_COUNT (DECISION_UNDO + 1) /* number of decision kinds */

/* One day in UTC. */
struct day_figures {
	int64_t day; /* start of the day */
	int64_t received;
	int64_t approved, rejected, corrections; /* decisions of people */
	int64_t automatic;			 /* approved or rejected by the system */
};

#define AGE_GROUP_COUNT 6
/* The undecided cases of an inbox, counted by their waiting time (age_groups). */
struct age_figures {
	enum inbox inbox;
	int64_t cases[AGE_GROUP_COUNT];
};
/* The groups of cases by their waiting time, ascending; the last group has no limit. */
extern const struct age_group {
	const char *title; /* "under 1 d" */
	int64_t age_limit_ms;
} age_groups[AGE_GROUP_COUNT];

struct reason_figures {
	const char *reason;
	int64_t count;
};
struct screening_figures {
	const char *list;		  /* "": unnamed */
	int64_t false_positives, matches; /* matches: including accepted hits */
};

struct figures {
	int64_t since, until; /* start of the first day, end of the last day */
	struct day_figures *days;
	size_t day_count;
	/* Decisions by people, by kind. `first_decision_count`: first of two decisions, not counted in `mix`. */
	int64_t mix[FIGURES_DECISION_KIND_COUNT], first_decision_count;
	int64_t automatic;
	struct age_figures ageing[INBOX_COUNT];
	size_t ageing_count;
	/* timed: number of approvals and rejections by a person. median_ms, p90_ms: time from submission to
	 * decision; TIME_NONE: no such decision. */
	int64_t timed, median_ms, p90_ms; /* p90_ms: nine of ten decisions were faster */
	bool may_read_reasons;		  /* the actor may read `reasons` and `lists` */
	struct reason_figures *reasons;	  /* reasons of rejections, most frequent first */
	size_t reason_count;
	struct screening_figures *lists; /* verdicts by watchlist, most hits first */
	size_t list_count;
};

struct team_member {
	const char *name;
	enum role role;
	bool supervised;
	int64_t held, overdue;	/* cases that the member holds now */
	int64_t next_due;	/* earliest due time of these cases; TIME_NONE: none */
	int64_t last_record_at; /* last audit record since the start of the first day; TIME_NONE: none */
	int64_t decisions,
		approvals; /* approvals, rejections, requests for corrections; also the first of two decisions */
	/* Median time from the last claim by this member to the decision; TIME_NONE: no decision with a claim. */
	int64_t median_ms;
};
struct team {
	int64_t since;
	struct team_member *members;
	size_t count;
};

/* Start of the UTC day that contains the time `ms`. */
int64_t day_begin(int64_t ms);
/* The smallest value v such that at least `of`/`parts` of the values are v or less (1/2: the lower median). Sorts
 * the values. TIME_NONE: no values. */
int64_t quantile(int64_t *values, size_t count, size_t of, size_t parts);
/* Share in tenths of a percent, rounded; -1: whole is 0. */
int64_t share(int64_t part, int64_t whole);
/* The share as text, such as "73.5 %"; "-" if whole is 0 */
const char *share_text(struct arena *arena, int64_t part, int64_t whole);
/* The time span as text, such as "45 s", "12 min", "3.5 h" or "2.1 d"; "" for TIME_NONE */
const char *span_text(struct arena *arena, int64_t ms);

#define WAIT_BUCKETS_MAX 16

/* Metrics of a running desk: numbers only, no personal data. */
struct measures {
	int64_t schema_version;
	int64_t cases[INBOX_COUNT];
	/* earliest due time in each inbox; TIME_NONE: no due time, or all cases are decided */
	int64_t oldest_due[INBOX_COUNT];
	struct {
		const char *state; /* state of deliveries, as stored */
		int64_t count;
	} deliveries[DELIVERY_STATE_COUNT];
	size_t delivery_state_count;
	int64_t oldest_delivery; /* oldest unsent delivery; TIME_NONE: none */
	/* Number of decisions by waiting time, not cumulative; the last bucket has no upper bound. */
	struct {
		int64_t most_ms, decisions;
	} waits[WAIT_BUCKETS_MAX];
	size_t wait_count;
	int64_t waited_ms; /* total waiting time of all decisions */
	/* Time of the newest file in the folder of backups, and of checkpoints (each verifies the whole log); 0: none
	 * there; TIME_NONE: no such folder is set, or it cannot be read. */
	int64_t last_backup, last_checkpoint;
	int64_t free_bytes; /* on the disk of the store's file; -1: not known, as on a server */
};

#endif
