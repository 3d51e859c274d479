/* Compares a decision's evidence with its record. A writer to the database can change the evidence together with its
 * stored hash. The audit log also has the hash, and a change there breaks the chain. */
#include "use/first.h"
#include "use/refusal.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/codec/json.h"
#include "kybdesk/store/audit.h"

#include <string.h>

#define PAGE 200

/* The hash in a record of this decision, NULL if it is a record of something else. */
static const char *hash_in(struct arena *arena, const struct audit_event *event, int64_t number)
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

/* *out NULL: the audit log has no record of the decision. */
static enum err find_recorded(struct desk *desk, struct arena *arena, const char *session_id, int64_t number,
			      const char **hash, struct error *error)
{
	struct audit_filter filter = { .session_id = session_id, .limit = PAGE };
	struct audit_list page = { .count = PAGE };
	enum err err = ERR_OK;

	*hash = NULL;
	while (!err && !*hash && page.count == PAGE) {
		err = store_audit_list(desk->store, arena, &filter, &page, error);
		for (size_t i = 0; !err && !*hash && i < page.count; i++) {
			filter.after = page.items[i].seq;
			*hash = hash_in(arena, &page.items[i], number);
		}
	}
	return err;
}

enum err decision_check_recorded(struct desk *desk, struct arena *arena, const struct session *session,
				 const struct decision *decision, struct error *error)
{
	const char *recorded = NULL, *what = NULL;
	const char *hash = sha256_text(arena, decision->evidence_json, strlen(decision->evidence_json));
	enum err err = ERR_OK;

	/* An undo has no evidence; an imported decision was made elsewhere. */
	if (decision->imported || decision->kind == DECISION_UNDO)
		return ERR_OK;
	if (strcmp(hash, decision->evidence_sha256) != 0)
		what = "its hash differs from the stored one";
	else
		err = find_recorded(desk, arena, session->id, decision->number, &recorded, error);
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
