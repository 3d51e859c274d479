/* Rules of the seeds ralio-kyb-session and ralio-sandbox. */
#include "rule_rows.h"

/* A type of the table of documents that need not be there: its category, and that nothing misses it. */
#define OPTIONAL(line, type, title)                                                                                \
	{ line " " type " optional",                                                                               \
	  type "No",                                                                                               \
	  &probe_type,                                                                                             \
	  { "COMPANY_INFO/" type },                                                                                \
	  { "PERSONAL/" type, "COMPANY_INFO/" type "S" },                                                          \
	  .message = title " has the category 'PERSONAL'; allowed: COMPANY_INFO" },                                \
	{                                                                                                          \
		line " " type " never missing", type "No", &probe_optional, { type }, { "BUSINESS_NUMBER" },       \
			.message = "Business number is missing: no file has been uploaded; ask the client for it"  \
	}

static const struct rule_row ralio_kyb_rows[] = {
	RULE_MANDATORY("L51", "MEMORANDUM_ARTICLES", "MEMORANDUM_ARTICLESYes",
		       "Memorandum and articles of association"),
	RULE_MANDATORY("L52", "BUSINESS_NUMBER", "BUSINESS_NUMBERYes", "Business number"),
	RULE_MANDATORY("L53", "PROOF_OF_ADDRESS", "PROOF_OF_ADDRESSYes", "Proof of company address"),
	RULE_MANDATORY("L54", "DIRECTORS_SHAREHOLDERS_REG", "DIRECTORS_SHAREHOLDERS_REGYes",
		       "Register of directors and shareholders"),
	OPTIONAL("L55", "FINANCIAL_STATEMENTS", "Financial statements"),
	OPTIONAL("L56", "LICENSES_PERMITS", "Licences and permits"),
	OPTIONAL("L57", "OTHER", "Other documents"),
	{ "L44 category",
	  "Document category. Value: COMPANY_INFO",
	  &probe_type,
	  { "COMPANY_INFO/MEMORANDUM_ARTICLES", "COMPANY_INFO/BUSINESS_NUMBER", "COMPANY_INFO/PROOF_OF_ADDRESS",
	    "COMPANY_INFO/DIRECTORS_SHAREHOLDERS_REG" },
	  { "COMPANY/BUSINESS_NUMBER", "IDENTITY/BUSINESS_NUMBER", "COMPANY_INFO/PASSPORT" },
	  .message = "Business number has the category 'COMPANY'; allowed: COMPANY_INFO" },
	{ "L61 size",
	  "Maximun size: 10MB",
	  &probe_size,
	  { "10485760", "16" },
	  { "10485761", "0" },
	  .path = "BUSINESS_NUMBER",
	  .message = NULL },
	{ "L62 formats",
	  "Accepted formats: PDF (.pdf), Excel (.xlsx, .xls), Word (.docx, .doc), Images (.jpg, .jpeg, .png)",
	  &probe_format,
	  { "pdf", "xlsx", "xls", "docx", "doc", "jpg", "jpeg", "png" },
	  { "heic", "gif", "pdf named docx", "png named pdf" },
	  .path = "BUSINESS_NUMBER",
	  .message = "the content is heic; allowed for BUSINESS_NUMBER: pdf, xlsx, xls, docx, doc, jpeg or png" },
	{ "L103 parties verified",
	  "The KYC process for Related Parties is a requirement for the KYB Session to be approved.",
	  &probe_party_session,
	  { "approved" },
	  { "none", "draft", "active", "completed", "processing", "processed", "expired", "rejected",
	    "manual_review", "awaiting_client_correction" },
	  .message = "Ines Duarte is not verified: no KYC session; add one" },
	{ "L92 parties declared",
	  "Related Parties are declared (individuals linked to the business, such as partners, directors, "
	  "beneficial owners, etc.).",
	  &probe_owners,
	  { "1", "2" },
	  { "0" },
	  .message = "No related party is declared; add the owners and a person with a control role" },
};
const struct rule_table ralio_kyb_table = { "ralio-kyb-session", "ralio-kyb", ralio_kyb_rows,
					    sizeof ralio_kyb_rows / sizeof *ralio_kyb_rows };

static const struct rule_row ralio_sandbox_rows[] = {
	{ "L87 endpoint https",
	  "Must be a valid https:// URL",
	  &probe_endpoint,
	  { "https://merchant.example/hook", "https://merchant.example:8443/a?b" },
	  { "http://merchant.example/hook", "merchant.example", "ftp://merchant.example", "https://" },
	  .message = "http:// is allowed only in a sandbox store and only for a loopback address; use https://" },
	{ "L104 events Accounts",
	  "account.activated",
	  &probe_event,
	  { "account.activated" },
	  { "account.activatedd" },
	  .message = "Unknown event \"account.activatedd\". Did you mean \"account.activated\"?" },
	{ "L105 events Payins",
	  "payin.processing",
	  &probe_event,
	  { "payin.processing", "payin.completed", "payin.failed" },
	  { "payin.processingd", "payin.completedd", "payin.failedd" },
	  .message = "Unknown event \"payin.processingd\". Did you mean \"payin.processing\"?" },
	{ "L106 events Payouts",
	  "payout.processing",
	  &probe_event,
	  { "payout.processing", "payout.completed" },
	  { "payout.processingd", "payout.completedd" },
	  .message = "Unknown event \"payout.processingd\". Did you mean \"payout.processing\"?" },
	{ "L107 events Transfers",
	  "transfer.processing",
	  &probe_event,
	  { "transfer.processing", "transfer.completed" },
	  { "transfer.processingd", "transfer.completedd" },
	  .message = "Unknown event \"transfer.processingd\". Did you mean \"transfer.processing\"?" },
	{ "L108 events KYC / KYB",
	  "kyc.state_updated",
	  &probe_event,
	  { "kyc.state_updated", "kyc.session_verified", "kyc.session_failed", "kyc.session_expired" },
	  { "kyc.state_updatedd", "kyc.session_verifiedd", "kyc.session_failedd", "kyc.session_expiredd" },
	  .message = "Unknown event \"kyc.state_updatedd\". Did you mean \"kyc.state_updated\"?" },
	{ "L118 individual users",
	  "A natural person. Goes through KYC (Know Your Customer) verification.",
	  &probe_subject,
	  { "ralio-sandbox/individual" },
	  { "ralio-kyb/individual", "atelio-beneficial-owner/business" },
	  .message = "is individual, which the workflow ralio-kyb does not accept" },
	{ "L124 business users",
	  "A legal entity / company. Goes through KYB (Know Your Business) verification.",
	  &probe_subject,
	  { "ralio-sandbox/business" },
	  { "atelio-beneficial-owner/business" },
	  .message = "is business, which the workflow atelio-beneficial-owner does not accept" },
};
const struct rule_table ralio_sandbox_table = { "ralio-sandbox", "ralio-sandbox", ralio_sandbox_rows,
						sizeof ralio_sandbox_rows / sizeof *ralio_sandbox_rows };
