/* Compares sessions, decisions and levels with the audit log. Two statements read a batch of subjects, both in the
 * order of subject and session: one reads sessions with their records, one reads decisions. The log is assumed to
 * be valid: audit_verify.c verifies it. */
#include "flat_json.h"
#include "columns.h"
#include "kybdesk/store/audit.h"

#include <stdlib.h>
#include <string.h>

#define BATCH 500
#define FIRST_APPROVAL "session.approve_first"
#define FIRST_REJECTION "session.reject_first"
/* The time of a record is slightly later than the time of its change; both are written in one transaction. */
#define RECORD_DELAY_MAX_MS 60000

STATEMENT(sql_last, "audit_compare.last",
	  "SELECT max(id) FROM (SELECT id FROM subject WHERE id > $1 ORDER BY id LIMIT $2) AS batch");
STATEMENT(sql_records, "audit_compare.records",
	  "SELECT u.id, u.uid, u.level, u.level_brought, s.id, s.uuid, s.external_ref, s.status, s.final_decision, "
	  "s.decided_by, s.decided_at, s.decision_reason, a.seq, a.at, a.actor, a.action, a.detail FROM subject AS "
	  "u LEFT JOIN session AS s ON s.subject_id = u.id LEFT JOIN audit_event AS a ON a.session_id = s.uuid AND "
	  "a.action >= 'session.' AND a.action < 'session/' WHERE u.id > $1 AND u.id <= $2 ORDER BY u.id, s.id, "
	  "a.seq");
STATEMENT(sql_decisions, "audit_compare.decisions",
	  "SELECT s.id, d.number, d.kind, d.decided_by, d.decided_at, d.reason, d.retryable, d.undone, d.imported, "
	  "d.evidence_sha256, d.first_approval FROM subject AS u JOIN session AS s ON s.subject_id = u.id JOIN "
	  "decision AS d ON d.session_id = s.id WHERE u.id > $1 AND u.id <= $2 ORDER BY u.id, s.id, d.number");

enum {
	SUBJECT_COLUMN_ROW,
	SUBJECT_COLUMN_UID,
	SUBJECT_COLUMN_LEVEL,
	SUBJECT_COLUMN_IMPORTED,
	SESSION_COLUMN_ROW,
	SESSION_COLUMN_UUID,
	SESSION_COLUMN_REFERENCE,
	SESSION_COLUMN_STATUS,
	SESSION_COLUMN_FINAL_DECISION,
	SESSION_COLUMN_DECIDED_BY,
	SESSION_COLUMN_DECIDED_AT,
	SESSION_COLUMN_REASON,
	RECORD_COLUMN_SEQ,
	RECORD_COLUMN_AT,
	RECORD_COLUMN_ACTOR,
	RECORD_COLUMN_ACTION,
	RECORD_COLUMN_DETAIL
};

struct stored_decision {
	int64_t session, number, at;
	const char *kind, *by, *reason, *evidence_sha256;
	bool retryable, undone, imported, is_first_of_two;
};

/* The decision in a record. */
struct logged_decision {
	int64_t seq, number, at;
	const char *kind, *by, *reason, *evidence_sha256;
	bool retryable, undone, found;
	bool is_first_of_two; /* the first of two approvals, which changes no status */
};

struct compared_subject {
	int64_t row, level_seq;
	const char *uid, *level, *imported_level;
	const char *logged_level; /* level in the last record with a level; NULL: no record has a level */
	bool begun, arrived_approved;
};

struct compared_session {
	int64_t row, decided_at, status_seq;
	const char *id, *label, *status, *final_decision, *decided_by, *reason;
	const char *logged_status; /* status in the last record with a status; NULL: no record has a status */
	bool begun, recorded;
	struct logged_decision *decisions, *undos;
	size_t decision_count, decision_capacity, undo_count, undo_capacity;
};

struct comparison {
	struct store *store;
	struct audit_comparison *out;
	struct arena arena; /* arena of the batch */
	struct stored_decision *decisions;
	size_t decision_count, next_decision;
	struct compared_subject subject;
	struct compared_session session;
};

static void report_diff(struct comparison *comparison, const char *session, const char *sentence)
{
	const struct audit_difference difference = { .session = session, .sentence = sentence };

	comparison->out->on_difference(comparison->out->context, &difference);
}

#define REPORT_SESSION_DIFF(comparison, ...)                                                                           \
	report_diff((comparison), (comparison)->session.id, arena_printf(&(comparison)->arena, __VA_ARGS__))

/* --- reading the log --- */

/* The kind of decision that a record with this action describes; NULL: the action is not a decision. */
static const char *decision_kind_of(const char *action)
{
	static const struct {
		const char *action;
		enum decision_kind kind;
	} kinds[] = { { "session.approve", DECISION_APPROVE },
		      { FIRST_APPROVAL, DECISION_APPROVE },
		      { FIRST_REJECTION, DECISION_REJECT },
		      { "session.reject", DECISION_REJECT },
		      { "session.corrections", DECISION_CORRECTIONS },
		      { "session.reopen", DECISION_REOPEN },
		      { "session.undo", DECISION_UNDO },
		      { "session.undo_first", DECISION_UNDO },
		      { "session.hold", DECISION_UNDO } };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].action, action))
			return decision_kind_text(kinds[i].kind);
	return NULL;
}

static void read_status(struct compared_session *session, struct compared_subject *subject, struct arena *arena,
			int64_t seq, const char *action, const char *detail)
{
	const char *to = flat_read_member(arena, detail, "to");
	enum session_status status;

	if (!strcmp(action, "session.open")) {
		to = session_status_text(SESSION_DRAFT);
	} else if (!strcmp(action, "session.import")) {
		const char *result = flat_read_member(arena, detail, "result");

		/* If an import line updates a case, each verb of the update has a record of its own, so the status
		 * comes from these records. */
		to = result && !strcmp(result, "updated") ? NULL : flat_read_member(arena, detail, "status");
		if (to && !strcmp(to, session_status_text(SESSION_APPROVED)))
			subject->arrived_approved = true;
	}
	if (!to || !session_status_parse(to, &status))
		return;
	session->logged_status = to;
	session->status_seq = seq;
}

static void read_level(struct compared_subject *subject, struct arena *arena, int64_t seq, const char *detail)
{
	const char *level = flat_read_member(arena, detail, "level_to");

	level = level ? level : flat_read_member(arena, detail, "level");
	/* An empty "level" in a record without "level_to" is skipped: the workflow has no levels, and the
	 * subject's level may come from a session that was erased. */
	if (level && !*level && !flat_read_member(arena, detail, "level_to"))
		return;
	if (!level || seq < subject->level_seq)
		return;
	subject->logged_level = level;
	subject->level_seq = seq;
}

static void read_decision(struct compared_session *session, struct arena *arena, const struct query *query,
			  const char *kind, const char *detail)
{
	const char *number = flat_read_member(arena, detail, "decision");
	const char *reason = flat_read_member(arena, detail, "reason");
	const char *retryable = flat_read_member(arena, detail, "retryable");
	const char *evidence = flat_read_member(arena, detail, "evidence_sha256");
	const struct logged_decision logged = {
		.seq = row_int(query, RECORD_COLUMN_SEQ),
		.number = number ? strtoll(number, NULL, 10) : 0,
		.at = row_int(query, RECORD_COLUMN_AT),
		.kind = kind,
		.by = row_text(query, RECORD_COLUMN_ACTOR, arena),
		.reason = reason ? reason : "",
		.evidence_sha256 = evidence ? evidence : "",
		.retryable = retryable && !strcmp(retryable, "true"),
		.is_first_of_two = !strcmp(row_text_view(query, RECORD_COLUMN_ACTION), FIRST_APPROVAL) ||
				   !strcmp(row_text_view(query, RECORD_COLUMN_ACTION), FIRST_REJECTION)
	};

	if (strcmp(kind, decision_kind_text(DECISION_UNDO)) != 0) {
		*ARENA_PUSH(arena, session->decisions, session->decision_count, session->decision_capacity) = logged;
		return;
	}
	for (size_t i = 0; i < session->decision_count; i++)
		if (session->decisions[i].number == logged.number)
			session->decisions[i].undone = true;
	*ARENA_PUSH(arena, session->undos, session->undo_count, session->undo_capacity) = logged;
}

static void read_record(struct comparison *comparison, const struct query *query)
{
	struct compared_session *session = &comparison->session;
	struct arena *arena = &comparison->arena;
	int64_t seq = row_int(query, RECORD_COLUMN_SEQ);
	const char *action = row_text(query, RECORD_COLUMN_ACTION, arena),
		   *detail = row_text(query, RECORD_COLUMN_DETAIL, arena);
	const char *kind = decision_kind_of(action);

	session->recorded = true;
	read_status(session, &comparison->subject, arena, seq, action, detail);
	read_level(&comparison->subject, arena, seq, detail);
	if (kind)
		read_decision(session, arena, query, kind, detail);
}

/* --- the comparison --- */

static bool is_decided(const char *status)
{
	return !strcmp(status, session_status_text(SESSION_APPROVED)) ||
	       !strcmp(status, session_status_text(SESSION_REJECTED));
}

static void compare_status(struct comparison *comparison)
{
	const struct compared_session *session = &comparison->session;

	/* A new subsession has no separate record: the record of its parent describes it. */
	if (!session->logged_status && !strcmp(session->status, session_status_text(SESSION_DRAFT)))
		return;
	if (!session->logged_status)
		REPORT_SESSION_DIFF(comparison, "%s is %s, but no audit record explains this status", session->label,
				    session->status);
	else if (strcmp(session->logged_status, session->status) != 0)
		REPORT_SESSION_DIFF(comparison, "%s is %s, but its last audit record, %lld, has the status %s",
				    session->label, session->status, (long long)session->status_seq,
				    session->logged_status);
}

static bool is_near_time(int64_t at, int64_t recorded)
{
	return at <= recorded && at >= recorded - RECORD_DELAY_MAX_MS;
}

/* Compares a decided session with its last recorded decision, if the log has one. */
static void compare_last_decision(struct comparison *comparison)
{
	const struct compared_session *session = &comparison->session;
	const struct logged_decision *last = NULL;
	const char *what = NULL;

	for (size_t i = 0; i < session->decision_count; i++)
		last = session->decisions[i].undone || session->decisions[i].is_first_of_two ? last
											     : &session->decisions[i];
	if (!last || !is_decided(session->status) || !session->logged_status ||
	    strcmp(session->logged_status, session->status) != 0)
		return;
	if (strcmp(last->kind, decision_kind_text(DECISION_APPROVE)) != 0 &&
	    strcmp(last->kind, decision_kind_text(DECISION_REJECT)) != 0)
		return;
	if (strcmp(last->by, session->decided_by) != 0)
		what = "another person decided the case";
	else if (strcmp(last->reason, session->reason) != 0)
		what = "the reason of the decision differs";
	else if (strcmp(session->final_decision, session->status) != 0)
		what = "the outcome of the decision differs";
	else if (!is_near_time(session->decided_at, last->at))
		what = "the case was decided at another time";
	if (what)
		REPORT_SESSION_DIFF(comparison, "%s differs from audit record %lld; in the record, %s", session->label,
				    (long long)last->seq, what);
}

static const char *decision_difference(const struct stored_decision *stored, const struct logged_decision *logged)
{
	bool reasoned = !strcmp(logged->kind, decision_kind_text(DECISION_REJECT));

	if (strcmp(stored->kind, logged->kind) != 0)
		return "the kind of the decision differs";
	if (stored->is_first_of_two != logged->is_first_of_two)
		return logged->is_first_of_two ? "the decision is the first of two approvals"
					       : "the decision is not the first of two approvals";
	if (strcmp(stored->by, logged->by) != 0)
		return "another person made the decision";
	if (reasoned && strcmp(stored->reason, logged->reason) != 0)
		return "the reason of the decision differs";
	if (reasoned && stored->retryable != logged->retryable)
		return "the retryable flag of the decision differs";
	if (strcmp(stored->evidence_sha256, logged->evidence_sha256) != 0)
		return "the evidence of the decision differs";
	if (!is_near_time(stored->at, logged->at))
		return "the decision was made at another time";
	if (stored->undone != logged->undone)
		return logged->undone ? "the decision was undone" : "the decision was not undone";
	return NULL;
}

static void compare_decision(struct comparison *comparison, const struct stored_decision *stored, size_t *undo)
{
	struct compared_session *session = &comparison->session;
	struct logged_decision *logged = NULL;
	const char *what;

	if (!strcmp(stored->kind, decision_kind_text(DECISION_UNDO))) {
		logged = *undo < session->undo_count ? &session->undos[(*undo)++] : NULL;
	} else {
		for (size_t i = 0; i < session->decision_count && !logged; i++)
			if (session->decisions[i].number == stored->number)
				logged = &session->decisions[i];
	}
	if (!logged) {
		REPORT_SESSION_DIFF(comparison, "%s has a decision %lld (%s by %s) that the audit log does not record",
				    session->label, (long long)stored->number, stored->kind, stored->by);
		return;
	}
	logged->found = true;
	what = decision_difference(stored, logged);
	if (what)
		REPORT_SESSION_DIFF(comparison,
				    "%s has a decision %lld that differs from audit record %lld; in the record, %s",
				    session->label, (long long)stored->number, (long long)logged->seq, what);
}

static void report_lost_decisions(struct comparison *comparison, const struct logged_decision *items, size_t count)
{
	const struct compared_session *session = &comparison->session;

	for (size_t i = 0; i < count; i++)
		if (!items[i].found)
			REPORT_SESSION_DIFF(comparison, "%s lacks the decision of audit record %lld (%s by %s)",
					    session->label, (long long)items[i].seq, items[i].kind, items[i].by);
}

static void finish_session(struct comparison *comparison)
{
	struct compared_session *session = &comparison->session;
	size_t undo = 0;

	if (!session->begun)
		return;
	comparison->out->sessions++;
	compare_status(comparison);
	compare_last_decision(comparison);
	while (comparison->next_decision < comparison->decision_count &&
	       comparison->decisions[comparison->next_decision].session == session->row) {
		const struct stored_decision *stored = &comparison->decisions[comparison->next_decision++];

		/* An imported decision has no separate record: only the import of its case is recorded. */
		if (stored->imported && session->recorded)
			continue;
		comparison->out->decisions++;
		compare_decision(comparison, stored, &undo);
	}
	report_lost_decisions(comparison, session->decisions, session->decision_count);
	report_lost_decisions(comparison, session->undos, session->undo_count);
	*session = (struct compared_session){ 0 };
}

/* Records of imports by older versions lack the level. The level is then the imported level of the subject, or the
 * level of an imported approval. */
static void finish_subject(struct comparison *comparison)
{
	struct compared_subject *subject = &comparison->subject;
	struct arena *arena = &comparison->arena;

	if (subject->begun && subject->logged_level && strcmp(subject->logged_level, subject->level) != 0)
		report_diff(comparison, "",
			    arena_printf(arena, "the user %s has the level \"%s\", but audit record %lld has \"%s\"",
					 subject->uid, subject->level, (long long)subject->level_seq,
					 subject->logged_level));
	else if (subject->begun && !subject->logged_level && *subject->imported_level && !subject->arrived_approved &&
		 strcmp(subject->imported_level, subject->level) != 0)
		report_diff(comparison, "",
			    arena_printf(arena,
					 "the user %s has the level \"%s\", but was imported with \"%s\", and no audit "
					 "record changed the level",
					 subject->uid, subject->level, subject->imported_level));
	*subject = (struct compared_subject){ 0 };
}

/* --- reading --- */

static void begin_subject(struct comparison *comparison, const struct query *query)
{
	struct arena *arena = &comparison->arena;

	finish_session(comparison);
	finish_subject(comparison);
	comparison->subject =
		(struct compared_subject){ .begun = true,
					   .row = row_int(query, SUBJECT_COLUMN_ROW),
					   .uid = row_text(query, SUBJECT_COLUMN_UID, arena),
					   .level = row_text(query, SUBJECT_COLUMN_LEVEL, arena),
					   .imported_level = row_text(query, SUBJECT_COLUMN_IMPORTED, arena) };
}

static void begin_session(struct comparison *comparison, const struct query *query)
{
	struct arena *arena = &comparison->arena;
	struct compared_session *session = &comparison->session;

	finish_session(comparison);
	*session = (struct compared_session){ .begun = true,
					      .row = row_int(query, SESSION_COLUMN_ROW),
					      .id = row_text(query, SESSION_COLUMN_UUID, arena),
					      .label = row_text(query, SESSION_COLUMN_REFERENCE, arena),
					      .status = row_text(query, SESSION_COLUMN_STATUS, arena),
					      .final_decision = row_text(query, SESSION_COLUMN_FINAL_DECISION, arena),
					      .decided_by = row_text(query, SESSION_COLUMN_DECIDED_BY, arena),
					      .decided_at = row_time(query, SESSION_COLUMN_DECIDED_AT),
					      .reason = row_text(query, SESSION_COLUMN_REASON, arena) };
	if (!*session->label)
		session->label = session->id;
}

static void read_row(struct comparison *comparison, const struct query *query)
{
	if (!comparison->subject.begun || row_int(query, SUBJECT_COLUMN_ROW) != comparison->subject.row)
		begin_subject(comparison, query);
	if (row_is_null(query, SESSION_COLUMN_ROW))
		return;
	if (!comparison->session.begun || row_int(query, SESSION_COLUMN_ROW) != comparison->session.row)
		begin_session(comparison, query);
	if (!row_is_null(query, RECORD_COLUMN_SEQ))
		read_record(comparison, query);
}

static enum err read_decisions(struct comparison *comparison, int64_t after, int64_t until, struct error *error)
{
	struct arena *arena = &comparison->arena;
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err =
		db_select(comparison->store->db, &sql_decisions, PARAMS(db_int(after), db_int(until)), &query, error);

	comparison->decisions = NULL;
	comparison->decision_count = comparison->next_decision = 0;
	while (query_fetch_row(&query, &err, error))
		*ARENA_PUSH(arena, comparison->decisions, comparison->decision_count, capacity) =
			(struct stored_decision){ .session = row_int(query, 0),
						  .number = row_int(query, 1),
						  .kind = row_text(query, 2, arena),
						  .by = row_text(query, 3, arena),
						  .at = row_int(query, 4),
						  .reason = row_text(query, 5, arena),
						  .retryable = row_int(query, 6) != 0,
						  .undone = row_int(query, 7) != 0,
						  .imported = row_int(query, 8) != 0,
						  .evidence_sha256 = row_text(query, 9, arena),
						  .is_first_of_two = row_int(query, 10) != 0 };
	return err;
}

static enum err compare_batch(struct comparison *comparison, int64_t after, int64_t until, struct error *error)
{
	struct query *query = NULL;
	enum err err = read_decisions(comparison, after, until, error);

	if (!err)
		err = db_select(comparison->store->db, &sql_records, PARAMS(db_int(after), db_int(until)), &query,
				error);
	while (query_fetch_row(&query, &err, error))
		read_row(comparison, query);
	if (!err) {
		finish_session(comparison);
		finish_subject(comparison);
	}
	arena_reset(&comparison->arena);
	return err;
}

/* Finds the last subject of the next batch, which has at most BATCH subjects with ids greater than `after`. */
static enum err find_batch_end(struct store *store, int64_t after, int64_t *last, bool *found, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_last, PARAMS(db_int(after), db_int(BATCH)), &query, error);

	*found = false;
	if (query_fetch_row(&query, &err, error) && !row_is_null(query, 0)) {
		*last = row_int(query, 0);
		*found = true;
	}
	query_end(query);
	return err;
}

static enum err compare_all_batches(struct comparison *comparison, struct error *error)
{
	int64_t after = INT64_MIN, last = 0;
	bool found = true;
	enum err err = ERR_OK;

	while (!err && found) {
		err = find_batch_end(comparison->store, after, &last, &found, error);
		if (!err && found)
			err = compare_batch(comparison, after, last, error);
		after = last;
	}
	return err;
}

enum err store_audit_compare(struct store *store, struct audit_comparison *out, struct error *error)
{
	struct comparison comparison = { .store = store, .out = out, .arena = ARENA_INIT };
	bool own = store->db->depth == 0;
	enum err err = own ? store_begin(store, STORE_READ, error) : ERR_OK;

	out->sessions = out->decisions = 0;
	if (err)
		return err;
	err = out->subject ? compare_batch(&comparison, out->subject - 1, out->subject, error)
			   : compare_all_batches(&comparison, error);
	arena_release(&comparison.arena);
	if (own)
		store_rollback(store);
	return err;
}
