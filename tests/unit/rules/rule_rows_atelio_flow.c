/* The promises of the seed atelio-beneficial-owners on the course of an owner's KYC, and on its notifications. */
#include "rule_rows.h"

#define FOREIGN                                                                                                    \
	"steps.addresses.addresses[0].country=PT;steps.addresses.addresses[0].state=Lisboa;"                       \
	"steps.addresses.addresses[0].zip_code=1100-053"
#define PO_BOX "steps.addresses.addresses[0].street=PO Box 1234"
#define FAILED "provider check_report bureau failed; client submit"

#define ADDRESSES(list) "{\"addresses\":[" list "]}"
#define ADDRESS(type, street)                                                                                      \
	"{\"address_type\":\"" type "\",\"street\":\"" street                                                      \
	"\",\"city\":\"Oakland\",\"state\":\"CA\",\"zip_code\":\"94104\",\"country\":\"US\",\"is_primary\":true}"

static const struct rule_row atelio_flow_rows[] = {
	{ "L501 asynchronous",
	  "The KYC request for the beneficial owner is asynchronous (meaning that the reply is not always "
	  "immediate)",
	  &probe_verbs,
	  { "draft | provider check_report ofac pending; client submit | status=processing" },
	  { "draft | client submit | status=processing" },
	  .message = "status is approved" },
	{ "L554 success",
	  "KYC passed.",
	  &probe_body,
	  { "draft | client submit | event=kyc.verification.success",
	    "manual_review | reviewer approve | event=kyc.verification.success",
	    "draft | client submit | kyc.verification.success:beneficial_owner_id=*",
	    "draft | client submit | kyc.verification.success:occurred_at=*" },
	  { "draft | " FAILED " | event=kyc.verification.success",
	    "draft | client start | event=kyc.verification.success" },
	  .message = "no body says it; there are: kyc.verification.failure" },
	{ "L553 failure",
	  "KYC failed due to low confidence in the identity validation.",
	  &probe_body,
	  { "draft | " FAILED " | event=kyc.verification.failure",
	    "manual_review | reviewer reject | event=kyc.verification.failure" },
	  { "draft | client submit | event=kyc.verification.failure" },
	  .message = "no body says it; there are: kyc.verification.success" },
	{ "L551 error",
	  "KYC failed to complete due to a server error.",
	  &probe_body,
	  { "draft | provider check_report bureau error; client submit | event=kyc.verification.error" },
	  { "draft | client submit | event=kyc.verification.error",
	    "draft | provider check_report bureau timeout; client submit | event=kyc.verification.error" },
	  .message = "no body says it; there are: kyc.verification.success" },
	{ "L552 retry after an error",
	  "to retry.",
	  &probe_verbs,
	  { "draft | provider check_report bureau error; client submit | status=completed",
	    "draft | provider check_report bureau error; client submit; client submit; provider "
	    "check_report bureau passed | status=approved",
	    "draft | provider check_report bureau error; client submit | attempt=2" },
	  { "draft | " FAILED "; client submit", "draft | client submit; client submit" },
	  .message = "The case is rejected; only the desk can reopen it" },
	{ "L555 timeout",
	  "KYC failed to complete due to a connection timeout.",
	  &probe_body,
	  { "draft | provider check_report bureau timeout; client submit | event=kyc.verification.timeout",
	    "draft | provider check_report bureau pending; client submit; wait 1 | "
	    "event=kyc.verification.timeout" },
	  { "draft | client submit | event=kyc.verification.timeout",
	    "draft | provider check_report bureau error; client submit | event=kyc.verification.timeout" },
	  .message = "no body says it; there are: kyc.verification.success" },
	{ "L557 retry after a timeout",
	  "to retry.",
	  &probe_verbs,
	  { "draft | provider check_report bureau timeout; client submit; client submit; provider "
	    "check_report bureau passed | status=approved" },
	  { "draft | provider check_report bureau timeout; client submit; client approve" },
	  .message = "Nobody can approve as client" },
	{ "L558 document required",
	  "KYC requires further information to continue. This includes a documents field that indicates the types "
	  "of documents required.",
	  &probe_body,
	  { "manual_review | reviewer corrections government_id | event=kyc.verification.document_required",
	    "manual_review | reviewer corrections government_id | "
	    "kyc.verification.document_required:documents[0].document_type=government_id",
	    "manual_review | reviewer corrections proof_of_address | documents[0].document_type=proof_of_address",
	    "manual_review | reviewer corrections social_security_card | "
	    "documents[0].document_type=social_security_card" },
	  { "manual_review | reviewer corrections identity | event=kyc.verification.document_required",
	    "manual_review | reviewer corrections government_id | documents[0].document_type=proof_of_address" },
	  .message = "no body says it; there are: session.corrections_requested" },
	{ "L682 upload link",
	  "Each required document contains a secure link indicated by upload_link",
	  &probe_body,
	  { "manual_review | reviewer corrections government_id | documents[0].upload_link=*",
	    "manual_review | reviewer corrections government_id | documents[0].status=required" },
	  { "manual_review | reviewer approve | documents[0].upload_link=*",
	    "manual_review | reviewer corrections government_id | documents[0].status=submitted" },
	  .message = "no body says it; there are: kyc.verification.success" },
	{ "L640 under review after the documents",
	  "After you upload the required documents and they need to be reviewed, a webhook is sent and the KYC "
	  "status is set to kyc.verification.under_review.",
	  &probe_body,
	  { "manual_review | reviewer corrections government_id; client document_add government_id png | "
	    "event=kyc.verification.under_review" },
	  { "manual_review | reviewer corrections government_id | event=kyc.verification.under_review" },
	  .message = "no body says it; there are: kyc.verification.document_required" },
	{ "L640 the end of a review",
	  "Once the review is complete, a webhook is sent and the status is updated to either "
	  "kyc.verification.success or kyc.verification.failure.",
	  &probe_body,
	  { "manual_review | reviewer corrections government_id; client document_add government_id png; "
	    "reviewer document_accept government_id; reviewer correction_accept; reviewer approve | "
	    "event=kyc.verification.success",
	    "manual_review | reviewer corrections government_id; client document_add government_id png; "
	    "reviewer reject | event=kyc.verification.failure" },
	  { "manual_review | reviewer corrections government_id; client document_add government_id png | "
	    "event=kyc.verification.success" },
	  .message =
		  "no body says it; there are: kyc.verification.under_review kyc.verification.document_required" },
	{ "L644 foreign owner",
	  "For foreign beneficial owners (non-US addresses), failed KYC attempts are automatically routed to "
	  "manual review instead of failing immediately.",
	  &probe_verbs,
	  { "draft | " FAILED " | status=manual_review" },
	  { "draft | " FAILED " | status=rejected", "draft | client submit | status=manual_review" },
	  .with = FOREIGN,
	  .message = "status is manual_review" },
	{ "L644 owner in the US",
	  "failing immediately",
	  &probe_verbs,
	  { "draft | " FAILED " | status=rejected" },
	  { "draft | " FAILED " | status=manual_review" },
	  .message = "status is rejected" },
	{ "L646 foreign owner's webhook",
	  "A kyc.verification.under_review webhook is sent with reasons: \"Foreign Beneficial Owner\".",
	  &probe_body,
	  { "draft | " FAILED " | kyc.verification.under_review:reasons[0]=Foreign Beneficial Owner" },
	  { "draft | client submit | kyc.verification.under_review:reasons[0]=Foreign Beneficial Owner",
	    "draft | " FAILED " | event=kyc.verification.failure" },
	  .with = FOREIGN,
	  .message = "no body says it; there are: kyc.verification.success" },
	{ "L649 foreign owner's end",
	  "Once manual review is complete, a final webhook is sent with either kyc.verification.success or "
	  "kyc.verification.failure.",
	  &probe_body,
	  { "draft | " FAILED "; reviewer reject | event=kyc.verification.failure",
	    "draft | " FAILED "; lead check_waive bureau; reviewer approve | event=kyc.verification.success" },
	  { "draft | " FAILED " | event=kyc.verification.success" },
	  .with = FOREIGN,
	  .message = "no body says it; there are: kyc.verification.under_review" },
	{ "L568 PO box",
	  "Customer address is a PO Box. Request a new address",
	  &probe_body,
	  { "draft | client submit | kyc.verification.failure:error_code=po_box_failure",
	    "draft | client submit | description=Customer address is a PO Box. Request a new address",
	    "manual_review | reviewer reject expired_document | "
	    "kyc.verification.failure:error_code=po_box_failure" },
	  { "draft | client submit | event=kyc.verification.success",
	    /* The reason is sent to nobody, nor hinted at by another error. */
	    "manual_review | reviewer reject sanctions_match | error_code=po_box_failure" },
	  .with = PO_BOX,
	  .message = "no body says it; there are: kyc.verification.failure" },
	{ "L544 no attempt after success",
	  "After a customer has been successfully vetted, further KYC attempts are not be allowed.",
	  &probe_verbs,
	  { "manual_review | reviewer reject retryable; client resubmit" },
	  { "manual_review | reviewer approve; client resubmit", "manual_review | reviewer approve; client submit",
	    "draft | client submit; client submit" },
	  .message = "The case is approved; only a rejected case can be submitted again" },
	{ "L544 timestamp of the success",
	  "The KYC service responds with an error and displays the timestamp of the previous successful KYC "
	  "request",
	  &probe_verbs,
	  { "manual_review | reviewer reject retryable; client save identity {\"middle_name\":\"Jack\"}" },
	  { "manual_review | reviewer approve; client save identity {\"middle_name\":\"Jack\"}" },
	  .message = "This session was approved at 2026-11-20T12:00:00Z; it accepts neither an update nor another "
		     "attempt" },
	{ "L476 no update by a line",
	  "Most of a customer's details can't be updated after they've passed KYC as the new information needs to "
	  "be verified before the update can occur.",
	  &probe_lines,
	  { "draft | line steps.identity.first_name=Bo" },
	  { "draft | client submit; line steps.identity.first_name=Bo",
	    "manual_review | reviewer approve; line steps.identity.first_name=Bo" },
	  .message = "this session was approved at 2026-11-20T12:00:00Z; it accepts neither an update nor another "
		     "attempt" },
	{ "L476 no update after passing",
	  "Most of a customer's details can't be updated after they've passed KYC as the new information needs to "
	  "be verified before the update can occur.",
	  &probe_verbs,
	  { "draft | client save identity {\"first_name\":\"Bo\"}" },
	  { "draft | client submit; client save identity {\"first_name\":\"Bo\"}" },
	  .message = "This session was approved at 2026-11-20T12:00:00Z; it accepts neither an update nor another "
		     "attempt" },
	{ "L93 a missing field at the entrance",
	  "If you try to add a Beneficial Owner with a missing field, you receive a JSON response similar to the "
	  "following.",
	  &probe_verbs,
	  { "draft | client save identity {\"last_name\":\"Bo\"}" },
	  { "draft | client save identity {\"last_name\":\"b\"}",
	    "draft | client save identity {\"dob\":\"3/23/1992\"}",
	    "draft | client save identity {\"ip\":\"::1\"}" },
	  .message = "Last name has 1 character; allowed: 2 to 20 characters" },
	{ "L291 addresses created and updated",
	  "To create a beneficial owner's address, use the CreateBeneficialOwnerAddress endpoint and provide "
	  "parameters in the following table.",
	  &probe_verbs,
	  { "draft | client save addresses " ADDRESSES(ADDRESS("PHYSICAL", "5_California_Ave.")),
	    "draft | client save addresses " ADDRESSES(
		    ADDRESS("PHYSICAL", "5_California_Ave.") "," ADDRESS("MAILING", "12_Ocean_View_Road")) },
	  { "draft | client save addresses " ADDRESSES(ADDRESS("BILLING", "5_California_Ave.")),
	    "draft | client save addresses " ADDRESSES(ADDRESS("PHYSICAL", "5_C_Ave")),
	    "draft | client submit; client save addresses " ADDRESSES(ADDRESS("PHYSICAL", "5_California_Ave.")) },
	  .message = "Address 1: Type is 'BILLING'; allowed: MAILING or PHYSICAL; did you mean 'MAILING'?" },
};
const struct rule_table atelio_flow_table = { "atelio-beneficial-owners", "atelio-beneficial-owner",
					      atelio_flow_rows,
					      sizeof atelio_flow_rows / sizeof *atelio_flow_rows };
