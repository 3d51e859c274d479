#include "matrix_rows.h"

#define CREATE "kyc:create"
#define READ "kyc:read"
#define PROCESS "kyc:process"
#define REVIEW "kyc:review"
#define SUBJECT "\"subject\":{\"kind\":\"individual\",\"name\":\"{mark} Other\",\"country\":\"PT\"}"
#define S "/kyc/sessions/{session_id}"
#define HOOKS "/v1/webhook_endpoints"
#define ACCOUNT "/api/v1/account"
#define KYB ACCOUNT "/business-user/{uid}/kyb-sessions"
#define KYC ACCOUNT "/individual-users/{uid}/kyc-sessions"
#define OWNERS "/api/v0.1/businesses/{business_id}/beneficial_owners"
#define OWNER OWNERS "/{beneficial_owner_id}"
#define COMPANY "{\"name\":\"{mark} Two\",\"country\":\"GB\"}"
#define ADDRESS                                                                                                        \
	"{\"address_type\":\"MAILING\",\"street\":\"6 {mark} Ave.\",\"city\":\"San Francisco\",\"state\":\"CA\","      \
	"\"zip_code\":\"12345-1234\",\"country\":\"US\",\"is_primary\":false}"
#define PROGRAM "72585109-8222-4221-b15b-48e87ffed790"
#define UBO                                                                                                            \
	"{\"fullName\":\"{mark} "                                                                                      \
	"Owner\",\"dateOfBirth\":\"1988-07-22\",\"countryOfTaxId\":\"BRA\",\"taxIdNumber\":"                           \
	"\"11182159150\",\"percentageOfOwnership\":\"100\",\"hasControl\":\"CEO\",\"uploadedIdentificationId\":"       \
	"\"{spare_record}\",\"documentCountry\":\"BRA\",\"streetLine1\":\"RUA AURORA 456\",\"city\":\"SAO "            \
	"PAULO\","                                                                                                     \
	"\"state\":\"SP\",\"zipCode\":\"01209-001\",\"country\":\"BRA\"}"
#define AT "?subAccountId={account}"

/* clang-format off */
const struct entrance_row entrance_rows[] = {
	/* no dialect's */
	{ "GET", "/healthz", "", "", NULL, 200, NULL },
	{ "GET", "/readyz", "", "", NULL, 200, NULL },
	{ "GET", "/problems", "", "", NULL, 200, NULL },
	{ "GET", "/problems/{problem}", "", "", NULL, 404, NULL },
	{ "POST", "/api/v1/auth/login", "", "", "{\"api_code\":\"{code}\",\"api_key\":\"{key}\"}", 200, NULL },
	/* generic */
	{ "POST", "/kyc/sessions", CREATE, "", "{\"workflow_id\":\"generic-kyc\"," SUBJECT "}", 201, NULL },
	{ "GET", "/kyc/sessions", READ, "", NULL, 200, "?include_summary=true&limit=100" },
	{ "GET", S, READ, "session", NULL, 200, NULL },
	{ "GET", S "/documents/{doc_id}/url", READ, "session session_document", NULL, 200, NULL },
	{ "POST", S "/generate-link", CREATE, "spare", NULL, 200, NULL },
	{ "POST", S "/extend", CREATE, "spare", "{\"hours\":1}", 200, NULL },
	{ "POST", S "/validate", PROCESS, "done", NULL, 200, NULL },
	{ "POST", S "/results", PROCESS, "done",
	  "{\"results\":{\"extraction_results\":{}},\"checks\":[{\"kind\":\"crypto\",\"status\":\"passed\"}]}", 200, NULL },
	{ "POST", S "/process", PROCESS, "done", NULL, 200, NULL },
	{ "POST", S "/corrections", REVIEW, "review",
	  "{\"corrections\":[{\"step_id\":\"identity\",\"message\":\"Again, please\"}]}", 200, NULL },
	{ "PATCH", S, REVIEW, "spare", "{\"status\":\"rejected\",\"reason\":\"other\"}", 200, NULL },
	{ "POST", S "/subsessions", CREATE, "parent",
	  "{\"party\":{\"kind\":\"individual\",\"name\":\"{mark} Third\",\"roles\":[\"ubo\"]}}", 201, NULL },
	{ "GET", S "/subsessions", READ, "parent", NULL, 200, NULL },
	{ "POST", S "/subsessions/{sub_id}/regenerate-link", CREATE, "parent sub", NULL, 200, NULL },
	{ "DELETE", S "/subsessions/{sub_id}", CREATE, "parent spare_sub", NULL, 200, NULL },
	{ "DELETE", S, CREATE, "spare", NULL, 200, NULL },
	{ "GET", "/v1/events", READ, "", NULL, 200, "?limit=5" },
	{ "GET", "/v1/events/{event}", READ, "event", NULL, 200, NULL },
	{ "GET", "/v1/events/{event}/deliveries", READ, "event", NULL, 200, NULL },
	/* 202: an endpoint was added after the event. */
	{ "POST", "/v1/events/{event}/replay", CREATE, "event", NULL, 202, NULL },
	{ "POST", HOOKS, CREATE, "", "{\"url\":\"https://{mark}.example/own\",\"events\":[\"*\"]}", 201, NULL },
	{ "GET", HOOKS, READ, "", NULL, 200, NULL },
	{ "GET", HOOKS "/{endpoint_id}", READ, "endpoint", NULL, 200, NULL },
	{ "POST", HOOKS "/{endpoint_id}/replay", CREATE, "endpoint", "{\"since\":\"2026-01-01T00:00:00Z\"}", 202, NULL },
	{ "PATCH", HOOKS "/{endpoint_id}", CREATE, "endpoint", "{\"enabled\":false}", 200, NULL },
	{ "POST", HOOKS "/{endpoint_id}/rotate_secret", CREATE, "endpoint", "{\"overlap_hours\":1}", 200, NULL },
	{ "DELETE", HOOKS "/{endpoint_id}", CREATE, "endpoint", NULL, 204, NULL },
	/* Ralio */
	{ "POST", "/api/v1/webhooks", CREATE, "",
	  "{\"url\":\"https://{mark}.example/two\",\"events\":[\"kyc.state_updated\"]}", 201, NULL },
	{ "GET", "/api/v1/webhooks", READ, "", NULL, 200, NULL },
	{ "DELETE", "/api/v1/webhooks/{webhookId}", CREATE, "hook", NULL, 204, NULL },
	{ "POST", ACCOUNT "/business-user", CREATE, "", COMPANY, 201, NULL },
	{ "GET", ACCOUNT "/business-user", READ, "", NULL, 200, NULL },
	{ "GET", ACCOUNT "/business-user/{uid}", READ, "company", NULL, 200, NULL },
	{ "POST", ACCOUNT "/business-users", CREATE, "", COMPANY, 201, NULL },
	{ "GET", ACCOUNT "/business-users", READ, "", NULL, 200, NULL },
	{ "GET", ACCOUNT "/business-users/{uid}", READ, "company", NULL, 200, NULL },
	{ "POST", ACCOUNT "/individual-users", CREATE, "",
	  "{\"firstName\":\"{mark}\",\"lastName\":\"Two\",\"country\":\"PT\"}", 201, NULL },
	{ "GET", ACCOUNT "/individual-users", READ, "", NULL, 200, NULL },
	{ "GET", ACCOUNT "/individual-users/{uid}", READ, "person", NULL, 200, NULL },
	{ "POST", KYB, CREATE, "spare_company", NULL, 201, NULL },
	{ "GET", KYB "/{sessionId}", READ, "company kyb", NULL, 200, NULL },
	{ "GET", KYB "/{sessionId}/documents", READ, "company kyb", NULL, 200, NULL },
	{ "POST", KYB "/{sessionId}/documents", CREATE, "company kyb", "@category=COMPANY_INFO&type=OTHER", 201, NULL },
	{ "DELETE", KYB "/{sessionId}/documents/{documentId}", CREATE, "company kyb kyb_document", NULL, 204, NULL },
	{ "POST", KYB "/{sessionId}/submit", CREATE, "company kyb", NULL, 200, NULL },
	{ "POST", KYC, CREATE, "spare_person", NULL, 201, NULL },
	{ "GET", KYC "/{sessionId}", READ, "person kyc", NULL, 200, NULL },
	/* 403: the user is not verified (level LIGHT). */
	{ "POST", ACCOUNT "/users/{uid}/accounts", CREATE, "user", "{\"currency\":\"EUR\"}", 403, NULL },
	{ "GET", ACCOUNT "/users/{uid}/accounts", READ, "user", NULL, 200, NULL },
	{ "GET", ACCOUNT "/users/{uid}/accounts/{accountId}", READ, "user kyb", NULL, 404, NULL },
	/* 404: an unverified user has no account; the id of a session replaces the account id. */
	{ "POST", ACCOUNT "/users/{uid}/accounts/{accountId}/transfers", CREATE, "user kyb",
	  "{\"origin\":{\"currency\":\"EUR\",\"amount\":1},\"recipient\":{\"accountId\":\"{kyb}\"}}", 404, NULL },
	{ "POST", ACCOUNT "/users/{uid}/accounts/{accountId}/bank-payouts", CREATE, "user kyb",
	  "{\"origin\":{\"currency\":\"EUR\",\"amount\":1},\"recipient\":{\"iban\":\"ES9121000418450200051332\","
	  "\"accountHolder\":\"{mark}\"},\"code2fa\":\"123456\"}", 404, NULL },
	{ "POST", ACCOUNT "/users/{uid}/accounts/{accountId}/crypto-payouts", CREATE, "user kyb",
	  "{\"origin\":{\"currency\":\"EUR\",\"amount\":1},\"recipient\":{\"address\":"
	  "\"0x00000000000000000000000000000000000000aa\"},\"code2fa\":\"123456\"}", 404, NULL },
	{ "POST", ACCOUNT "/users/{uid}/accounts/{accountId}/payins", CREATE, "user kyb", "{\"amount\":1}", 404, NULL },
	{ "PATCH", ACCOUNT "/orders/{orderId}", CREATE, "kyb", "{\"state\":\"COMPLETED\"}", 404, NULL },
	{ "GET", ACCOUNT "/users/{uid}/accounts/{accountId}/orders", READ, "user kyb", NULL, 404, NULL },
	{ "GET", ACCOUNT "/users/{uid}/accounts/{accountId}/transactions", READ, "user kyb", NULL, 404, NULL },
	{ "GET", ACCOUNT "/orders", READ, "", NULL, 200, NULL },
	{ "GET", ACCOUNT "/orders/{orderId}", READ, "kyb", NULL, 404, NULL },
	{ "GET", ACCOUNT "/bank-payins/{orderId}", READ, "kyb", NULL, 404, NULL },
	{ "GET", ACCOUNT "/crypto-payins/{orderId}", READ, "kyb", NULL, 404, NULL },
	{ "GET", ACCOUNT "/card-payins/{orderId}", READ, "kyb", NULL, 404, NULL },
	{ "GET", ACCOUNT "/transactions/{transactionId}", READ, "kyb", NULL, 404, NULL },
	/* Atelio */
	{ "POST", "/api/v0.1/businesses", CREATE, "", "{\"name\":\"{mark} Two\",\"country\":\"US\"}", 201, NULL },
	{ "POST", OWNERS, CREATE, "business",
	  "{\"addresses\":[" ADDRESS "],\"dob\":\"1992-03-23\",\"first_name\":\"{mark}\",\"last_name\":\"Two\"}", 201, NULL },
	{ "GET", OWNERS, READ, "business", NULL, 200, NULL },
	{ "GET", OWNER, READ, "business owner", NULL, 200, NULL },
	{ "PATCH", OWNER, CREATE, "business owner", "{\"last_name\":\"Changed\"}", 200, NULL },
	{ "POST", OWNER "/addresses", CREATE, "business owner", ADDRESS, 201, NULL },
	{ "GET", OWNER "/addresses", READ, "business owner", NULL, 200, NULL },
	{ "GET", OWNER "/addresses/{address_id}", READ, "business owner address", NULL, 200, NULL },
	{ "PATCH", OWNER "/addresses/{address_id}", CREATE, "business owner address", "{\"city\":\"Oakland\"}", 200, NULL },
	{ "DELETE", OWNER "/addresses/{address_id}", CREATE, "business owner address", NULL, 200, NULL },
	{ "POST", OWNER "/verification-kyc", CREATE, "business owner",
	  "{\"program_id\":\"" PROGRAM "\",\"ssn\":\"123-45-6789\",\"phone\":\"555-111-2222\",\"email\":"
	  "\"a@example.org\",\"ip\":\"192.168.1.139\"}", 200, NULL },
	{ "GET", OWNER "/verification-kyc", READ, "business started", NULL, 200, "?program_id=" PROGRAM },
	{ "GET", "/api/v0.1/customers/{customer_id}/verification-kyc", READ, "started", NULL, 200, "?program_id=" PROGRAM },
	{ "DELETE", OWNER, CREATE, "business spare_owner", NULL, 200, NULL },
	/* Avenia */
	{ "POST", "/v2/account/sub-accounts", CREATE, "", "{\"accountType\":\"COMPANY\",\"name\":\"{mark} Two\"}", 201, NULL },
	{ "POST", "/v2/documents", CREATE, "spare_account", "{\"documentType\":\"ID\"}", 201, AT },
	{ "GET", "/v2/documents/{documentId}", READ, "record account", NULL, 200, AT },
	{ "POST", "/v2/account/ubos", CREATE, "spare_account", UBO, 201, AT },
	{ "GET", "/v2/account/ubos", READ, "account", NULL, 200, AT },
	{ "GET", "/v2/account/ubos/{uboId}", READ, "ubo account", NULL, 200, AT },
	/* 409: submitted data cannot be changed. */
	{ "PATCH", "/v2/account/ubos/{uboId}", CREATE, "ubo account", "{\"city\":\"RIO\"}", 409, AT },
	{ "DELETE", "/v2/account/ubos/{uboId}", CREATE, "ubo account", NULL, 409, AT },
	{ "DELETE", "/v2/documents/{documentId}", CREATE, "record account", NULL, 409, AT },
	{ "POST", "/v2/kyc/new-level-1/api", CREATE, "spare_account", "{\"companyLegalName\":\"{mark} Digital\"}", 400, AT },
	{ "GET", "/v2/kyc/attempts", READ, "spare_account", NULL, 200, AT },
	{ "GET", "/v2/kyc/attempts/{attemptId}", READ, "attempt account", NULL, 200, AT },
};
const size_t entrance_row_count = sizeof entrance_rows / sizeof *entrance_rows;

/* The columns of `expected` are in the order of enum bearer: link, document link, replaced, run out, file, … */
const struct bearer_row bearer_rows[] = {
	{ "GET", "/api/s/{token}", NULL, { 200, 200, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "PUT", "/api/s/{token}/steps/identity", "{\"fields\":{\"said\":\"so\"}}",
	  { 200, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	/* 400 and not 404: the link is valid, but the name of the step is wrong. */
	{ "PUT", "/api/s/{token}/steps/nothing", "{\"fields\":{\"said\":\"so\"}}",
	  { 400, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/api/s/{token}/documents", "@type=PASSPORT", { 201, 400, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/api/s/{token}/documents", "@type=proof_of_address",
	  { 409, 400, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/api/s/{token}/documents", "@type=government_id",
	  { 409, 201, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "DELETE", "/api/s/{token}/documents/{unknown}", NULL, { 404, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	/* A correction of another session, and an unknown correction. */
	{ "POST", "/api/s/{token}/corrections/{correction}", "{\"words\":\"It is so\"}",
	  { 404, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/api/s/{token}/corrections/{unknown}", "{\"words\":\"It is so\"}",
	  { 404, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/api/s/{token}/corrections/{own_correction}", "{\"words\":\"It is so\"}",
	  { 200, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/api/s/{token}/subsessions", "{\"party\":{\"kind\":\"individual\",\"name\":\"{mark} Fourth\",\"roles\":[\"ubo\"]}}",
	  { 201, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "DELETE", "/api/s/{token}/subsessions/{unknown}", NULL, { 404, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	/* The page of the link. */
	{ "GET", "/s/{token}", NULL, { 200, 200, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/s/{token}", "@type=PASSPORT", { 201, 400, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/s/{token}/steps/identity", "@f.said=so", { 303, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/s/{token}/documents", "@type=PASSPORT", { 303, 400, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/s/{token}/corrections/{correction}", "@words=It+is+so", { 404, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/s/{token}/subsessions", "@kind=individual&name={mark}+Fifth&role=ubo", { 303, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/s/{token}/subsessions/{unknown}", "@remove=true", { 404, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/api/s/{token}/complete", NULL, { 200, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "POST", "/s/{token}/complete", "@done=true", { 409, 404, 410, 410, 404, 404, 404, 404, 404, 404, 404 } },
	{ "GET", "/files/{token}", NULL, { 404, 404, 404, 404, 200, 403, 404, 404, 404, 404, 404 } },
	{ "PUT", "/uploads/{token}", "!jpeg", { 404, 404, 404, 404, 404, 404, 204, 403, 404, 404, 404 } },
};
const size_t bearer_row_count = sizeof bearer_rows / sizeof *bearer_rows;
/* clang-format on */
