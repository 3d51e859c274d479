/* The verification of a beneficial owner: start and status. */
#include "atelio/atelio.h"
#include "encode.h"

#include <string.h>

static const enum check_kind kinds[] = { CHECK_OFAC, CHECK_BUREAU, CHECK_EMAIL, CHECK_IP, CHECK_MOBILE };
#define KINDS (sizeof kinds / sizeof *kinds)

static bool has_check(const struct case_file *file, enum check_status status)
{
	for (size_t i = 0; i < file->check_count; i++) {
		if (file->checks[i].status == status)
			return true;
	}
	return false;
}

static const char *kyc_status(const struct case_file *file)
{
	switch (file->session.status) {
	case SESSION_DRAFT:
	case SESSION_ACTIVE:
		return "not_started";
	case SESSION_PROCESSING:
	case SESSION_PROCESSED:
		return "initialized";
	case SESSION_COMPLETED:
		return has_check(file, CHECK_ERROR)	? "error"
		       : has_check(file, CHECK_TIMEOUT) ? "timeout"
							: "initialized";
	case SESSION_AWAITING_CLIENT_CORRECTION:
		return "document_required";
	case SESSION_MANUAL_REVIEW:
		return "under_review";
	case SESSION_APPROVED:
		return "passed";
	case SESSION_REJECTED:
	case SESSION_EXPIRED:
		break;
	}
	return "failed";
}

/* --- start --- */

static struct json_value *identity_json(struct request *r)
{
	static const char *const names[] = { "program_id", "ssn", "phone", "phone_country_code", "email", "ip" };
	struct json_value *out = json_new_object();

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		json_set_text_if_any(out, names[i], body_text(r, names[i]));
	return out;
}

static enum err start(struct request *r, const struct owner *owner, enum verb verb, struct error *error)
{
	struct json_value *identity = identity_json(r);
	const struct use_in ins[2] = {
		{ .verb = VERB_STEP_SAVE,
		  .as = CAPACITY_MERCHANT,
		  .session = owner->view.file.session.id,
		  .part = "identity",
		  .completes = true,
		  .fields_json = json_to_arena(&r->arena, identity) },
		{ .verb = verb, .as = CAPACITY_MERCHANT },
	};
	struct use_out outs[2];

	json_free(identity);
	return desk_do_all(r->desk, &r->arena, ins, 2, outs, error);
}

static enum err handle_start(struct request *r, struct error *error)
{
	struct json_value *body;
	struct owner owner;
	enum verb verb;
	enum err err;

	r->schema = "start_beneficial_owner_kyc_schema";
	(void)body_need(r, "program_id");
	(void)body_bool(r, "kyc_retry_request", false);
	err = request_check(r, error);
	if (!err)
		err = owner_load(r, r->arguments[0], r->arguments[1], &owner, error);
	if (err)
		return err;
	verb = submit_verb(owner.view.file.session.status);
	err = start(r, &owner, verb, error);
	owner_release(&owner);
	if (err)
		return err;
	body = json_new_object();
	json_set_text(body, "beneficial_owner_id", r->arguments[1]);
	json_set_text(body, "kyc_status", verb == VERB_HAND_IN ? "under_review" : "initialized");
	return answer_json(r, 200, body);
}

/* --- status --- */

static enum check_status status_of(const struct case_file *file, enum check_kind kind)
{
	for (size_t i = 0; i < file->check_count; i++) {
		if (file->checks[i].kind == kind)
			return file->checks[i].status;
	}
	return CHECK_PENDING;
}

/* Findings are confidential (docs/api.md "Answers"), so the seed's members have neutral values here. Only the result of
 * the bureau's check is shown: the results contain it, too. */
static struct json_value *info_json(const struct case_file *file)
{
	static const char *const found[] = { "name_matched", "dob_matched" };
	static const char *const lines[] = { "first_name_match",       "last_name_match", "address_match",
					     "service_status",	       "service_type",	  "service_duration",
					     "service_ported_duration" };
	struct json_value *out = json_new_object(), *ofac = json_new_object(), *bureau = json_new_object();
	struct json_value *phone = json_new_object();
	enum check_status status = status_of(file, CHECK_BUREAU);

	for (size_t i = 0; i < sizeof found / sizeof *found; i++)
		json_set_null(ofac, found[i]);
	json_set_text_or_null(bureau, "application_status",
			      status == CHECK_PASSED   ? "Pass"
			      : status == CHECK_FAILED ? "Fail"
						       : "");
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		json_set_null(phone, lines[i]);
	json_set(out, "ofac", ofac);
	json_set(out, "bureau", bureau);
	json_set(out, "phone", phone);
	return out;
}

static void set_results(struct json_value *out, const struct case_file *file)
{
	struct json_value *results = json_new_object(), *health = json_new_object();
	bool good = true;

	json_set_text(health, "overall", "SERVICE_GOOD");
	for (size_t i = 0; i < KINDS; i++) {
		enum check_status status = status_of(file, kinds[i]);
		bool works = status != CHECK_ERROR && status != CHECK_TIMEOUT;

		good = good && works;
		json_set_text(results, check_kind_text(kinds[i]), check_status_text(status));
		json_set_text(health, check_kind_text(kinds[i]), works ? "SERVICE_GOOD" : "SERVICE_ERROR");
	}
	if (!good)
		json_set_text(health, "overall", "SERVICE_ERROR");
	json_set(out, "results", results);
	json_set(out, "health", health);
	json_set(out, "info", info_json(file));
}

/* Documents as in the seed's webhook, "KYC exceptions", with the same links. */
static struct json_value *documents_json(const struct outside_case *view)
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < view->asked_count; i++) {
		struct json_value *item = json_new_object();

		json_set_text(item, "document_type", view->asked[i].type);
		json_set_text_or_null(item, "upload_link", view->asked[i].link);
		json_set_text(item, "status",
			      document_is_uploaded(&view->file, view->asked[i].type) ? "submitted" : "required");
		json_append(list, item);
	}
	return list;
}

static struct json_value *asked_json(struct request *r, const struct case_file *file)
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < file->correction_count; i++) {
		struct json_value *item;

		if (!correction_is_requested(file, &file->corrections[i]))
			continue;
		item = json_new_object();
		json_set_text(item, "item", correction_item(&r->arena, &file->corrections[i]));
		json_set_text(item, "message", file->corrections[i].message);
		json_append(list, item);
	}
	return list;
}

/* Adds the requested documents with their links, and the requested corrections, while the KYC waits for the client. */
static void set_asked(struct request *r, struct json_value *out, const struct outside_case *view)
{
	if (view->file.session.status != SESSION_AWAITING_CLIENT_CORRECTION)
		return;
	json_set(out, "documents", documents_json(view));
	json_set(out, "corrections", asked_json(r, &view->file));
}

static enum err answer_status_of(struct request *r, const char *business, const char *uid, struct error *error)
{
	const char *program = request_query(r, "program_id"), *own;
	const char *const parts[] = { "brand", r->caller.merchant };
	char brand[UUID_TEXT_SIZE];
	struct json_value *body;
	struct owner owner;
	enum err err;

	if (!program || !*program)
		request_fault(r, "program_id", NEEDED_SENTENCE);
	err = request_check(r, error);
	if (!err)
		err = owner_load(r, business, uid, &owner, error);
	if (err)
		return err;
	own = json_get_text(owner.identity, "program_id");
	if (!own || strcmp(own, program) != 0) {
		owner_release(&owner);
		return error_set(error, ERR_NOT_FOUND, "No KYC was started for this program");
	}
	uuid_derive(brand, parts, 2);
	body = json_new_object();
	json_set_text(body, "customer_id", uid);
	json_set_text(body, "brand_id", brand);
	json_set_text(body, "kyc_status", kyc_status(&owner.view.file));
	set_results(body, &owner.view.file);
	set_asked(r, body, &owner.view);
	owner_release(&owner);
	return answer_json(r, 200, body);
}

static enum err handle_status(struct request *r, struct error *error)
{
	return answer_status_of(r, r->arguments[0], r->arguments[1], error);
}

static enum err handle_customer(struct request *r, struct error *error)
{
	return answer_status_of(r, NULL, r->arguments[0], error);
}

#define KYC "/api/v0.1/businesses/{business_id}/beneficial_owners/{beneficial_owner_id}/verification-kyc"

static const struct route rows[] = {
	{ ROUTE_CREATE, .path = KYC, .takes = "OwnerKycNew", .response = "200:OwnerKycStarted", .verb = VERB_SUBMIT,
	  .answer = handle_start, .summary = "Start the KYC of a beneficial owner, or submit the corrections" },
	{ ROUTE_READ, .path = KYC, .query = "program_id:text!", .response = "200:OwnerKyc", .answer = handle_status,
	  .summary = "Get the KYC status of a beneficial owner" },
	{ ROUTE_READ, .path = "/api/v0.1/customers/{customer_id}/verification-kyc", .query = "program_id:text!",
	  .response = "200:OwnerKyc", .answer = handle_customer,
	  .summary = "Get the KYC status of a beneficial owner, by customer_id" },
};
const struct routes routes_atelio_kyc = { rows, sizeof rows / sizeof *rows, DIALECT_ATELIO };
