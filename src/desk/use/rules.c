/* The rules in force: profiles and reasons. */
#include "kybdesk/base/not_found.h"
#include "use/use.h"

/* --- profiles --- The profile of a session is the text that the session was opened with, or the text in force with
 * the same name. Both are texts in the store; in a sandbox a file in the user's or the system's folders overrides
 * the text in force. Each text is parsed once and kept for the life of the desk. */

enum profile_origin {
	PROFILE_FROM_SESSION,	/* `row`: a text under which sessions were opened */
	PROFILE_FROM_INSTALLED, /* `row`: an installed text */
	PROFILE_FROM_FILE,	/* a file, found by name; profile NULL: no such file */
	PROFILE_FROM_NOTHING	/* no text: the workflow is unknown */
};

struct profile_entry {
	struct profile_entry *next;
	enum profile_origin origin;
	int64_t row;
	const char *name;
	const struct profile *profile;
	const char *body; /* the text, stored with each new session */
	size_t body_length;
	/* Numbers of database states (db.h). In `valid_in_state`, `row` was the text in force (PROFILE_FROM_INSTALLED)
	 * or was unchanged (PROFILE_FROM_SESSION). In `stored_in_state`, stored_row was the row for new sessions. */
	uint64_t valid_in_state, stored_in_state;
	int64_t stored_row;
};

/* Copies the entry into the desk's list of profiles. */
static struct profile_entry *entry_add(struct desk *desk, const struct profile_entry *entry)
{
	struct profile_entry *kept = arena_memdup(&desk->arena, entry, sizeof *entry);

	kept->name = arena_strdup(&desk->arena, entry->name);
	kept->next = desk->profiles;
	desk->profiles = kept;
	return kept;
}

static struct profile_entry *entry_find(const struct desk *desk, enum profile_origin from, int64_t row,
					const char *name)
{
	for (struct profile_entry *entry = desk->profiles; entry; entry = entry->next) {
		if (entry->origin == from && entry->row == row && (row || !strcmp(entry->name, name)))
			return entry;
	}
	return NULL;
}

/* Number of the database state that the open transaction reads (db.h); 0: no transaction is open. */
static uint64_t database_state_of(const struct desk *desk)
{
	return desk->store->db->depth ? desk->store->db->state : 0;
}

static struct profile_entry *entry_in_force(const struct desk *desk, const char *name)
{
	for (struct profile_entry *entry = desk->profiles; entry && database_state_of(desk); entry = entry->next) {
		if (entry->origin == PROFILE_FROM_INSTALLED && entry->valid_in_state == database_state_of(desk) &&
		    !strcmp(entry->name, name))
			return entry;
	}
	return NULL;
}

static enum err refuse_unknown_workflow(struct desk *desk, const char *name, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct workflow_names names = { 0 };
	enum err err = workflow_names(desk, &arena, &names, error);

	if (!err)
		err = error_unknown_word(error, ERR_NOT_FOUND,
					 &(struct unknown_name){ .kind = "workflow",
								 .name = name,
								 .hint = "List them with: kybdesk workflow list",
								 .names = names.items,
								 .count = names.count,
								 .field = "workflow" });
	arena_release(&arena);
	return err;
}

/* Parses a text for new sessions, and keeps it in the entry. */
static enum err entry_parse(struct desk *desk, struct profile_entry *entry, const char *origin, const char *body,
			    size_t length, struct error *error)
{
	struct profile_mistake *mistakes = NULL;
	struct profile *profile = NULL;
	size_t mistake_count = 0;

	profile_read(&desk->arena, body, length, &desk->reasons, &profile, &mistakes, &mistake_count);
	if (!profile)
		return profile_set_error(origin, mistakes, mistake_count, error);
	if (strcmp(profile->name, entry->name))
		return error_set(error, ERR_INVALID, "%s: name: is \"%s\"; a profile must have the name of its file",
				 origin, profile->name);
	entry->profile = profile;
	entry->body = arena_strndup(&desk->arena, body, length);
	entry->body_length = length;
	return ERR_OK;
}

/* In a sandbox: finds the file of this workflow, and searches for it only once. *out NULL: no such file. */
static enum err entry_load_file(struct desk *desk, const char *name, struct profile_entry **out, struct error *error)
{
	struct arena scratch = ARENA_INIT;
	struct strbuf text = STRBUF_INIT;
	struct profile_entry entry = { .origin = PROFILE_FROM_FILE, .name = name };
	const char *origin = "";
	enum err err;
	struct profile_entry *known = entry_find(desk, PROFILE_FROM_FILE, 0, name);

	*out = known && known->profile ? known : NULL;
	if (known || !desk->store->sandbox)
		return ERR_OK;
	err = rules_read_from_folders(desk, &scratch, arena_printf(&scratch, "workflows/%s.json", name), &text, &origin,
				      error);
	if (!err && *origin)
		err = entry_parse(desk, &entry, origin, text.buf, text.len, error);
	if (!err) {
		known = entry_add(desk, &entry);
		*out = known->profile ? known : NULL;
	}
	strbuf_release(&text);
	arena_release(&scratch);
	return err;
}

/* Finds the text in force. Looks its row up in the index in each transaction, so that all open desks use a new text
 * at once. */
static enum err entry_load(struct desk *desk, const char *name, struct profile_entry **out, struct error *error)
{
	struct arena scratch = ARENA_INIT;
	struct rule_text text;
	int64_t row = 0;
	enum err err = rules_refresh(desk, error);

	*out = NULL;
	if (!err && *name)
		err = entry_load_file(desk, name, out, error);
	if (!err && !*out)
		*out = entry_in_force(desk, name);
	if (err || *out)
		return err;
	err = store_rule_find_current(desk->store, RULE_TEXT_WORKFLOW, name, &row, error);
	if (!err && !row)
		err = refuse_unknown_workflow(desk, name, error);
	if (err)
		return err;
	*out = entry_find(desk, PROFILE_FROM_INSTALLED, row, name);
	if (*out) {
		(*out)->valid_in_state = database_state_of(desk);
		return ERR_OK;
	}
	err = store_rule_load(desk->store, &scratch, row, &text, error);
	if (!err) {
		struct profile_entry entry = { .origin = PROFILE_FROM_INSTALLED,
					       .row = row,
					       .name = name,
					       .valid_in_state = database_state_of(desk) };

		err = entry_parse(desk, &entry, arena_printf(&scratch, "the installed workflow %s", name), text.body,
				  text.length, error);
		if (!err)
			*out = entry_add(desk, &entry);
	}
	arena_release(&scratch);
	return err;
}

enum err desk_profile(struct desk *desk, const char *name, const struct profile **out, struct error *error)
{
	struct profile_entry *entry = NULL;
	enum err err = entry_load(desk, name, &entry, error);

	*out = entry ? entry->profile : NULL;
	return err;
}

enum err desk_profile_ensure_stored(struct desk *desk, const char *name, const struct profile **out, int64_t *row,
				    struct error *error)
{
	struct profile_entry *entry = NULL;
	enum err err = entry_load(desk, name, &entry, error);

	if (err)
		return err;
	*out = entry->profile;
	if (!entry->stored_in_state || entry->stored_in_state != database_state_of(desk)) {
		const struct workflow_text text = { .name = name,
						    .version = entry->profile->version,
						    .body = entry->body,
						    .length = entry->body_length };

		err = store_workflow_put(desk->store, &text, desk_now(desk), &entry->stored_row, error);
		entry->stored_in_state = err ? 0 : database_state_of(desk);
	}
	*row = entry->stored_row;
	return err;
}

enum err desk_session_profile(struct desk *desk, const struct session *session, const struct profile **out,
			      struct error *error)
{
	struct profile_entry *entry;
	struct profile_mistake *mistakes = NULL;
	struct profile *profile = NULL;
	const char *body = "";
	char hash[SHA256_HEX_SIZE];
	size_t mistake_count = 0;
	enum err err;

	if (!session->workflow_row)
		return desk_profile(desk, session->workflow, out, error);
	err = rules_refresh(desk, error);
	if (err)
		return err;
	entry = entry_find(desk, PROFILE_FROM_SESSION, session->workflow_row, "");
	/* Compares the hash, since another text may have the same row after a rollback. */
	if (entry && (!entry->valid_in_state || entry->valid_in_state != database_state_of(desk))) {
		err = store_workflow_hash(desk->store, session->workflow_row, hash, error);
		if (err)
			return err;
		entry = strcmp(hash, entry->profile->sha256) ? NULL : entry;
	}
	if (entry) {
		entry->valid_in_state = database_state_of(desk);
		*out = entry->profile;
		return ERR_OK;
	}
	err = store_workflow_body(desk->store, &desk->arena, session->workflow_row, &body, error);
	if (err)
		return err;
	/* Reads the text without a check of its reasons: the reasons may have changed since the text was stored,
	 * and reasons that were valid then stay valid for it. */
	profile_read(&desk->arena, body, strlen(body), NULL, &profile, &mistakes, &mistake_count);
	if (!profile) {
		err = profile_set_error(arena_printf(&desk->arena, "the stored workflow %s", session->workflow),
					mistakes, mistake_count, error);
		/* The text was valid when it was stored, so the store is at fault, not the caller. */
		if (error)
			error->code = ERR_STORE;
		return err ? ERR_STORE : ERR_OK;
	}
	*out = profile;
	(void)entry_add(desk, &(const struct profile_entry){ .origin = PROFILE_FROM_SESSION,
							     .row = session->workflow_row,
							     .name = session->workflow,
							     .profile = profile });
	return ERR_OK;
}

static const struct profile *empty_profile(struct desk *desk, const struct session *session)
{
	const struct profile_entry *entry = entry_find(desk, PROFILE_FROM_NOTHING, 0, session->workflow);
	struct profile *bare;

	if (entry)
		return entry->profile;
	bare = arena_alloc(&desk->arena, sizeof *bare);
	*bare = (struct profile){
		.name = arena_strdup(&desk->arena, session->workflow),
		.title = arena_strdup(&desk->arena, session->workflow),
		.short_title = "",
		.provider = "",
		.source = "",
		.kind = session->kind,
		.subject_kinds = ~0u,
		.allows_other_documents = true,
		.manual_review = true,
		.parties = { .owner_threshold_percent = "", .workflow = "" },
		.level_initial = "",
		.level_approved = "",
		.four_eyes_from_risk = RISK_NONE,
		.custom_tags_json = "{}",
		.sha256 = "",
	};
	(void)entry_add(desk, &(const struct profile_entry){
				      .origin = PROFILE_FROM_NOTHING, .name = session->workflow, .profile = bare });
	return bare;
}

enum err desk_session_profile_or_empty(struct desk *desk, const struct session *session, const struct profile **out,
				       struct error *error)
{
	enum err err = desk_session_profile(desk, session, out, error);

	if (err != ERR_NOT_FOUND)
		return err;
	error_release(error);
	*out = empty_profile(desk, session);
	return ERR_OK;
}

enum err desk_profile_in_force(struct desk *desk, const struct session *session, const struct profile **own,
			       const struct profile **instead, struct error *error)
{
	struct error why = { 0 };
	enum err err = desk_session_profile_or_empty(desk, session, own, error);

	*instead = NULL;
	if (err || !session->workflow_row)
		return err;
	err = desk_profile(desk, session->workflow, instead, &why);
	if (err == ERR_STORE) {
		error_move(error, &why);
		return err;
	}
	/* Ignores other errors, so that the case can still be read: no workflow of this name is in force, or its
	 * file (in a sandbox) is invalid. */
	error_release(&why);
	if (err || !strcmp((*own)->sha256, (*instead)->sha256))
		*instead = NULL;
	return ERR_OK;
}

enum err desk_describe_rules(struct desk *desk, struct arena *arena, const struct session *session, const char **out,
			     struct error *error)
{
	const struct profile *own, *instead;
	enum err err = desk_profile_in_force(desk, session, &own, &instead, error);

	*out = "";
	if (!err && instead)
		*out = arena_printf(arena, "Runs under %s version %lld, %.12s; version %lld, %.12s, is in force",
				    session->workflow, (long long)own->version, own->sha256,
				    (long long)instead->version, instead->sha256);
	return err;
}

/* --- reasons: each set is a text of the store; in a sandbox a file in the folders overrides it --- */

#define ROW_OF_FILE (-1)

enum err reasons_load(struct arena *arena, const struct world *world, struct reasons *out, struct error *error)
{
	enum err err = ERR_OK;

	for (int set = 0; !err && set < REASON_SET_COUNT; set++) {
		struct strbuf text = STRBUF_INIT;
		const char *origin = "";
		const char *name = arena_printf(arena, "reasons/%s.json", reason_set_text((enum reason_set)set));

		err = resource_read(arena, world, name, &text, &origin, error);
		if (!err)
			err = reasons_read(arena, (enum reason_set)set,
					   &(struct json_source){ text.buf, text.len, origin }, out, error);
		strbuf_release(&text);
	}
	return err;
}

/* Reads the file of a set in a sandbox, once for each desk: a later change of the file counts only when the desk is
 * opened again. out NULL: only checks whether the file exists. */
static enum err read_reason_file(struct desk *desk, enum reason_set set, struct reasons *out, bool *found,
				 struct error *error)
{
	struct arena scratch = ARENA_INIT;
	struct strbuf text = STRBUF_INIT;
	const char *origin = "";
	enum err err = rules_read_from_folders(
		desk, &scratch, arena_printf(&scratch, "reasons/%s.json", reason_set_text(set)), &text, &origin, error);

	*found = !err && *origin;
	if (*found && out)
		err = reasons_read(&desk->arena, set, &(struct json_source){ text.buf, text.len, origin }, out, error);
	if (!err && *found && out)
		desk->reason_rows[set] = ROW_OF_FILE;
	strbuf_release(&text);
	arena_release(&scratch);
	return err;
}

static enum err read_installed_set(struct desk *desk, enum reason_set set, struct reasons *out, bool *changed,
				   struct error *error)
{
	struct arena scratch = ARENA_INIT;
	struct rule_text text;
	const char *name = reason_set_text(set);
	int64_t row = 0;
	enum err err = store_rule_find_current(desk->store, RULE_TEXT_REASONS, name, &row, error);

	if (!err && !row)
		err = error_set(error, ERR_STORE,
				"The store %s has no reasons \"%s\"; open it once for writing, or restore a backup",
				desk->store->path, name);
	if (err || row == desk->reason_rows[set])
		return err;
	err = store_rule_load(desk->store, &scratch, row, &text, error);
	if (!err)
		err = reasons_read(&desk->arena, set,
				   &(struct json_source){ text.body, text.length,
							  arena_printf(&scratch, "the installed reasons %s", name) },
				   out, error);
	if (!err) {
		desk->reason_rows[set] = row;
		*changed = true;
	}
	arena_release(&scratch);
	return err;
}

enum err rules_refresh(struct desk *desk, struct error *error)
{
	int64_t version = store_data_version(desk->store);
	struct reasons *fresh;
	bool changed = !desk->shared_reasons, found;
	enum err err = ERR_OK;

	if (desk->shared_reasons && desk->rules_version == version)
		return ERR_OK;
	fresh = arena_memdup(&desk->arena, &desk->reasons, sizeof *fresh);
	for (int set = 0; !err && set < REASON_SET_COUNT; set++) {
		if (!desk->shared_reasons && desk->store->sandbox)
			err = read_reason_file(desk, (enum reason_set)set, fresh, &found, error);
		if (!err && desk->reason_rows[set] != ROW_OF_FILE)
			err = read_installed_set(desk, (enum reason_set)set, fresh, &changed, error);
	}
	if (err)
		return err;
	desk->rules_version = version;
	if (!changed)
		return ERR_OK;
	/* Other threads may still read the former set, so it is kept as long as the desk. */
	desk->shared_reasons = fresh;
	desk->reasons = *fresh;
	return ERR_OK;
}

enum err rules_open(struct desk *desk, struct error *error)
{
	bool found = false;
	enum err err = ERR_OK;

	for (int set = 0; !err && !found && desk->store->sandbox && set < REASON_SET_COUNT; set++)
		err = read_reason_file(desk, (enum reason_set)set, NULL, &found, error);
	return err || !found ? err : rules_refresh(desk, error);
}

void rules_invalidate(struct desk *desk)
{
	desk->rules_version = -1;
}
