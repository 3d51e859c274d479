/* The verification of a beneficial owner: start and status. */
#include "atelio/atelio.h"
#include "encode.h"
#include "shape.h"
#include "kybdesk/domain/submit.h"

#include <string.h>

static const enum check_kind kinds[] = { CHECK_OFAC, CHECK_BUREAU, CHECK_EMAIL, CHECK_IP, CHECK_MOBILE };
#define KIND_COUNT (sizeof kinds / sizeof *kinds)

static bool has_check_status(const struct case_file *file, enum check_status status)
{
	return ITEM_WITH_NUMBER(file->checks, file->check_count, status, status) != NULL;
}

static const char *kyc_status(const struct case_file *file)
{
	static const char *const words[] = { [SESSION_DRAFT] = "not_started",
					     [SESSION_ACTIVE] = "not_started",
					     [SESSION_COMPLETED] = "initialized",
					     [SESSION_PROCESSING] = "initialized",
					     [SESSION_PROCESSED] = "initialized",
					     [SESSION_AWAITING_CLIENT_CORRECTION] = "document_required",
					     [SESSION_MANUAL_REVIEW] = "under_review",
					     [SESSION_APPROVED] = "passed",
					     [SESSION_REJECTED] = "failed",
					     [SESSION_EXPIRED] = "failed" };
	WORDS_CHECK_TABLE(words, SESSION_STATUS_WORDS);

	if (file->session.status == SESSION_COMPLETED && has_check_status(file, CHECK_ERROR))
		return "error";
	if (file->session.status == SESSION_COMPLETED && has_check_status(file, CHECK_TIMEOUT))
		return "timeout";
	return words[file->session.status];
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

static enum err start_kyc(struct request *r, const struct owner *owner, enum verb verb, struct error *error)
{
	struct json_value *identity = identity_json(r);
	const struct use_in ins[2] = {
		{ .verb = VERB_STEP_SAVE,
		  .capacity = CAPACITY_MERCHANT,
		  .session = owner->view.file.session.id,
		  .part = "identity",
		  .finish_step = true,
		  .fields_json = json_to_arena(&r->arena, identity) },
		{ .verb = verb, .capacity = CAPACITY_MERCHANT },
	};
	struct use_out outs[2];

	json_free(identity);
	return desk_do_all(r->desk, &r->arena, ins, 2, outs, error);
}

static enum err handle_start_kyc(struct request *r, struct error *error)
{
	struct owner owner;
	enum verb verb;
	enum err err;

	r->body_error_code = "start_beneficial_owner_kyc_schema";
	(void)body_require_text(r, "program_id");
	(void)body_bool(r, "kyc_retry_request", false);
	err = request_check_faults(r, error);
	if (!err)
		err = owner_load(r, r->arguments[0], r->arguments[1], &owner, error);
	if (err)
		return err;
	verb = verb_for_submission(owner.view.file.session.status);
	err = start_kyc(r, &owner, verb, error);
	owner_release(&owner);
	return err ? err
		   : answer_json(r, 200,
				 BODY(OwnerKycStarted, .beneficial_owner_id = AS_TEXT(r->arguments[1]),
				      .kyc_status = AS_TEXT(verb == VERB_HAND_IN ? "under_review" : "initialized")));
}

/* --- status --- */

static enum check_status check_status_of(const struct case_file *file, enum check_kind kind)
{
	const struct check *check = case_check(file, kind);

	return check ? check->status : CHECK_PENDING;
}

/* Findings are confidential (docs/api.md "Answers"), so most members are null, although the seed has them. The
 * result of the bureau's check is not hidden, because results_json() shows it, too; and no owner on the sanctions list is
 * approved, so an approval already says that nothing matched. */
static struct json_value *info_json(const struct case_file *file)
{
	enum check_status status = check_status_of(file, CHECK_BUREAU);
	const char *bureau = status == CHECK_PASSED ? "Pass" : status == CHECK_FAILED ? "Fail" : "";

	bool passed = file->session.status == SESSION_APPROVED;

	return BODY(OwnerKycInfo,
		    .ofac = BODY(OwnerKycOfac, .name_matched = passed ? AS_BOOL(false) : AS_NULL,
				 .dob_matched = passed ? AS_BOOL(false) : AS_NULL),
		    .bureau = BODY(OwnerKycBureau, .application_status = AS_TEXT(bureau)),
		    .phone = BODY(OwnerKycPhone, .first_name_match = AS_NULL, .last_name_match = AS_NULL,
				  .address_match = AS_NULL, .service_status = AS_NULL, .service_type = AS_NULL,
				  .service_duration = AS_NULL, .service_ported_duration = AS_NULL));
}

static struct json_value *results_json(const struct case_file *file)
{
	struct json_value *results = json_new_object();

	for (size_t i = 0; i < KIND_COUNT; i++)
		json_set_text(results, check_kind_text(kinds[i]), check_status_text(check_status_of(file, kinds[i])));
	return results;
}

static struct json_value *provider_health_json(const struct case_file *file)
{
	struct json_value *health = json_new_object();

	json_set_text(health, "overall", "SERVICE_GOOD");
	for (size_t i = 0; i < KIND_COUNT; i++) {
		enum check_status status = check_status_of(file, kinds[i]);
		bool works = status != CHECK_ERROR && status != CHECK_TIMEOUT;

		json_set_text(health, check_kind_text(kinds[i]), works ? "SERVICE_GOOD" : "SERVICE_ERROR");
		if (!works)
			json_set_text(health, "overall", "SERVICE_ERROR");
	}
	return health;
}

/* The requested documents in the format of the seed's webhook "KYC exceptions", with the same links as the webhook. */
static struct json_value *documents_json(const struct external_case *view)
{
	JSON_LIST(list, i, view->requested_document_count,
		  BODY(OwnerKycDocument, .document_type = AS_TEXT(view->requested_documents[i].type),
		       .upload_link = AS_TEXT(view->requested_documents[i].link),
		       .status = AS_TEXT(document_is_uploaded(&view->file, view->requested_documents[i].type)
						 ? "submitted"
						 : "required")));
	return list;
}

static struct json_value *correction_requests_json(struct request *r, const struct external_case *view)
{
	const struct case_file *file = &view->file;
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *item = &file->corrections[i];

		if (correction_is_requested(file, item))
			json_append(list,
				    BODY(OwnerKycCorrection,
					 .item = AS_TEXT(corrected_items_text(&r->arena, view, item)),
					 .message = AS_TEXT(item->message), .document_ids = correction_ids_json(item)));
	}
	return list;
}

static enum err answer_kyc_status(struct request *r, const char *business, const char *uid, struct error *error)
{
	const char *program = request_query(r, "program_id"), *own;
	const char *const parts[] = { "brand", r->caller.merchant };
	char brand[UUID_TEXT_SIZE];
	struct json_value *body;
	struct owner owner;
	const struct case_file *file = &owner.view.file;
	bool waits;
	enum err err;

	if (!program || !*program)
		request_add_fault(r, "program_id", REQUIRED_FIELD_MESSAGE);
	err = request_check_faults(r, error);
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
	/* The body has the requested documents and corrections only while the KYC waits for the client. */
	waits = file->session.status == SESSION_AWAITING_CLIENT_CORRECTION;
	body = BODY(OwnerKyc, .customer_id = AS_TEXT(uid), .brand_id = AS_TEXT(brand),
		    .kyc_status = AS_TEXT(kyc_status(file)), .results = results_json(file),
		    .health = provider_health_json(file), .info = info_json(file),
		    .documents = waits ? documents_json(&owner.view) : AS_NULL,
		    .corrections = waits ? correction_requests_json(r, &owner.view) : AS_NULL);
	owner_release(&owner);
	return answer_json(r, 200, body);
}

static enum err handle_kyc_status(struct request *r, struct error *error)
{
	return answer_kyc_status(r, r->arguments[0], r->arguments[1], error);
}

static enum err handle_customer_kyc(struct request *r, struct error *error)
{
	return answer_kyc_status(r, NULL, r->arguments[0], error);
}

#define KYC_PATH "/api/v0.1/businesses/{business_id}/beneficial_owners/{beneficial_owner_id}/verification-kyc"

static const struct route rows[] = {
	{ ROUTE_CREATE, .path = KYC_PATH, .body_shape = "OwnerKycNew", .response = "200:OwnerKycStarted",
	  .verb = VERB_SUBMIT, .handle = handle_start_kyc,
	  .summary = "Start the KYC of a beneficial owner, or submit the corrections" },
	{ ROUTE_READ, .path = KYC_PATH, .query = "program_id:text!", .response = "200:OwnerKyc",
	  .handle = handle_kyc_status, .summary = "Get the KYC status of a beneficial owner" },
	{ ROUTE_READ, .path = "/api/v0.1/customers/{customer_id}/verification-kyc", .query = "program_id:text!",
	  .response = "200:OwnerKyc", .handle = handle_customer_kyc,
	  .summary = "Get the KYC status of a beneficial owner, by customer_id" },
};
const struct routes routes_atelio_kyc = { rows, sizeof rows / sizeof *rows, DIALECT_ATELIO };
