/* Internal notes: any reviewer can write one at any time; a note does not affect the gate. "@ana" mentions a
 * reviewer: the view "mentioned" of that reviewer contains the case until the reviewer writes a note on the case,
 * or marks the mentions on the case as read. */
#include "review/review.h"

#define MENTIONS_MAX 20 /* maximum number of mentions in one note */
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

/* Makes a note about the case: the author is the actor, the time is now. */
static struct note make_note(const struct use *use, const char *text)
{
	return (struct note){ .text = text,
			      .by = use->desk->actor,
			      .at = use->now,
			      .imported_by = "",
			      .unanswered_mentions = "",
			      .document = "",
			      .hit = "",
			      .pinned_by = "" };
}

enum err note_insert(struct use *use, const char *text, int64_t *row, struct error *error)
{
	struct note note = make_note(use, text);
	enum err err = store_note_insert(use->desk->store, use->file.session.row, &note, error);

	*row = note.row;
	return err;
}

/* Finds the name after the next "@" of the text; NULL: none. "bo@example.com" and "@@name" mention no reviewer. */
static const char *next_mention(struct arena *arena, const char **text)
{
	for (const char *at = strchr(*text, '@'); at; at = strchr(at + 1, '@')) {
		size_t length = strspn(at + 1, NAME_CHARACTERS);

		while (length && strchr("._-", at[length]))
			length--;
		if (!length || (at > *text && strchr(NAME_CHARACTERS "@+", at[-1])))
			continue;
		*text = at + 1 + length;
		return arena_strndup(arena, at + 1, length);
	}
	return NULL;
}

static enum err find_mention_target(struct use *use, const char *name, struct reviewer *out, struct error *error)
{
	enum err err = reviewer_require(use->desk->store, use->arena, name, out, error);

	if (err == ERR_NOT_FOUND)
		return error_invalid(error, "text", "%s (write @@ for an @ that mentions no reviewer)",
				     arena_strdup(use->arena, error->message));
	if (!err && out->disabled)
		return error_invalid(error, "text", "The reviewer %s is disabled and cannot be mentioned", out->name);
	if (!err && !role_at_least(out->role, ROLE_REVIEWER))
		return error_invalid(error, "text", "%s cannot be mentioned: the role %s cannot answer notes",
				     out->name, role_text(out->role));
	return err;
}

/* Sets note->unanswered_mentions, and *names to the same names as a readable list. */
static enum err read_mentions(struct use *use, struct note *note, const char **names, struct error *error)
{
	const char *text = note->text, *name;
	size_t count = 0;

	*names = "";
	while ((name = next_mention(use->arena, &text))) {
		struct reviewer person = { 0 };
		enum err err = find_mention_target(use, name, &person, error);
		const char *entry;

		if (err)
			return err;
		entry = arena_printf(use->arena, "/%s/", person.name);
		if (strstr(note->unanswered_mentions, entry))
			continue;
		if (++count > MENTIONS_MAX)
			return error_invalid(error, "text", "A note can mention at most %d reviewers", MENTIONS_MAX);
		note->unanswered_mentions = arena_printf(use->arena, "%s%s", note->unanswered_mentions, entry);
		*names = **names ? arena_printf(use->arena, "%s, %s", *names, person.name) : person.name;
	}
	return ERR_OK;
}

/* Sets the id of the document or hit that the note is about. */
static enum err find_subject(struct use *use, struct note *note, struct error *error)
{
	const char *document_word = use->in->document, *hit_word = use->in->hit;
	struct document *document = NULL;
	struct check *check = NULL;
	struct hit *hit = NULL;
	enum err err = ERR_OK;

	if (*document_word && *hit_word)
		return error_set(error, ERR_USAGE, "A note is about a document or about a hit, not both");
	if (*document_word)
		err = use_find_document(&use->file, document_word, &document, error);
	else if (*hit_word)
		err = use_find_hit(&use->file, hit_word, &hit, &check, error);
	if (!err && document)
		note->document = document->id;
	if (!err && hit)
		note->hit = hit->id;
	return err;
}

/* Reads in->text; in->document or in->hit, if the note is about a document or hit. */
enum err use_note(struct use *use, struct error *error)
{
	struct note note = make_note(use, use->in->text);
	const char *names = "";
	int64_t answered = 0;
	enum err err = text_check("text", "The note", note.text, true, error);

	if (!err)
		err = read_mentions(use, &note, &names, error);
	if (!err)
		err = find_subject(use, &note, error);
	if (!err)
		err = store_note_mark_answered(use->desk->store, use->file.session.row, note.by, &answered, error);
	if (!err)
		err = store_note_insert(use->desk->store, use->file.session.row, &note, error);
	if (err)
		return err;
	JSON_ADD(use->detail, { "note", AS_INT(note.row) }, { "mentioned?", AS_TEXT(names) },
		 { "document?", AS_TEXT(note.document) }, { "hit?", AS_TEXT(note.hit) });
	use->out->part_id = names;
	return ERR_OK;
}

/* Marks the caller's mentions on the case and its subsessions as read. */
enum err use_note_read(struct use *use, struct error *error)
{
	int64_t answered = 0;
	enum err err =
		store_note_mark_answered(use->desk->store, use->file.session.row, use->desk->actor, &answered, error);

	use->has_no_change = !answered;
	json_set_int(use->detail, "notes", answered);
	return err;
}

static enum err find_note(const struct case_file *file, const char *word, const struct note **out, struct error *error)
{
	size_t digits = strspn(word, "0123456789"), number = 0;

	for (size_t i = 0; i < digits && number <= file->note_count; i++)
		number = number * 10 + (size_t)(word[i] - '0');
	if (!digits || word[digits])
		return error_invalid(error, "note", "\"%s\" is not a number of a note; kybdesk show prints the numbers",
				     word);
	if (!number || number > file->note_count)
		return error_set_field(error, ERR_NOT_FOUND, "note",
				       "The case has no note %s; number of its notes: %zu", word, file->note_count);
	*out = &file->notes[number - 1];
	return ERR_OK;
}

/* Allowed for the author of the note and for leads. Reads in->part: the number of the note, from 1; in->revoke:
 * unpins the note. */
enum err use_note_pin(struct use *use, struct error *error)
{
	const struct desk *desk = use->desk;
	const struct note *note = NULL;
	enum err err = find_note(&use->file, use->in->part, &note, error);

	if (err)
		return err;
	if (!role_at_least(desk->role, ROLE_LEAD) && (strcmp(note->by, desk->actor) != 0 || *note->imported_by))
		return error_set(error, ERR_FORBIDDEN,
				 "A %s cannot pin or unpin a note of %s; only the author or a lead can",
				 role_text(desk->role), note->by);
	use->has_no_change = use->in->revoke == !*note->pinned_by;
	if (use->has_no_change)
		return ERR_OK;
	JSON_ADD(use->detail, { "note", AS_INT(note->row) }, { "pinned", AS_BOOL(!use->in->revoke) },
		 { "from|null", AS_TEXT(note->pinned_by) });
	return store_note_set_pinned(desk->store, note->row, use->in->revoke ? "" : desk->actor, error);
}
