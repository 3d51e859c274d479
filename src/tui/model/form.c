#include "model/form.h"
#include "model/grid.h"

#include <string.h>

#define LABEL_CELLS 11
#define WAITING "waiting for the terminal"
#define MULTILINE_ROWS_MAX 8
#define EDITOR_HINT "  Ctrl-O editor"

void form_init(struct form *form, const char *confirm, const char *cancel)
{
	*form = (struct form){ .confirm_label = confirm, .cancel_label = cancel };
}

void form_release(struct form *form)
{
	for (size_t i = 0; i < form->field_count; i++)
		if (form->fields[i].kind == INPUT_TEXT)
			editor_release(&form->fields[i].editor);
	form->field_count = 0;
}

struct input *form_add(struct form *form, enum input_kind kind, const char *label)
{
	if (form->field_count == FORM_FIELDS_MAX)
		BUG("more than %d fields", FORM_FIELDS_MAX);
	struct input *field = &form->fields[form->field_count++];
	*field = (struct input){ .kind = kind, .label = label };
	if (kind == INPUT_TEXT)
		editor_init(&field->editor, 0);
	form->focus = form->field_count;
	return field;
}

struct input_item *form_add_item(struct input *field, struct arena *arena, const char *code, const char *label)
{
	struct input_item *item = ARENA_PUSH(arena, field->items, field->item_count, field->item_capacity);
	*item = (struct input_item){ .code = arena_strdup(arena, code), .label = arena_strdup(arena, label) };
	return item;
}

void form_drop_items(struct input *field)
{
	field->items = NULL;
	field->item_count = field->item_capacity = field->cursor = field->top = 0;
	field->has_choice = false;
}

bool form_choose_item(struct input *field, const char *code)
{
	for (size_t i = 0; i < field->item_count; i++) {
		if (strcmp(field->items[i].code, code))
			continue;
		field->cursor = i;
		field->has_choice = true;
		return true;
	}
	return false;
}

void form_focus_buttons(struct form *form)
{
	form->focus = form->field_count;
	form->is_confirm_focused = false;
}

bool form_is_on_buttons(const struct form *form)
{
	return form->focus >= form->field_count;
}

static bool is_multiline(const struct input *field)
{
	return field->kind == INPUT_TEXT && field->editor.multiline;
}

struct input *form_multiline_field(struct form *form)
{
	struct input *field = form_is_on_buttons(form) ? NULL : &form->fields[form->focus];
	return field && is_multiline(field) ? field : NULL;
}

static void clear_typed_text(struct input *field)
{
	field->typed[0] = '\0';
	field->has_no_match = false;
}

static void form_move_focus(struct form *form, bool forward)
{
	size_t stops = form->field_count + 1;
	do {
		form->focus = (form->focus + (forward ? 1 : stops - 1)) % stops;
	} while (form->focus < form->field_count && form->fields[form->focus].hidden);
	form->is_confirm_focused = false;
	if (form->focus < form->field_count)
		clear_typed_text(&form->fields[form->focus]);
}

/* How well an item matches the typed text, best first. */
enum match_rank { MATCHES_CODE, MATCHES_LABEL, MATCHES_CODE_PREFIX, MATCHES_WORD, MATCHES_NOTHING };

static bool is_word_start(const char *text, size_t at)
{
	unsigned char before = at ? (unsigned char)text[at - 1] : ' ';
	return !(before >= 0x80 || (before >= '0' && before <= '9') || (before >= 'a' && before <= 'z'));
}

/* Whether a word of the text starts with `wanted`, which may extend into the next word. */
static bool has_word_prefix(const char *text, const char *wanted)
{
	for (size_t i = 0; text[i]; i++)
		if (is_word_start(text, i) && text_has_prefix(text + i, wanted))
			return true;
	return false;
}

static enum match_rank match_item(const char *code, const char *label, const char *wanted)
{
	if (!strcmp(code, wanted))
		return MATCHES_CODE;
	if (text_has_prefix(label, wanted))
		return MATCHES_LABEL;
	if (text_has_prefix(code, wanted))
		return MATCHES_CODE_PREFIX;
	return has_word_prefix(label, wanted) || has_word_prefix(code, wanted) ? MATCHES_WORD : MATCHES_NOTHING;
}

/* The items that match the typed text best, and equally well. */
struct list_match {
	size_t index;	     /* the first of them; after an item, the next one; SIZE_MAX: no item matches */
	size_t place, count; /* how many there are, and how many up to the cursor */
};

/* Text inside a word does not match. after: SIZE_MAX, or the item after which to search; then from the first again. */
static struct list_match find_list_item(const struct input *field, const char *typed, size_t after)
{
	struct strbuf wanted = STRBUF_INIT, label = STRBUF_INIT, code = STRBUF_INIT;
	struct list_match found = { .index = SIZE_MAX };
	enum match_rank best = MATCHES_NOTHING;
	bool is_later = false;
	text_fold(&wanted, typed, strlen(typed));
	for (size_t i = 0; i < field->item_count && wanted.len; i++) {
		strbuf_reset(&label);
		text_fold(&label, field->items[i].label, strlen(field->items[i].label));
		strbuf_reset(&code);
		text_fold(&code, field->items[i].code, strlen(field->items[i].code));
		enum match_rank now = match_item(code.buf, label.buf, wanted.buf);
		if (now > best || now == MATCHES_NOTHING)
			continue;
		if (now < best)
			found = (struct list_match){ .index = i };
		else if (after != SIZE_MAX && i > after && !is_later)
			found.index = i;
		is_later = found.index != SIZE_MAX && after != SIZE_MAX && found.index > after;
		best = now;
		found.count++;
		found.place += i <= field->cursor;
	}
	strbuf_release(&wanted);
	strbuf_release(&label);
	strbuf_release(&code);
	return found;
}

/* Adds a typed character to the search text of a list, and moves the cursor to the item found; in an INPUT_CHOICE
 * this chooses the item. If no item matches, the cursor stays; but the last letter typed again moves to the next item
 * that matches as well. */
static enum form_result type_in_list(struct input *field, uint32_t ch)
{
	char typed[INPUT_TYPED_MAX], bytes[4];
	/* If no item matched the previous letters, the new letter replaces the letters after the matching part */
	if (field->has_no_match)
		field->typed[field->match_length] = '\0';
	size_t length = strlen(field->typed), extra = utf8_encode(ch, bytes);
	field->has_no_match = false;
	if (!extra || length + extra >= sizeof typed)
		return FORM_CHANGED;
	memcpy(typed, field->typed, length);
	memcpy(typed + length, bytes, extra);
	typed[length + extra] = '\0';
	size_t found = find_list_item(field, typed, SIZE_MAX).index;
	if (found == SIZE_MAX && length >= extra && !memcmp(typed + length - extra, bytes, extra)) {
		found = find_list_item(field, field->typed, field->cursor).index;
		typed[found == SIZE_MAX ? length + extra : length] = '\0';
	}
	memcpy(field->typed, typed, sizeof typed);
	if (found == SIZE_MAX) {
		field->has_no_match = true;
		field->match_length = length;
		return FORM_CHANGED;
	}
	field->cursor = found;
	if (field->kind == INPUT_PICKS)
		return FORM_CHANGED;
	field->has_choice = true;
	return FORM_EDITED;
}

/* Deletes the last letter of the search text, and with it what the letter found: without letters nothing is chosen.
 * Letters that found nothing are deleted together, and leave the choice as it is. */
static enum form_result delete_last_char(struct input *field)
{
	size_t length = strlen(field->typed);
	if (!length)
		return FORM_CHANGED;
	if (field->has_no_match) {
		field->typed[field->match_length] = '\0';
		field->has_no_match = false;
		return FORM_CHANGED;
	}
	while (length > 0 && ((unsigned char)field->typed[--length] & 0xc0) == 0x80)
		;
	field->typed[length] = '\0';
	field->has_no_match = false;
	size_t found = find_list_item(field, field->typed, SIZE_MAX).index;
	field->cursor = found == SIZE_MAX ? field->cursor : found;
	field->has_choice = field->has_choice && length;
	return FORM_EDITED;
}

static enum form_result move_list_cursor(struct input *field, const struct key *key)
{
	size_t last = sub_sat(field->item_count, 1);
	bool first_touch = field->kind == INPUT_CHOICE && !field->has_choice;
	long step = key->press == PRESS_PAGE_DOWN || key->press == PRESS_PAGE_UP ? 8 : 1;
	bool down = key->press == PRESS_DOWN || key->press == PRESS_PAGE_DOWN;
	if (key->press == PRESS_HOME)
		field->cursor = 0;
	else if (key->press == PRESS_END)
		field->cursor = last;
	else if (!first_touch || !down)
		field->cursor = clamp_move(field->cursor, down ? step : -step, field->item_count);
	clear_typed_text(field);
	if (field->kind == INPUT_CHOICE)
		field->has_choice = field->item_count > 0;
	return FORM_EDITED;
}

static enum form_result handle_list_letter(struct input *field, const struct key *key)
{
	if (key->press == PRESS_BACKSPACE)
		return delete_last_char(field);
	return key->press == PRESS_CHAR ? type_in_list(field, key->ch) : FORM_IGNORED;
}

static bool is_cursor_key(enum press press)
{
	return press == PRESS_UP || press == PRESS_DOWN || press == PRESS_PAGE_UP || press == PRESS_PAGE_DOWN ||
	       press == PRESS_HOME || press == PRESS_END;
}

/* Checks or unchecks an item. Unchecking an item also unchecks the items indented below it; checking an item also
 * checks its parent, below which it is indented. */
static enum form_result toggle_pick_item(struct input *field)
{
	if (!field->item_count)
		return FORM_IGNORED;
	struct input_item *item = &field->items[field->cursor];
	item->checked = !item->checked;
	for (size_t i = field->cursor + 1; !item->checked && i < field->item_count; i++) {
		if (field->items[i].depth <= item->depth)
			break;
		field->items[i].checked = false;
	}
	for (size_t i = field->cursor; item->checked && item->depth && i-- > 0;)
		if (field->items[i].depth < item->depth) {
			field->items[i].checked = true;
			break;
		}
	return FORM_EDITED;
}

static bool field_is_list(const struct input *field)
{
	return field->kind == INPUT_CHOICE || field->kind == INPUT_PICKS;
}

static enum form_result handle_field_key(struct form *form, struct input *field, const struct key *key)
{
	bool list = field_is_list(field), space = key->press == PRESS_CHAR && key->ch == ' ';
	if (is_multiline(field) && editor_handle_key(&field->editor, key))
		return FORM_EDITED;
	if (list && is_cursor_key(key->press))
		return move_list_cursor(field, key);
	if (key->press == PRESS_ENTER || (!list && (key->press == PRESS_UP || key->press == PRESS_DOWN))) {
		if (field->kind == INPUT_CHOICE)
			field->has_choice = field->item_count > 0;
		form_move_focus(form, key->press != PRESS_UP);
		return field->kind == INPUT_CHOICE ? FORM_EDITED : FORM_CHANGED;
	}
	switch (field->kind) {
	case INPUT_TEXT:
		return editor_handle_key(&field->editor, key) ? FORM_EDITED : FORM_IGNORED;
	case INPUT_CHOICE:
		if (!space || field->typed[0])
			return handle_list_letter(field, key);
		field->has_choice = field->item_count > 0;
		return FORM_EDITED;
	case INPUT_PICKS:
		return space ? toggle_pick_item(field) : handle_list_letter(field, key);
	case INPUT_TOGGLE:
		if (!space)
			return FORM_IGNORED;
		field->is_toggle_on = !field->is_toggle_on;
		return FORM_EDITED;
	}
	return FORM_IGNORED;
}

static enum form_result handle_buttons_key(struct form *form, const struct key *key)
{
	if (key->press == PRESS_CHAR && key->ch == 'y' && form->confirm_label)
		return FORM_CONFIRM;
	if (key->press == PRESS_ENTER)
		return form->is_confirm_focused ? FORM_CONFIRM : FORM_CANCEL;
	if (key->press == PRESS_LEFT || key->press == PRESS_RIGHT ||
	    (key->press == PRESS_CHAR && (key->ch == 'h' || key->ch == 'l'))) {
		form->is_confirm_focused = form->confirm_label && !form->is_confirm_focused;
		return FORM_CHANGED;
	}
	if (form->field_count && (key->press == PRESS_UP || key->press == PRESS_DOWN)) {
		form_move_focus(form, key->press == PRESS_DOWN);
		return FORM_CHANGED;
	}
	return FORM_IGNORED;
}

enum form_result form_handle_key(struct form *form, const struct key *key)
{
	if (key->press == PRESS_ESCAPE)
		return FORM_CANCEL;
	if (key->press == PRESS_TAB || key->press == PRESS_BACK_TAB) {
		form_move_focus(form, key->press == PRESS_TAB);
		return FORM_CHANGED;
	}
	if (key->press == PRESS_CTRL && key->ch == 'y')
		return form->confirm_label ? FORM_CONFIRM : FORM_IGNORED;
	if (key->press == PRESS_CTRL && key->ch == 'o' && form_multiline_field(form))
		return FORM_OPEN_EDITOR;
	if (form_is_on_buttons(form))
		return handle_buttons_key(form, key);
	return handle_field_key(form, &form->fields[form->focus], key);
}

/* Number of rows of a field while the field `focus` has the focus. While a multiline text has the focus, each list
 * has one row, so that the text gets more rows. */
static size_t field_row_count(const struct form *form, size_t index, size_t focus, size_t list_rows)
{
	const struct input *field = &form->fields[index];
	bool focused = index == focus;
	if (field->hidden)
		return 0;
	if (is_multiline(field))
		return !focused ? 1 : list_rows < MULTILINE_ROWS_MAX ? list_rows : MULTILINE_ROWS_MAX;
	if (!field_is_list(field) || !field->item_count)
		return 1;
	if (!focused && (field->is_foldable || (focus < form->field_count && is_multiline(&form->fields[focus]))))
		return 1;
	return field->item_count < list_rows ? field->item_count : list_rows;
}

size_t form_height(const struct form *form, size_t list_rows)
{
	size_t most = 0;
	for (size_t focus = 0; focus <= form->field_count; focus++) {
		size_t rows = 0;
		if (focus < form->field_count && form->fields[focus].hidden)
			continue;
		for (size_t i = 0; i < form->field_count; i++)
			rows += field_row_count(form, i, focus, list_rows);
		most = rows > most ? rows : most;
	}
	return most;
}

static void draw_items(struct input *field, struct surface *surface, struct box box, bool focused)
{
	static const char *const boxes[2][2] = { { "( ) ", "(*) " }, { "[ ] ", "[x] " } };
	field->top = scrolled_top(field->top, field->cursor, box.rows, field->item_count);
	for (size_t i = 0; i < box.rows && field->top + i < field->item_count; i++) {
		const struct input_item *item = &field->items[field->top + i];
		bool here = field->top + i == field->cursor;
		bool marked = field->kind == INPUT_PICKS ? item->checked : here && field->has_choice;
		struct pen pen = pen_at(surface, box.row + i, box.col, box.cols - 2);
		surface_draw_pointer(surface, pen.row, pen.col++, here && focused);
		for (unsigned d = 0; d < item->depth; d++)
			pen_put(&pen, THEME_TEXT, "  ");
		pen_put(&pen, THEME_TEXT, boxes[field->kind == INPUT_PICKS][marked]);
		pen_put(&pen, item->role, item->label);
		if (!here || !focused)
			continue;
		surface_select_box(surface, (struct box){ box.row + i, box.col, 1, box.cols - 2 });
	}
	if (field->top)
		surface_put(surface, box.row, box.col + box.cols - 1, 1, THEME_MUTED,
			    glyph_text(surface->mode, GLYPH_MORE_UP));
	if (box.rows && field->top + box.rows < field->item_count)
		surface_put(surface, box.row + box.rows - 1, box.col + box.cols - 1, 1, THEME_MUTED,
			    glyph_text(surface->mode, GLYPH_MORE_DOWN));
}

/* Draws the chosen or checked items in one line. */
static void draw_folded_list(const struct input *field, struct surface *surface, struct box box)
{
	struct pen pen = pen_at(surface, box.row, box.col, box.cols);
	bool any = false;
	for (size_t i = 0; i < field->item_count; i++) {
		const struct input_item *item = &field->items[i];
		if (field->kind == INPUT_PICKS ? !item->checked : !field->has_choice || i != field->cursor)
			continue;
		pen_format(&pen, THEME_TEXT, "%s%s", any ? ", " : "", item->label);
		any = true;
	}
	if (!any)
		pen_put(&pen, THEME_MUTED, glyph_text(surface->mode, GLYPH_DASH));
}

/* Draws the typed search text, coloured as an error if it matches no item; "d 1/2": the first of two that match. */
static void draw_typed_text(const struct input *field, struct surface *surface, size_t row, size_t col)
{
	enum theme_role role = field->has_no_match ? THEME_DANGER : THEME_ACCENT;
	surface_fill(surface, (struct box){ row, col, 1, LABEL_CELLS }, THEME_TEXT);
	struct pen pen = pen_at(surface, row, col, LABEL_CELLS - 1);
	pen_put(&pen, role, field->typed);
	struct list_match match = find_list_item(field, field->typed, SIZE_MAX);
	if (!field->has_no_match && match.count > 1)
		pen_format(&pen, THEME_MUTED, " %zu/%zu", match.place, match.count);
	if (field->has_no_match)
		surface_put(surface, row, pen.col < col + LABEL_CELLS - 1 ? pen.col : col + LABEL_CELLS - 1, 1, role,
			    "?");
}

void form_draw(struct form *form, struct surface *surface, struct box box, size_t list_rows)
{
	size_t row = box.row, end = box.row + box.rows;
	if (box.cols < LABEL_CELLS + 8)
		return;
	for (size_t i = 0; i < form->field_count && row < end; i++) {
		struct input *field = &form->fields[i];
		size_t rows = field_row_count(form, i, form->focus, list_rows);
		bool focused = form->focus == i,
		     folded = field_is_list(field) && !focused && (field->is_foldable || form_multiline_field(form));
		if (!rows)
			continue;
		if (rows > end - row)
			rows = end - row;
		struct box area = { row, box.col + LABEL_CELLS + 1, rows, box.cols - LABEL_CELLS - 1 };
		surface_put(surface, row, box.col, LABEL_CELLS,
			    field->has_problem ? THEME_DANGER
			    : focused	       ? THEME_ACCENT
					       : THEME_MUTED,
			    field->label);
		if (field->has_problem)
			surface_put(surface, row, box.col + LABEL_CELLS, 1, THEME_DANGER, "!");
		if (focused)
			surface->screen_reader.label = (struct box){ row, box.col, 1, LABEL_CELLS };
		surface_add_zone(surface, (struct box){ row, box.col, rows, box.cols }, ZONE_FIELD, i);
		if (folded) {
			draw_folded_list(field, surface, area);
		} else if (field_is_list(field)) {
			draw_items(field, surface, area, focused);
			if (field->typed[0] && focused) {
				draw_typed_text(field, surface, row + (rows > 1), box.col);
				surface->screen_reader.label.row = row + (rows > 1);
			}
		} else if (field->kind == INPUT_TEXT) {
			editor_draw(&field->editor, surface, area, THEME_FIELD, focused);
			if (focused && !is_multiline(field)) /* the editor calls surface_set_focus() for its own row */
				surface_set_focus(surface, area);
		} else {
			struct pen pen = pen_at(surface, row, area.col, area.cols);
			pen_put(&pen, THEME_TEXT, field->is_toggle_on ? "[x] yes" : "[ ] no");
			pen_put(&pen, THEME_MUTED, focused ? "  space switches" : "");
			if (focused) {
				surface_select_box(surface, (struct box){ row, area.col, 1, 7 });
				surface_set_focus(surface, area);
			}
		}
		row += rows;
	}
}

static void draw_button(struct surface *surface, struct box box, const char *key, const char *label, bool focused)
{
	struct pen pen = pen_at(surface, box.row, box.col, box.cols);
	pen_put(&pen, THEME_TEXT, focused ? "[" : " ");
	pen_put(&pen, THEME_KEY, key);
	pen_format(&pen, THEME_TEXT, " %s", label);
	pen_put(&pen, THEME_TEXT, focused ? "]" : " ");
	box.cols = sub_sat(pen.col, box.col);
	if (focused)
		surface_select_box(surface, box);
	surface_add_zone(surface, box, ZONE_BUTTON, !strcmp(key, "Esc") ? 0 : 1);
}

void form_draw_buttons(const struct form *form, struct surface *surface, struct box box, bool accepts_keys,
		       const char *confirm_key)
{
	bool focused = form_is_on_buttons(form);
	const char *label = form->confirm_label;
	if (!confirm_key) {
		confirm_key = "";
		label = label ? (surface->mode == TEXT_UTF8 ? WAITING "…" : WAITING "...") : NULL;
	} else if (!focused) {
		confirm_key = "Ctrl-Y"; /* in a field, the letter y may be text */
	}
	size_t cancel = strlen("[Esc ]") + surface_text_width(surface, form->cancel_label);
	size_t confirm = label ? strlen("[ ]") + strlen(confirm_key) + surface_text_width(surface, label) + 4 : 0;
	struct pen hint = pen_at(surface, box.row, box.col, sub_sat(box.cols, cancel + confirm + 2));
	if (form->field_count) {
		pen_put(&hint, THEME_KEY, "Tab");
		pen_put(&hint, THEME_MUTED, focused ? " fields" : " next");
	}
	if (form->offers_ext_editor && !focused && is_multiline(&form->fields[form->focus]) &&
	    hint.col + strlen(EDITOR_HINT) <= hint.end) {
		pen_put(&hint, THEME_KEY, "  Ctrl-O");
		pen_put(&hint, THEME_MUTED, " editor");
	}
	size_t col = box.col + sub_sat(box.cols, cancel + confirm);
	focused &= accepts_keys;
	if (label)
		draw_button(surface, (struct box){ box.row, col, 1, confirm }, confirm_key, label,
			    focused && form->is_confirm_focused);
	draw_button(surface, (struct box){ box.row, col + confirm, 1, cancel }, "Esc", form->cancel_label,
		    focused && !form->is_confirm_focused);
}

void form_click_button(struct form *form, bool confirm)
{
	form->focus = form->field_count;
	form->is_confirm_focused = confirm && form->confirm_label;
}
