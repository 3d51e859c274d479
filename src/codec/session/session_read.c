#include "session_read.h"
#include "kybdesk/codec/lists_codec.h"

#include <string.h>

/* --- checks with their hits, and the history: corrections, decisions, notes --- */

static void hit_read(struct session_reader *session, const struct node *item, enum check_kind kind, struct hit *hit)
{
	const struct row_object row = { session, item, &hit_columns, hit };
	columns_init(&hit_columns, hit);
	/* If a hit has no type, the gravest type that the check can find is used. */
	hit->class_ = kind == CHECK_ADVERSE_MEDIA ? HIT_ADVERSE_MEDIA : HIT_SANCTIONS;
	if (row_object_read(&row))
		hit->class_ = hit_classify(session->reader.arena, kind, hit);
}

static void hits_read(struct session_reader *session, const struct node *item, struct case_file *file,
		      struct check *check)
{
	struct reader *reader = &session->reader;
	const struct node array = node_member(item, "hits");
	size_t count = expect_part_count(session, &array, CASE_HITS_MAX - session->hit_count);
	session->hit_count += count;
	check->hits = arena_alloc_array(reader->arena, count, sizeof *check->hits);
	for (size_t i = 0; i < count; i++) {
		const struct node node = node_element(&array, i);
		hit_read(session, &node, check->kind, &check->hits[i]);
		if (*check->hits[i].id && case_hit(file, check->hits[i].id, NULL))
			expect_unique_id(reader, &node, check->hits[i].id, check->hits[i].id);
		check->hit_count = i + 1;
	}
}

static void expect_distinct_kind(struct reader *reader, const struct node *check, enum check_kind kind,
				 enum check_kind earlier)
{
	if (kind == earlier)
		reader_refuse(
			reader, MEMBER(check, "kind"),
			"is %s, the same as an earlier check in this session document; put the hits of both checks "
			"into one check",
			check_kind_text(kind));
}

static void checks_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	struct reader *reader = &session->reader;
	const struct node array = node_member(object, "checks");
	size_t count = expect_part_count(session, &array, CHECK_KIND_COUNT);
	file->checks = arena_alloc_array(reader->arena, count, sizeof *file->checks);
	for (size_t i = 0; i < count; i++) {
		const struct node item = node_element(&array, i);
		struct check *check = &file->checks[i];
		const struct row_object row = { session, &item, &check_columns, check };
		columns_init(&check_columns, check);
		file->check_count = i + 1;
		if (!row_object_read(&row))
			continue;
		for (size_t j = 0; j < i; j++)
			expect_distinct_kind(reader, &item, check->kind, file->checks[j].kind);
		hits_read(session, &item, file, check);
	}
}

enum err check_read(struct arena *arena, const char *text, size_t length, struct check *out, struct error *error)
{
	struct session_document document = { 0 };
	json_t *value = json_parse(text, length, error);
	if (!value)
		return ERR_INVALID;
	json_t *root = json_pack("{s:[o]}", "checks", value);
	struct session_reader session = { .reader = { .arena = arena, .error = error, .origin = "" },
					  .out = &document };
	const struct node node = node_root(root);
	case_file_init(&document.file);
	checks_read(&session, &node, &document.file);
	if (!session.reader.failed)
		*out = document.file.checks[0];
	json_decref(root);
	return session.reader.failed ? ERR_INVALID : ERR_OK;
}

static void corrections_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	static const struct row_list list = { "corrections", CASE_CORRECTIONS_MAX, &correction_columns };
	file->corrections = row_objects_read(session, object, &list, &file->correction_count);
	for (size_t i = 0; i < file->correction_count; i++)
		file->corrections[i].round = read_integer(&session->reader, ELEMENT(MEMBER(object, list.member), i),
							  "round", 1, INT32_MAX, 1);
}

static void decisions_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	static const struct row_list list = { "decisions", CASE_DECISIONS_MAX, &decision_columns };
	file->decisions = row_objects_read(session, object, &list, &file->decision_count);
	for (size_t i = 0; i < file->decision_count; i++) {
		file->decisions[i].imported = true;
		file->decisions[i].number = (int64_t)i + 1;
	}
}

/* Reads the past attempts. Skips the present attempt, which the command show adds to the list: the session itself
 * is the present attempt. */
static void attempts_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	struct reader *reader = &session->reader;
	const struct node array = node_member(object, "attempts");
	size_t count = expect_part_count(session, &array, CASE_ATTEMPTS_MAX);
	file->attempts = arena_alloc_array(reader->arena, count, sizeof *file->attempts);
	for (size_t i = 0; i < count; i++) {
		const struct node item = node_element(&array, i);
		struct attempt *attempt = &file->attempts[file->attempt_count];
		const struct row_object row = { session, &item, &attempt_columns, attempt };
		columns_init(&attempt_columns, attempt);
		if (!expect_row_object(&row, (const char *const[]){ "present", NULL }) ||
		    read_bool(reader, &item, "present", false))
			continue;
		row_columns_read(&row, NULL, NULL);
		attempt->number = (int64_t)file->attempt_count + 1;
		file->attempt_count++;
	}
	file->session.attempt_number = (int64_t)file->attempt_count + 1;
}

static void history_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	static const struct row_list notes = { "notes", CASE_NOTES_MAX, &note_columns };
	corrections_read(session, object, file);
	decisions_read(session, object, file);
	file->notes = row_objects_read(session, object, &notes, &file->note_count);
	attempts_read(session, object, file);
}

/* --- the session --- */

/* Checks all strings and keys in one pass, also inside members with any content. json_parse() limits the depth. */
static void expect_short_strings(struct reader *reader, const struct node *node)
{
	if (reader->failed)
		return;
	if (json_is_string(node->value)) {
		if (json_string_length(node->value) > SESSION_VALUE_MAX)
			reader_refuse(reader, node, "is %zu bytes long; at most %d are allowed",
				      json_string_length(node->value), SESSION_VALUE_MAX);
	} else if (json_is_array(node->value)) {
		for (size_t i = 0; i < json_array_size(node->value); i++)
			expect_short_strings(reader, ELEMENT(node, i));
	} else if (json_is_object(node->value)) {
		json_t *members = (json_t *)node->value;
		for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at)) {
			const char *key = json_object_iter_key(at);
			if (strlen(key) > SESSION_VALUE_MAX) {
				reader_refuse(reader, node, "has a key of %zu bytes; at most %d are allowed",
					      strlen(key), SESSION_VALUE_MAX);
				return;
			}
			const struct node child = { .value = json_object_iter_value(at), .parent = node, .key = key };
			expect_short_strings(reader, &child);
		}
	}
}

static void subject_inherit(const struct party *party, struct arena *arena, struct subject *subject)
{
	switch (party->kind) {
	case PARTY_INDIVIDUAL:
		subject->kind = SUBJECT_INDIVIDUAL;
		break;
	case PARTY_COMPANY:
		subject->kind = SUBJECT_BUSINESS;
		break;
	}
	subject->name = party->name;
	subject->country = party->country;
	subject->date_of_birth = party->date_of_birth;
	subject->tax_id = party->tax_id;
	subject->registration_number = party->registration_number;
	subject->email = party->email;
	subject->phone = party->phone;
	json_t *addresses = json_loads(party->addresses_json, 0, NULL);
	const json_t *first = json_array_get(addresses, 0);
	if (first)
		subject->address_json = json_compact_text(arena, first);
	json_decref(addresses);
}

static void subject_read(struct session_reader *session, const struct node *object, struct subject *subject)
{
	struct reader *reader = &session->reader;
	const struct node node = node_member(object, "subject");
	if (!node.value) {
		reader_refuse(reader, &node, "is required");
		return;
	}
	const struct row_object row = { session, &node, &subject_columns, subject };
	if (!row_object_read(&row))
		return;
	session->out->has_level = session->out->has_level || *subject->level;
	expect_email(reader, &node, subject->email);
	expect_country_of(session, &node, subject->country, subject->kind == SUBJECT_INDIVIDUAL);
}

/* Risk factors are stored as JSON text, but their members are checked, and unknown members are refused. */
static const char *risk_factors_read(struct reader *reader, const struct node *object)
{
	const struct node array = node_member(object, "risk_factors");
	size_t count = expect_list(reader, &array, CASE_RISK_FACTORS_MAX);
	for (size_t i = 0; i < count; i++) {
		const struct node item = node_element(&array, i);
		if (!expect_object(reader, &item))
			break;
		EXPECT_KEYS(reader, &item, "code", "points", "detail");
		(void)read_required_text(reader, &item, "code");
		(void)read_integer(reader, &item, "points", INT32_MIN, INT32_MAX, 0);
	}
	return read_raw_json(reader, object, "risk_factors", JSON_ARRAY, "[]");
}

static void steps_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	static const struct row_list list = { "steps", CASE_STEPS_MAX, &step_columns };
	file->steps = row_objects_read(session, object, &list, &file->step_count);
	for (size_t i = 0; i < file->step_count; i++) {
		const struct node item = node_element(MEMBER(object, list.member), i);
		for (size_t j = 0; j < i; j++)
			expect_unique_id(&session->reader, &item, file->steps[i].id, file->steps[j].id);
	}
}

static void expect_session_keys(struct reader *reader, const struct node *object)
{
	EXPECT_KEYS(reader, object, "id", "external_ref", "workflow", "kind", "merchant", "status", "subject",
		    "custom_tags", "metadata", "risk_score", "risk_factors", "steps", "documents", "parties", "checks",
		    "processing_results", "results_by", "results_as", "final_decision", "decided_by", "decided_at",
		    "decision_reason", "retryable", "expired_from", "created_at", "submitted_at", "updated_at",
		    "expires_at", "parent_id", "returned", "corrections", "decisions", "notes", "approval", "attempts",
		    "compliance_status", "version", "blockers", "assignee", "due_at", "duplicates", "removed_parties",
		    "ownership_gap", "snoozed", "unresponsive", "no_longer_verified", "parties_completed_at",
		    "handed_in", "judgements");
}

/* compliance_status follows from the status. A session document with contradicting values is refused. */
static void expect_same_inbox(struct reader *reader, const struct node *object, enum session_status status)
{
	const char *word = read_text(reader, object, "compliance_status");
	const char *follows = inbox_text(session_status_inbox(status));
	if (*word && strcmp(word, follows) != 0)
		reader_refuse(reader, MEMBER(object, "compliance_status"),
			      "is %s, but the status %s means %s; leave it out", quote_text(reader->arena, word),
			      session_status_text(status), follows);
}

static void identity_read(struct session_reader *session, const struct node *object, bool nested, struct session *out)
{
	struct reader *reader = &session->reader;
	out->id = read_uuid(reader, object, "id");
	out->external_ref = read_text(reader, object, "external_ref");
	if (nested) {
		out->kind = KIND_KYC;
		out->workflow = read_text(reader, object, "workflow");
		out->merchant = read_text(reader, object, "merchant");
	} else {
		out->workflow = read_required_text(reader, object, "workflow");
		(void)read_required_text(reader, object, "kind");
		out->merchant = read_required_text(reader, object, "merchant");
		(void)read_required_text(reader, object, "status");
		if (!*out->id && !*out->external_ref && !reader->failed) {
			reader_refuse(reader, MEMBER(object, "external_ref"), "is required if the session has no id");
		}
	}
	READ_WORD(reader, object, "kind", session_kind, &out->kind);
	READ_WORD(reader, object, "status", session_status, &out->status);
	out->parent_id = read_uuid(reader, object, "parent_id");
	expect_same_inbox(reader, object, out->status);
}

/* Keeps any content, but refuses an unknown word in final_decision, which would otherwise count as no decision. */
static void results_read(struct session_reader *session, const struct node *object, struct session *out)
{
	enum final_decision ignored = FINAL_NONE;
	out->processing_results_json = read_bounded_json(session, object, "processing_results", JSON_OBJECT, "{}");
	READ_WORD(&session->reader, MEMBER(object, "processing_results"), "final_decision", final_decision, &ignored);
}

static void outcome_read(struct session_reader *session, const struct node *object, struct session *out)
{
	const struct row_object row = { session, object, &session_columns, out };
	row_columns_read(&row, "custom_tags", "risk_score");
	out->risk_factors_json = risk_factors_read(&session->reader, object);
	row_columns_read(&row, "created_at", "expires_at");
	results_read(session, object, out);
	row_columns_read(&row, "final_decision", "retryable");
	READ_WORD(&session->reader, object, "expired_from", session_status, &out->status_before_expiry);
	out->returned = read_bool(&session->reader, object, "returned", false);
}

void session_members_read(struct session_reader *session, const struct node *object, const struct party *party,
			  struct case_file *file)
{
	struct reader *reader = &session->reader;
	struct session *out = &file->session;
	case_file_init(file);
	if (!expect_object(reader, object))
		return;
	expect_session_keys(reader, object);
	identity_read(session, object, party != NULL, out);
	if (party)
		subject_inherit(party, reader->arena, &out->subject);
	if (!party || node_member(object, "subject").value)
		subject_read(session, object, &out->subject);
	outcome_read(session, object, out);
	steps_read(session, object, file);
	documents_read(session, object, file);
	parties_read(session, object, file, party ? NULL : &session->out->subsessions);
	checks_read(session, object, file);
	history_read(session, object, file);
}

static bool has_decided_hit(const struct check *check)
{
	for (size_t i = 0; i < check->hit_count; i++) {
		switch (check->hits[i].state) {
		case HIT_ACCEPTED:
		case HIT_FALSE_POSITIVE:
			return true;
		case HIT_OPEN:
		case HIT_TRUE_MATCH:
		case HIT_UNDETERMINED:
			break;
		}
	}
	return false;
}

static bool has_decision(const struct case_file *file)
{
	const struct session *session = &file->session;
	if (session->status == SESSION_APPROVED || session->status == SESSION_REJECTED)
		return true;
	if (file->decision_count || *session->decided_by)
		return true;
	if (ITEM_WITH_NUMBER(file->documents, file->document_count, review, REVIEW_ACCEPTED))
		return true;
	for (size_t i = 0; i < file->party_count; i++)
		if (*file->parties[i].verified_elsewhere_by)
			return true;
	for (size_t i = 0; i < file->check_count; i++)
		if (file->checks[i].status == CHECK_WAIVED || has_decided_hit(&file->checks[i]))
			return true;
	return false;
}

static void compute_canonical_hash(const json_t *root, uint8_t out[SHA256_SIZE])
{
	static const struct json_style canonical = { .sort_keys = true };
	struct strbuf text = STRBUF_INIT;
	json_encode(&text, root, &canonical);
	sha256_hash(text.buf, text.len, out);
	strbuf_release(&text);
}

enum err session_read(struct arena *arena, const char *text, size_t length, const struct countries *countries,
		      struct session_document *out, struct error *error)
{
	*out = (struct session_document){ 0 };
	case_file_init(&out->file);
	if (length > SESSION_LINE_MAX)
		return error_set(error, ERR_INVALID, "is longer than %d MiB, the limit for one session",
				 SESSION_LINE_MAX >> 20);
	json_t *value = json_parse(text, length, error);
	if (!value)
		return ERR_INVALID;
	struct session_reader session = { .reader = { .arena = arena, .error = error, .origin = "" },
					  .countries = countries,
					  .out = out };
	const struct node root = node_root(value);
	expect_short_strings(&session.reader, &root);
	session_members_read(&session, &root, NULL, &out->file);
	if (!session.reader.failed) {
		const struct session *read = &out->file.session;
		out->has_created_at = read->created_at != TIME_NONE;
		out->has_updated_at = read->updated_at != TIME_NONE;
		out->has_submitted_at = read->submitted_at != TIME_NONE;
		out->has_expires_at = read->expires_at != TIME_NONE;
		out->has_decided = has_decision(&out->file);
		for (size_t i = 0; i < out->file.party_count; i++)
			if (out->subsessions[i] && has_decision(out->subsessions[i]))
				out->has_decided = true;
		compute_canonical_hash(value, out->canonical_sha256);
	}
	json_decref(value);
	return session.reader.failed ? ERR_INVALID : ERR_OK;
}
