/* A merchant's users, independent of their sessions: merchant, client, intake or staff can create, change and
 * delete a user. Only a lead can change verified values, with a reason. */
#include "client/client.h"
#include "decide/decide.h"
#include "kybdesk/domain/currency.h"
#include "kybdesk/store/money.h"

static enum err check_input(struct use *use, const struct subject_input *input, bool is_new, struct error *error)
{
	struct json_value *address = NULL;
	const char *field = "", *message;
	const char *json = text_or_empty(input->address_json);
	char today[16];
	bool is_object;

	date_format(use->now, today);
	message = subject_input_fault(use->arena, desk_countries(use->desk), today, input, is_new, &field);
	if (message)
		return error_invalid(error, field, "%s", message);
	if (!*json)
		return ERR_OK;
	is_object = !json_read(json, strlen(json), &address, NULL) && json_is_object(address);
	json_free(address);
	return is_object ? ERR_OK : error_invalid(error, "address", "The address is not a JSON object");
}

static enum err find_business(struct use *use, const char *uid, struct subject_record *record, struct error *error)
{
	struct subject_record business;
	int64_t row = 0;
	enum err err;

	record->business_row = 0;
	if (!*uid)
		return ERR_OK;
	err = store_subject_by_uid(use->desk->store, record->merchant_row, uid, &row, error);
	if (!err && row)
		err = store_subject_load(use->desk->store, use->arena, row, &business, error);
	if (err)
		return err;
	if (!row || business.deleted_at != TIME_NONE)
		return error_invalid(error, "business",
				     "%s has no business \"%s\"; add it first, with: kybdesk subject add",
				     record->merchant, uid);
	if (business.subject.kind != SUBJECT_BUSINESS)
		return error_invalid(error, "business", "\"%s\" is a person; only businesses have beneficial owners",
				     uid);
	record->business_row = row;
	return ERR_OK;
}

static enum err check_uid_unused(struct use *use, const struct subject_record *record, struct error *error)
{
	struct subject_record other;
	int64_t row = 0;
	enum err err = store_subject_by_uid(use->desk->store, record->merchant_row, record->subject.uid, &row, error);

	if (err || !row)
		return err;
	err = store_subject_load(use->desk->store, use->arena, row, &other, error);
	if (err)
		return err;
	return error_set_field(error, ERR_CONFLICT, "uid",
			       other.deleted_at == TIME_NONE
				       ? "%s already has a subject \"%s\"; edit that subject, or use another uid"
				       : "%s had a subject \"%s\", which was deleted; use another uid",
			       record->merchant, record->subject.uid);
}

static void add_subject_to_result(struct use *use, const struct subject_record *record)
{
	use->out->part_id = record->subject.uid;
	use->subject_row = record->subject.row;
	JSON_ADD(use->detail, { "merchant", AS_TEXT(record->merchant) }, { "subject", AS_TEXT(record->subject.uid) });
}

/* Reads in->subject. */
enum err use_subject_add(struct use *use, struct error *error)
{
	const struct subject_input *input = use->in->subject;
	struct subject_record record;
	enum err err = check_input(use, input, true, error);

	columns_init(&subject_record_columns, &record);
	record.merchant = arena_strdup(use->arena, text_or_empty(input->merchant));
	if (!err)
		err = text_check("merchant", "The merchant's name", record.merchant, true, error);
	if (!err)
		err = caller_check_merchant(use->desk, record.merchant, "merchant", record.merchant, error);
	if (!err)
		err = merchant_find_or_add(use->desk, use->arena, record.merchant, &record.merchant_row, error);
	if (!err)
		err = find_business(use, text_or_empty(input->business), &record, error);
	if (err)
		return err;
	record.subject.kind = input->kind;
	record.subject.uid =
		*text_or_empty(input->uid) ? arena_strdup(use->arena, input->uid) : id_new(use->desk, use->arena);
	subject_input_apply(use->arena, desk_countries(use->desk), input, &record.subject);
	record.first_names_bytes = input->first_names_bytes;
	record.is_set_separately = true;
	record.created_at = record.updated_at = use->now;
	err = outgoing_check(use, "uid", record.subject.uid, error);
	if (!err)
		err = check_uid_unused(use, &record, error);
	if (!err)
		err = store_subject_insert(use->desk->store, &record, error);
	if (err)
		return err;
	add_subject_to_result(use, &record);
	json_set_text(use->detail, "kind", subject_kind_text(record.subject.kind));
	if (record.business_row)
		json_set_text(use->detail, "business", input->business);
	return ERR_OK;
}

/* Finds the subject that in->part names, with its sessions. ERR_NOT_FOUND if the subject was deleted. */
static enum err find_subject(struct use *use, struct subject_record *record, struct subject_sessions *sessions,
			     struct error *error)
{
	const char *reference = use->in->part;
	int64_t row = 0;
	enum err err = store_subject_find(use->desk->store, reference, &row, error);

	if (!err)
		err = store_subject_load(use->desk->store, use->arena, row, record, error);
	if (!err)
		err = desk_check_row_hashes(use->desk, 0, row, error);
	if (!err)
		err = caller_check_merchant(use->desk, record->merchant, "subject", reference, error);
	if (!err && record->deleted_at != TIME_NONE)
		err = error_set(error, ERR_NOT_FOUND, "The subject \"%s\" was deleted at %s", reference,
				time_or_unknown_text(use->arena, record->deleted_at));
	if (!err)
		err = store_subject_sessions(use->desk->store, use->arena, row, sessions, error);
	return err;
}

/* Allows the change only to a lead with a reason; refuses all other callers with a blocker. */
static enum err require_lead_role(struct use *use, const char *why, const char *session, struct error *error)
{
	bool lead = use->in->capacity == CAPACITY_STAFF && role_at_least(use->desk->role, ROLE_LEAD);

	/* Omits `why` for an outside caller, which must not learn more about the review than the case itself shows. */
	if (!lead && use->desk->caller)
		return REFUSE(BLOCKER_STATUS, session, error, "Cannot %s: the data were submitted; ask the reviewers",
			      use->use_case->verb_phrase);
	if (!lead)
		return REFUSE(BLOCKER_STATUS, session, error, "Cannot %s: %s; a lead can, with a reason",
			      use->use_case->verb_phrase, why);
	json_set_text(use->detail, "reason", use->in->reason);
	return reason_text_check(use->use_case->verb_phrase, use->in->reason, error);
}

static enum err require_lead_if_verified(struct use *use, const struct subject_sessions *sessions, struct error *error)
{
	for (size_t i = 0; i < sessions->count; i++) {
		const struct subject_session *one = &sessions->items[i];

		if (one->status != SESSION_APPROVED)
			continue;
		return require_lead_role(use,
					 arena_printf(use->arena, "its identity was verified at %s",
						      time_or_unknown_text(use->arena, one->decided_at)),
					 one->id, error);
	}
	return ERR_OK;
}

static void record_changed_fields(struct use *use, const struct subject_record *before,
				  const struct subject_record *after)
{
	struct json_value *fields = json_new_array();

	for (const struct column *c = NULL;
	     (c = columns_next_diff(&subject_record_columns, before, after, COLUMN_PERSONAL, c));)
		json_append(fields, json_new_string(c->name));
	json_set(use->detail, "fields", fields);
	if (before->business_row != after->business_row)
		json_set_text_or_null(use->detail, "business", after->business_row ? use->in->subject->business : "");
}

/* Reads in->part: UID or MERCHANT/UID; in->subject: the changes; in->reason: required of a lead that changes
 * verified values. */
enum err use_subject_edit(struct use *use, struct error *error)
{
	struct subject_input input = *use->in->subject;
	struct subject_sessions sessions;
	struct subject_record before, after;
	enum err err = find_subject(use, &before, &sessions, error);

	if (err)
		return err;
	input.kind = before.subject.kind;
	input.uid = NULL;
	after = before;
	err = check_input(use, &input, false, error);
	if (!err && input.business)
		err = find_business(use, input.business, &after, error);
	if (err)
		return err;
	subject_input_apply(use->arena, desk_countries(use->desk), &input, &after.subject);
	/* If the name changes, the parts of the name in the request replace the old parts. */
	if (strcmp(before.subject.name, after.subject.name) != 0)
		after.first_names_bytes = input.first_names_bytes;
	if (columns_equal(&subject_record_columns, &before, &after, 0)) {
		use->has_no_change = true;
		use->out->part_id = before.subject.uid;
		return ERR_OK;
	}
	if (columns_equal(&subject_record_columns, &before, &after, COLUMN_IDENTITY))
		use_set_immaterial(use);
	else
		err = require_lead_if_verified(use, &sessions, error);
	if (err)
		return err;
	after.is_set_separately = true;
	after.updated_at = use->now;
	add_subject_to_result(use, &after);
	record_changed_fields(use, &before, &after);
	return store_subject_update(use->desk->store, &after, error);
}

/* Marks the subject deleted; all data are kept. Reads in->part: UID or MERCHANT/UID; in->reason: required of a lead if
 * a session of the subject is open or decided. Over the API a merchant can delete its users in every state: a refusal
 * would reveal the state of the review (seed atelio-beneficial-owners answers each DELETE with date_deleted). */
enum err use_subject_delete(struct use *use, struct error *error)
{
	struct subject_sessions sessions;
	struct subject_record record;
	bool keeps = false;
	enum err err = find_subject(use, &record, &sessions, error);

	for (size_t i = 0; !err && !use->desk->caller && i < sessions.count; i++) {
		const struct subject_session *one = &sessions.items[i];

		err = role_at_least(use->desk->role, ROLE_LEAD)
			      ? session_is_held(use->desk, one->row, &keeps, error)
			      : session_has_bad_news(use->desk, one->row, &keeps, error);
		if (!err && keeps)
			return REFUSE(BLOCKER_HELD, one->id, error,
				      "Cannot %s: its session %s is held, or has a hit or result that nobody judged",
				      use->use_case->verb_phrase, *one->external_ref ? one->external_ref : one->id);
	}
	for (size_t i = 0; !err && !use->desk->caller && i < sessions.count; i++) {
		const struct subject_session *one = &sessions.items[i];

		if (one->status == SESSION_EXPIRED)
			continue;
		err = require_lead_role(use,
					arena_printf(use->arena, "its session %s is %s",
						     *one->external_ref ? one->external_ref : one->id,
						     session_status_title(one->status)),
					one->id, error);
		break;
	}
	if (err)
		return err;
	record.is_set_separately = true;
	record.deleted_at = record.updated_at = use->now;
	add_subject_to_result(use, &record);
	return store_subject_update(use->desk->store, &record, error);
}

/* Reads in->part. A reviewer needs the claim on one of the subject's cases; a lead does not. */
enum err use_subject_reveal(struct use *use, struct error *error)
{
	struct subject_sessions sessions;
	struct subject_record record;
	int64_t row = 0;
	bool holds = role_at_least(use->desk->role, ROLE_LEAD);
	enum err err = store_subject_find(use->desk->store, use->in->part, &row, error);

	if (!err)
		err = store_subject_load(use->desk->store, use->arena, row, &record, error);
	if (!err)
		err = store_subject_sessions(use->desk->store, use->arena, row, &sessions, error);
	for (size_t i = 0; !err && !holds && i < sessions.count; i++) {
		struct session session;

		err = store_session_load(use->desk->store, use->arena, sessions.items[i].row, &session, error);
		holds = !err && !strcmp(session_holder(&session, use->now), use->desk->actor);
	}
	if (err)
		return err;
	if (!holds)
		return error_set(
			error, ERR_FORBIDDEN,
			"To reveal personal data of a subject, claim one of its sessions first, or ask a lead");
	add_subject_to_result(use, &record);
	return ERR_OK;
}

/* --- accounts of a verified user --- */

#define LABEL_MAX 100

/* Sets *file to the case with the approval that allows the user to open accounts. ERR_FORBIDDEN if the user is not
 * verified. */
static enum err require_verified_user(struct use *use, const struct subject_record *record,
				      const struct subject_sessions *sessions, struct case_file *file,
				      struct error *error)
{
	struct user_verification standing;
	enum err err = desk_user_verification(use->desk, use->arena, record, sessions, &standing, error);

	*file = standing.file;
	if (!err && !standing.verified)
		err = error_set(error, ERR_FORBIDDEN, "%s", standing.refusal_reason);
	return err;
}

static enum err check_account_label(const char *label, struct error *error)
{
	enum err err = text_check("label", "The label", label, false, error);

	if (!err && strlen(label) > LABEL_MAX)
		err = error_invalid(error, "label", "The label has more than %d bytes", LABEL_MAX);
	if (!err && strchr(label, '\n'))
		err = error_invalid(error, "label", "The label must be one line");
	return err;
}

/* Writes the event of an opened account: a new account is active at once. */
static enum err write_account_event(struct use *use, const struct case_file *file, const struct money_account *account,
				    struct error *error)
{
	const struct event_input input = {
		.event = { .kind = EVENT_ACCOUNT_ACTIVATED, .account_id = account->id, .currency = account->currency },
		.due_at = use->now,
		.is_in_output = true,
	};
	const struct profile *profile = NULL;
	enum err err = desk_session_profile_or_empty(use->desk, &file->session, &profile, error);

	return err ? err : desk_event_write(use, &file->session, profile, &input, error);
}

/* Reads in->part: UID or MERCHANT/UID; in->type: the currency; in->text: a label. */
enum err use_account_open(struct use *use, struct error *error)
{
	struct money_account account = { .currency = use->in->type, .label = use->in->text, .created_at = use->now };
	struct subject_sessions sessions;
	struct subject_record record;
	struct case_file file;
	enum err err = find_subject(use, &record, &sessions, error);

	if (!err && !currency_is_known(account.currency))
		err = error_invalid(
			error, "currency",
			"\"%s\" is not a currency; use an ISO 4217 code in capital letters, for example EUR",
			account.currency);
	if (!err)
		err = check_account_label(account.label, error);
	if (!err)
		err = require_verified_user(use, &record, &sessions, &file, error);
	if (err)
		return err;
	account.id = id_new(use->desk, use->arena);
	use->out->part_id = account.id;
	JSON_ADD(use->detail, { "merchant", AS_TEXT(record.merchant) }, { "subject", AS_TEXT(record.subject.uid) },
		 { "account", AS_TEXT(account.id) }, { "currency", AS_TEXT(account.currency) });
	err = store_money_account_insert(use->desk->store, record.subject.row, &account, error);
	return err ? err : write_account_event(use, &file, &account, error);
}
