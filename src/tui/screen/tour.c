/* A tour of the demo: ten steps, which are explained in the status line. A step ends when the user presses its key.
 * If the user presses another key, the status line shows the expected key again; Esc and q ask whether to leave the
 * tour. */
#include "workbench.h"

#include <string.h>

#define TOUR_CASE "Juniper" /* part of the name of a case in the sample data */
#define TOUR_FILTER "juniper"
#define TOUR_EXIT_KEY 'y'

static bool is_list_loaded(struct workbench *workbench)
{
	const struct queue *queue = &workbench->inbox.queue;

	return !queue->waiting && !queue->is_searching;
}

static bool is_tour_case_selected(struct workbench *workbench)
{
	const struct session_item *item = queue_current_item(&workbench->inbox.queue);

	return is_list_loaded(workbench) && item && !strncmp(item->subject_name, TOUR_CASE, strlen(TOUR_CASE));
}

static bool has_open_case(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);

	return screen && case_model_view(&screen->model);
}

static bool is_document_fully_read(struct workbench *workbench)
{
	const struct viewer *viewer = top_viewer(workbench);

	return viewer && viewer_is_complete(viewer);
}

static bool is_accepted(struct workbench *workbench)
{
	return !top_viewer(workbench) && status_latest_undo(&workbench->status, workbench_now_ms(workbench));
}

static const struct tour_step {
	const char *text_before_key, *text_after_key; /* texts of the step before and after the name of its key */
	enum command command;
	size_t digit; /* of COMMAND_CHOOSE */
	/* Text that the user types before the key of the step; NULL none */
	const char *typed_text;
	/* Whether the screen has the item that the key of the step needs */
	bool (*is_ready)(struct workbench *workbench);
} steps[] = {
	{ "The most urgent case is on top.", "finds a case by name or id", COMMAND_FILTER, .is_ready = is_list_loaded },
	{ "Type juniper, then", "keeps this filter", COMMAND_FILTER, .typed_text = TOUR_FILTER },
	{ "A bakery.", "opens its case", COMMAND_OPEN, .is_ready = is_tour_case_selected },
	{ "The blockers come first.", "shows the documents", COMMAND_CHOOSE, .digit = 2, .is_ready = has_open_case },
	{ "The documents are not reviewed yet.", "opens the first one", COMMAND_OPEN, .is_ready = has_open_case },
	{ "Values of the case are marked in the document.", "accepts it", COMMAND_ACCEPT_ITEM,
	  .is_ready = is_document_fully_read },
	{ "Accepted; this is recorded.", "undoes the verdict", COMMAND_UNDO, .is_ready = is_accepted },
	{ "Undone; this is recorded, too.", "shows the owners", COMMAND_CHOOSE, .digit = 3, .is_ready = has_open_case },
	{ "The owners and their KYC.", "shows the history", COMMAND_CHOOSE, .digit = 6, .is_ready = has_open_case },
	{ "Your verdict and its undo are listed.", "shows every key", COMMAND_HELP, .is_ready = has_open_case },
};
#define STEP_COUNT (sizeof steps / sizeof steps[0])
_Static_assert(STEP_COUNT == 10, "the tour has ten steps");

static const char *step_key_text(struct workbench *workbench, const struct tour_step *step)
{
	const char *leader = workbench->single_keys ? "" : LEADER_NAME " ";

	if (step->typed_text)
		return "Enter";
	if (step->digit)
		return arena_printf(&workbench->scratch, "%s%zu", leader, step->digit);
	return keymap_first_key(&workbench->scratch, step->command, current_context_bits(workbench));
}

static bool is_expected_key(struct workbench *workbench, const struct key *key, const struct tour_step *step)
{
	uint32_t pending = workbench->keys.pending_letter;
	size_t digit = 0;

	if (step->typed_text)
		return workbench->prompt.open && key->press == PRESS_ENTER &&
		       !strcmp(workbench->prompt.editor.text.buf, step->typed_text);
	return keymap_lookup(key, current_context_bits(workbench), &pending, &digit) == step->command &&
	       digit == step->digit;
}

/* Whether the key types text into the input line at the bottom, in a step that needs typed text. */
static bool is_expected_text_key(struct workbench *workbench, const struct key *key, const struct tour_step *step)
{
	return step->typed_text && workbench->prompt.open && key->press != PRESS_ENTER && key->press != PRESS_ESCAPE &&
	       key->press != PRESS_CLICK;
}

static bool wants_to_exit(struct workbench *workbench, const struct key *key)
{
	uint32_t pending = workbench->keys.pending_letter;
	size_t digit;

	if (key->press == PRESS_ESCAPE || (key->press == PRESS_CTRL && key->ch == 'c'))
		return true;
	return !workbench->prompt.open &&
	       keymap_lookup(key, current_context_bits(workbench), &pending, &digit) == COMMAND_QUIT;
}

bool tour_handle_key(struct workbench *workbench, const struct key *key)
{
	struct tour *tour = &workbench->tour;
	const struct tour_step *step = &steps[tour->step];

	if (!tour->is_active)
		return false;
	if (tour->step == STEP_COUNT) {
		tour->is_active = workbench->help.is_open;
		return false;
	}
	if (tour->awaits_exit_answer) {
		tour->awaits_exit_answer = false;
		tour->is_active = key->press != PRESS_CHAR || key->ch != TOUR_EXIT_KEY;
		if (!tour->is_active && workbench->prompt.open)
			prompt_close(&workbench->prompt);
		return true;
	}
	tour->is_wrong_key = false;
	if (is_expected_text_key(workbench, key, step))
		return false;
	if (is_expected_key(workbench, key, step)) {
		bool ready = !step->is_ready || step->is_ready(workbench);

		tour->step += ready;
		return !ready;
	}
	tour->awaits_exit_answer = wants_to_exit(workbench, key);
	tour->is_wrong_key = !tour->awaits_exit_answer;
	return true;
}

void tour_draw(struct workbench *workbench, struct surface *surface, size_t row)
{
	const struct tour *tour = &workbench->tour;
	const struct tour_step *step = &steps[tour->step];
	const char *text = "That was the tour. Try anything: this store is deleted at the end";

	if (tour->awaits_exit_answer)
		text = "Leave the tour? y leaves, any other key continues";
	else if (tour->step < STEP_COUNT && step->is_ready && step->is_ready != is_accepted &&
		 !step->is_ready(workbench))
		/* The key is named when it works: on a busy machine it would be swallowed before. */
		text = arena_printf(&workbench->scratch, "%zu/%zu One moment: the screen is being read", tour->step + 1,
				    STEP_COUNT);
	else if (tour->step < STEP_COUNT)
		text = arena_printf(&workbench->scratch, "%zu/%zu %s %s %s", tour->step + 1, STEP_COUNT,
				    !tour->is_wrong_key ? step->text_before_key
				    : step->typed_text	? "Not this key yet: type " TOUR_FILTER ", then"
							: "Not this key yet:",
				    step_key_text(workbench, step), step->text_after_key);
	surface_fill(surface, (struct box){ row, 0, 1, surface->cols }, THEME_TEXT);
	surface->screen_reader.has_status_row = true;
	surface->screen_reader.status_row = row;
	surface_put_sentence(surface, row, tour->is_wrong_key ? THEME_WARNING : THEME_ACCENT,
			     tour->is_wrong_key ? "!" : glyph_text(surface->mode, GLYPH_BULLET), text);
}
