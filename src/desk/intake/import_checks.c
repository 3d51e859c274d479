/* Imports new hits even from a refused line. If the line is about a stored session, each check is read from the
 * text of the line and reported separately, since other parts of the line may be unreadable. The audit log of the
 * case records the refused parts as "import.refuse". */
#include "import_internal.h"

#define IMPORT_REFUSE_ACTION "import.refuse"

struct checks_import {
	struct import_run *run;
	struct arena *arena;
	const struct json_value *root; /* the line */
	int64_t row;		       /* row of the line's session */
	size_t imported_check_count;
};

static void copy_members(struct json_value *out, const struct json_value *from, const char *const *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct json_value *value = json_get(from, keys[i]);

		if (value && !json_value_is_null(value))
			json_set(out, keys[i], json_clone(value));
	}
}

/* Copies the members that identify the session, and adds placeholders for the other required members. */
static struct json_value *session_ids_json(const struct json_value *root)
{
	static const char *const keys[] = { "id", "external_ref", "workflow", "merchant" };
	struct json_value *out = json_new_object(), *subject = json_new_object();

	copy_members(out, root, keys, sizeof keys / sizeof *keys);
	JSON_ADD(out, { "kind", AS_TEXT(session_kind_text(KIND_KYC)) },
		 { "status", AS_TEXT(session_status_text(SESSION_DRAFT)) });
	JSON_ADD(subject, { "kind", AS_TEXT(subject_kind_text(SUBJECT_INDIVIDUAL)) }, { "name", AS_TEXT("-") });
	json_set(out, "subject", subject);
	return out;
}

static struct json_value *wrap_in_list(struct json_value *item)
{
	struct json_value *list = json_new_array();

	json_append(list, item);
	return list;
}

/* Makes a line with the identity and only this check, which belongs to the session itself or to a party's session. */
static struct json_value *new_check_line(const struct checks_import *import, const struct json_value *party,
					 struct json_value *check)
{
	static const char *const party_keys[] = { "id", "kind", "name", "date_of_birth" };
	static const char *const session_keys[] = { "id", "workflow" };
	struct json_value *out = session_ids_json(import->root), *one, *session;

	if (!party) {
		json_set(out, "checks", wrap_in_list(check));
		return out;
	}
	one = json_new_object();
	session = json_new_object();
	copy_members(one, party, party_keys, sizeof party_keys / sizeof *party_keys);
	copy_members(session, json_get(party, "session"), session_keys, sizeof session_keys / sizeof *session_keys);
	JSON_ADD(session, { "status", AS_TEXT(session_status_text(SESSION_DRAFT)) }, { "checks", wrap_in_list(check) });
	json_set(one, "session", session);
	json_set(out, "parties", wrap_in_list(one));
	return out;
}

/* Takes ownership of line. */
static enum err parse_check_line(const struct checks_import *import, struct json_value *line,
				 struct session_document *out, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	enum err err;

	json_write(&text, line, JSON_COMPACT_LAYOUT, false);
	json_free(line);
	err = session_read(import->arena, text.buf, text.len, desk_countries(import->run->desk), out, error);
	strbuf_release(&text);
	return err;
}

/* Finds the session of the check, and sets the ids that its stored checks have. *file NULL: the party has no
 * session. */
static enum err find_target_session(struct checks_import *import, struct session_document *document,
				    struct case_file **file, int64_t *row, struct error *error)
{
	struct import_run *run = import->run;
	struct import_present_case *present;
	struct case_file holder;
	const struct party *party;
	enum err err = import_find_session(run, &document->file.session, row, error);

	*file = &document->file;
	if (!err)
		err = import_load_present(run, *file, &present, error);
	if (err)
		return err;
	import_set_ids(present, import->arena, *file);
	if (!document->file.party_count)
		return ERR_OK;
	err = desk_case_load(run->desk, import->arena, *row, &holder, error);
	if (err)
		return err;
	party = case_party(&holder, document->file.parties[0].id);
	*file = party && party->session_row ? document->subsessions[0] : NULL;
	if (!*file)
		return ERR_OK;
	if (*(*file)->session.id)
		err = import_check_same_child(import->arena, party, &(*file)->session, 0, error);
	(*file)->session.id = party->session_id;
	*row = party->session_row;
	if (!err)
		err = import_load_present(run, *file, &present, error);
	if (!err)
		import_set_ids(present, import->arena, *file);
	return err;
}

static enum err merge_checks(struct checks_import *import, int64_t row, struct case_file *file, struct error *error)
{
	struct store *store = import->run->desk->store;
	bool taken = false;
	enum err err = store_begin(store, STORE_WRITE, error);

	if (err)
		return err;
	err = import_merge_checks(import->run, &(struct import_target){ row, file, NULL }, &taken, error);
	if (err || !taken) {
		store_rollback(store);
		return err;
	}
	import->imported_check_count++;
	return store_commit(store, error);
}

/* Takes ownership of line. *read: whether the check was readable. A refused check is not an error. */
static enum err import_check_line(struct checks_import *import, struct json_value *line, bool *read,
				  struct error *error)
{
	struct session_document document = { 0 };
	struct error refusal = { 0 };
	struct case_file *file = NULL;
	int64_t row = 0;
	enum err err = parse_check_line(import, line, &document, &refusal);

	*read = !err;
	if (!err)
		err = find_target_session(import, &document, &file, &row, &refusal);
	import_end_read(import->run);
	if (!err && row && file)
		err = merge_checks(import, row, file, &refusal);
	return error_move_system_failure(err, &refusal, error);
}

/* Imports each hit separately, so that one bad hit does not hide the good hits of the check. */
static enum err import_each_hit(struct checks_import *import, const struct json_value *party,
				const struct json_value *check, struct error *error)
{
	const struct json_value *hits = json_get(check, "hits");
	const char *kind = json_get_text(check, "kind");
	enum err err = ERR_OK;
	bool read;

	for (size_t i = 0; !err && kind && hits && json_is_array(hits) && i < json_count(hits); i++) {
		struct json_value *one =
			JSON_FROM({ "kind", AS_TEXT(kind) }, { "status", AS_TEXT(check_status_text(CHECK_HIT)) },
				  { "hits", wrap_in_list(json_clone(json_at(hits, i))) });

		err = import_check_line(import, new_check_line(import, party, one), &read, error);
	}
	return err;
}

static enum err import_each_check(struct checks_import *import, const struct json_value *party,
				  const struct json_value *session, struct error *error)
{
	const struct json_value *checks = session && json_is_object(session) ? json_get(session, "checks") : NULL;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && checks && json_is_array(checks) && i < json_count(checks); i++) {
		const struct json_value *check = json_at(checks, i);
		bool read = false;

		err = import_check_line(import, new_check_line(import, party, json_clone(check)), &read, error);
		if (!err && !read && json_is_object(check))
			err = import_each_hit(import, party, check, error);
	}
	return err;
}

static enum err import_all_checks(struct checks_import *import, struct error *error)
{
	const struct json_value *parties = json_get(import->root, "parties");
	enum err err = import_each_check(import, NULL, import->root, error);

	for (size_t i = 0; !err && parties && json_is_array(parties) && i < json_count(parties); i++) {
		const struct json_value *party = json_at(parties, i);

		if (json_is_object(party))
			err = import_each_check(import, party, json_get(party, "session"), error);
	}
	return err;
}

/* --- refused parts --- */

static enum err find_child_refusals(struct checks_import *import, struct import_line *line, size_t place,
				    struct import_refusals *out, struct error *error)
{
	struct session_document *document = &line->document;
	struct case_file *child = document->subsessions ? document->subsessions[place] : NULL;
	const struct profile *profile = NULL;
	struct case_file holder;
	const struct party *party;
	enum err err = ERR_OK;

	if (!child)
		return ERR_OK;
	err = import_begin_read(import->run, error);
	if (!err)
		err = desk_case_load(import->run->desk, import->arena, import->row, &holder, error);
	party = err ? NULL : case_party(&holder, document->file.parties[place].id);
	if (party && party->session_row)
		err = desk_profile(import->run->desk, child->session.workflow, &profile, error);
	import_end_read(import->run);
	if (err || !party || !party->session_row)
		return err;
	return import_merge_find_refusals(import->run, &(struct import_target){ party->session_row, child, profile },
					  arena_printf(import->arena, "parties[%zu].session.", place), out, error);
}

/* Tries each part of a prepared line. If the line could not be prepared, only the path in `why` is refused. */
static enum err find_refusals(struct checks_import *import, struct import_line *line, const struct error *why,
			      struct import_refusals *out, struct error *error)
{
	struct session_document *document = &line->document;
	bool named = false;
	enum err err = ERR_OK;

	if (line->code == ERR_OK && line->profile && !line->is_unchanged) {
		err = import_merge_find_refusals(import->run,
						 &(struct import_target){ import->row, &document->file, line->profile },
						 "", out, error);
		for (size_t i = 0; !err && i < document->file.party_count; i++)
			err = find_child_refusals(import, line, i, out, error);
	}
	for (size_t i = 0; why->field && i < out->count; i++)
		named = named || strstr(out->paths[i], why->field);
	if (!err && !named && (!out->count || why->field))
		import_refusal_add(out, "", why->field && *why->field ? why->field : "line");
	return err;
}

/* Whether a recent audit record of the session already contains the refusal of the same line. */
static enum err find_refusal_record(struct checks_import *import, const struct session *session, const char *sha256,
				    bool *out, struct error *error)
{
	enum { LOOKED_AT = 32 };
	const struct audit_filter filter = { .session_id = session->id, .limit = LOOKED_AT };
	struct audit_list list = { 0 };
	enum err err = store_audit_list(import->run->desk->store, import->arena, &filter, &list, error);

	for (size_t i = 0; !err && i < list.count; i++)
		*out = *out ||
		       (!strcmp(list.items[i].action, IMPORT_REFUSE_ACTION) && strstr(list.items[i].detail, sha256));
	return err;
}

static enum err record_import(struct checks_import *import, const char *sha256, const struct import_refusals *refusals,
			      struct error *error)
{
	struct desk *desk = import->run->desk;
	struct session session;
	bool recorded = false;
	enum err err = store_begin(desk->store, STORE_WRITE, error);

	if (err)
		return err;
	err = store_session_load(desk->store, import->arena, import->row, &session, error);
	if (!err && !import->imported_check_count)
		err = find_refusal_record(import, &session, sha256, &recorded, error);
	if (!err && !recorded) {
		err = desk_write_record(desk, IMPORT_REFUSE_ACTION, &session,
					JSON_FROM({ "refused", json_new_texts(refusals->paths, refusals->count) },
						  { "checks_taken", AS_INT((int64_t)import->imported_check_count) },
						  { "line_sha256", AS_TEXT(sha256) }),
					error);
	}
	if (err || recorded) {
		store_rollback(desk->store);
		return err;
	}
	return store_commit(desk->store, error);
}

static enum err find_session(struct checks_import *import, struct error *error)
{
	struct session_document document = { 0 };
	struct error refusal = { 0 };
	enum err err = parse_check_line(import, session_ids_json(import->root), &document, &refusal);

	if (!err)
		err = import_begin_read(import->run, &refusal);
	if (!err)
		err = import_find_session(import->run, &document.file.session, &import->row, &refusal);
	import_end_read(import->run);
	if (err)
		import->row = 0;
	return error_move_system_failure(err, &refusal, error);
}

enum err import_checks_only(struct import_run *run, struct import_line *line, const struct error *why, size_t *taken,
			    struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct json_value *root = NULL;
	struct checks_import import = { .run = run, .arena = &arena };
	struct import_refusals refusals = { .arena = &arena };
	struct arena *outer = run->arena;
	enum err err = ERR_OK;

	*taken = 0;
	run->arena = &arena;
	if (json_read(line->text, line->length, &root, NULL) || !json_is_object(root))
		goto out;
	import.root = root;
	err = find_session(&import, error);
	if (err || !import.row)
		goto out;
	err = import_all_checks(&import, error);
	if (!err)
		err = find_refusals(&import, line, why, &refusals, error);
	if (!err)
		err = record_import(&import, sha256_text(&arena, line->text, line->length), &refusals, error);
	*taken = import.imported_check_count;
out:
	run->arena = outer;
	json_free(root);
	arena_release(&arena);
	return err;
}
