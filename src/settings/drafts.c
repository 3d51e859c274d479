#include "kybdesk/settings/drafts.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/file.h"
#include "kybdesk/codec/json.h"

#include <string.h>

#define DRAFTS_BYTES_MAX (1024 * 1024)
#define NAME_HASH_LENGTH 16 /* length of the hash in the file name: the name must not reveal the store's path */
#define DAY_MS (24 * 60 * 60 * (int64_t)1000)

const char *drafts_path(struct arena *arena, const struct world *world, const char *store, const char *reviewer)
{
	const char *folder = path_join(arena, xdg_folder(arena, world, "XDG_STATE_HOME", ".local/state"), "kybdesk");
	const char *owner = arena_printf(arena, "%s\n%s", store, reviewer);
	const char *hash = sha256_text(arena, owner, strlen(owner));
	return path_join(arena, folder, arena_printf(arena, "drafts-%.*s.json", NAME_HASH_LENGTH, hash));
}

void drafts_release(struct saved_drafts *drafts)
{
	arena_release(&drafts->arena);
	drafts->count = 0;
}

struct saved_draft *saved_draft_copy(struct arena *arena, const struct saved_draft *draft)
{
	struct saved_draft *copy = arena_alloc(arena, sizeof *copy);
	*copy = *draft;
	copy->dialog = arena_strdup(arena, draft->dialog);
	copy->session = arena_strdup(arena, draft->session);
	copy->item = arena_strdup(arena, draft->item);
	for (size_t i = 0; i < draft->count; i++)
		copy->fields[i] = (struct saved_field){ arena_strdup(arena, draft->fields[i].label),
							arena_strdup(arena, draft->fields[i].text) };
	return copy;
}

static bool has_same_target(const struct saved_draft *draft, const struct saved_draft *other)
{
	if (strcmp(draft->session, other->session) != 0)
		return false;
	return !other->dialog[0] || (!strcmp(draft->dialog, other->dialog) && !strcmp(draft->item, other->item));
}

bool saved_draft_equal(const struct saved_draft *one, const struct saved_draft *other)
{
	if (!has_same_target(one, other) || one->count != other->count)
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (strcmp(one->fields[i].label, other->fields[i].label) != 0 ||
		    strcmp(one->fields[i].text, other->fields[i].text) != 0)
			return false;
	return true;
}

static void remove_draft(struct saved_drafts *drafts, size_t at)
{
	memmove(&drafts->items[at], &drafts->items[at + 1], (drafts->count - at - 1) * sizeof *drafts->items);
	drafts->count--;
}

void drafts_set(struct saved_drafts *drafts, const struct saved_draft *draft)
{
	for (size_t i = drafts->count; i-- > 0;)
		if (has_same_target(&drafts->items[i], draft))
			remove_draft(drafts, i);
	if (!draft->count)
		return;
	if (drafts->count == SAVED_DRAFTS_MAX)
		remove_draft(drafts, 0);
	drafts->items[drafts->count++] = *saved_draft_copy(&drafts->arena, draft);
}

const struct saved_draft *drafts_find(const struct saved_drafts *drafts, const char *dialog, const char *session,
				      const char *item)
{
	const struct saved_draft wanted = { .dialog = dialog, .session = session, .item = item };
	for (size_t i = 0; i < drafts->count; i++)
		if (has_same_target(&drafts->items[i], &wanted))
			return &drafts->items[i];
	return NULL;
}

static const char *text_of(const struct json_value *object, const char *key)
{
	const char *text = json_get_text(object, key);
	return text && strlen(text) <= SAVED_TEXT_MAX ? text : "";
}

static void read_draft(struct saved_drafts *drafts, const struct json_value *value, int64_t now)
{
	struct saved_draft draft = { .dialog = text_of(value, "dialog"),
				     .session = text_of(value, "session"),
				     .item = text_of(value, "item") };
	const struct json_value *words = json_get(value, "words");
	if (!draft.dialog[0] || !draft.session[0] || !json_get_int(value, "at", &draft.at) || draft.at < 0 ||
	    now - draft.at > SAVED_DRAFT_DAYS * DAY_MS || !words || !json_is_object(words))
		return;
	for (const char *label = json_first_key(words); label && draft.count < SAVED_FIELDS_MAX;
	     label = json_next_key(words, label)) {
		const char *text = text_of(words, label);
		if (text[0])
			draft.fields[draft.count++] = (struct saved_field){ label, text };
	}
	drafts_set(drafts, &draft);
}

static void read_all(struct saved_drafts *drafts, const char *text, size_t length, int64_t now)
{
	struct json_value *all = NULL;
	struct error error = { 0 };

	*drafts = (struct saved_drafts){ .arena = ARENA_INIT };
	if (length && !json_read(text, length, &all, &error) && json_is_array(all))
		for (size_t i = 0; i < json_count(all); i++)
			read_draft(drafts, json_at(all, i), now);
	json_free(all);
	error_release(&error);
}

void drafts_read(const struct own_text *own, int64_t now, struct saved_drafts *out)
{
	struct strbuf text = STRBUF_INIT;
	struct error error = { 0 };
	enum err err = own_text_read(own, DRAFTS_BYTES_MAX, &text, &error);

	read_all(out, text.buf, err ? 0 : text.len, now);
	error_release(&error);
	strbuf_wipe(&text);
}

static struct json_value *draft_to_json(const struct saved_draft *draft)
{
	struct json_value *words = json_new_object();
	for (size_t i = 0; i < draft->count; i++)
		json_set_text(words, draft->fields[i].label, draft->fields[i].text);
	return JSON_FROM({ "dialog", AS_TEXT(draft->dialog) }, { "session", AS_TEXT(draft->session) },
			 { "item", AS_TEXT(draft->item) }, { "at", AS_INT(draft->at) }, { "words", words });
}

static enum err write_draft(const struct own_text *own, const struct saved_draft *draft, struct error *error)
{
	struct saved_drafts drafts;
	struct strbuf before = STRBUF_INIT, text = STRBUF_INIT;
	struct json_value *all = json_new_array();
	enum err err = own_text_read(own, DRAFTS_BYTES_MAX, &before, error);

	read_all(&drafts, before.buf, err ? 0 : before.len, draft->at);
	drafts_set(&drafts, draft);
	for (size_t i = 0; i < drafts.count; i++)
		json_append(all, draft_to_json(&drafts.items[i]));
	json_write(&text, all, JSON_COMPACT_LAYOUT, true);
	if (!err && (before.len || drafts.count)) /* drafts exist now, or existed before */
		err = own_text_write(own, &(const struct own_text_change){ before.len ? before.buf : "", text.buf },
				     error);
	json_free(all);
	strbuf_wipe(&before);
	strbuf_wipe(&text);
	drafts_release(&drafts);
	return err;
}

enum err drafts_save(const struct own_text *own, const struct saved_draft *draft, struct error *error)
{
	enum err err = ERR_CONFLICT;

	for (int tries = 0; err == ERR_CONFLICT && tries < OWN_TEXT_TRIES; tries++) {
		error_release(error);
		err = write_draft(own, draft, error);
	}
	return err;
}
