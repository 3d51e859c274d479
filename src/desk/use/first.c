/* The evidence of decisions, and the first of two approvals. */
#include "use/gatekeeping.h"
#include "use/looks.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/domain/ownership.h"

void evidence_make(const struct desk *desk, struct arena *arena, const struct case_file *file,
		   const struct gate_context *context, const struct first_approval *first, struct evidence *out)
{
	struct strbuf text = STRBUF_INIT;
	struct gate_context everyones = *context;
	const struct checklist_item *checklist;
	size_t count = 0;
	const struct evidence_rules rules = { .profile = context->profile,
					      .reasons = &desk->reasons,
					      .program_version = KYBDESK_RELEASE,
					      .first_approval = first,
					      .overrides = context->overrides };

	/* Omits data that only leads may know, since everyone may read the evidence. */
	if (role_at_least(context->role, ROLE_LEAD))
		everyones.role = ROLE_REVIEWER;
	everyones.is_suspicion_shown = false;
	checklist = gate_checklist(arena, file, &everyones, &count);
	evidence_write(&text, file, checklist, count, &rules);
	*out = (struct evidence){ .json = strbuf_to_arena(&text, arena),
				  .sha256 = sha256_text(arena, text.buf, text.len) };
	strbuf_release(&text);
}

/* --- changes since then --- */

#define CHANGES_MAX 5

/* Removes the keys of list elements, which may be about a person: "a[KEY].b" becomes "a.b". */
static const char *strip_element_keys(struct arena *arena, const char *path)
{
	char *out = arena_strdup(arena, strncmp(path, "case.", 5) ? path : path + 5), *to = out;
	int depth = 0;

	for (const char *from = out; *from; from++) {
		depth += *from == '[';
		if (!depth)
			*to++ = *from;
		depth -= *from == ']';
	}
	*to = '\0';
	return out;
}

static const char *change_text(struct arena *arena, const char *path, const struct json_difference *item)
{
	/* Members with values that are not about a person. */
	static const char *const shown[] = { "risk_score", "status", "program", "profile.version" };

	if (!texts_contain(shown, sizeof shown / sizeof *shown, path))
		return path;
	return arena_printf(arena, "%s from %s to %s", path, *item->before ? item->before : "none",
			    *item->after ? item->after : "none");
}

static const char *changes_text(struct arena *arena, const struct json_difference *items, size_t count)
{
	struct strbuf text = STRBUF_INIT;
	const char **named = arena_alloc_array(arena, count + 1, sizeof *named);
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const char *path = strip_element_keys(arena, items[i].path);

		/* Skips what is computed from other data of the case. */
		if (text_has_prefix(path, "checklist") || text_has_prefix(path, "overrides") ||
		    !strcmp(path, "acceptances_without_looks") || !strcmp(path, "sandbox_without_evidence") ||
		    texts_contain(named, found, path))
			continue;
		named[found++] = path;
		if (found <= CHANGES_MAX)
			strbuf_addf(&text, "%s%s",
				    found > 1 ? ", " : "changed since: ", change_text(arena, path, &items[i]));
	}
	if (!found)
		strbuf_adds(&text, "the conditions of the case changed since");
	else if (found > CHANGES_MAX)
		strbuf_addf(&text, " and %zu more", found - CHANGES_MAX);
	return strbuf_finish(&text, arena);
}

static enum err explain_changes(struct arena *arena, const struct decision *stored, const char *now,
				struct first_approval *first, struct error *error)
{
	struct json_difference *items = NULL;
	size_t count = 0;
	enum err err = json_diff(arena, stored->evidence_json, now, &items, &count, error);

	if (!err)
		first->invalid_reason = changes_text(arena, items, count);
	return err;
}

/* --- evidence and its record --- A program that writes to the database can change the evidence together with its
 * stored hash. The audit log also has the hash, and a change in the log breaks its chain. */

#define PAGE 200

/* Reads the hash of the evidence from a record of this decision. Returns NULL if the record is about something else. */
static const char *recorded_hash(struct arena *arena, const struct audit_event *event, int64_t number)
{
	struct json_value *detail = NULL;
	const char *hash = NULL;
	int64_t recorded = 0;

	if (!strstr(event->detail, "evidence_sha256") ||
	    json_read(event->detail, strlen(event->detail), &detail, NULL) != ERR_OK)
		return NULL;
	if (json_get_int(detail, "decision", &recorded) && recorded == number)
		hash = json_get_text(detail, "evidence_sha256");
	hash = hash ? arena_strdup(arena, hash) : NULL;
	json_free(detail);
	return hash;
}

/* Finds the recorded hash of the evidence. *hash NULL: the audit log has no record of the decision. */
static enum err find_recorded_hash(struct desk *desk, struct arena *arena, const char *session_id, int64_t number,
				   const char **hash, struct error *error)
{
	struct audit_filter filter = { .session_id = session_id, .limit = PAGE };
	struct audit_list page = { .count = PAGE };
	enum err err = ERR_OK;

	*hash = NULL;
	while (!err && !*hash && page.count == PAGE) {
		err = store_audit_list(desk->store, arena, &filter, &page, error);
		for (size_t i = 0; !err && !*hash && i < page.count; i++) {
			filter.after_seq = page.items[i].seq;
			*hash = recorded_hash(arena, &page.items[i], number);
		}
	}
	return err;
}

enum err decision_check_audit_hash(struct desk *desk, struct arena *arena, const struct session *session,
				   const struct decision *decision, struct error *error)
{
	const char *recorded = NULL, *what = NULL;
	const char *hash = sha256_text(arena, decision->evidence_json, strlen(decision->evidence_json));
	enum err err = ERR_OK;

	/* Skips an undo, which has no evidence, and an imported decision, which was made elsewhere. */
	if (decision->imported || decision->kind == DECISION_UNDO)
		return ERR_OK;
	if (strcmp(hash, decision->evidence_sha256) != 0)
		what = "its hash differs from the stored one";
	else
		err = find_recorded_hash(desk, arena, session->id, decision->number, &recorded, error);
	if (!err && !what && !recorded)
		what = "the audit log has no record of it";
	else if (!err && !what && strcmp(recorded, hash) != 0)
		what = "the audit log recorded another hash";
	if (err || !what)
		return err;
	return error_set(error, ERR_STORE,
			 "The evidence of decision %lld on %s was altered: %s. Do not rely on it; inspect the "
			 "store with: kybdesk doctor, kybdesk audit verify",
			 (long long)decision->number, session_label(arena, session), what);
}

/* --- whether the first approval still counts --- */

enum err first_approval_load_author(struct desk *desk, struct arena *arena, int64_t session,
				    struct first_approval *first, struct error *error)
{
	struct reviewer author = { 0 };
	bool contributed = false;
	enum err err = store_reviewer_find(desk->store, arena, first->by, &author, error);

	if (!err)
		err = contribution_exists(desk, arena, session, first->by, &contributed, error);
	if (err)
		return err;
	first->supervised = author.supervised;
	if (!author.row || author.disabled)
		first->invalid_reason = arena_printf(arena, "%s was disabled since", first->by);
	else if (!role_at_least(author.role, ROLE_REVIEWER))
		first->invalid_reason =
			arena_printf(arena, "%s can no longer approve, as %s", first->by, role_text(author.role));
	else if (contributed)
		first->invalid_reason = arena_printf(arena, "%s contributed to the case after approving it", first->by);
	return ERR_OK;
}

/* Sets first->invalid_reason if the audit log has no matching record: another program then wrote or changed the row. */
static enum err check_approval_audit_hash(struct desk *desk, struct arena *arena, const struct session *session,
					  const struct decision *stored, struct first_approval *first,
					  struct error *error)
{
	struct error altered = { 0 };
	enum err err = decision_check_audit_hash(desk, arena, session, stored, &altered);

	if (err && err != ERR_STORE) {
		error_move(error, &altered);
		return err;
	}
	if (err)
		first->invalid_reason = "it differs from the audit log; inspect the store with: kybdesk audit verify";
	error_release(&altered);
	return ERR_OK;
}

static enum err compare(struct desk *desk, struct arena *arena, int64_t session, const struct gate_context *context,
			struct first_approval *first, struct error *error)
{
	struct gate_context fresh = *context;
	struct case_file file;
	struct decision stored;
	struct evidence now;
	enum err err = desk_case_load(desk, arena, session, &file, error);

	if (err)
		return err;
	ownership_compute(arena, &file, context->profile, NULL);
	err = desk_gate_load_related_facts(desk, arena, &file, &fresh, error);
	if (!err)
		err = store_decision_load(desk->store, arena, session, first->number, &stored, error);
	if (err)
		return err;
	fresh.first_approval = NULL;
	err = desk_overrides(desk, arena, &file, fresh.sandbox, &fresh.overrides, error);
	if (err)
		return err;
	evidence_make(desk, arena, &file, &fresh, NULL, &now);
	if (strcmp(now.sha256, first->evidence_sha256) != 0)
		return explain_changes(arena, &stored, now.json, first, error);
	return check_approval_audit_hash(desk, arena, &file.session, &stored, first, error);
}

enum err first_approval_find(struct desk *desk, struct arena *arena, const struct case_file *file,
			     struct gate_context *context, struct error *error)
{
	const struct decision *decision = case_first_approval(file);
	struct first_approval *first;
	enum err err;

	context->first_approval = NULL;
	if (!decision)
		return ERR_OK;
	first = arena_alloc(arena, sizeof *first);
	*first = (struct first_approval){ .number = decision->number,
					  .by = decision->by,
					  .at = decision->at,
					  .evidence_sha256 = decision->evidence_sha256,
					  .invalid_reason = "" };
	err = first_approval_load_author(desk, arena, file->session.row, first, error);
	if (!err && !*first->invalid_reason)
		err = compare(desk, arena, file->session.row, context, first, error);
	context->first_approval = first;
	return err;
}
