#include "places.h"

#include "../../../src/desk/desk_private.h"

#include "kybdesk/base/file.h"
#include "support/new_store.h"
#include "support/process.h"
#include "support/verb_rows.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

struct fixture f;
struct workbench workbench;
struct arena arena;
size_t step_rows;
bool in_production;
size_t screen_cols = 100;
static struct settings settings;
static char *kept; /* bytes of the store with which every test begins */
static size_t kept_length;

const struct person people[] = {
	{ "vic", ROLE_VIEWER, .readonly = false },    { "ina", ROLE_INTAKE, .readonly = false },
	{ "rita", ROLE_REVIEWER, .readonly = false }, { "sam", ROLE_REVIEWER, .supervised = true },
	{ "lea", ROLE_LEAD, .readonly = false },      { "ada", ROLE_ADMIN, .readonly = false },
	{ "ada", ROLE_ADMIN, .readonly = true },
};
const size_t people_count = sizeof people / sizeof *people;

/* --- the cases --- */

struct use_out places_out;

static void one_kyb(const char *ref, const char *review, const char *party, const char *more)
{
	fixture_kyb(&f, &(struct kyb){ .ref = ref, .review = review, .party = party, .more = more });
}

#define PAPER                                                                                                          \
	"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"

static void asked(const char *ref)
{
	fixture_ready(&f, ref);
	must(ask(&f, f.rita, ref, "company_info", NULL, NULL));
	DESK(f.rita, ref, .verb = VERB_RELEASE);
}

static const char *of_case(const char *column, const char *table, const char *ref)
{
	return sql_text(&f, arena_printf(&f.arena,
					 "SELECT t.%s FROM %s t JOIN session s ON s.id = t.session_id WHERE "
					 "s.external_ref = '%s'",
					 column, table, ref));
}

static void checks_and_hits(void)
{
	static const char pep[] = ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":"
				  "\"Harbor Lane\",\"list\":\"L\",\"class\":\"pep\",\"score\":0.5}]}]";

	one_kyb("HIT-1", NULL, NULL, pep);
	one_kyb("PEP-1", NULL, NULL, pep);
	DESK(f.rita, "PEP-1", .verb = VERB_HIT_RESOLVE,
	     .part = sql_text(&f, "SELECT h.uuid FROM hit h JOIN check_result c ON c.id = h.check_id JOIN session "
				  "s ON s.id = c.session_id WHERE s.external_ref = 'PEP-1'"),
	     .is_match = true, .reason = "same_person");
	fixture_kyc(&f, "CRY-1", "manual_review",
		    ",\"checks\":[{\"kind\":\"crypto\",\"status\":\"error\"},{\"kind\":\"face_match\",\"status\":"
		    "\"passed\"},{\"kind\":\"adverse_media\",\"status\":\"failed\"}]");
	fixture_kyc(&f, "ALE-1", "manual_review", NULL);
	must(approve_at_once(&f, f.rita, "ALE-1"));
	struct hit hit;
	struct check check;
	hit_init(&hit);
	check_init(&check);
	hit.name = "Ana S.";
	hit.list = "L";
	hit.class_ = HIT_SANCTIONS;
	check.kind = CHECK_WATCHLIST;
	check.status = CHECK_HIT;
	check.hits = &hit;
	check.hit_count = 1;
	DESK(f.rita, "ALE-1", .verb = VERB_CHECK_REPORT, .capacity = CAPACITY_PROVIDER, .result = &check);
}

static void parties(void)
{
	fixture_ready(&f, "RAL-1");
	DESK(f.rita, "RAL-1", .verb = VERB_LINK);
	one_kyb("DOC-1", "unreviewed", "manual_review", NULL);
	one_kyb("REJ-1", "unreviewed", "manual_review", NULL);
	DESK(f.rita, "REJ-1", .verb = VERB_DOCUMENT_REJECT, .part = of_case("uuid", "document", "REJ-1"),
	     .reason = "expired");
	one_kyb("VER-1", NULL, "manual_review", NULL);
	DESK(f.lea, "VER-1", .verb = VERB_PARTY_VERIFY, .part = "Ines Duarte", .reason = LONG);
	fixture_import(&f, "{\"external_ref\": \"BAR-1\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", "
			   "\"merchant\": \"northwind-pay\", \"status\": \"manual_review\", \"subject\": {\"kind\": "
			   "\"business\", \"name\": \"Quay Ltd\", \"country\": \"PRT\"}, \"steps\": [{\"id\": "
			   "\"company_info\", \"status\": \"completed\"}], \"parties\": [{\"kind\": "
			   "\"individual\", \"name\": \"Ana Sousa\", \"roles\": [\"director\"], \"country\": "
			   "\"PRT\"}]}\n");
	fixture_ready(&f, "GAP-1");
	sql_run(&f, "UPDATE party_share SET percent = '50' WHERE party_id IN (SELECT p.id FROM party p JOIN session "
		    "s ON s.id = p.session_id WHERE s.external_ref = 'GAP-1')");
	fixture_ready(&f, "DUP-1");
	fixture_ready(&f, "DUP-2");
	for (int twice = 0; twice < 2; twice++) /* two companies that may be one */
		DESK(f.rita, "DUP-2", .verb = VERB_PARTY_ADD,
		     .party = &(const struct party_input){ .name = twice ? "QUAY HOLDING" : "Quay Holding",
							   .kind = PARTY_COMPANY,
							   .roles = 1u << ROLE_SHAREHOLDER });
	sql_run(&f, "UPDATE session SET tax_id = 'GB555', tax_key = 'GB555' WHERE external_ref IN ('DUP-1', 'DUP-2')");
	must(confirm_all(&f, f.lea, "DUP-1"));
}

static void statuses(void)
{
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	fixture_kyc(&f, "HEL-1", "manual_review", NULL);
	DESK(f.bo, "HEL-1", .verb = VERB_CLAIM);
	fixture_kyc(&f, "SNO-1", "manual_review", NULL);
	fixture_ready(&f, "SUS-1");
	DESK(f.bo, "SUS-1", .verb = VERB_SUSPICION_OPEN, .reason = LONG);
	DESK(f.bo, "SNO-1", .verb = VERB_SNOOZE, .until = NOON + 48 * HOUR_MS, .reason = LONG);
	fixture_kyc(&f, "COM-1", "completed", NULL);
	fixture_kyc(&f, "EXP-1", "expired", NULL);
	fixture_kyc(&f, "APP-1", "manual_review", NULL);
	must(approve_at_once(&f, f.rita, "APP-1"));
	fixture_import(&f, "{\"external_ref\": \"DRA-1\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", "
			   "\"merchant\": \"northwind-pay\", \"status\": \"active\", \"subject\": {\"kind\": "
			   "\"business\", \"name\": \"Quay Ltd\", \"country\": \"PRT\"}}\n");
	DESK(f.bo, "DRA-1", .verb = VERB_NOTE, .text = "@rita @sam @lea @ada: is the number right?");
	fixture_ready(&f, "CON-1");
	sql_run(&f, "UPDATE session SET subject_name = 'Harbour Lane Ltd' WHERE external_ref = 'CON-1'");
	asked("ASK-1");
	fixture_ready(&f, "ANS-1");
	must(ask(&f, f.rita, "ANS-1", "company_info", "MEMORANDUM_ARTICLES", NULL));
	DESK(f.rita, "ANS-1", .verb = VERB_RELEASE);
	DESK(f.rita, "ANS-1", .verb = VERB_DOCUMENT_ADD, .capacity = CAPACITY_CLIENT, .type = "MEMORANDUM_ARTICLES",
	     .file_name = "articles.pdf", .bytes = PAPER, .length = sizeof PAPER - 1);
	DESK(f.rita, "ANS-1", .verb = VERB_ANSWER, .capacity = CAPACITY_CLIENT,
	     .part = of_case("uuid", "correction", "ANS-1"), .text = "That is it.");
	DESK(f.rita, "ANS-1", .verb = VERB_HAND_IN, .capacity = CAPACITY_CLIENT);
}

static void add_viewer(struct strbuf *json, const char *type, const char *file, const char *glue)
{
	strbuf_addf(json,
		    "{\"category\": \"COMPANY_INFO\", \"type\": \"%s\", \"file_name\": \"a file name that is much "
		    "longer "
		    "than any column of any screen, and ends with %s\", \"file\": \"files/%s\", \"upload\": \"ready\", "
		    "\"review\": \"unreviewed\"}%s",
		    type, file, file, glue);
}

/* Adds a case with very long, wide and unusual names, and with several documents, parties and hits. */
static void worst_names(void)
{
	static const char longest[] = "株式会社ミナト商事・The Most Excellent and Ancient Worshipful Company of "
				      "Harbour Lightermen, Ropemakers & Ship Chandlers (Successors) Limited";
	struct strbuf json = STRBUF_INIT;

	strbuf_addf(&json,
		    "{\"external_ref\": \"WORST-CASE-00000000000000000001\", \"workflow\": \"ralio-kyb\", \"kind\": "
		    "\"kyb\", \"merchant\": \"a-merchant-of-a-very-long-name-indeed\", \"status\": "
		    "\"manual_review\", \"risk_score\": 100, \"subject\": {\"kind\": \"business\", \"name\": \"%s\", "
		    "\"country\": \"GBR\", \"tax_id\": \"GB-000-000-000-000-000-000-000-000\"}, \"custom_tags\": "
		    "{\"a_tag_of_a_long_name\": \"%s\"}, \"steps\": [{\"id\": \"company_info\", \"status\": "
		    "\"completed\", \"fields\": {\"business_activity\": \"%s\", \"website\": "
		    "\"https://harbour.example/%s\"}}], \"documents\": [",
		    longest, longest, longest, "a/very/long/path/that/never/ends/and/ends/nowhere/at/all");
	add_viewer(&json, "MEMORANDUM_ARTICLES", "articles.pdf", ",");
	add_viewer(&json, "DIRECTORS_SHAREHOLDERS_REG", "register.pdf", ",");
	add_viewer(&json, "PROOF_OF_ADDRESS", "address.pdf", "");
	strbuf_adds(&json, "], \"parties\": [");
	for (unsigned i = 0; i < 12; i++)
		strbuf_addf(&json,
			    "%s{\"kind\": \"individual\", \"name\": \"Person %u สยามคราฟท์ ประชาชน Ní "
			    "Dhomhnaill-Fitzgerald y "
			    "García de la Concepción\", \"roles\": [\"ubo\", \"director\", \"shareholder\"], "
			    "\"control_role\": \"CEO\", \"ownership_percent\": \"8.25\", \"owner_of\": null, "
			    "\"country\": \"PRT\", \"date_of_birth\": \"1984-02-%02u\"}",
			    i ? "," : "", i + 1, i + 11);
	strbuf_adds(&json,
		    "], \"checks\": [{\"kind\": \"watchlist\", \"status\": \"hit\", \"score\": 0.98, \"hits\": [");
	for (unsigned i = 0; i < 3; i++)
		strbuf_addf(&json,
			    "%s{\"name\": \"%u %s\", \"list\": \"A list of a name that fills a row by itself and "
			    "more\", "
			    "\"class\": \"sanctions\", \"score\": 0.97}",
			    i ? "," : "", i + 1, longest);
	strbuf_adds(&json, "]}, {\"kind\": \"adverse_media\", \"status\": \"error\"}], \"created_at\": "
			   "\"2026-11-01T10:00:00Z\", \"submitted_at\": \"2026-11-02T10:00:00Z\"}\n");
	fixture_import(&f, json.buf);
	strbuf_release(&json);
	DESK(f.bo, WORST, .verb = VERB_NOTE, .text = longest);
}

/* Adds an account and a waiting payin; the merchant's endpoint has subscribed to the account's event only. */
static void money(void)
{
	static const char *const events[] = { "account.activated" };
	struct strbuf secret = STRBUF_INIT;

	fixture_kyb(&f, &(struct kyb){ .ref = "MON-1", .status = "approved" });
	DESK(f.ada, NULL, .verb = VERB_ENDPOINT_ADD, .part = "northwind-pay", .url = "https://hooks.example/kyb",
	     .events = events, .event_count = 1, .content_out = &secret);
	strbuf_wipe(&secret);
	DESK(f.rita, NULL, .verb = VERB_ACCOUNT_OPEN, .capacity = CAPACITY_MERCHANT, .part = "biz-MON-1", .type = "EUR",
	     .text = "An account with a label \xe2\x80\xae that is longer than any column of any screen would be");
	const struct money_input held = { .account = sql_text(&f, "SELECT uuid FROM account"),
					  .amount = "1234567.89",
					  .requested_action = ORDER_PROCESS };
	DESK(f.rita, NULL, .verb = VERB_PAYIN, .money = &held);
	sql_run(&f, "UPDATE delivery SET state = 'delivered', attempts = 1, finished_at = created_at WHERE "
		    "endpoint_id IS NOT NULL");
}

static void keys(void)
{
	struct strbuf key = STRBUF_INIT;

	DESK(f.ada, NULL, .verb = VERB_MERCHANT_KEY, .part = "northwind-pay", .text = "web", .content_out = &key);
	DESK(f.ada, NULL, .verb = VERB_PROVIDER_KEY, .part = "northwind-pay", .text = "checker",
	     .checks = 1u << CHECK_WATCHLIST, .content_out = &key);
	strbuf_wipe(&key);
}

/* Adds a template for a reason that no case of the store has, so that it changes no other dialog. */
static void templates(void)
{
	DESK(f.lea, NULL, .verb = VERB_TEMPLATE_SET, .part = "a-template-of-a-long-name", .reason = "expired_document",
	     .text = "Dear {subject},\n\nyour {document} has expired. Please upload one that is valid by {due}, "
		     "with "
		     "the reference {reference}, so that {merchant} can go on.");
	DESK(f.lea, NULL, .verb = VERB_TEMPLATE_SET, .part = "a-template-of-a-long-name", .type = "pt",
	     .text = "O documento {document} expirou.");
}

static void make_store(void)
{
	fixture_init(&f);
	must(desk_reviewer_add(f.ada, "ina", ROLE_INTAKE, false, &f.error));
	must(desk_reviewer_add(f.ada, "sam", ROLE_REVIEWER, true, &f.error));
	parties();
	checks_and_hits();
	statuses();
	money();
	keys();
	templates();
	worst_names();
	fixture_close_desks(&f);
	sql_run(&f, "PRAGMA wal_checkpoint(TRUNCATE)");
}

/* The first test of a run makes the store, the others copy it. */
void places_set_up(void)
{
	struct strbuf bytes = STRBUF_INIT;

	fixture_begin(&f, NULL);
	f.written = true; /* by make_store() */
	if (!new_store_copied("places", f.path, &f.world.seed)) {
		make_store();
		new_store_keep("places", f.path, f.world.seed);
	}
	must(file_read(f.path, SIZE_MAX / 2, &bytes, &f.error));
	kept_length = bytes.len;
	kept = bytes.buf; /* places_tear_down() frees it */
}

static void leave_workbench(void)
{
	if (workbench.reader)
		close_workbench();
}

void places_tear_down(void)
{
	leave_workbench();
	f.world.wall_ms = NOON;
	free(kept);
	arena_release(&arena);
	fixture_close(&f);
}
/* --- a workbench without a terminal --- */

void put_back(void)
{
	static const char *const beside[] = { "-wal", "-shm", "-mark" };

	leave_workbench();
	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
		(void)unlink(arena_printf(&arena, "%s%s", f.path, beside[i]));
	temp_write(f.path, kept, kept_length);
}

void open_workbench(const struct person *person)
{
	struct error error = { 0 };
	struct desk *desk = fixture_desk(&f, person->name, person->readonly);

	desk->store->sandbox = !in_production;
	if (step_rows)
		desk->store->lists = (struct list_bounds){ .scan_row_count = step_rows };
	workbench = (struct workbench){ .world = &f.world.world, .options = { .world = &f.world.world } };
	workbench.frame = (struct frame){ .actor = person->name,
					  .role = desk_role(desk),
					  .sandbox = !in_production,
					  .readonly = person->readonly,
					  .home = "",
					  .open_with = "true",
					  .external_folder = f.folder };
	cr_assert_eq(workbench.frame.role, person->role);
	workbench.single_keys = true;
	workbench.reasons = desk_reasons(desk);
	workbench.own_countries = desk_own_countries(desk);
	surface_init(&workbench.surface, TEXT_UTF8);
	queue_init(&workbench.inbox.queue);
	settings.views_path = arena_printf(&f.arena, "%s-views.json", f.path);
	settings.config_path = arena_printf(&f.arena, "%s-config.json", f.path);
	settings.items[SETTING_THEME] = (struct setting){ "theme", "dark", "default", true };
	workbench.options.settings = &settings;
	struct theme_result theme;
	cr_assert_eq(theme_load(&workbench.own_settings.arena, &f.world.world, "dark", &theme, &error), ERR_OK);
	set_configured_theme(&workbench, "dark", theme.theme);
	workbench.inbox.queue.marked_cases = &workbench.inbox.marked_cases;
	views_prepare(&workbench);
	workbench.status = (struct status_line){ 0 };
	cr_assert_eq(reader_start(desk, &workbench.reader, &error), ERR_OK, "%s", error.message);
	workbench_draw(&workbench, 30, 100);
}

void close_workbench(void)
{
	stash_clear(&workbench);
	case_views_close_all(&workbench);
	(void)case_request_releases(&workbench);
	cr_assert_eq(reader_stop(workbench.reader, NULL), ERR_OK);
	workbench.reader = NULL;
	dialog_free(workbench.dialog);
	drafts_forget(&workbench, NULL);
	free(workbench.drafts.note);
	visits_release(&workbench.visits);
	prompt_close(&workbench.prompt);
	palette_close(&workbench);
	typing_end(&workbench);
	prompt_history_release(&workbench.prompt_history);
	status_release(&workbench.status);
	queue_release(&workbench.inbox.queue);
	views_release(&workbench.inbox.views);
	marks_release(&workbench.inbox.marked_cases);
	board_free(workbench.boards.top);
	preview_free(&workbench);
	job_free(workbench.last_counts_response);
	free(workbench.inbox.problem);
	surface_release(&workbench.surface);
	own_files_release(&workbench);
	arena_release(&workbench.scratch);
	screen_cols = 100;
	step_rows = 0;
}

/* Takes responses; true once the marker request, and so every earlier request, has been answered. */
static bool take_until_mark(uint64_t mark)
{
	struct job *answer;

	while ((answer = reader_take_response(workbench.reader))) {
		bool last = answer->kind == JOB_PREVIEW && answer->ticket == mark;
		if (last)
			job_free(answer);
		else
			workbench_receive(&workbench, answer);
		if (last)
			return true;
	}
	return false;
}

static void wait_for_answers(void)
{
	struct pollfd answers = { .fd = reader_fd(workbench.reader), .events = POLLIN };

	cr_assert_gt(poll(&answers, 1, 20000), 0, "the reader does not answer");
}

void take_next(void)
{
	struct job *answer;

	while (!(answer = reader_take_response(workbench.reader)))
		wait_for_answers();
	workbench_receive(&workbench, answer);
}

static bool viewer_is_read(void)
{
	struct case_screen *screen = top_case(&workbench);
	struct viewer *viewer = screen ? screen->model.viewer : NULL;

	return !viewer ||
	       (viewer_is_complete(viewer) && (!viewer->second_viewer || viewer_is_complete(viewer->second_viewer)));
}

void settle(void)
{
	do {
		struct job *mark = job_new(JOB_PREVIEW);
		uint64_t ticket = mark->ticket = next_ticket(&workbench);
		workbench_request_stale(&workbench);
		mark->session_id = "none";
		reader_request(workbench.reader, mark);
		while (!take_until_mark(ticket))
			wait_for_answers();
	} while (workbench.stale_bits & STALE_DATA || inbox_continue_search(&workbench));
	while (!viewer_is_read())
		take_next();
	workbench_draw(&workbench, 30, screen_cols);
	if (workbench.case_stack.preview_due_ms) { /* the cursor rests */
		case_update_preview(&workbench);
		workbench_draw(&workbench, 30, screen_cols);
	}
	looks_note_frame(&workbench);
	if (workbench.dialog && workbench.dialog->state == DIALOG_READY)
		workbench.dialog->accepts_keys = true;
}

void press(struct key key)
{
	workbench_handle_key(&workbench, &key);
	settle();
}

static struct key key_typed(char c)
{
	switch (c) {
	case '\n':
		return key_press(PRESS_ENTER);
	case '\t':
		return key_press(PRESS_TAB);
	case '\v':
		return key_press(PRESS_BACK_TAB);
	case '\x1b': /* ESC */
		return key_press(PRESS_ESCAPE);
	case '\x1f': /* STEP_DOWN */
		return key_press(PRESS_DOWN);
	case '\x19': /* SEND */
		return (struct key){ .press = PRESS_CTRL, .ch = 'y' };
	}
	return key_char(c);
}

void type(const char *text)
{
	for (; *text; text++)
		press(key_typed(*text));
}

void confirm(void)
{
	type(SEND);
}

const char *status_line(void)
{
	return surface_row_text(&arena, &workbench.surface, 28);
}

void says(const char *sentence)
{
	const char *text = workbench.status.text ? workbench.status.text : "nothing";
	cr_expect_str_eq(text, sentence, "it says \"%s\"", text);
}

bool may(const struct person *person, enum verb verb)
{
	enum role least;

	return !person->readonly && role_parse(verb_rows[verb].least, &least) && role_at_least(person->role, least);
}

void do_first(const struct row *row, const struct person *person)
{
	if (!row->own || !may(person, row->own - 1) || (person->supervised && row->own == FIRST(APPROVE)))
		return;
	struct desk *desk = fixture_desk(&f, person->name, false);
	DESK(desk, row->ref, .verb = row->own - 1, .part = "BUSINESS_NUMBER", .text = LONG);
	desk_close(desk);
}

/* Adds an undo offer as if the approval had been made in this run: U lists no decisions of earlier runs. */
static void approved_in_this_run(void)
{
	struct undo_offer undo_offer = { .expires_at = NOON + HOUR_MS, .noun = UNDO_APPROVAL };
	undo_offer.name = undo_offer.reference = (char *)"KYC-1";
	memcpy(undo_offer.id, top_case(&workbench)->id, sizeof undo_offer.id);
	status_add_undo(&workbench.status, &undo_offer);
}

void arrive_at(const struct row *row, const struct person *person)
{
	workbench.stale_bits = STALE_LIST | STALE_COUNTS;
	settle();
	if (row->ref[0]) {
		const char *id = sql_text(
			&f, arena_printf(&f.arena, "SELECT uuid FROM session WHERE external_ref = '%s'", row->ref));
		case_open(&workbench, id, "", false);
		settle();
		cr_assert(case_model_view(&top_case(&workbench)->model), "%s: %s", row->ref,
			  top_case(&workbench)->problem);
	}
	type(row->keys ? row->keys : "");
	if (row->dialog == &undo_dialog && may(person, VERB_UNDO) && !person->supervised)
		approved_in_this_run();
}

void open_at(enum who who, const char *ref, const char *keys)
{
	leave_workbench();
	open_workbench(&people[who]);
	arrive_at(&(const struct row){ .ref = ref }, &people[who]);
	type(keys);
}

void begin_at(enum who who, const char *ref, const char *keys)
{
	put_back();
	open_at(who, ref, keys);
}

const char *screen_text(void)
{
	const char *text = "";

	for (size_t row = 0; row < workbench.surface.rows; row++)
		text = arena_printf(&arena, "%s%s\n", text, surface_row_text(&arena, &workbench.surface, row));
	return text;
}

bool shows(const char *text)
{
	return strstr(screen_text(), text) != NULL;
}

const char *cells_text(size_t row, size_t col, size_t cells)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = col; i < col + cells && i < workbench.surface.cols; i++) {
		const struct cell *cell = surface_cell(&workbench.surface, row, i);
		strbuf_add(&text, cell->text, cell->length);
	}
	while (text.len && text.buf[text.len - 1] == ' ')
		strbuf_truncate(&text, text.len - 1);
	return strbuf_finish(&text, &arena);
}

struct key key_of(enum command command)
{
	size_t count;
	const struct binding *bindings = keymap_bindings(&count);
	unsigned contexts = current_context_bits(&workbench);

	if (command == COMMAND_CHOOSE)
		return key_char('2');
	if (command_spec(command)->group == GROUP_MORE) { /* runs only by its name */
		type(arena_printf(&arena, ":%s", command_spec(command)->name));
		return key_press(PRESS_ENTER);
	}
	for (size_t i = 0; i < count; i++) {
		struct key key = { .press = bindings[i].press, .ch = bindings[i].letter };
		if (bindings[i].command == command && bindings[i].contexts & contexts) {
			if (bindings[i].next_letter) {
				press(key);
				key.ch = bindings[i].next_letter;
			}
			return key;
		}
	}
	cr_assert_fail("%s has no key here", command_spec(command)->name);
	return key_press(PRESS_NONE);
}

bool offers(const char *code)
{
	const struct dialog *dialog = workbench.dialog;
	const struct input *field = dialog && dialog->form.field_count ? &dialog->form.fields[0] : NULL;

	for (size_t i = 0; field && i < field->item_count; i++)
		if (!strcmp(field->items[i].code, code))
			return true;
	return false;
}

void choose(const char *code)
{
	workbench.dialog->form.focus = 0;
	type(code);
	for (size_t i = 1; i < workbench.dialog->form.field_count; i++)
		if (!workbench.dialog->form.fields[i].hidden) {
			workbench.dialog->form.focus = i;
			type(LONG);
		}
}

/* --- every screen and every dialog, as an admin sees them --- */

void open_view(const struct view_row *view)
{
	const struct row at = { .ref = view->ref, .keys = view->keys };

	put_back();
	open_workbench(&people[ADA]);
	if (!strncmp(view->name, "beside-", strlen("beside-"))) /* its keys need three panes */
		screen_cols = THREE_PANES_COLS_MIN;
	arrive_at(&at, &people[ADA]);
}

/* The first row that opens the dialog. */
static const struct row *row_of(const struct dialog_spec *spec)
{
	for (size_t i = 0; i < row_count; i++)
		if (rows[i].dialog == spec && (rows[i].does == OPENS || rows[i].does == OFFERS))
			return &rows[i];
	cr_assert_fail("No row opens \"%s\"", spec->wait_title);
	return NULL;
}

void open_dialog(const struct dialog_spec *spec)
{
	const struct row *row = row_of(spec);

	put_back();
	do_first(row, &people[ADA]);
	open_workbench(&people[ADA]);
	arrive_at(row, &people[ADA]);
	press(key_of(row->command));
	if (row->does == OFFERS) {
		choose(row->code);
		confirm();
	}
	settle();
	cr_assert(workbench.dialog && workbench.dialog->spec == spec, "\"%s\" does not open", spec->wait_title);
}

/* The glyphs are chosen when a response is taken, so everything is requested again. */
void switch_mode(enum text_mode mode)
{
	workbench.surface.mode = workbench.frame.mode = mode;
	workbench.boards.last_read_ms = 0; /* the figures, too, are requested at once */
	workbench.stale_bits |= STALE_DATA;
	if (workbench.dialog)
		reader_request(workbench.reader, dialog_make_request(workbench.dialog, next_ticket(&workbench)));
	settle();
}

void close_place(void)
{
	close_workbench();
	arena_reset(&arena);
}
