#include "input/prompt.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void prompt_history_release(struct prompt_history *history)
{
	for (size_t i = 0; i < history->count; i++)
		free(history->entries[i]);
	history->count = 0;
}

/* Length of a filter key and its operator (the first ':', '<' or '>') at the start of a word; 0 for a plain word. */
static size_t filter_key_length(const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (word[i] == ':' || word[i] == '<' || word[i] == '>')
			return i + 1;
	return 0;
}

void prompt_history_add(struct prompt_history *history, const char *filter)
{
	struct strbuf keys = STRBUF_INIT;
	bool quoted = false;
	for (const char *c = filter; *c;) {
		const char *start = c;
		while (*c && (quoted || *c != ' ')) {
			quoted ^= *c == '"';
			c++;
		}
		size_t part = start[0] == '"' ? 0 : filter_key_length(start, (size_t)(c - start));
		if (part && keys.len)
			strbuf_addch(&keys, ' ');
		strbuf_add(&keys, start, part);
		while (*c == ' ')
			c++;
	}
	bool known = !keys.len;
	for (size_t i = 0; i < history->count; i++)
		known |= !strcmp(history->entries[i], keys.buf);
	if (!known && history->count == PROMPT_HISTORY_MAX) {
		free(history->entries[0]);
		memmove(history->entries, history->entries + 1, (PROMPT_HISTORY_MAX - 1) * sizeof *history->entries);
		history->count--;
	}
	if (!known)
		history->entries[history->count++] = xstrdup(keys.buf);
	strbuf_release(&keys);
}

void prompt_open(struct prompt *prompt, enum prompt_kind kind, const char *label, const char *text,
		 struct prompt_history *history)
{
	prompt_close(prompt);
	*prompt = (struct prompt){ .open = true, .kind = kind, .history = history };
	editor_init(&prompt->editor, kind == PROMPT_FILTER ? FILTER_LENGTH_MAX : 0);
	editor_set_text(&prompt->editor, text);
	prompt->label = arena_strdup(&prompt->arena, label);
	prompt->history_entry_at = history ? history->count : 0;
}

void prompt_close(struct prompt *prompt)
{
	if (!prompt->open)
		return;
	editor_release(&prompt->editor);
	arena_release(&prompt->arena);
	*prompt = (struct prompt){ 0 };
}

void prompt_set_problem(struct prompt *prompt, const char *sentence)
{
	prompt->problem = arena_strdup(&prompt->arena, sentence);
}

/* Adds the word to the candidates if it begins with `wanted` (ignoring case) and is not a candidate yet. */
static void add_candidate(struct prompt *prompt, const char *word, const char *wanted)
{
	if (strncasecmp(word, wanted, strlen(wanted)) != 0 || prompt->candidate_count == PROMPT_CANDIDATES)
		return;
	for (size_t i = 0; i < prompt->candidate_count; i++)
		if (!strcmp(prompt->candidates[i], word))
			return;
	prompt->candidates[prompt->candidate_count++] = arena_strdup(&prompt->arena, word);
}

/* Adds the values of a filter key that prompt->values supplies. Skips values with a space or a character of the
 * filter syntax, since they would need quotes. */
static void add_values(struct prompt *prompt, enum filter_key key, const char *wanted)
{
	const char *values[LIST_LIMIT_MAX];
	size_t count = prompt->values ? prompt->values(prompt->context, key, values, LIST_LIMIT_MAX) : 0;

	for (size_t i = 0; i < count; i++)
		if (*values[i] && !values[i][strcspn(values[i], " \t\",:<>")])
			add_candidate(prompt, values[i], wanted);
}

/* Finds candidates for the word at the cursor: filter keys or, after ':', values of the filter key. *ends_key:
 * append ':' to a candidate. */
static void find_candidates(struct prompt *prompt, bool *ends_key)
{
	const char *text = prompt->editor.text.buf;
	size_t start = prompt->editor.cursor, count;
	while (start > 0 && text[start - 1] != ' ')
		start--;
	if (text[start] == '-')
		start++;
	char *word = arena_strndup(&prompt->arena, text + start, prompt->editor.cursor - start);
	char *colon = strchr(word, ':');
	enum filter_key named = FILTER_TEXT;
	prompt->candidate_count = 0;
	*ends_key = !colon;
	const char *const *words = NULL;
	const char *wanted = word;
	if (!colon) {
		words = filter_key_words(&count);
	} else {
		*colon = '\0';
		char *comma = strrchr(colon + 1, ',');
		wanted = comma ? comma + 1 : colon + 1;
		for (int key = 0; key < FILTER_KEY_COUNT; key++)
			if (!strcmp(filter_key_text((enum filter_key)key), word) && word[0])
				words = filter_key_values(named = (enum filter_key)key, &count);
	}
	for (size_t i = 0; words && i < count; i++)
		add_candidate(prompt, words[i], wanted);
	if (named != FILTER_TEXT)
		add_values(prompt, named, wanted);
	prompt->replaced_length = strlen(wanted);
}

static void complete_word(struct prompt *prompt)
{
	bool ends_key = false;
	if (prompt->candidate_count > 1) { /* the user pressed Tab again: shows the next candidate */
		size_t old = strlen(prompt->candidates[prompt->candidate_at]);
		bool keyed = prompt->editor.cursor && prompt->editor.text.buf[prompt->editor.cursor - 1] == ':';
		prompt->candidate_at = (prompt->candidate_at + 1) % prompt->candidate_count;
		editor_replace_before(&prompt->editor, old + keyed, prompt->candidates[prompt->candidate_at]);
		if (keyed)
			editor_insert(&prompt->editor, ":", 1);
		return;
	}
	find_candidates(prompt, &ends_key);
	if (!prompt->candidate_count)
		return;
	prompt->candidate_at = 0;
	editor_replace_before(&prompt->editor, prompt->replaced_length, prompt->candidates[0]);
	if (ends_key)
		editor_insert(&prompt->editor, ":", 1);
}

static void move_in_history(struct prompt *prompt, bool older)
{
	struct prompt_history *history = prompt->history;
	size_t kept = history ? history->count : 0, count = kept + (prompt->offered_text ? 1 : 0);
	if (!count)
		return;
	if (older && prompt->history_entry_at)
		prompt->history_entry_at--;
	else if (!older && prompt->history_entry_at < count)
		prompt->history_entry_at++;
	editor_set_text(&prompt->editor, prompt->history_entry_at < kept    ? history->entries[prompt->history_entry_at]
					 : prompt->history_entry_at < count ? prompt->offered_text
									    : "");
}

enum prompt_result prompt_handle_key(struct prompt *prompt, const struct key *key)
{
	if (key->press == PRESS_ESCAPE)
		return PROMPT_CANCEL;
	if (key->press == PRESS_ENTER)
		return PROMPT_DONE;
	if (key->press == PRESS_TAB && prompt->kind == PROMPT_FILTER) {
		complete_word(prompt);
		return PROMPT_CHANGED;
	}
	prompt->candidate_count = 0;
	if (key->press == PRESS_UP || key->press == PRESS_DOWN) {
		move_in_history(prompt, key->press == PRESS_UP);
		return PROMPT_CHANGED;
	}
	if (!editor_handle_key(&prompt->editor, key))
		return PROMPT_IGNORED;
	prompt->problem = NULL;
	return PROMPT_CHANGED;
}

static void put_key_hint(struct pen *pen, enum theme_role role, const char *key, const char *words)
{
	pen_put(pen, role, key);
	pen_put(pen, THEME_FOOTER, words);
}

void prompt_draw(struct prompt *prompt, struct surface *surface, size_t row)
{
	surface_fill(surface, (struct box){ row, 0, 1, surface->cols }, THEME_TEXT);
	struct pen pen = pen_at(surface, row, 1, sub_sat(surface->cols / 2, 2));
	pen_put(&pen, THEME_ACCENT, prompt->label);
	pen = pen_at(surface, row, pen.col, 2); /* also after a label that is cut */
	pen_put(&pen, THEME_ACCENT, ": ");
	size_t col = pen.col;
	if (surface->cols > col + 1)
		editor_draw(&prompt->editor, surface, (struct box){ row, col, 1, surface->cols - col - 1 }, THEME_FIELD,
			    true);
	surface_fill(surface, (struct box){ row + 1, 0, 1, surface->cols }, THEME_FOOTER);
	pen = pen_at(surface, row + 1, 1, sub_sat(surface->cols, 2));
	if (prompt->problem)
		surface_put_sentence(surface, row ? row - 1 : 0, THEME_DANGER, "!", prompt->problem);
	if (prompt->candidate_count > 1) {
		for (size_t i = 0; i < prompt->candidate_count; i++)
			put_key_hint(&pen, i == prompt->candidate_at ? THEME_KEY : THEME_FOOTER, prompt->candidates[i],
				     "  ");
		return;
	}
	put_key_hint(&pen, THEME_KEY, "Enter",
		     prompt->kind == PROMPT_FILTER   ? " apply  "
		     : prompt->kind == PROMPT_SEARCH ? " find  "
						     : " save  ");
	put_key_hint(&pen, THEME_KEY, "Esc", " cancel  ");
	if (prompt->kind != PROMPT_FILTER)
		return;
	put_key_hint(&pen, THEME_KEY, "Tab", " complete  ");
	put_key_hint(&pen, THEME_KEY, "Up",
		     surface->cols >= 100 ? " history   a name, or country:PRT risk>50 doc:missing"
					  : " history  name or country:PRT risk>50");
}
