/* Rules of the seeds ralio-kyb-session and ralio-sandbox. */
#include "rule_rows.h"

/* An optional type of the table of documents: its category is checked, and a case without it misses no document. */
#define OPTIONAL(line, name, title)                                                                                    \
	RULE(type, line " " name " optional", name "No", title " has the category 'PERSONAL'; allowed: COMPANY_INFO",  \
	     ACCEPTED("COMPANY_INFO/" name), REFUSED("PERSONAL/" name, "COMPANY_INFO/" name "S")),                     \
		RULE(optional, line " " name " never missing", name "No",                                              \
		     "Business number is missing: no file has been uploaded; ask the client for it", ACCEPTED(name),   \
		     REFUSED("BUSINESS_NUMBER"))

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
	RULE(type, "L44 category", "Document category. Value: COMPANY_INFO",
	     "Business number has the category 'COMPANY'; allowed: COMPANY_INFO",
	     ACCEPTED("COMPANY_INFO/MEMORANDUM_ARTICLES", "COMPANY_INFO/BUSINESS_NUMBER",
		      "COMPANY_INFO/PROOF_OF_ADDRESS", "COMPANY_INFO/DIRECTORS_SHAREHOLDERS_REG"),
	     REFUSED("COMPANY/BUSINESS_NUMBER", "IDENTITY/BUSINESS_NUMBER", "COMPANY_INFO/PASSPORT")),
	RULE(size, "L61 size", "Maximun size: 10MB", NULL, ACCEPTED("10485760", "16"), REFUSED("10485761", "0"),
	     .path = "BUSINESS_NUMBER"),
	RULE(format, "L62 formats",
	     "Accepted formats: PDF (.pdf), Excel (.xlsx, .xls), Word (.docx, .doc), Images (.jpg, .jpeg, .png)",
	     "the content is heic; allowed for BUSINESS_NUMBER: pdf, xlsx, xls, docx, doc, jpeg or png",
	     ACCEPTED("pdf", "xlsx", "xls", "docx", "doc", "jpg", "jpeg", "png"),
	     REFUSED("heic", "gif", "pdf named docx", "png named pdf"), .path = "BUSINESS_NUMBER"),
	RULE(party_session, "L103 parties verified",
	     "The KYC process for Related Parties is a requirement for the KYB Session to be approved.",
	     "Ines Duarte is not verified: no KYC session; add one", ACCEPTED("approved"),
	     REFUSED("none", "draft", "active", "completed", "processing", "processed", "expired", "rejected",
		     "manual_review", "awaiting_client_correction")),
	RULE(owners, "L92 parties declared",
	     "Related Parties are declared (individuals linked to the business, such as partners, directors, "
	     "beneficial owners, etc.).",
	     "No related party is declared; add the owners and a person with a control role", ACCEPTED("1", "2"),
	     REFUSED("0")),
};
RULE_TABLE(ralio_kyb, "ralio-kyb-session", "ralio-kyb");

static const struct rule_row ralio_sandbox_rows[] = {
	RULE(endpoint, "L87 endpoint https", "Must be a valid https:// URL",
	     "http:// is allowed only in a sandbox store and only for a loopback address; use https://",
	     ACCEPTED("https://merchant.example/hook", "https://merchant.example:8443/a?b"),
	     REFUSED("http://merchant.example/hook", "merchant.example", "ftp://merchant.example", "https://")),
	RULE(event, "L104 events Accounts", "account.activated",
	     "Unknown event \"account.activatedd\". Did you mean \"account.activated\"?", ACCEPTED("account.activated"),
	     REFUSED("account.activatedd")),
	RULE(event, "L105 events Payins", "payin.processing",
	     "Unknown event \"payin.processingd\". Did you mean \"payin.processing\"?",
	     ACCEPTED("payin.processing", "payin.completed", "payin.failed"),
	     REFUSED("payin.processingd", "payin.completedd", "payin.failedd")),
	RULE(event, "L106 events Payouts", "payout.processing",
	     "Unknown event \"payout.processingd\". Did you mean \"payout.processing\"?",
	     ACCEPTED("payout.processing", "payout.completed"), REFUSED("payout.processingd", "payout.completedd")),
	RULE(event, "L107 events Transfers", "transfer.processing",
	     "Unknown event \"transfer.processingd\". Did you mean \"transfer.processing\"?",
	     ACCEPTED("transfer.processing", "transfer.completed"),
	     REFUSED("transfer.processingd", "transfer.completedd")),
	RULE(event, "L108 events KYC / KYB", "kyc.state_updated",
	     "Unknown event \"kyc.state_updatedd\". Did you mean \"kyc.state_updated\"?",
	     ACCEPTED("kyc.state_updated", "kyc.session_verified", "kyc.session_failed", "kyc.session_expired"),
	     REFUSED("kyc.state_updatedd", "kyc.session_verifiedd", "kyc.session_failedd", "kyc.session_expiredd")),
	RULE(subject, "L118 individual users", "A natural person. Goes through KYC (Know Your Customer) verification.",
	     "is individual, which the workflow ralio-kyb does not accept", ACCEPTED("ralio-sandbox/individual"),
	     REFUSED("ralio-kyb/individual", "atelio-beneficial-owner/business")),
	RULE(subject, "L124 business users",
	     "A legal entity / company. Goes through KYB (Know Your Business) verification.",
	     "is business, which the workflow atelio-beneficial-owner does not accept",
	     ACCEPTED("ralio-sandbox/business"), REFUSED("atelio-beneficial-owner/business")),
};
RULE_TABLE(ralio_sandbox, "ralio-sandbox", "ralio-sandbox");
