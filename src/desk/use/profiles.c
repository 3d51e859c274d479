/* Profiles: the one a session was created with (kept in the store), or the present one of that name. Each is parsed
 * once and kept for the life of the desk. */
#include "kybdesk/store/people.h"
#include "use/rules.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/profile_codec.h"

#include <string.h>

struct profile_entry {
	struct profile_entry *next;
	int64_t row;	  /* of the stored body; 0: the present one */
	const char *name; /* of the present one */
	const struct profile *profile;
	const char *body; /* of the present one, to be stored with a session */
	size_t body_length;
};

static struct profile_entry *entry_add(struct desk *desk, int64_t row, const char *name,
				       const struct profile *profile)
{
	struct profile_entry *entry = arena_alloc(&desk->arena, sizeof *entry);

	entry->row = row;
	entry->name = arena_strdup(&desk->arena, name);
	entry->profile = profile;
	entry->next = desk->profiles;
	desk->profiles = entry;
	return entry;
}

static const struct profile_entry *entry_find(const struct desk *desk, int64_t row, const char *name)
{
	for (const struct profile_entry *entry = desk->profiles; entry; entry = entry->next) {
		if (entry->row == row && (row || !strcmp(entry->name, name)))
			return entry;
	}
	return NULL;
}

/* "workflows/ralio-kyb.json" → "ralio-kyb" */
static const char *workflow_name(struct arena *arena, const char *resource)
{
	const char *name = strrchr(resource, '/');
	size_t length;

	name = name ? name + 1 : resource;
	length = strlen(name);
	if (length > 5 && !strcmp(name + length - 5, ".json"))
		length -= 5;
	return arena_strndup(arena, name, length);
}

static enum err unknown_workflow(struct desk *desk, const char *name, struct error *error)
{
	struct arena arena = ARENA_INIT;
	size_t count = 0;
	const char **names = resource_list(&arena, desk->world, "workflows/", &count);
	const char *nearest;
	struct strbuf list = STRBUF_INIT;

	for (size_t i = 0; i < count; i++) {
		names[i] = workflow_name(&arena, names[i]);
		strbuf_addf(&list, "%s%s", list.len ? ", " : "", names[i]);
	}
	nearest = text_nearest(name, names, count);
	if (nearest)
		error_set_field(error, ERR_NOT_FOUND, "workflow", "There is no workflow \"%s\"; did you mean %s?",
				name, nearest);
	else
		error_set_field(error, ERR_NOT_FOUND, "workflow", "There is no workflow \"%s\"; there are: %s",
				name, list.len ? list.buf : "none");
	strbuf_release(&list);
	arena_release(&arena);
	return ERR_NOT_FOUND;
}

static enum err entry_load(struct desk *desk, const char *name, const struct profile_entry **out,
			   struct error *error)
{
	struct arena scratch = ARENA_INIT;
	struct strbuf text = STRBUF_INIT;
	struct profile_mistake *mistakes = NULL;
	struct profile_entry *entry;
	struct profile *profile = NULL;
	const char *origin = "", *file = arena_printf(&scratch, "workflows/%s.json", name);
	size_t mistake_count = 0;
	enum err err;

	*out = entry_find(desk, 0, name);
	if (*out) {
		arena_release(&scratch);
		return ERR_OK;
	}
	err = *name ? resource_read(&scratch, desk->world, file, &text, &origin, error) : ERR_NOT_FOUND;
	if (err == ERR_NOT_FOUND) {
		err = unknown_workflow(desk, name, error);
	} else if (!err) {
		profile_read(&desk->arena, text.buf, text.len, &desk->reasons, &profile, &mistakes, &mistake_count);
		if (!profile)
			err = profile_error(strcmp(origin, "built in") ? origin : file, mistakes, mistake_count,
					    error);
	}
	if (!err && strcmp(profile->name, name))
		err = error_set(error, ERR_INVALID, "%s: name: is \"%s\"; a profile has the name of its file", file,
				profile->name);
	if (!err) {
		entry = entry_add(desk, 0, name, profile);
		entry->body = arena_strndup(&desk->arena, text.buf, text.len);
		entry->body_length = text.len;
		*out = entry;
	}
	strbuf_release(&text);
	arena_release(&scratch);
	return err;
}

enum err desk_profile(struct desk *desk, const char *name, const struct profile **out, struct error *error)
{
	const struct profile_entry *entry = NULL;
	enum err err = entry_load(desk, name, &entry, error);

	*out = entry ? entry->profile : NULL;
	return err;
}

enum err desk_profile_store(struct desk *desk, const char *name, const struct profile **out, int64_t *row,
			    struct error *error)
{
	const struct profile_entry *entry = NULL;
	enum err err = entry_load(desk, name, &entry, error);

	if (err)
		return err;
	*out = entry->profile;
	return store_workflow_put(desk->store, name, entry->profile->version, entry->body, entry->body_length,
				  desk_now(desk), row, error);
}

enum err desk_session_profile(struct desk *desk, const struct session *session, const struct profile **out,
			      struct error *error)
{
	const struct profile_entry *entry;
	struct profile_mistake *mistakes = NULL;
	struct profile *profile = NULL;
	const char *body = "", *file;
	size_t length = 0, mistake_count = 0;
	enum err err;

	if (!session->workflow_row)
		return desk_profile(desk, session->workflow, out, error);
	entry = entry_find(desk, session->workflow_row, "");
	if (entry) {
		*out = entry->profile;
		return ERR_OK;
	}
	err = store_workflow_body(desk->store, &desk->arena, session->workflow_row, &body, &length, error);
	if (err)
		return err;
	/* Reasons may have come and gone since: what counted then still counts. */
	profile_read(&desk->arena, body, length, NULL, &profile, &mistakes, &mistake_count);
	if (!profile) {
		file = arena_printf(&desk->arena, "the stored workflow %s", session->workflow);
		err = profile_error(file, mistakes, mistake_count, error);
		/* It was sound when it was stored: the store is at fault, not what the reader gave. */
		if (error)
			error->code = ERR_STORE;
		return err ? ERR_STORE : ERR_OK;
	}
	*out = entry_add(desk, session->workflow_row, session->workflow, profile)->profile;
	return ERR_OK;
}

const struct profile *desk_session_profile_or_bare(struct desk *desk, const struct session *session)
{
	const struct profile_entry *entry;
	const struct profile *found = NULL;
	struct profile *bare;

	if (!desk_session_profile(desk, session, &found, NULL))
		return found;
	/* Rows count from 1: -1 keeps it apart from stored and present ones. */
	for (entry = desk->profiles; entry; entry = entry->next) {
		if (entry->row == -1 && !strcmp(entry->name, session->workflow))
			return entry->profile;
	}
	bare = arena_alloc(&desk->arena, sizeof *bare);
	*bare = (struct profile){
		.name = arena_strdup(&desk->arena, session->workflow),
		.title = arena_strdup(&desk->arena, session->workflow),
		.provider = "",
		.source = "",
		.kind = session->kind,
		.subject_kinds = ~0u,
		.other_documents = true,
		.manual_review = true,
		.parties = { .owner_threshold_percent = "", .workflow = "" },
		.level_initial = "",
		.level_approved = "",
		.four_eyes_from_risk = RISK_NONE,
		.custom_tags_json = "{}",
	};
	return entry_add(desk, -1, session->workflow, bare)->profile;
}
