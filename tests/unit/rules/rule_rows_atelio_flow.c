/* The promises of the seed atelio-beneficial-owners on the course of an owner's KYC, and on its notifications. */
#include "rule_rows.h"

#define FOREIGN                                                                                                        \
	"steps.addresses.addresses[0].country=PT;steps.addresses.addresses[0].state=Lisboa;"                           \
	"steps.addresses.addresses[0].zip_code=1100-053"
#define PO_BOX "steps.addresses.addresses[0].street=PO Box 1234"
#define FAILED "provider check_report bureau failed; client submit"

#define ADDRESSES(list) "{\"addresses\":[" list "]}"
#define ADDRESS(type, street)                                                                                          \
	"{\"address_type\":\"" type "\",\"street\":\"" street                                                          \
	"\",\"city\":\"Oakland\",\"state\":\"CA\",\"zip_code\":\"94104\",\"country\":\"US\",\"is_primary\":true}"

static const struct rule_row atelio_flow_rows[] = {
	RULE(verbs, "L501 asynchronous",
	     "The KYC request for the beneficial owner is asynchronous (meaning that the reply is not always "
	     "immediate)",
	     "status is approved",
	     ACCEPTED("draft | provider check_report ofac pending; client submit | status=processing"),
	     REFUSED("draft | client submit | status=processing")),
	RULE(body, "L554 success", "KYC passed.", "no body says it; there are: kyc.verification.failure",
	     ACCEPTED("draft | client submit | event=kyc.verification.success",
		      "manual_review | reviewer approve | event=kyc.verification.success",
		      "draft | client submit | kyc.verification.success:beneficial_owner_id=*",
		      "draft | client submit | kyc.verification.success:occurred_at=*"),
	     REFUSED("draft | " FAILED " | event=kyc.verification.success",
		     "draft | client start | event=kyc.verification.success")),
	RULE(body, "L553 failure", "KYC failed due to low confidence in the identity validation.",
	     "no body says it; there are: kyc.verification.success",
	     ACCEPTED("draft | " FAILED " | event=kyc.verification.failure",
		      "manual_review | reviewer reject | event=kyc.verification.failure"),
	     REFUSED("draft | client submit | event=kyc.verification.failure")),
	RULE(body, "L551 error", "KYC failed to complete due to a server error.",
	     "no body says it; there are: kyc.verification.success",
	     ACCEPTED("draft | provider check_report bureau error; client submit | event=kyc.verification.error"),
	     REFUSED("draft | client submit | event=kyc.verification.error",
		     "draft | provider check_report bureau timeout; client submit | event=kyc.verification.error")),
	RULE(verbs, "L552 retry after an error", "to retry.", "The case is rejected; only the desk can reopen it",
	     ACCEPTED("draft | provider check_report bureau error; client submit | status=completed",
		      "draft | provider check_report bureau error; client submit; client submit; provider "
		      "check_report bureau passed | status=approved",
		      "draft | provider check_report bureau error; client submit | attempt=2"),
	     REFUSED("draft | " FAILED "; client submit", "draft | client submit; client submit")),
	RULE(body, "L555 timeout", "KYC failed to complete due to a connection timeout.",
	     "no body says it; there are: kyc.verification.success",
	     ACCEPTED("draft | provider check_report bureau timeout; client submit | event=kyc.verification.timeout",
		      "draft | provider check_report bureau pending; client submit; wait 1 | "
		      "event=kyc.verification.timeout"),
	     REFUSED("draft | client submit | event=kyc.verification.timeout",
		     "draft | provider check_report bureau error; client submit | event=kyc.verification.timeout")),
	RULE(verbs, "L557 retry after a timeout", "to retry.", "Nobody can approve as client",
	     ACCEPTED("draft | provider check_report bureau timeout; client submit; client submit; provider "
		      "check_report bureau passed | status=approved"),
	     REFUSED("draft | provider check_report bureau timeout; client submit; client approve")),
	RULE(body, "L558 document required",
	     "KYC requires further information to continue. This includes a documents field that indicates the "
	     "types of documents required.",
	     "no body says it; there are: session.corrections_requested",
	     ACCEPTED("manual_review | reviewer corrections government_id | "
		      "event=kyc.verification.document_required",
		      "manual_review | reviewer corrections government_id | "
		      "kyc.verification.document_required:documents[0].document_type=government_id",
		      "manual_review | reviewer corrections proof_of_address | "
		      "documents[0].document_type=proof_of_address",
		      "manual_review | reviewer corrections social_security_card | "
		      "documents[0].document_type=social_security_card"),
	     REFUSED("manual_review | reviewer corrections identity | event=kyc.verification.document_required",
		     "manual_review | reviewer corrections government_id | "
		     "documents[0].document_type=proof_of_address")),
	RULE(body, "L682 upload link", "Each required document contains a secure link indicated by upload_link",
	     "no body says it; there are: kyc.verification.success",
	     ACCEPTED("manual_review | reviewer corrections government_id | documents[0].upload_link=*",
		      "manual_review | reviewer corrections government_id | documents[0].status=required"),
	     REFUSED("manual_review | reviewer approve | documents[0].upload_link=*",
		     "manual_review | reviewer corrections government_id | documents[0].status=submitted")),
	RULE(body, "L640 under review after the documents",
	     "After you upload the required documents and they need to be reviewed, a webhook is sent and the KYC "
	     "status is set to kyc.verification.under_review.",
	     "no body says it; there are: kyc.verification.document_required",
	     ACCEPTED("manual_review | reviewer corrections government_id; client document_add government_id png | "
		      "event=kyc.verification.under_review"),
	     REFUSED("manual_review | reviewer corrections government_id | event=kyc.verification.under_review")),
	RULE(body, "L640 the end of a review",
	     "Once the review is complete, a webhook is sent and the status is updated to either "
	     "kyc.verification.success or kyc.verification.failure.",
	     "no body says it; there are: kyc.verification.under_review kyc.verification.document_required",
	     ACCEPTED("manual_review | reviewer corrections government_id; client document_add government_id png; "
		      "reviewer document_accept government_id; reviewer correction_accept; reviewer approve | "
		      "event=kyc.verification.success",
		      "manual_review | reviewer corrections government_id; client document_add government_id png; "
		      "reviewer reject | event=kyc.verification.failure"),
	     REFUSED("manual_review | reviewer corrections government_id; client document_add government_id png | "
		     "event=kyc.verification.success")),
	RULE(verbs, "L644 foreign owner",
	     "For foreign beneficial owners (non-US addresses), failed KYC attempts are automatically routed to "
	     "manual review instead of failing immediately.",
	     "status is manual_review", ACCEPTED("draft | " FAILED " | status=manual_review"),
	     REFUSED("draft | " FAILED " | status=rejected", "draft | client submit | status=manual_review"),
	     .with = FOREIGN),
	RULE(verbs, "L644 owner in the US", "failing immediately", "status is rejected",
	     ACCEPTED("draft | " FAILED " | status=rejected"), REFUSED("draft | " FAILED " | status=manual_review")),
	RULE(body, "L646 foreign owner's webhook",
	     "A kyc.verification.under_review webhook is sent with reasons: \"Foreign Beneficial Owner\".",
	     "no body says it; there are: kyc.verification.success",
	     ACCEPTED("draft | " FAILED " | kyc.verification.under_review:reasons[0]=Foreign Beneficial Owner"),
	     REFUSED("draft | client submit | kyc.verification.under_review:reasons[0]=Foreign Beneficial Owner",
		     "draft | " FAILED " | event=kyc.verification.failure"),
	     .with = FOREIGN),
	RULE(body, "L649 foreign owner's end",
	     "Once manual review is complete, a final webhook is sent with either kyc.verification.success or "
	     "kyc.verification.failure.",
	     "no body says it; there are: kyc.verification.under_review",
	     ACCEPTED("draft | " FAILED "; reviewer reject | event=kyc.verification.failure",
		      "draft | " FAILED "; lead check_waive bureau; reviewer approve | event=kyc.verification.success"),
	     REFUSED("draft | " FAILED " | event=kyc.verification.success"), .with = FOREIGN),
	RULE(body, "L568 PO box", "Customer address is a PO Box. Request a new address",
	     "no body says it; there are: kyc.verification.failure",
	     ACCEPTED("draft | client submit | kyc.verification.failure:error_code=po_box_failure",
		      "draft | client submit | description=Customer address is a PO Box. Request a new address",
		      "manual_review | reviewer reject expired_document | "
		      "kyc.verification.failure:error_code=po_box_failure"),
	     REFUSED("draft | client submit | event=kyc.verification.success",
		     /* The restricted reason is not sent, and no other error code hints at it. */
		     "manual_review | reviewer reject sanctions_match | error_code=po_box_failure"),
	     .with = PO_BOX),
	RULE(verbs, "L544 no attempt after success",
	     "After a customer has been successfully vetted, further KYC attempts are not be allowed.",
	     "The case is approved; only a rejected case can be submitted again",
	     ACCEPTED("manual_review | reviewer reject retryable; client resubmit"),
	     REFUSED("manual_review | reviewer approve; client resubmit",
		     "manual_review | reviewer approve; client submit", "draft | client submit; client submit")),
	RULE(verbs, "L544 timestamp of the success",
	     "The KYC service responds with an error and displays the timestamp of the previous successful KYC "
	     "request",
	     "This session was approved at 2026-11-20T12:00:00Z; it accepts neither an update nor another attempt",
	     ACCEPTED("manual_review | reviewer reject retryable; client save identity {\"middle_name\":\"Jack\"}"),
	     REFUSED("manual_review | reviewer approve; client save identity {\"middle_name\":\"Jack\"}")),
	RULE(lines, "L476 no update by a line",
	     "Most of a customer's details can't be updated after they've passed KYC as the new information needs "
	     "to be verified before the update can occur.",
	     "this session was approved at 2026-11-20T12:00:00Z; it accepts neither an update nor another attempt",
	     ACCEPTED("draft | line steps.identity.first_name=Bo"),
	     REFUSED("draft | client submit; line steps.identity.first_name=Bo",
		     "manual_review | reviewer approve; line steps.identity.first_name=Bo")),
	RULE(verbs, "L476 no update after passing",
	     "Most of a customer's details can't be updated after they've passed KYC as the new information needs "
	     "to be verified before the update can occur.",
	     "This session was approved at 2026-11-20T12:00:00Z; it accepts neither an update nor another attempt",
	     ACCEPTED("draft | client save identity {\"first_name\":\"Bo\"}"),
	     REFUSED("draft | client submit; client save identity {\"first_name\":\"Bo\"}")),
	RULE(verbs, "L93 a missing field at the entrance",
	     "If you try to add a Beneficial Owner with a missing field, you receive a JSON response similar to "
	     "the following.",
	     "Last name has 1 character; allowed: 2 to 20 characters",
	     ACCEPTED("draft | client save identity {\"last_name\":\"Bo\"}"),
	     REFUSED("draft | client save identity {\"last_name\":\"b\"}",
		     "draft | client save identity {\"dob\":\"3/23/1992\"}",
		     "draft | client save identity {\"ip\":\"::1\"}")),
	RULE(verbs, "L291 addresses created and updated",
	     "To create a beneficial owner's address, use the CreateBeneficialOwnerAddress endpoint and provide "
	     "parameters in the following table.",
	     "Address 1: Type is 'BILLING'; allowed: MAILING or PHYSICAL; did you mean 'MAILING'?",
	     ACCEPTED("draft | client save addresses " ADDRESSES(ADDRESS("PHYSICAL", "5_California_Ave.")),
		      "draft | client save addresses " ADDRESSES(
			      ADDRESS("PHYSICAL", "5_California_Ave.") "," ADDRESS("MAILING", "12_Ocean_View_Road"))),
	     REFUSED("draft | client save addresses " ADDRESSES(ADDRESS("BILLING", "5_California_Ave.")),
		     "draft | client save addresses " ADDRESSES(ADDRESS("PHYSICAL", "5_C_Ave")),
		     "draft | client submit; client save addresses " ADDRESSES(
			     ADDRESS("PHYSICAL", "5_California_Ave.")))),
};
RULE_TABLE(atelio_flow, "atelio-beneficial-owners", "atelio-beneficial-owner");
