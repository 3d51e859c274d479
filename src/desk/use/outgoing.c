/* Text for people outside that staff writes: messages, corrections, templates, reasons, references, names of files. It
 * must not tell a client of lists, hits, suspicions and reports: data/phrases.json. */
#include "use/use.h"
#include "kybdesk/codec/lists_codec.h"

static enum err refuse_phrase(const char *field, const char *phrase, const char *otherwise, struct error *error)
{
	return error_invalid(error, field,
			     "The text names \"%s\": nobody outside may learn of a list, a hit, a suspicion or a "
			     "report. Write it in other words%s",
			     phrase, otherwise);
}

static void add_texts(struct strbuf *out, const struct json_value *value)
{
	if (json_text(value))
		strbuf_addf(out, "%s\n", json_text(value));
	for (size_t i = 0; json_is_array(value) && i < json_count(value); i++)
		add_texts(out, json_at(value, i));
	for (const char *key = json_is_object(value) ? json_first_key(value) : NULL; key;
	     key = json_next_key(value, key))
		add_texts(out, json_get(value, key));
}

const char *outgoing_texts(struct arena *arena, const char *json)
{
	struct strbuf out = STRBUF_INIT;
	struct json_value *value = json_is_valid(json) ? json_new_raw(json) : json_new_null();

	add_texts(&out, value);
	json_free(value);
	return strbuf_finish(&out, arena);
}

enum err outgoing_refuse(const char *field, const char *text, struct error *error)
{
	const char *phrase = list_rules_find(shipped_phrases(), text);

	return *phrase ? refuse_phrase(field, phrase, "", error) : ERR_OK;
}

enum err outgoing_check(struct use *use, const char *field, const char *text, struct error *error)
{
	const char *why = use->in->override, *phrase;
	int64_t note = 0;
	enum err err;

	/* A merchant and a client write only what they know. */
	if (caller_is_external(use->desk) || (1u << use->in->capacity & ~(BY_STAFF | BY_INTAKE)))
		return ERR_OK;
	phrase = list_rules_find(shipped_phrases(), text);
	if (!*phrase)
		return ERR_OK;
	if (!*why || use->in->capacity != CAPACITY_STAFF)
		return refuse_phrase(field, phrase, "; a lead may send it with a reason (override)", error);
	err = desk_require_role(use->desk, ROLE_LEAD, "send a text that can tip off a client", error);
	if (!err)
		err = reason_text_check("send a text that can tip off a client", why, error);
	if (err)
		return err;
	json_set_text(use->detail, "phrase", phrase);
	if (use->file.session.row)
		return note_insert(use, arena_printf(use->arena, "Sent a text that names \"%s\": %s", phrase, why),
				   &note, error);
	json_set_text(use->detail, "override", why);
	return ERR_OK;
}
