/* The palette (key ":") finds every action by the beginnings of its words, or by letters of its name in their
 * order. It lists available actions first, and then unavailable ones with the reason. Text after the name of an
 * action is the argument of the action. */
#include "workbench.h"

#include "kybdesk/base/text.h"

#include <string.h>
#include <strings.h>

#define PALETTE_ROWS 12
#define NAME_CELLS 17
#define KEY_CELLS 12
#define WORD_CELLS 18
#define COUNT_CELLS 8
#define QUERY_MAX 512
#define FUZZY_SCORE_MIN 5 /* lowest score of a match by letters; a match by words has a lower score */

struct palette_row {
	enum command command;
	const char *argument; /* the argument in this row; NULL: the row is the action without an argument */
	int score;	      /* how well the row matches; a lower score is better */
	const char *refusal_reason;
};

/* Whether each word of `wanted` is the beginning of a word of `text`. */
static bool words_match_prefixes(const char *text, const char *wanted)
{
	while (*wanted) {
		size_t length = strcspn(wanted, " ");
		bool found = !length;
		for (const char *word = text; !found && *word;) {
			found = !strncmp(word, wanted, length);
			word += strcspn(word, " -,:;");
			word += strspn(word, " -,:;");
		}
		if (!found)
			return false;
		wanted += length;
		wanted += strspn(wanted, " ");
	}
	return true;
}

/* Finds the wanted letters in the text in their order, and scores them as fzf does. Each letter has points, and
 * more points at the beginning of a word or directly after the previous letter; a gap costs points. Returns the
 * best score; negative: the text does not have the letters in this order. */
#define LETTER_POINTS 16
#define BEGIN_POINTS 8 /* added for a letter at the beginning of a word */
#define NEXT_POINTS 4  /* added for a letter directly after the previous letter */
#define GAP_START 3
#define GAP_NEXT 1
#define FUZZY_NAME_MAX 64 /* maximum length of a name */

static int subtract_cost(int score, int cost)
{
	return score > cost ? score - cost : 0;
}

static int fuzzy_score(const char *text, const char *wanted)
{
	size_t length = strlen(text), count = strlen(wanted);
	int best[FUZZY_NAME_MAX + 1] = { 0 }, before[FUZZY_NAME_MAX + 1];
	if (!count || length > FUZZY_NAME_MAX || count > length)
		return -1;
	for (size_t w = 0; w < count; w++) {
		int carried = -1; /* best score of the previous letters, minus the cost of the gap after them */
		memcpy(before, best, sizeof before);
		for (size_t i = 0; i < length; i++) {
			bool begins = !i || text[i - 1] == '-';
			int next = w && i && before[i - 1] >= 0 ? before[i - 1] + NEXT_POINTS : -1;
			int from = !w ? 0 : carried > next ? carried : next;
			best[i] = text[i] == wanted[w] && from >= 0 ? from + LETTER_POINTS + (begins ? BEGIN_POINTS : 0)
								    : -1;
			int open = w && i && before[i - 1] >= 0 ? subtract_cost(before[i - 1], GAP_START) : -1;
			carried = carried >= 0 ? subtract_cost(carried, GAP_NEXT) : -1;
			carried = open > carried ? open : carried;
		}
	}
	int most = -1;
	for (size_t i = 0; i < length; i++)
		most = best[i] > most ? best[i] : most;
	return most;
}

/* How well the command matches the text; a lower score is better; negative: no match. */
static int match_score(const struct command_spec *spec, const char *wanted)
{
	if (!strcmp(spec->name, wanted))
		return 0;
	if (text_has_prefix(spec->name, wanted))
		return 1;
	if (words_match_prefixes(spec->name, wanted))
		return 2;
	if (strstr(spec->name, wanted))
		return 3;
	if (words_match_prefixes(spec->help, wanted))
		return 4;
	int fuzzy = fuzzy_score(spec->name, wanted);
	return fuzzy < 0 ? -1 : FUZZY_SCORE_MIN + FUZZY_NAME_MAX * (LETTER_POINTS + BEGIN_POINTS + NEXT_POINTS) - fuzzy;
}

/* Names the first context in which the command is available, like "in an open case". */
static const char *command_context_name(const struct command_spec *spec)
{
#define WHERE(place, name, where) where,
	static const char *const wheres[PLACE_COUNT] = { PLACES(WHERE) };
#undef WHERE
	for (unsigned i = 0; i < PLACE_COUNT; i++)
		if (spec->contexts & 1u << i)
			return wheres[i];
	return "";
}

static const char *why_refused(struct workbench *workbench, enum command command)
{
	const struct command_spec *spec = command_spec(command);
	if (spec->changes_data && workbench->frame.readonly)
		return "opened with --readonly";
	if (!is_command_allowed(command, workbench->frame.role, workbench->frame.readonly))
		return arena_printf(&workbench->scratch, "needs a%s", role_noun(command_role(command)) + 1);
	return !(spec->contexts & current_context_bits(workbench)) ? command_context_name(spec) : "";
}

/* Length of the command's name at the start of the text, if the command takes an argument and a space follows the
 * name; otherwise 0. */
static size_t command_name_length(const char *text)
{
	size_t length = strcspn(text, " ");
	if (!text[length])
		return 0;
	for (int command = 1; command < COMMAND_COUNT; command++) {
		const struct command_spec *spec = command_spec((enum command)command);
		if (spec->arg_name[0] && strlen(spec->name) == length && !strncmp(spec->name, text, length))
			return length;
	}
	return 0;
}

/* The order of actions that match equally well: first the actions that exist only in the parties tab, then the
 * actions on cases; cursor movement is last. */
static int rank(enum command command)
{
	const struct command_spec *spec = command_spec(command);
	static const int ranks[COMMAND_GROUP_COUNT] = {
		[GROUP_PARTIES] = 0, [GROUP_DECIDE] = 1, [GROUP_CASE] = 2,    [GROUP_LOOK] = 3,
		[GROUP_MORE] = 4,    [GROUP_BOARDS] = 5, [GROUP_PROGRAM] = 6, [GROUP_MOVE] = 7
	};
	return ranks[spec->group == GROUP_PARTIES && spec->contexts & PLACE_CASE ? GROUP_CASE : spec->group];
}

static bool has_better_rank(const struct palette_row *a, const struct palette_row *b)
{
	/* A whole name is that action, also for a person without the right to it: another action must not run instead. */
	if (!a->score != !b->score)
		return !a->score;
	if (!a->refusal_reason[0] != !b->refusal_reason[0])
		return !a->refusal_reason[0];
	return a->score != b->score ? a->score < b->score : rank(a->command) < rank(b->command);
}

/* Finds the arguments that the action offers and that begin with the typed text; an exact match comes first.
 * Returns their number. */
static size_t find_arguments(struct workbench *workbench, enum command command, const char *typed,
			     struct palette_row *found)
{
	const struct command_spec *spec = command_spec(command);
	const char *words[ARGUMENT_WORDS_MAX];
	size_t count = spec->list_arguments ? spec->list_arguments(workbench, words) : 0, kept = 0;
	for (int whole = 1; whole >= 0; whole--)
		for (size_t i = 0; i < count; i++)
			if (!strncasecmp(words[i], typed, strlen(typed)) &&
			    (strlen(words[i]) == strlen(typed)) == (whole == 1))
				found[kept++] =
					(struct palette_row){ command, words[i], 0, why_refused(workbench, command) };
	return kept;
}

/* Finds the actions that match the text, in the order of the list. Actions of equal rank keep the order of the
 * command table. */
static size_t find(struct workbench *workbench, struct palette_row **found)
{
	const char *text = workbench->palette.editor.text.buf;
	size_t named = command_name_length(text), count = 0;
	char *wanted =
		named ? arena_strndup(&workbench->scratch, text, named) : arena_strdup(&workbench->scratch, text);
	for (char *c = wanted; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	*found = arena_alloc_array(&workbench->scratch, COMMAND_COUNT + ARGUMENT_WORDS_MAX, sizeof **found);
	for (int command = 1; command < COMMAND_COUNT; command++) {
		struct palette_row one = { .command = (enum command)command };
		one.score = match_score(command_spec(one.command), wanted);
		if (one.score < 0 || (named && one.score) || one.command == COMMAND_PALETTE)
			continue;
		one.refusal_reason = why_refused(workbench, one.command);
		size_t at = count++;
		for (; at && has_better_rank(&one, &(*found)[at - 1]); at--)
			(*found)[at] = (*found)[at - 1];
		(*found)[at] = one;
	}
	if (named && count == 1) {
		const char *typed = text + named + strspn(text + named, " ");
		size_t words = find_arguments(workbench, (*found)[0].command, typed, *found + 1);
		if (words)
			++*found;
		return words ? words : count;
	}
	return count;
}

void palette_open(struct workbench *workbench)
{
	palette_close(workbench);
	workbench->palette.open = true;
	editor_init(&workbench->palette.editor, QUERY_MAX);
}

void palette_open_with_text(struct workbench *workbench, const char *text)
{
	palette_open(workbench);
	editor_set_text(&workbench->palette.editor, text);
}

void palette_close(struct workbench *workbench)
{
	if (workbench->palette.open)
		editor_release(&workbench->palette.editor);
	workbench->palette = (struct palette){ 0 };
}

static void run_found_command(struct workbench *workbench, const struct palette_row *found)
{
	const char *text = workbench->palette.editor.text.buf;
	size_t named = command_name_length(text);
	const char *argument = found->argument ? found->argument
			       : named	       ? text + named + strspn(text + named, " ")
					       : "";
	const struct command_request order = { .command = found->command,
					       .argument = arena_strdup(&workbench->scratch, argument) };
	if (found->refusal_reason[0]) {
		REPORT_BAD(workbench, "%s: %s%s", command_spec(found->command)->name,
			   command_spec(found->command)->contexts & current_context_bits(workbench) ? "" : "only ",
			   found->refusal_reason);
		return;
	}
	palette_close(workbench);
	run_command_request(workbench, &order);
}

/* Completes the typed text: the name of the action, and the argument of the selected row if it has one. */
static void complete_typed_text(struct workbench *workbench, const struct palette_row *found)
{
	const struct command_spec *spec = command_spec(found->command);
	struct strbuf text = STRBUF_INIT;
	strbuf_addf(&text, "%s%s%s", spec->name, spec->arg_name[0] ? " " : "", found->argument ? found->argument : "");
	editor_set_text(&workbench->palette.editor, text.buf);
	strbuf_release(&text);
	workbench->palette.cursor = 0;
}

/* Colours the screen with the theme under the cursor, before the user keeps it; if no theme is under the cursor,
 * with the kept theme. */
static void preview_selected_theme(struct workbench *workbench)
{
	struct palette_row *found;
	const size_t cursor = workbench->palette.cursor;
	const char *theme = NULL;
	if (workbench->palette.open && cursor < find(workbench, &found) && found[cursor].command == COMMAND_THEME)
		theme = found[cursor].argument;
	theme_preview(workbench, theme);
}

void palette_handle_key(struct workbench *workbench, const struct key *key)
{
	struct palette *palette = &workbench->palette;
	struct palette_row *found;
	size_t count = find(workbench, &found);
	if (palette->cursor >= count)
		palette->cursor = 0;
	if (key->press == PRESS_ESCAPE) {
		stash_begin(workbench)->palette = *palette;
		*palette = (struct palette){ 0 };
	} else if (key->press == PRESS_DOWN)
		palette->cursor += palette->cursor + 1 < count;
	else if (key->press == PRESS_UP)
		palette->cursor -= palette->cursor > 0;
	else if (key->press == PRESS_ENTER && count)
		run_found_command(workbench, &found[palette->cursor]);
	else if (key->press == PRESS_TAB && count)
		complete_typed_text(workbench, &found[palette->cursor]);
	else if (editor_handle_key(&palette->editor, key))
		palette->cursor = 0;
	preview_selected_theme(workbench);
}

/* Draws the row of an argument; for a view, also the number of its cases and its filter. */
static void draw_argument_row(struct workbench *workbench, const struct palette_row *found, struct box box,
			      enum theme_role role)
{
	struct surface *surface = &workbench->surface;
	struct pen pen = pen_at(surface, box.row, 2, surface->cols - 3);
	pen_put(&pen, role == THEME_TEXT ? THEME_ACCENT : role, found->argument);
	const struct view *view = views_find(&workbench->inbox.views, found->argument, NULL);
	const struct job_counts *counts = &workbench->frame.counts;
	size_t at = view ? (size_t)(view - workbench->inbox.views.items) : 0;
	if (!view)
		return;
	pen.col = pen.col < box.col + 2 + WORD_CELLS ? box.col + 2 + WORD_CELLS : pen.col + 1;
	if (workbench->frame.has_counts && at < counts->view_count && counts->views[at] >= 0)
		pen_format(&pen, role, "%s%s", number_text(&workbench->scratch, counts->views[at]),
			   counts->views[at] == COUNTED_CASES_MAX ? "+" : "");
	pen.col =
		pen.col < box.col + 2 + WORD_CELLS + COUNT_CELLS ? box.col + 2 + WORD_CELLS + COUNT_CELLS : pen.col + 1;
	pen_put(&pen, role == THEME_TEXT ? THEME_MUTED : role, view->filter);
}

static void draw_row(struct workbench *workbench, const struct palette_row *found, struct box box, bool chosen)
{
	struct surface *surface = &workbench->surface;
	const struct command_spec *spec = command_spec(found->command);
	enum theme_role text = chosen ? THEME_SELECTION : found->refusal_reason[0] ? THEME_MUTED : THEME_TEXT;
	const char *keys =
		keymap_first_key(&workbench->scratch, found->command, spec->contexts | leader_context_bit(workbench));
	const char *words =
		found->refusal_reason[0]
			? arena_printf(&workbench->scratch, "(%s) %s", found->refusal_reason, spec->help)
			: arena_printf(&workbench->scratch, "%s%s%s%s", spec->help, spec->arg_name[0] ? " <" : "",
				       spec->arg_name, spec->arg_name[0] ? ">" : "");
	surface_fill(surface, box, text);
	if (chosen) {
		surface_draw_pointer(surface, box.row, 0, true);
		surface_restyle(surface, (struct box){ box.row, 0, 1, 1 }, text, 0);
		surface_set_focus(surface, box);
	}
	surface_add_zone(surface, box, ZONE_ACTION, 0);
	if (found->argument) {
		draw_argument_row(workbench, found, box, text);
		return;
	}
	surface_put(surface, box.row, 2, NAME_CELLS, chosen ? text : THEME_ACCENT, spec->name);
	surface_put(surface, box.row, 2 + NAME_CELLS + 1, KEY_CELLS, chosen ? text : THEME_KEY, keys);
	size_t at = 2 + NAME_CELLS + 1 + KEY_CELLS + 1;
	if (surface->cols > at + 1)
		surface_put(surface, box.row, at, surface->cols - at - 1, text, words);
}

void palette_draw(struct workbench *workbench, struct surface *surface)
{
	struct palette *palette = &workbench->palette;
	struct palette_row *found;
	size_t count = find(workbench, &found), line = surface->rows - 2;
	size_t rows = count < PALETTE_ROWS ? count : PALETTE_ROWS;
	if (rows + 2 > line)
		rows = line > 2 ? line - 2 : 0;
	if (palette->cursor >= count)
		palette->cursor = 0;
	size_t top = palette->cursor >= rows ? palette->cursor + 1 - rows : 0;
	surface_begin_overlay(surface, (struct box){ line - rows - 1, 0, rows + 3, surface->cols });
	surface_fill(surface, (struct box){ line - rows - 1, 0, 1, surface->cols }, THEME_HEADER);
	surface_put(surface, line - rows - 1, 1, surface->cols - 2, THEME_HEADER,
		    count ? arena_printf(&workbench->scratch, "%s, %zu of %zu",
					 !found[0].argument		    ? "Actions"
					 : found[0].command == COMMAND_VIEW ? "Views: Enter opens a view"
									    : command_spec(found[0].command)->help,
					 rows, count)
			  : "No action has this name; Esc closes");
	for (size_t i = 0; i < rows && top + i < count; i++)
		draw_row(workbench, &found[top + i], (struct box){ line - rows + i, 0, 1, surface->cols },
			 top + i == palette->cursor);
	surface_fill(surface, (struct box){ line, 0, 1, surface->cols }, THEME_TEXT);
	surface_put(surface, line, 1, 1, THEME_ACCENT, ":");
	editor_draw(&palette->editor, surface, (struct box){ line, 2, 1, surface->cols - 3 }, THEME_FIELD, true);
	surface_fill(surface, (struct box){ line + 1, 0, 1, surface->cols }, THEME_FOOTER);
	struct pen pen = pen_at(surface, line + 1, 1, surface->cols - 2);
	static const char *const hints[][2] = {
		{ "Enter", " do it  " }, { "Up Down", " choose  " }, { "Tab", " complete  " }, { "Esc", " close" }
	};
	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
		pen_put(&pen, THEME_KEY, hints[i][0]);
		pen_put(&pen, THEME_FOOTER, hints[i][1]);
	}
}
