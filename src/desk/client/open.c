/* Opens a session: the subject, its workflow, a draft with its steps and a link. */
#include "decide/decide.h"
#include "client/client.h"
#include "kybdesk/domain/format.h"
#include "link/link.h"

static enum err check_session_kind(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	const char *kind = text_or_empty(use->in->open_input->kind);

	session->kind = use->profile->kind;
	if (*kind && !session_kind_parse(kind, &session->kind))
		return error_invalid(error, "kind", "\"%s\" is not a kind of session; use kyb or kyc", kind);
	if (!profile_has_kind(use->profile, session->kind))
		return error_invalid(error, "kind", "The workflow %s has no %s sessions", use->profile->name,
				     session_kind_text(session->kind));
	if (!(use->profile->subject_kinds & (1u << session->subject.kind)))
		return error_invalid(error, "subject.kind", "The workflow %s does not accept %s %s as its subject",
				     use->profile->name, session->subject.kind == SUBJECT_BUSINESS ? "a" : "an",
				     subject_kind_text(session->subject.kind));
	return ERR_OK;
}

/* Finds the subject as the merchant declared it, or, if it is not declared, as its newest session describes it. */
static enum err find_known_subject(struct use *use, const char *uid, struct subject *out, bool *known,
				   struct error *error)
{
	struct store *store = use->desk->store;
	struct subject_record record;
	struct session last;
	int64_t row = 0, newest = 0;
	enum err err = store_subject_by_uid(store, use->file.session.merchant_row, uid, &row, error);

	if (err || !row)
		return err;
	err = store_subject_load(store, use->arena, row, &record, error);
	if (!err && record.deleted_at != TIME_NONE)
		return error_set(error, ERR_NOT_FOUND, "The subject \"%s\" was deleted at %s", uid,
				 time_or_unknown_text(use->arena, record.deleted_at));
	if (!err && !record.is_set_separately)
		err = store_session_find_newest(store, row, &newest, error);
	if (!err && newest)
		err = store_session_load(store, use->arena, newest, &last, error);
	*known = !err && (record.is_set_separately || newest);
	if (*known)
		*out = record.is_set_separately ? record.subject : last.subject;
	return err;
}

/* Fills the subject from its declaration, or from the merchant's last session of the same user. */
static enum err fill_subject(struct use *use, struct error *error)
{
	const struct subject *data = use->in->open_input->subject;
	struct session *session = &use->file.session;
	bool known = false;
	enum err err = ERR_OK;

	if (*text_or_empty(data->uid))
		err = find_known_subject(use, data->uid, &session->subject, &known, error);
	if (err)
		return err;
	if (known && session->subject.kind != data->kind)
		return error_set_field(error, ERR_CONFLICT, "subject.kind", "The kind of the user %s is already %s",
				       data->uid, subject_kind_text(session->subject.kind));
	columns_merge(&subject_columns, &session->subject, data, COLUMN_MERGED);
	session->subject.kind = data->kind;
	session->subject.uid = *text_or_empty(data->uid) ? data->uid : session->id;
	if (!*session->subject.name)
		return error_invalid(error, "subject.name",
				     "The subject is missing: enter its name, or the uid of a known user");
	return ERR_OK;
}

static enum err check_subject(struct use *use, struct error *error)
{
	struct subject *subject = &use->file.session.subject;
	const char *today = date_text(use->arena, world_now_ms(use->desk->world));
	const struct country *country;
	enum err err = text_check("subject.name", "The name of the subject", subject->name, true, error);

	for (const struct column *column = columns_next(&subject_columns, NULL, COLUMN_MERGED); !err && column;
	     column = columns_next(&subject_columns, column, COLUMN_MERGED)) {
		if (column->type == COLUMN_TEXT || column->type == COLUMN_DATE)
			err = text_check(column->word, "The data of the subject", column_text(column, subject), false,
					 error);
	}
	if (err || !*subject->country)
		return err;
	country = (subject->kind == SUBJECT_INDIVIDUAL ? country_find_of_person
						       : country_find)(desk_countries(use->desk), subject->country);
	if (!country)
		return error_invalid(error, "subject.country", "\"%s\" is not a country", subject->country);
	subject->country = country->alpha3;
	if (*subject->date_of_birth && !birth_date_is_valid(subject->date_of_birth))
		return error_invalid(error, "subject.date_of_birth", "\"%s\" is not a date; write YYYY-MM-DD",
				     subject->date_of_birth);
	if (strcmp(subject->date_of_birth, today) > 0)
		return error_invalid(error, "subject.date_of_birth", "The date of birth is in the future");
	if (birth_date_is_too_old(subject->date_of_birth, today))
		return error_invalid(error, "subject.date_of_birth", TOO_OLD_SENTENCE);
	if (*subject->email && !email_is_valid(subject->email))
		return error_invalid(error, "subject.email", EMAIL_SENTENCE);
	return ERR_OK;
}

static enum err check_reference(struct use *use, struct error *error)
{
	const struct session *session = &use->file.session;
	int64_t row = 0;
	enum err err = text_check("external_ref", "The reference", session->external_ref, false, error);

	if (!err)
		err = outgoing_check(use, "external_ref",
				     arena_printf(use->arena, "%s\n%s\n%s", session->external_ref,
						  session->subject.row ? "" : session->subject.uid,
						  outgoing_texts(use->arena, session->custom_tags_json)),
				     error);
	if (!err && *session->external_ref)
		err = store_session_by_ref(use->desk->store, session, &row, error);
	if (!err && row)
		err = error_set_field(error, ERR_CONFLICT, "external_ref",
				      "The merchant already has a session %s under the workflow %s",
				      session->external_ref, session->workflow);
	return err;
}

/* Checks that the text is JSON of the expected kind; NULL: the member was omitted. */
static enum err check_json(const char *field, const char *text, bool list, struct error *error)
{
	struct json_value *value = NULL;
	enum err err = text ? json_read(text, strlen(text), &value, error) : ERR_OK;

	if (!err && text && !(list ? json_is_array(value) : json_is_object(value)))
		err = error_invalid(error, field, "The value is not a JSON %s", list ? "list" : "object");
	json_free(value);
	return err;
}

static enum err fill_session(struct use *use, struct error *error)
{
	const struct session_input *input = use->in->open_input;
	struct session *session = &use->file.session;
	const struct profile *profile = use->profile;
	const char *tags = profile->custom_tags_json ? profile->custom_tags_json : "{}";

	session->workflow = profile->name;
	session->merchant = arena_strdup(use->arena, text_or_empty(input->merchant));
	session->external_ref = arena_strdup(use->arena, text_or_empty(input->external_ref));
	session->status = SESSION_DRAFT;
	session->custom_tags_json = input->custom_tags_json ? input->custom_tags_json : tags;
	session->metadata_json = input->metadata_json ? input->metadata_json : "{}";
	session->risk_score = input->risk_score;
	session->risk_factors_json = input->risk_factors_json ? input->risk_factors_json : "[]";
	session->created_at = session->updated_at = use->now;
	session->expires_at = profile->link_life_ms > 0 ? use->now + profile->link_life_ms : TIME_NONE;
	if (input->lifetime_hours < 0 || input->lifetime_hours > EXTEND_DAYS_MAX * 24)
		return error_invalid(error, "expires_in_hours", "A link must be valid for 1 to %d hours, not %lld",
				     EXTEND_DAYS_MAX * 24, (long long)input->lifetime_hours);
	if (input->lifetime_hours)
		session->expires_at = use->now + input->lifetime_hours * 60 * 60 * 1000;
	if (session->risk_score != RISK_NONE && (session->risk_score < 0 || session->risk_score > 100))
		return error_invalid(error, "risk_score", "A risk score must be 0 to 100, not %d", session->risk_score);
	if (check_json("custom_tags", input->custom_tags_json, false, error))
		return ERR_INVALID;
	/* A merchant adds tags; a key of the workflow wins. */
	if (input->custom_tags_json && use->desk->caller &&
	    values_merge(use->arena, "custom_tags", input->custom_tags_json, tags, &session->custom_tags_json, error))
		return ERR_INVALID;
	if (check_json("metadata", input->metadata_json, false, error))
		return ERR_INVALID;
	return check_json("risk_factors", input->risk_factors_json, true, error);
}

static enum err insert_case(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	enum err err;

	case_values_normalise(use->arena, use->profile, desk_countries(use->desk), &use->file);
	err = level_init_session(use->desk, session, use->profile, error);
	if (!err)
		err = desk_case_open(use->desk, use->arena, &use->file, use->profile, error);
	if (!err)
		err = link_renew_url(use->desk, use->arena, session, &use->out->link, error);
	if (!err)
		err = desk_case_update(use->desk, &use->file, use->profile, true, error);
	return err;
}

static enum err find_merchant(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	enum err err = text_check("merchant", "The merchant", session->merchant, true, error);

	if (!err)
		err = caller_check_merchant(use->desk, session->merchant, "merchant", session->merchant, error);
	return err ? err
		   : merchant_find_or_add(use->desk, use->arena, session->merchant, &session->merchant_row, error);
}

/* Makes a draft with the workflow's steps, with tags (of the request, else of the workflow), and with a link in
 * out->link. Reads in->open_input. */
enum err use_session_open(struct use *use, struct error *error)
{
	static use_function *const phases[] = { fill_session,  find_merchant,	fill_subject, check_session_kind,
						check_subject, check_reference, insert_case };
	const struct session_input *input = use->in->open_input;
	struct session *session = &use->file.session;
	enum err err;

	case_file_init(&use->file);
	session->id = id_new(use->desk, use->arena);
	if (!input || !input->subject)
		return error_invalid(error, "subject", "The subject is missing: name the person or company to verify");
	err = desk_profile_ensure_stored(use->desk, text_or_empty(input->workflow), &use->profile,
					 &session->workflow_row, error);
	if (!err)
		err = link_check_profile(use->desk, use->profile, error);
	for (size_t i = 0; !err && i < sizeof phases / sizeof *phases; i++)
		err = phases[i](use, error);
	if (err)
		return err;
	use->out->id = session->id;
	use->out->expires_at = session->expires_at;
	use->out->from = use->out->to = session->status;
	JSON_ADD(use->detail, { "workflow", AS_TEXT(session->workflow) },
		 { "kind", AS_TEXT(session_kind_text(session->kind)) },
		 { "rules_sha256", AS_TEXT(use->profile->sha256) }, { "level", AS_TEXT(session->subject.level) });
	return ERR_OK;
}
