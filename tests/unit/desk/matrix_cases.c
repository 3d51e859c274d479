#include "matrix_cases.h"
#include "kybdesk/base/file.h"
#include "kybdesk/domain/column.h"
#include "kybdesk/domain/party_input.h"
#include "kybdesk/domain/subject.h"
#include "support/process.h"

#include <stdio.h>

#define LONG "said in more than ten characters"
#define PDF                                                                                                            \
	"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"          \
	"trailer<</Root 1 0 R>>\n%%EOF\n"

#define CASE(NAME, least, capacities, case_, ...) void case_(struct cell *cell);
VERB_ROWS(CASE)

struct strbuf matrix_bytes = STRBUF_INIT;

/* In these formats, %s is the case's reference. */
#define text(cell, format) arena_printf(&(cell)->f->arena, format, (cell)->ref)
#define sql(cell, format) found((cell), text(cell, format))
#define change(cell, format) sql_change((cell)->f, text(cell, format))

static const char *found(struct cell *cell, const char *query)
{
	const char *value = sql_text(cell->f, query);

	cr_assert(*value, "nothing there: %s", query);
	return value;
}

/* Runs another verb before the verb under test. */
struct use_out matrix_before(struct cell *cell, struct desk *desk, struct use_in in)
{
	struct use_out out;
	enum err err;

	in.session = in.session ? in.session : cell->ref;
	err = desk_do(desk, &cell->f->arena, &in, &out, &cell->f->error);
	cr_assert(!err, "%s before %s: %s", use_cases[in.verb].audit_action, use_cases[cell->in.verb].audit_action,
		  cell->f->error.message);
	return out;
}

/* --- cases --- */

void ready(struct cell *cell)
{
	fixture_ready(cell->f, cell->ref);
	cell->in.reason = LONG;
	cell->in.text = "A note.";
	cell->in.until = NOON + 60 * 60 * (int64_t)1000;
	cell->in.check = CHECK_WATCHLIST;
}

void rejected(struct cell *cell)
{
	ready(cell);
	cell->in.reason = "other";
}

void asked(struct cell *cell)
{
	static const struct correction_request request = { .step_id = "company_info", .message = "Say it again." };

	ready(cell);
	cell->in.requests = &request;
	cell->in.request_count = 1;
}

void decided(struct cell *cell)
{
	ready(cell);
	(void)FIRST(cell->supervised ? cell->f->rita : cell->by, .verb = VERB_APPROVE);
}

void with_client(struct cell *cell)
{
	asked(cell);
	(void)FIRST(cell->f->rita, .verb = VERB_CORRECTIONS, .requests = cell->in.requests, .request_count = 1);
}

void answered(struct cell *cell)
{
	with_client(cell);
	change(cell, "UPDATE correction SET state = 'answered', answered_at = 1 WHERE session_id = "
		     "(SELECT id FROM session WHERE external_ref = '%s')");
	change(cell, "UPDATE session SET status = 'manual_review' WHERE external_ref = '%s'");
	cell->in.part = sql(cell, "SELECT c.uuid FROM correction c JOIN session s ON s.id = c.session_id WHERE "
				  "s.external_ref = '%s'");
}

void misplaced_answer(struct cell *cell)
{
	static const char *types[] = { "BUSINESS_NUMBER" };
	static const struct correction_request request = { .message = "Again, please.",
							   .document_types = types,
							   .document_type_count = 1 };

	ready(cell);
	(void)FIRST(cell->f->rita, .verb = VERB_CORRECTIONS, .requests = &request, .request_count = 1);
	for (size_t i = 0; i < 2; i++)
		(void)FIRST(cell->f->rita, .verb = VERB_DOCUMENT_ADD, .capacity = CAPACITY_INTAKE,
			    .type = "BUSINESS_NUMBER", .file_name = "number.pdf", .bytes = PDF,
			    .length = sizeof PDF - 1);
	change(cell, "UPDATE session SET status = 'manual_review' WHERE external_ref = '%s'");
	cell->in.part = sql(cell, "SELECT d.uuid FROM document d JOIN session s ON s.id = d.session_id WHERE "
				  "s.external_ref = '%s' AND d.replaced = 1");
	cell->in.document = sql(cell, "SELECT d.uuid FROM document d JOIN session s ON s.id = d.session_id WHERE "
				      "s.external_ref = '%s' ORDER BY d.id DESC LIMIT 1");
}

void expired(struct cell *cell)
{
	fixture_kyc(cell->f, cell->ref, "expired", ", \"expires_at\": \"2026-11-20T11:00:00Z\"");
	cell->in.days = 3;
}

void ran_out(struct cell *cell)
{
	fixture_kyc(cell->f, cell->ref, "active", ", \"expires_at\": \"2026-11-20T11:00:00Z\"");
}

void idle(struct cell *cell)
{
	fixture_kyc(cell->f, cell->ref, "active", NULL);
	change(cell, "UPDATE session SET remind_at = 1 WHERE external_ref = '%s'");
}

void completed(struct cell *cell)
{
	fixture_kyc(cell->f, cell->ref, "completed", NULL);
}

void to_process(struct cell *cell)
{
	fixture_kyc(cell->f, cell->ref, "completed",
		    ", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"pending\"}]");
}

void in_processing(struct cell *cell)
{
	to_process(cell);
	(void)FIRST(cell->f->rita, .verb = VERB_PROCESS);
	change(cell, "UPDATE session SET process_at = 1, processing_since = 1 WHERE external_ref = '%s'");
}

void held(struct cell *cell)
{
	ready(cell);
	(void)FIRST(cell->by, .verb = VERB_CLAIM);
}

void assigned(struct cell *cell)
{
	ready(cell);
	cell->in.part = "bo";
}

void reported_to_leads(struct cell *cell)
{
	ready(cell);
	(void)FIRST(cell->f->rita, .verb = VERB_SUSPICION_OPEN, .reason = LONG);
	(void)FIRST(cell->f->lea, .verb = VERB_SUSPICION_ACCESS, .part = desk_actor(cell->by));
	cell->in.part = "bo";
	cell->in.text = "A note.";
}

/* Finishes the purges of earlier cells, then creates a case that is due for a purge. */
void due_for_purge(struct cell *cell)
{
	struct use_out out;

	do {
		out = FIRST(cell->f->ada, .verb = VERB_PURGE_STEP);
	} while (out.purge_counts.remaining_user_count || out.purge_counts.remaining_part_count);
	fixture_kyc(cell->f, cell->ref, "expired", ", \"expires_at\": \"2015-11-20T11:00:00Z\"");
	cell->in.session = NULL;
}

void confirmed_purge(struct cell *cell)
{
	due_for_purge(cell);
	(void)FIRST(cell->f->ada, .verb = VERB_PURGE);
}

void exported_person(struct cell *cell)
{
	cell->in.text = "a hash";
	cell->in.results_json = "{}";
}

void any_free(struct cell *cell)
{
	static struct list_query query;

	ready(cell);
	query = (struct list_query){ .sort = SORT_DUE };
	cell->in.session = NULL;
	cell->in.query = &query;
}

void asleep(struct cell *cell)
{
	ready(cell);
	(void)FIRST(cell->f->rita, .verb = VERB_SNOOZE, .until = cell->in.until, .reason = LONG);
}

void with_document(struct cell *cell)
{
	ready(cell);
	cell->in.part = "BUSINESS_NUMBER";
	cell->in.reason = "blurry";
	strbuf_reset(&matrix_bytes);
	cell->in.content_out = &matrix_bytes;
}

void unread_document(struct cell *cell)
{
	fixture_kyb(cell->f, &(struct kyb){ .ref = cell->ref, .review = "unreviewed" });
	cell->in.part = "BUSINESS_NUMBER";
	cell->in.reason = "blurry";
}

/* The actor under test accepts a document; if the actor may not, rita accepts it. */
void accepted_document(struct cell *cell)
{
	struct use_out out;

	unread_document(cell);
	if (desk_do(cell->by, &cell->f->arena,
		    &(const struct use_in){
			    .verb = VERB_DOCUMENT_ACCEPT, .session = cell->ref, .part = "BUSINESS_NUMBER" },
		    &out, &cell->f->error) != ERR_OK)
		(void)FIRST(cell->f->rita, .verb = VERB_DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER");
	cell->in.part = "document:BUSINESS_NUMBER";
}

void new_document(struct cell *cell)
{
	if (capacity_is_submitter(cell->in.capacity)) {
		draft(cell);
	} else {
		with_document(cell);
		(void)FIRST(cell->f->rita, .verb = VERB_DOCUMENT_REJECT, .part = "BUSINESS_NUMBER", .reason = "blurry");
	}
	cell->in.type = "BUSINESS_NUMBER";
	cell->in.file_name = "number.pdf";
	cell->in.bytes = PDF;
	cell->in.length = sizeof PDF - 1;
}

void new_record(struct cell *cell)
{
	fixture_import(cell->f,
		       text(cell,
			    "{\"external_ref\": \"%1$s\", \"workflow\": \"avenia-kyb-level-1\", \"kind\": \"kyb\", "
			    "\"merchant\": \"northwind-pay\", \"status\": \"draft\", \"subject\": {\"uid\": "
			    "\"biz-%1$s\", \"kind\": \"business\", \"name\": \"Harbour Lane Trading Ltd\"}}\n"));
	cell->in.type = "CERTIFICATE-OF-INCORPORATION";
}

static void with_hit_of(struct cell *cell, const char *class_)
{
	fixture_kyb(cell->f, &(struct kyb){ .ref = cell->ref,
					    .more = arena_printf(
						    &cell->f->arena,
						    ", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"hit\", "
						    "\"hits\": [{\"name\": \"Ines D.\", \"list\": \"L\", \"class\": "
						    "\"%s\", \"state\": \"open\"}]}]",
						    class_) });
	cell->in.part = sql(cell, "SELECT h.uuid FROM hit h JOIN check_result c ON c.id = h.check_id JOIN session s ON "
				  "s.id = c.session_id WHERE s.external_ref = '%s'");
}

void with_hit(struct cell *cell)
{
	with_hit_of(cell, "pep");
	cell->in.reason = "other";
}

void confirmed(struct cell *cell)
{
	with_hit_of(cell, "pep");
	(void)FIRST(cell->f->rita, .verb = VERB_HIT_RESOLVE, .part = cell->in.part, .is_match = true,
		    .reason = "same_person");
	cell->in.reason = LONG;
}

void failed_check(struct cell *cell)
{
	fixture_kyc(cell->f, cell->ref, "manual_review",
		    ", \"checks\": [{\"kind\": \"crypto\", \"status\": \"error\"}]");
	cell->in.check = CHECK_CRYPTO;
	cell->in.reason = LONG;
}

void failed_screening(struct cell *cell)
{
	fixture_kyc(cell->f, cell->ref, "manual_review",
		    ", \"checks\": [{\"kind\": \"crypto\", \"status\": \"failed\"}]");
	cell->in.part = "crypto.1";
	cell->in.verdict = RESULT_CLEARED;
	cell->in.reason = LONG;
}

void with_link(struct cell *cell)
{
	ready(cell);
	(void)FIRST(cell->f->rita, .verb = VERB_LINK);
}

void twin(struct cell *cell)
{
	const char *other = text(cell, "%s-twin");

	ready(cell);
	fixture_kyb(cell->f, &(struct kyb){ .ref = other });
	change(cell,
	       "UPDATE session SET tax_id = '%1$s', tax_key = '%1$s' WHERE external_ref IN ('%1$s', '%1$s-twin')");
	cell->in.part = other;
}

void to_erase(struct cell *cell)
{
	fixture_kyc(cell->f, cell->ref, "draft", NULL);
	change(cell, "UPDATE session SET submitted_at = NULL WHERE external_ref = '%s'");
}

/* --- submitters of a case --- */

static const struct party_input ana = { .kind = PARTY_INDIVIDUAL,
					.name = "Ana Sousa",
					.roles = 1u << ROLE_DIRECTOR,
					.country = "PRT",
					.date_of_birth = "1990-05-01",
					.percent = "10" };

#define AVENIA "avenia-kyb-level-1" /* in this workflow clients declare parties and submit again */

static struct session_input new_session(struct cell *cell, const char *workflow, struct subject *subject)
{
	columns_init(&subject_columns, subject);
	subject->uid = text(cell, "biz-%s");
	subject->kind = SUBJECT_BUSINESS;
	subject->name = "Harbour Lane Trading Ltd";
	return (struct session_input){ .workflow = workflow,
				       .merchant = "northwind-pay",
				       .external_ref = cell->ref,
				       .subject = subject,
				       .risk_score = RISK_NONE };
}

void not_there(struct cell *cell)
{
	static struct subject subject;
	static struct session_input input;

	input = new_session(cell, "ralio-kyb", &subject);
	cell->in.session = NULL;
	cell->in.open_input = &input;
}

static void draft_of(struct cell *cell, const char *workflow)
{
	struct subject subject;
	const struct session_input input = new_session(cell, workflow, &subject);

	(void)FIRST(cell->f->rita, .verb = VERB_SESSION_OPEN, .capacity = CAPACITY_MERCHANT, .open_input = &input);
}

void draft(struct cell *cell)
{
	draft_of(cell, "ralio-kyb");
	cell->in.days = 3;
	cell->in.new_status = SESSION_EXPIRED;
}

static const char *put(struct cell *cell, const char *type)
{
	return FIRST(cell->f->rita, .verb = VERB_DOCUMENT_ADD, .capacity = CAPACITY_CLIENT, .type = type,
		     .file_name = "paper.pdf", .bytes = PDF, .length = sizeof PDF - 1)
		.part_id;
}

void drafted_document(struct cell *cell)
{
	draft_of(cell, "ralio-kyb");
	cell->in.part = put(cell, "BUSINESS_NUMBER");
}

void complete(struct cell *cell)
{
	draft_of(cell, "ralio-kyb");
	(void)FIRST(cell->f->rita, .verb = VERB_START, .capacity = CAPACITY_CLIENT);
	(void)put(cell, "MEMORANDUM_ARTICLES");
	(void)put(cell, "BUSINESS_NUMBER");
	(void)put(cell, "PROOF_OF_ADDRESS");
	(void)put(cell, "DIRECTORS_SHAREHOLDERS_REG");
}

void open_step(struct cell *cell)
{
	draft_of(cell, AVENIA);
	cell->in.part = "company";
	cell->in.fields_json = "{\"businessActivityDescription\":\"Wholesale of fish\"}";
}

void to_answer(struct cell *cell)
{
	with_client(cell);
	cell->in.part = sql(cell, "SELECT c.uuid FROM correction c JOIN session s ON s.id = c.session_id WHERE "
				  "s.external_ref = '%s'");
	cell->in.text = "That is the newest there is.";
}

void to_hand_in(struct cell *cell)
{
	to_answer(cell);
	(void)FIRST(cell->f->rita, .verb = VERB_ANSWER, .capacity = CAPACITY_CLIENT, .part = cell->in.part,
		    .text = cell->in.text);
}

void rejected_for_now(struct cell *cell)
{
	draft_of(cell, AVENIA);
	fixture_fill_avenia(cell->f, cell->ref);
	(void)FIRST(cell->f->rita, .verb = VERB_SUBMIT, .capacity = CAPACITY_INTAKE);
	(void)FIRST(cell->f->rita, .verb = VERB_REJECT, .reason = "data_mismatch", .retryable = CHOICE_YES,
		    .has_grace = true);
}

/* --- reported results, and imported data --- */

static const struct check *result_of(enum check_kind kind, struct hit *hit)
{
	static struct check result;

	check_init(&result);
	result.kind = kind;
	result.status = hit ? CHECK_HIT : CHECK_PASSED;
	result.hits = hit;
	result.hit_count = hit ? 1 : 0;
	return &result;
}

void reported(struct cell *cell)
{
	ready(cell);
	cell->in.result = result_of(CHECK_WATCHLIST, NULL);
	cell->in.results_json = "{\"final_decision\":\"flagged\"}";
}

static struct case_file *brought(struct cell *cell)
{
	static struct case_file file;

	draft_of(cell, AVENIA);
	file = (struct case_file){ 0 };
	columns_init(&session_columns, &file.session);
	cell->in.imported_case = &file;
	return &file;
}

void brought_session(struct cell *cell)
{
	brought(cell)->session.risk_score = 9;
}

void brought_document(struct cell *cell)
{
	static struct document document;
	struct case_file *file = brought(cell);

	columns_init(&document_columns, &document);
	document.id = arena_printf(&cell->f->arena, "%08u-0000-4000-8000-000000000001", cell->number);
	document.type = "CERTIFICATE-OF-INCORPORATION";
	file->documents = &document;
	file->document_count = 1;
}

void brought_party(struct cell *cell)
{
	static struct party party;
	struct case_file *file = brought(cell);

	columns_init(&party_columns, &party);
	party.id = arena_printf(&cell->f->arena, "%08u-0000-4000-8000-000000000002", cell->number);
	party.kind = PARTY_INDIVIDUAL;
	party.name = "Ana Sousa";
	party.roles = 1u << ROLE_DIRECTOR;
	file->parties = &party;
	file->party_count = 1;
}

/* --- subjects and alerts --- */

void new_subject(struct cell *cell)
{
	static struct subject_input input;

	input = (struct subject_input){ .merchant = "northwind-pay",
					.uid = text(cell, "sub-%s"),
					.kind = SUBJECT_BUSINESS,
					.name = "Quay Ltd",
					.country = "GB" };
	cell->in.session = NULL;
	cell->in.subject = &input;
}

void known_subject(struct cell *cell)
{
	static const struct subject_input edit = { .country = "PT" };

	new_subject(cell);
	cell->in.part =
		FIRST(cell->f->rita, .verb = VERB_SUBJECT_ADD, .subject = cell->in.subject, .session = "-").part_id;
	cell->in.subject = &edit;
}

void matrix_with_level(struct cell *cell)
{
	fixture_kyb(cell->f, &(struct kyb){ .ref = cell->ref, .status = "approved" });
	cell->in.session = NULL;
	cell->in.part = text(cell, "biz-%s");
	cell->in.type = "EUR";
}

void held_subject(struct cell *cell)
{
	held(cell);
	cell->in.session = NULL;
	cell->in.part = text(cell, "biz-%s");
}

void in_doubt(struct cell *cell)
{
	struct hit hit;

	fixture_kyb(cell->f, &(struct kyb){ .ref = cell->ref, .status = "approved" });
	hit_init(&hit);
	hit.name = "Harbour Lane";
	hit.list = "OFAC SDN";
	hit.score = 0.9;
	hit.class_ = HIT_SANCTIONS;
	(void)FIRST(cell->f->rita, .verb = VERB_CHECK_REPORT, .capacity = CAPACITY_PROVIDER,
		    .result = result_of(CHECK_WATCHLIST, &hit));
	cell->in.reason = LONG;
}

/* --- reviews of changed facts --- */

void edited_step(struct cell *cell)
{
	ready(cell);
	cell->in.part = "company_info";
	cell->in.fields_json = "{\"ssn\":\"987-65-4321\"}";
}

void unconfirmed(struct cell *cell)
{
	ready(cell);
	change(cell, "UPDATE document SET basis = '' WHERE session_id = "
		     "(SELECT id FROM session WHERE external_ref = '%s')");
	cell->in.all = true;
}

/* --- parties --- */

/* A case that the actor may change: for staff one in review, for a submitter one that is a draft. */
static void theirs(struct cell *cell)
{
	if (capacity_is_submitter(cell->in.capacity))
		draft_of(cell, AVENIA);
	else
		ready(cell);
}

void add_party(struct cell *cell)
{
	theirs(cell);
	cell->in.party = &ana;
}

static void add_ana(struct cell *cell, enum capacity as)
{
	static const struct party_input edit = { .control_role = "CFO" };

	cell->in.part = FIRST(cell->f->rita, .verb = VERB_PARTY_ADD, .capacity = as, .party = &ana).part_id;
	cell->in.party = &edit;
	cell->in.percent = "12";
	cell->in.related_ref = "";
	cell->in.reason = LONG;
}

void with_party(struct cell *cell)
{
	ready(cell);
	add_ana(cell, CAPACITY_STAFF);
}

void with_pair(struct cell *cell)
{
	static const struct party_input namesake = {
		.name = "SOUSA Ana", .kind = PARTY_INDIVIDUAL, .roles = 1u << ROLE_SHAREHOLDER, .percent = "5"
	};

	with_party(cell);
	cell->in.related_ref = FIRST(cell->f->rita, .verb = VERB_PARTY_ADD, .party = &namesake).part_id;
}

void their_party(struct cell *cell)
{
	theirs(cell);
	add_ana(cell, capacity_is_submitter(cell->in.capacity) ? cell->in.capacity : CAPACITY_STAFF);
}

void verified_elsewhere(struct cell *cell)
{
	with_party(cell);
	(void)FIRST(cell->f->lea, .verb = VERB_PARTY_VERIFY, .part = cell->in.part, .reason = LONG);
}

void unverified(struct cell *cell)
{
	with_party(cell);
	(void)FIRST(cell->f->rita, .verb = VERB_SUBSESSION_REMOVE, .part = cell->in.part);
}

void known_person(struct cell *cell)
{
	static const struct party_input input = { .roles = 1u << ROLE_DIRECTOR, .percent = "10" };
	const char *other = text(cell, "%s-known"), *party;

	ready(cell);
	fixture_ready(cell->f, other);
	party = FIRST(cell->f->rita, .verb = VERB_PARTY_ADD, .party = &ana, .session = other).subsession_id;
	(void)FIRST(cell->f->rita, .verb = VERB_APPROVE, .session = party, .has_grace = true);
	cell->in.related_ref = party;
	cell->in.party = &input;
}

void with_gap(struct cell *cell)
{
	static const struct party_input sub_sat = { .percent = "20" };

	ready(cell);
	(void)FIRST(cell->f->rita, .verb = VERB_PARTY_EDIT, .part = fixture_case(cell->f, cell->ref).file.parties[0].id,
		    .party = &sub_sat);
	cell->in.reason = "listed";
}

/* --- administration --- */

void new_endpoint(struct cell *cell)
{
	static const char *const all[] = { "*" };

	matrix_merchant(cell);
	cell->in.url = "https://hooks.example/kyb";
	cell->in.events = all;
	cell->in.event_count = 1;
}

void with_endpoint(struct cell *cell)
{
	new_endpoint(cell);
	cell->in.part = FIRST(cell->f->ada, .verb = VERB_ENDPOINT_ADD, .part = cell->in.part, .url = cell->in.url,
			      .events = cell->in.events, .event_count = 1, .content_out = &matrix_bytes)
				.endpoint.id;
}

void changed_endpoint(struct cell *cell)
{
	static const struct endpoint_change slower = { .max_concurrency = 1, .deliveries_per_minute = 60 };

	with_endpoint(cell);
	cell->in.changes = &slower;
}

void disabled_endpoint(struct cell *cell)
{
	with_endpoint(cell);
	(void)FIRST(cell->f->ada, .verb = VERB_ENDPOINT_DISABLE, .part = cell->in.part);
}

#define VERB_NAME(NAME, ...) [VERB_##NAME] = #NAME,
bool matrix_tries(enum verb verb)
{
	static const char *const names[VERB_COUNT] = { VERBS(VERB_NAME) };
	const char *only = getenv("KYBDESK_TEST_VERB");

	return !only || !strcmp(names[verb], only);
}

void matrix_cases_release(void)
{
	strbuf_wipe(&matrix_bytes);
}

#define ARRANGEMENT(NAME, least, capacities, case_, ...) [VERB_##NAME] = case_,
void matrix_arrange(struct cell *cell)
{
	static void (*const arrangements[VERB_COUNT])(struct cell *) = { VERB_ROWS(ARRANGEMENT) };

	arrangements[cell->in.verb](cell);
}
