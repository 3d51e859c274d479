/* Figures of the desk from its rows (domain/figures.h). Every statement reads a range of an index. */
#ifndef KYBDESK_STORE_FIGURES_H
#define KYBDESK_STORE_FIGURES_H

#include "kybdesk/domain/figures.h"
#include "kybdesk/store/store.h"

/* The caller sets out->since, out->until and out->may_read_reasons (whether to read out->reasons and out->lists). Call
 * it within a transaction. */
enum err store_read_figures(struct store *store, struct arena *arena, int64_t now, struct figures *out,
			    struct error *error);
/* The figures of each member; the caller sets `since` and the members' names. Call it within a transaction. */
enum err store_read_team(struct store *store, int64_t now, struct team *out, struct error *error);

/* Metrics of a store; none needs a scan. */
/* Call it within a transaction. */
enum err store_read_measures(struct store *store, struct arena *arena, struct measures *out, struct error *error);

#endif
