/* Rare facts on the pages of a party, a check, a document and a correction: each under its label. */
#include "tui_support.h"

#include "kybdesk/codec/value_codec.h"
#include "model/page.h"

#define DAY (24 * HOUR_MS)

static struct job *job;
static struct page *page;
static struct profile profile;
static struct frame frame;

static void begin(void)
{
	job = harbour_case();
	profile = (struct profile){ .name = "ralio-kyb" };
	job->view.profile = &profile;
	frame = (struct frame){ .now = TEST_NOW };
}

static void open(const struct page_spec *spec, const char *ref)
{
	page_free(page);
	case_values_parse(&job->arena, &job->view.file);
	page = page_new(spec, ref);
	page_fill(page, job, &frame);
}

static void tear_down(void)
{
	page_free(page);
	job_free(job);
	page = NULL;
	job = NULL;
	NO_LEAKS();
}
TestSuite(facts_pages, .fini = tear_down);

/* The row of a label below a heading; NULL if absent. */
static const struct grid_row *row_of(const char *heading, const char *label)
{
	bool below = false;
	for (size_t i = 0; i < page->grid.row_count; i++) {
		const struct grid_row *row = &page->grid.rows[i];
		const char *first = row->cells[0].text, *second = row->cells[1].text;
		if (!second || !second[0])
			below = first && !strcmp(first, heading);
		else if (below && first && !strcmp(first, label))
			return row;
	}
	return NULL;
}

static void expect(const char *heading, const char *label, const char *wanted)
{
	const struct grid_row *row = row_of(heading, label);
	const char *output = row ? row->cells[1].text : "(no such row)";
	cr_expect_str_eq(output, wanted, "%s, %s: %s", heading, label, output);
}

static void expect_none(const char *heading, const char *label)
{
	const struct grid_row *row = row_of(heading, label);
	cr_expect_null(row, "%s, %s: %s", heading, label, row ? row->cells[1].text : "");
}

static void expect_opens(const char *heading, const char *label, enum row_kind kind, const char *ref)
{
	const struct grid_row *row = row_of(heading, label);
	cr_assert(row, "%s, %s", heading, label);
	cr_expect(row->kind == kind && !strcmp(row->ref, ref), "%d %s", (int)row->kind, row->ref);
}

/* --- parties --- */

Test(facts_pages, what_the_workflow_asks_of_a_party_stands_under_its_titles)
{
	begin();
	struct field_spec fields[] = { { .id = "jobTitle", .title = "Job title" }, { .id = "untitled", .title = "" } };
	profile.parties.fields = fields;
	profile.parties.field_count = 2;
	struct party *party = &job->view.file.parties[1];
	party->fields_json = "{\"jobTitle\":\"Pilot\",\"untitled\":\"a\",\"not_known\":{\"deep\":7}}";
	open(&party_page, "party-1");
	expect("Workflow fields", "Job title", "Pilot");
	expect("Workflow fields", "untitled", "a");
	expect("Workflow fields", "not_known.deep", "7");
	tear_down();
	begin();
	job->view.profile = NULL;
	job->view.file.parties[1].fields_json = "{\"jobTitle\":\"Pilot\"}";
	open(&party_page, "party-1");
	expect("Workflow fields", "jobTitle", "Pilot");
	tear_down();
	begin();
	job->view.file.parties[1].fields_json = "{}";
	open(&party_page, "party-1");
	expect_none("Workflow fields", "jobTitle");
}

Test(facts_pages, who_owns_a_company_is_a_row_that_opens_them)
{
	begin();
	struct party_share share = { .owned_party_id = "party-0", .percent = "90" };
	struct party *owner = &job->view.file.parties[1];
	owner->shares = &share;
	owner->share_count = 1;
	open(&party_page, "party-0");
	expect("Ownership", "owned by", "Ines Duarte, 90 %");
	expect_opens("Ownership", "owned by", ROW_PARTY, "party-1");
	open(&party_page, "party-1");
	expect("Ownership", "owns", "90 % of Lane Holdings BV");
	expect("Ownership", "in total", "54 % of Harbour Lane Trading Ltd");
	expect("Ownership", "beneficial owner", "no");
	expect_none("Ownership", "owned by");
	share.owned_party_id = "nobody";
	owner->is_beneficial_owner = true;
	open(&party_page, "party-1");
	expect("Ownership", "owns", "90 % of a removed party");
	expect("Ownership", "beneficial owner", "yes");
	share.owned_party_id = "";
	owner->lacks_ubo_role = true;
	open(&party_page, "party-1");
	expect("Ownership", "owns", "90 % of Harbour Lane Trading Ltd");
	expect("Ownership", "beneficial owner", "yes by share; not declared as one");
}

Test(facts_pages, how_a_party_is_verified_is_said_with_what_is_missing)
{
	begin();
	profile.parties.individual_verification = VERIFY_SESSION;
	open(&party_page, "party-1");
	expect("Verification", "verified", "no, but required");
	expect_opens("Verification", "KYC session", ROW_PARTY, "party-1");
	struct party *party = &job->view.file.parties[1];
	party->session_workflow = "ralio-kyc";
	party->is_session_shared = party->session_unresponsive = true;
	open(&party_page, "party-1");
	expect("Verification", "KYC session", "in progress, ralio-kyc, made for another case, reminders unanswered");
	party->session_id = "";
	open(&party_page, "party-1");
	expect("Verification", "KYC session", "none: K creates one");
	profile.parties.individual_verification = VERIFY_NONE;
	bool verified[] = { false, false };
	job->view.is_party_verified = verified;
	open(&party_page, "party-1");
	expect("Verification", "verified", "no, not required");
	expect("Verification", "KYC session", "none");
	verified[1] = true;
	open(&party_page, "party-1");
	expect("Verification", "verified", "yes");
}

Test(facts_pages, checks_and_hits_that_name_a_party_are_rows_that_open_them)
{
	begin();
	struct case_file *file = &job->view.file;
	file->checks->checked_subject_json = "{\"party\":\"party-1\"}";
	open(&party_page, "party-1");
	expect("Checks", "watchlist", "hit");
	expect_opens("Checks", "watchlist", ROW_CHECK, "watchlist");
	expect("Checks", "open", "Inês Duarte on OFAC SDN");
	expect_opens("Checks", "open", ROW_HIT, "hit-0");
	open(&party_page, "party-0");
	expect_none("Checks", "watchlist");
	expect_none("Checks", "open");
	file->checks->checked_subject_json = "{}";
	file->checks->hits->detail_json = "{\"party\":\"party-0\"}";
	open(&party_page, "party-0");
	expect_none("Checks", "watchlist");
	expect("Checks", "open", "Inês Duarte on OFAC SDN");
	open(&party_page, "party-1");
	expect_none("Checks", "open");
}

/* --- checks --- */

Test(facts_pages, a_check_says_how_long_it_lasts_and_who_brought_its_waiver)
{
	begin();
	struct check *check = job->view.file.checks;
	profile.checks.max_age_ms = 30 * DAY;
	profile.checks.required_kind_bits = 1u << CHECK_WATCHLIST;
	check->subject_standing.valid = true;
	open(&check_page, "watchlist");
	expect("Workflow rules", "needed", "yes: approval needs a passed watchlist check");
	expect("Workflow rules", "valid for", "30 days, then the check runs again");
	expect_none("Waiver", "by");
	expect_none("Result", "result before waiver");
	expect("Subject of the check", "now", "unchanged");
	profile.checks = (struct check_rules){ .has_waivable_list = true };
	check->status = CHECK_WAIVED;
	check->reported_status = CHECK_ERROR;
	check->waived_by = "lea";
	check->waive_reason = "seen on paper";
	check->waiver_imported_by = "ina";
	check->score = 0.5;
	check->subject_standing = (struct standing){ .change_text = "name: Ines > Agnes" };
	check->reported_by = "shop";
	open(&check_page, "watchlist");
	expect("Result", "result", "waived");
	expect("Result", "result before waiver", "error");
	expect("Result", "score", "0.50");
	expect("Result", "reported by", "shop");
	expect("Subject of the check", "now", "name: Ines > Agnes");
	expect("Waiver", "by", "lea");
	expect("Waiver", "reason", "seen on paper");
	expect("Waiver", "source", "imported by ina");
	expect("Workflow rules", "needed", "no, but its hits still block");
	expect_none("Workflow rules", "valid for");
	check->waived_by = check->waive_reason = "";
	check->imported_verdict = "waived";
	check->reported_capacity = "provider";
	open(&check_page, "watchlist");
	expect("Waiver", "source", "imported by ina; the imported waiver does not count");
	expect("Result", "reported by", "shop, as provider");
}

/* --- documents --- */

Test(facts_pages, a_document_says_its_sides_what_was_read_and_who_opened_it)
{
	begin();
	struct document *document = job->view.file.documents;
	struct document_spec spec = { .type = "BUSINESS_NUMBER", .title = "Business number" };
	document->category = "COMPANY_INFO";
	document->step_id = "company_info";
	open(&document_page, "document-0");
	expect("Opened", "by", "nobody: the file is missing");
	expect("File", "name", "number.pdf");
	expect_none("Document", "is");
	expect("Place in the case", "step", "company_info");
	profile.documents = &spec;
	profile.document_count = 1;
	document->sha256 = "5e551011aaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
	document->double_sided = true;
	document->back.file_name = "back.pdf";
	document->extracted_json = "{\"number\":\"GB1\"}";
	document->reviewed_by = "bo";
	document->review_reason = "seen";
	document->expires_on = TEST_NOW + 400 * DAY;
	open(&document_page, "document-0");
	expect("Document", "type", "BUSINESS_NUMBER");
	expect("Document", "state", "accepted by bo: seen");
	expect_opens("Opened", "by", ROW_DOCUMENT, "document-0");
	expect("Front", "name", "number.pdf");
	expect("Front", "SHA-256", "5e551011aaaaaaaaaaaaaaaaaaaaaaaa");
	expect("Front", " ", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
	expect("Back", "name", "back.pdf");
	expect("Extracted data", "number", "GB1");
	document->replaced = true;
	document->verdict_imported_by = "ina";
	document->imported_verdict = "accepted";
	open(&document_page, "document-0");
	expect("Document", "state", "replaced by another file");
	expect("Document", "imported by", "ina: accepted (not counted as a verdict)");
}

/* --- corrections --- */

Test(facts_pages, a_correction_says_what_was_asked_and_that_nothing_came)
{
	begin();
	struct correction *correction = arena_alloc_array(&job->arena, 1, sizeof *correction);
	correction_init(correction);
	correction->id = "correction-1";
	correction->step_id = "company_info";
	correction->round = 2;
	correction->message = "Again, please.";
	correction->requested_by = "rita";
	correction->before_json = "{\"fields\":{\"website\":\"a.example\"}}";
	job->view.file.corrections = correction;
	job->view.file.correction_count = 1;
	open(&correction_page, "correction-1");
	expect("Request", "state", "open");
	expect("Request", "items", "the whole step");
	expect("Request", "message", "Again, please.");
	expect("Client's answer", "answer", "none yet");
	correction->state = CORRECTION_ACCEPTED;
	correction->standing = (struct standing){ .change_text = "website: a > b" };
	open(&correction_page, "correction-1");
	expect("Request", "acceptance", "invalid: its basis has changed: website: a > b");
	expect("Client's answer", "answer", "no values or files recorded");
	correction->standing.valid = true;
	correction->after_json = "{\"fields\":{\"website\":\"a.example\"}}";
	open(&correction_page, "correction-1");
	expect_none("Request", "acceptance");
	expect("Client's answer", "website", "a.example");
	expect_none("Client's answer", "answer");
}

Test(facts_pages, what_is_not_in_the_case_any_more_says_so)
{
	static const struct page_spec *const pages[] = { &party_page, &check_page,   &document_page,
							 &event_page, &history_page, &correction_page };
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		begin();
		open(pages[i], "gone");
		cr_expect_eq(page->grid.row_count, 0);
		cr_expect_str_eq(page->grid.empty_text, "This item is no longer in the case; Esc goes back.");
		page_move(page, 1);
		cr_expect_null(page_row(page));
		tear_down();
	}
}
