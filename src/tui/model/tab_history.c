/* The tabs with the history of a case, and with its webhooks. */
#include "screen/board.h"
#include "model/case_model.h"
#include "model/page.h"

#include <string.h>

enum event_column { T_TIME, T_ACTOR, T_WHAT, T_SEQ, T_COUNT };
static const struct grid_column event_columns[T_COUNT] = {
	[T_TIME] = { "When", 12, 18, TEXT_LEFT, false, 0, false },
	[T_ACTOR] = { "Who", 6, 16, TEXT_LEFT, false, 0, false },
	[T_WHAT] = { "What", 34, 200, TEXT_LEFT, true, 0, false },
	[T_SEQ] = { "Record", 6, 10, TEXT_RIGHT, false, 1, false },
};

bool leaves_data_unchanged(const char *word)
{
	static const enum verb reading_verbs[] = { VERB_CLAIM,	       VERB_NEXT,	   VERB_RELEASE,  VERB_REVEAL,
						   VERB_DOCUMENT_OPEN, VERB_DOCUMENT_SAVE, VERB_LINK_SHOW };
	for (size_t i = 0; i < sizeof reading_verbs / sizeof reading_verbs[0]; i++)
		if (!strcmp(use_cases[reading_verbs[i]].audit_action, word))
			return true;
	return false;
}

/* Whether the actor was the client, or the merchant in place of the client; the record's detail names the role. */
static bool is_client_event(struct arena *arena, const struct audit_event *item)
{
	const char *as = event_member(arena, item, "as");
	return !strcmp(item->role, role_text(ROLE_CLIENT)) || !strcmp(as, "client") || !strcmp(as, "merchant");
}

static bool is_timeline_event(struct arena *arena, const struct audit_event *item, enum timeline_filter of)
{
	bool system = !strcmp(item->role, role_text(ROLE_SYSTEM)), client = is_client_event(arena, item);
	const bool is[TIMELINE_COUNT] = { [TIMELINE_ALL] = true,
					  [TIMELINE_PEOPLE] = !system && !client,
					  [TIMELINE_SYSTEM] = system,
					  [TIMELINE_CLIENT] = client,
					  [TIMELINE_WEBHOOKS] = text_has_prefix(item->action, "webhook.") };
	return is[of];
}

static void add_event_row(struct grid *grid, const struct job *job, const struct audit_event *item)
{
	const char *sentence = event_sentence(grid->arena, &job->view, item, grid->frame),
		   *number = grid_printf(grid, "%lld", (long long)item->seq);
	struct grid_row *row = grid_add_row(grid, ROW_EVENT, number);
	row->detail =
		grid_printf(grid, "%s %s. Enter shows the record; T shows the case before it", item->actor, sentence);
	grid_set_cell(row, T_TIME, THEME_MUTED, grid_time(grid, item->at));
	grid_set_cell(row, T_ACTOR, THEME_TEXT, item->actor);
	grid_set_cell(row, T_WHAT, leaves_data_unchanged(item->action) ? THEME_MUTED : THEME_TEXT, sentence);
	grid_set_cell(row, T_SEQ, THEME_MUTED, number);
}

static void add_webhook_row(struct grid *grid, const struct delivery_item *item)
{
	struct grid_row *row = grid_add_row(grid, ROW_DELIVERY, item->id);
	row->detail = item->note[0] ? item->note : item->id;
	grid_set_cell(row, T_TIME, THEME_MUTED, grid_time(grid, item->created_at));
	grid_set_cell(row, T_ACTOR, THEME_MUTED, "webhook");
	grid_set_cell(row, T_WHAT, THEME_TEXT,
		      grid_printf(grid, "%s: %s, to %s", item->type, delivery_state_text(item->state),
				  item->endpoint_url[0] ? item->endpoint_url : item->merchant));
}

void fill_timeline_tab(struct grid *grid, struct job *job, enum timeline_filter of)
{
	static const char *const titles[TIMELINE_COUNT] = { "all", "people", "the system", "the client", "webhooks" };
	struct grid_column *columns = arena_memdup(grid->arena, event_columns, sizeof event_columns);
	const char *title = titles[of];
	grid_begin_list(grid, columns, T_COUNT,
			of ? grid_printf(grid, "No records of %s; %s shows other records.", title,
					 keymap_key_or_name(grid->arena, COMMAND_TIMELINE))
			   : "No records.");
	if (of)
		columns[T_WHAT].title = grid_printf(grid, "What (only %s)", title);
	for (size_t i = 0; of == TIMELINE_WEBHOOKS && i < job->delivery_count; i++)
		add_webhook_row(grid, &job->deliveries[i]);
	for (size_t i = 0; i < job->audit.count; i++)
		if (is_timeline_event(grid->arena, &job->audit.items[i], of))
			add_event_row(grid, job, &job->audit.items[i]);
	if (job->audit.next_after_seq)
		grid_set_cell(grid_add_row(grid, ROW_PLAIN, ""), T_WHAT, THEME_MUTED,
			      grid_printf(grid, "Older records: kybdesk audit list %s",
					  job->view.file.session.external_ref[0] ? job->view.file.session.external_ref
										 : job->view.file.session.id));
}

static const struct grid_column delivery_columns[W_COUNT] = {
	[W_CREATED] = { "Created", 12, 18, TEXT_LEFT, false, 2, false },
	[W_TYPE] = { "Event", 16, 32, TEXT_LEFT, false, 0, false },
	[W_STATE] = { "State", 9, 9, TEXT_LEFT, false, 0, true },
	[W_ATTEMPTS] = { "Tries", 5, 5, TEXT_RIGHT, false, 1, false },
	[W_NEXT] = { "Next", 5, 5, TEXT_RIGHT, false, 3, false },
	[W_ENDPOINT] = { "To", 12, 80, TEXT_LEFT, true, 0, false },
};

static enum theme_role delivery_role(enum delivery_state state)
{
	static const enum theme_role roles[] = {
		[DELIVERY_HELD] = THEME_WARNING,    [DELIVERY_DUE] = THEME_WARNING,  [DELIVERY_LEASED] = THEME_WARNING,
		[DELIVERY_WAITING] = THEME_WARNING, [DELIVERY_DELIVERED] = THEME_OK, [DELIVERY_DEAD] = THEME_DANGER,
		[DELIVERY_CANCELLED] = THEME_MUTED, [DELIVERY_UNSENT] = THEME_MUTED,
	};
	WORDS_CHECK_TABLE(roles, DELIVERY_STATE_WORDS);
	return roles[state];
}

void begin_delivery_grid(struct grid *grid, const char *empty)
{
	GRID_LIST(grid, delivery_columns, empty);
}

void add_delivery_row(struct grid *grid, const struct delivery_item *item)
{
	bool timed = item->next_at != TIME_NONE && (item->state == DELIVERY_HELD || item->state == DELIVERY_WAITING);
	struct grid_row *row = grid_add_row(grid, ROW_DELIVERY, item->id);
	row->detail = item->note[0]		       ? item->note
		      : item->state == DELIVERY_UNSENT ? "The merchant has no endpoint for this event"
						       : item->id;
	grid_set_cell(row, W_CREATED, THEME_MUTED, grid_time(grid, item->created_at));
	grid_set_cell(row, W_TYPE, THEME_TEXT, item->type);
	grid_set_cell(row, W_STATE, delivery_role(item->state), delivery_state_text(item->state));
	grid_set_cell(row, W_ATTEMPTS, THEME_TEXT, grid_printf(grid, "%lld", (long long)item->attempts));
	grid_set_cell(row, W_NEXT, THEME_MUTED,
		      timed ? duration_short_text(grid->arena, item->next_at - grid->frame->now) : "");
	grid_set_cell(row, W_ENDPOINT, THEME_MUTED, item->endpoint_url[0] ? item->endpoint_url : item->merchant);
	if (item->endpoint_url[0])
		grid_mark_address(row, W_ENDPOINT);
}

void fill_webhooks_tab(struct grid *grid, struct job *job)
{
	begin_delivery_grid(grid, "No webhooks for this case.");
	for (size_t i = 0; i < job->delivery_count; i++)
		add_delivery_row(grid, &job->deliveries[i]);
}
