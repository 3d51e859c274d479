/*
 * Role × action at the screen: every action of the key table, and everything that a dialog offers, is tried with its
 * real key by everybody, on a real store, in a workbench without a terminal. Who may is the table of verbs' to say
 * (desk/verbs.h): what it refuses is refused in words, or not offered, and no byte of the store changes; what it allows
 * opens, or is done and on record under who did it.
 */
#include "../../../src/tui/screen/workbench.h"
#include "../desk/fixture.h"
#include "kybdesk/base/file.h"
#include "support/process.h"
#include "support/store_sum.h"
#include "tui_support.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#define LONG "said in more than ten characters"

static struct fixture f;
static struct workbench workbench;
static struct arena arena;
static char *kept; /* the store as every cell begins with it */
static size_t kept_length, cells;

static const struct person {
	const char *name;
	enum role role;
	bool readonly, supervised;
} people[] = {
	{ "vic", ROLE_VIEWER, .readonly = false },    { "ina", ROLE_INTAKE, .readonly = false },
	{ "rita", ROLE_REVIEWER, .readonly = false }, { "sam", ROLE_REVIEWER, .supervised = true },
	{ "lea", ROLE_LEAD, .readonly = false },      { "ada", ROLE_ADMIN, .readonly = false },
	{ "ada", ROLE_ADMIN, .readonly = true },
};
#define PEOPLE (sizeof people / sizeof *people)

/* --- the rows: every action, where it is tried --- */

#define NO_VERB VERB_COUNT
enum does {
	LOOKS,	 /* whoever presses it, nothing changes */
	OPENS,	 /* its dialog, with a button that does it */
	OFFERS,	 /* its dialog offers this among others, and it is taken */
	WRITES,	 /* a line, for a text */
	ACTS,	 /* at once, on record */
	SHOWS,	 /* a document, on record */
	REVEALS, /* on record */
	ELSEWHERE
};
struct row {
	enum command command;
	enum verb verb;
	enum does does;
	enum dialog_kind dialog;
	const char *ref;  /* the case that is open; "" the inbox */
	const char *keys; /* before it: to a tab, to a row */
	const char *code; /* of OFFERS */
	unsigned own;	  /* FIRST(…): done before by who tries it, when they may; 0 nothing */
	bool decides;	  /* who is supervised finds no button */
	bool goes_on;	  /* refused: the key goes to what blocks, as for everybody, and needs no words */
	const char *why;  /* ELSEWHERE */
};

#define FIRST(NAME) (VERB_##NAME + 1)
#define ROW(command_, verb_, does_, ...)                                                                           \
	{                                                                                                          \
		.command = COMMAND_##command_, .verb = verb_, .does = does_, __VA_ARGS__                           \
	}
#define MOVE(command_) ROW(command_, NO_VERB, LOOKS, .ref = "RAL-1")
#define DIALOG(command_, NAME, kind, ref_, ...)                                                                    \
	ROW(command_, VERB_##NAME, OPENS, .dialog = DIALOG_##kind, .ref = ref_, __VA_ARGS__)
#define AMONG(NAME, ref_, ...)                                                                                     \
	ROW(MORE, VERB_##NAME, OFFERS, .dialog = DIALOG_MORE, .ref = ref_, .keys = "", __VA_ARGS__)
#define BY_NAME(NAME, ref_, ...)                                                                                   \
	ROW(NAME, VERB_##NAME, OFFERS, .dialog = DIALOG_MORE, .ref = ref_, .keys = "", __VA_ARGS__)
static const struct row rows[] = {
	/* looking and moving */
	MOVE(DOWN),
	MOVE(UP),
	MOVE(PAGE_DOWN),
	MOVE(PAGE_UP),
	MOVE(FIRST),
	MOVE(LAST),
	MOVE(LEFT),
	MOVE(RIGHT),
	MOVE(NEXT_PANE),
	MOVE(PREVIOUS_PANE),
	MOVE(CHOOSE),
	MOVE(BACK),
	MOVE(QUIT),
	MOVE(CASE_BEFORE),
	MOVE(HELP),
	MOVE(PALETTE),
	ROW(FILTER, NO_VERB, LOOKS, .ref = ""),
	ROW(SORT, NO_VERB, LOOKS, .ref = ""),
	ROW(OPEN, NO_VERB, LOOKS, .ref = ""),
	ROW(OPEN, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "3"),
	ROW(SEARCH, NO_VERB, ELSEWHERE, .why = "in an open document only, of which OPEN has a row"),
	ROW(MATCH_NEXT, NO_VERB, ELSEWHERE, .why = "likewise"),
	ROW(MATCH_PREVIOUS, NO_VERB, ELSEWHERE, .why = "likewise"),
	ROW(COPY, NO_VERB, ELSEWHERE, .why = "speaks to the terminal, never to the store"),
	ROW(REDRAW, NO_VERB, ELSEWHERE, .why = "likewise"),
	ROW(SUSPEND, NO_VERB, ELSEWHERE, .why = "likewise"),
	ROW(NONE, NO_VERB, ELSEWHERE, .why = "no action"),
	/* deciding */
	DIALOG(APPROVE, APPROVE, APPROVE, "RAL-1", .decides = true),
	DIALOG(APPROVE, APPROVE, APPROVE, "", .keys = "/RAL-1\n", .decides = true),
	DIALOG(REJECT, REJECT, REJECT, "RAL-1", .decides = true),
	DIALOG(CORRECTIONS, CORRECTIONS, CORRECTIONS, "RAL-1", .decides = true),
	ROW(UNDO, VERB_UNDO, ACTS, .ref = "KYC-1", .own = FIRST(APPROVE)),
	DIALOG(UNDO_LIST, UNDO, UNDO, "KYC-1", .own = FIRST(APPROVE)),
	ROW(MORE, NO_VERB, OPENS, .dialog = DIALOG_MORE, .ref = "RAL-1"),
	AMONG(CONFIRM, "CON-1", .code = "judgement.confirm"),
	AMONG(ALERT_CLOSE, "ALE-1", .code = "alert.close"),
	AMONG(PROCESS, "COM-1", .code = "session.process"),
	AMONG(VALIDATE, "RAL-1", .code = "session.validate"),
	AMONG(ESCALATE, "COM-1", .code = "session.escalate"),
	AMONG(WITHDRAW, "ASK-1", .code = "session.withdraw"),
	AMONG(REACTIVATE, "EXP-1", .code = "session.reactivate"),
	AMONG(REOPEN, "APP-1", .code = "session.reopen", .decides = true),
	ROW(MORE, VERB_DOCUMENT_SAVE, OFFERS, .dialog = DIALOG_SAVE, .ref = "RAL-1", .keys = "2",
	    .code = "document.save"),
	ROW(MORE, VERB_SUBSESSION_REMOVE, OFFERS, .dialog = DIALOG_KYC_REMOVE, .ref = "RAL-1", .keys = "3",
	    .code = "subsession.remove"),
	ROW(MORE, VERB_LINK_SHOW, OFFERS, .dialog = DIALOG_LINK_SHOW, .ref = "RAL-1", .code = "link.show"),
	ROW(MORE, VERB_DOCUMENT_ADD, OFFERS, .dialog = DIALOG_ADD, .ref = "RAL-1", .code = "document.add"),
	ROW(MORE, VERB_DELETE, OFFERS, .dialog = DIALOG_DELETE, .ref = "DRA-1", .code = "session.delete"),
	ROW(MORE, VERB_STEP_EDIT, OFFERS, .dialog = DIALOG_STEP, .ref = "RAL-1", .code = "step:company_info"),
	/* the same by their names: chosen already */
	BY_NAME(CONFIRM, "CON-1", .code = "judgement.confirm"),
	BY_NAME(ALERT_CLOSE, "ALE-1", .code = "alert.close"),
	BY_NAME(PROCESS, "COM-1", .code = "session.process"),
	BY_NAME(VALIDATE, "RAL-1", .code = "session.validate"),
	BY_NAME(ESCALATE, "COM-1", .code = "session.escalate"),
	BY_NAME(WITHDRAW, "ASK-1", .code = "session.withdraw"),
	BY_NAME(REACTIVATE, "EXP-1", .code = "session.reactivate"),
	BY_NAME(REOPEN, "APP-1", .code = "session.reopen", .decides = true),
	ROW(DOCUMENT_SAVE, VERB_DOCUMENT_SAVE, OFFERS, .dialog = DIALOG_SAVE, .ref = "RAL-1", .keys = "2",
	    .code = "document.save"),
	ROW(KYC_REMOVE, VERB_SUBSESSION_REMOVE, OFFERS, .dialog = DIALOG_KYC_REMOVE, .ref = "RAL-1", .keys = "3",
	    .code = "subsession.remove"),
	ROW(LINK_SHOW, VERB_LINK_SHOW, OFFERS, .dialog = DIALOG_LINK_SHOW, .ref = "RAL-1", .code = "link.show"),
	ROW(DOCUMENT_ADD, VERB_DOCUMENT_ADD, OFFERS, .dialog = DIALOG_ADD, .ref = "RAL-1", .code = "document.add"),
	ROW(DELETE, VERB_DELETE, OFFERS, .dialog = DIALOG_DELETE, .ref = "DRA-1", .code = "session.delete"),
	/* who holds a case */
	ROW(CLAIM, VERB_CLAIM, ACTS, .ref = "RAL-1"),
	ROW(CLAIM, VERB_RELEASE, ACTS, .ref = "RAL-1", .own = FIRST(CLAIM)),
	DIALOG(CLAIM, ASSIGN, TAKE_OVER, "HEL-1"),
	DIALOG(APPROVE, ASSIGN, TAKE_OVER, "HEL-1"),
	ROW(NEXT_CASE, VERB_NEXT, ACTS, .ref = "", .goes_on = true),
	DIALOG(SNOOZE, SNOOZE, SNOOZE, "RAL-1"),
	DIALOG(SNOOZE, WAKE, SNOOZE, "SNO-1"),
	ROW(NOTE, VERB_NOTE, WRITES, .ref = "RAL-1"),
	ROW(REVEAL, VERB_REVEAL, REVEALS, .ref = "RAL-1", .own = FIRST(CLAIM)),
	/* what is on the papers */
	ROW(OPEN, VERB_DOCUMENT_OPEN, SHOWS, .ref = "RAL-1", .keys = "2", .own = FIRST(CLAIM)),
	DIALOG(ACCEPT_ITEM, DOCUMENT_ACCEPT, ACCEPT, "DOC-1", .keys = "2"),
	DIALOG(REJECT_ITEM, DOCUMENT_REJECT, DOCUMENT_REJECT, "DOC-1", .keys = "2"),
	ROW(ACCEPT_ITEM, VERB_CORRECTION_ACCEPT, ACTS, .ref = "ANS-1", .keys = "5"),
	/* checks, and what blocks */
	DIALOG(OPEN, HIT_RESOLVE, HIT, "HIT-1", .keys = "4j"),
	ROW(OPEN, VERB_HIT_ACCEPT, OFFERS, .dialog = DIALOG_HIT, .ref = "PEP-1", .keys = "4j", .code = "accepted",
	    .goes_on = true),
	DIALOG(OPEN, HIT_ACCEPT, HIT, "PEP-1", .goes_on = true),
	DIALOG(OPEN, CHECK_WAIVE, WAIVE, "CRY-1", .keys = "4"),
	DIALOG(OPEN, PARTY_GAP, GAP, "GAP-1", .goes_on = true),
	DIALOG(OPEN, DUPLICATE_DISMISS, DUPLICATE, "DUP-1", .goes_on = true),
	ROW(OPEN, VERB_CONFIRM, OFFERS, .dialog = DIALOG_MORE, .ref = "CON-1", .code = "judgement.confirm",
	    .goes_on = true),
	ROW(OPEN, VERB_WITHDRAW, OFFERS, .dialog = DIALOG_MORE, .ref = "ASK-1", .code = "session.withdraw",
	    .goes_on = true),
	DIALOG(OPEN, CORRECTIONS, CORRECTIONS, "BAR-1", .decides = true, .goes_on = true),
	DIALOG(OPEN, CORRECTIONS, CORRECTIONS, "BAR-1", .keys = "2", .decides = true),
	/* parties */
	DIALOG(PARTY_ADD, PARTY_ADD, PARTY, "RAL-1", .keys = "3"),
	DIALOG(PARTY_ADD, PARTY_COPY, PARTY, "RAL-1", .keys = "3"),
	DIALOG(PARTY_EDIT, PARTY_EDIT, PARTY, "RAL-1", .keys = "3"),
	DIALOG(PARTY_EDIT, PARTY_OWN, PARTY, "RAL-1", .keys = "3"),
	DIALOG(PARTY_REMOVE, PARTY_REMOVE, PARTY_REMOVE, "RAL-1", .keys = "3"),
	DIALOG(PARTY_KYC, SUBSESSION_ADD, KYC_ADD, "BAR-1", .keys = "3"),
	DIALOG(PARTY_LINK, LINK, PARTY_LINK, "RAL-1", .keys = "3"),
	DIALOG(PARTY_VERIFY, PARTY_VERIFY, PARTY_VERIFY, "DOC-1", .keys = "3"),
	DIALOG(PARTY_VERIFY, PARTY_UNVERIFY, PARTY_VERIFY, "VER-1", .keys = "3"),
};
#define ROWS (sizeof rows / sizeof *rows)

/* --- the cases --- */

static struct use_out out;
#define DESK(desk, ref, ...)                                                                                       \
	must(desk_do((desk), &f.arena, &(const struct use_in){ .session = (ref), __VA_ARGS__ }, &out, &f.error))

static void one_kyb(const char *ref, const char *review, const char *party, const char *more)
{
	fixture_kyb(&f, &(struct kyb){ .ref = ref, .review = review, .party = party, .more = more });
}

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
	     .match = true, .reason = "same_person");
	fixture_kyc(&f, "CRY-1", "manual_review", ",\"checks\":[{\"kind\":\"crypto\",\"status\":\"error\"}]");
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
	DESK(f.rita, "ALE-1", .verb = VERB_CHECK_REPORT, .as = CAPACITY_PROVIDER, .result = &check);
}

static void parties(void)
{
	fixture_ready(&f, "RAL-1");
	DESK(f.rita, "RAL-1", .verb = VERB_LINK);
	one_kyb("DOC-1", "unreviewed", "manual_review", NULL);
	one_kyb("VER-1", NULL, "manual_review", NULL);
	DESK(f.lea, "VER-1", .verb = VERB_PARTY_VERIFY, .part = "Ines Duarte", .reason = LONG);
	fixture_import(&f,
		       "{\"external_ref\": \"BAR-1\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", "
		       "\"merchant\": \"northwind-pay\", \"status\": \"manual_review\", \"subject\": {\"kind\": "
		       "\"business\", \"name\": \"Quay Ltd\", \"country\": \"PRT\"}, \"steps\": [{\"id\": "
		       "\"company_info\", \"status\": \"completed\"}], \"parties\": [{\"kind\": "
		       "\"individual\", \"name\": \"Ana Sousa\", \"roles\": [\"director\"], \"country\": "
		       "\"PRT\"}]}\n");
	fixture_ready(&f, "GAP-1");
	sql_run(&f,
		"UPDATE party_share SET percent = '50' WHERE party_id IN (SELECT p.id FROM party p JOIN session "
		"s ON s.id = p.session_id WHERE s.external_ref = 'GAP-1')");
	fixture_ready(&f, "DUP-1");
	fixture_ready(&f, "DUP-2");
	sql_run(&f, "UPDATE session SET tax_id = 'GB555' WHERE external_ref IN ('DUP-1', 'DUP-2')");
	must(confirm_all(&f, f.lea, "DUP-1"));
}

static void statuses(void)
{
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	fixture_kyc(&f, "HEL-1", "manual_review", NULL);
	DESK(f.bo, "HEL-1", .verb = VERB_CLAIM);
	fixture_kyc(&f, "SNO-1", "manual_review", NULL);
	DESK(f.bo, "SNO-1", .verb = VERB_SNOOZE, .until = NOON + 48 * HOUR_MS, .reason = LONG);
	fixture_kyc(&f, "COM-1", "completed", NULL);
	fixture_kyc(&f, "EXP-1", "expired", NULL);
	fixture_kyc(&f, "APP-1", "manual_review", NULL);
	must(approve_at_once(&f, f.rita, "APP-1"));
	fixture_import(&f, "{\"external_ref\": \"DRA-1\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", "
			   "\"merchant\": \"northwind-pay\", \"status\": \"active\", \"subject\": {\"kind\": "
			   "\"business\", \"name\": \"Quay Ltd\", \"country\": \"PRT\"}}\n");
	fixture_ready(&f, "CON-1");
	sql_run(&f, "UPDATE session SET subject_name = 'Harbour Lane Ltd' WHERE external_ref = 'CON-1'");
	asked("ASK-1");
	asked("ANS-1");
	DESK(f.rita, "ANS-1", .verb = VERB_ANSWER, .as = CAPACITY_CLIENT,
	     .part = of_case("uuid", "correction", "ANS-1"), .text = "That is it.");
	DESK(f.rita, "ANS-1", .verb = VERB_HAND_IN, .as = CAPACITY_CLIENT);
}

static void set_up(void)
{
	struct strbuf bytes = STRBUF_INIT;

	fixture_open(&f);
	must(desk_reviewer_add(f.ada, "ina", ROLE_INTAKE, false, &f.error));
	must(desk_reviewer_add(f.ada, "sam", ROLE_REVIEWER, true, &f.error));
	parties();
	checks_and_hits();
	statuses();
	struct desk **desks[] = { &f.ada, &f.lea, &f.rita, &f.bo, &f.vic };
	for (size_t i = 0; i < sizeof desks / sizeof *desks; i++) {
		desk_close(*desks[i]);
		*desks[i] = NULL;
	}
	sql_run(&f, "PRAGMA wal_checkpoint(TRUNCATE)");
	must(file_read(f.path, SIZE_MAX / 2, &bytes, &f.error));
	kept_length = bytes.len;
	kept = bytes.buf; /* malloc'd, as every strbuf's */
}
static void tear_down(void)
{
	free(kept);
	arena_release(&arena);
	fixture_close(&f);
}
TestSuite(screen_matrix, .init = set_up, .fini = tear_down);

/* --- a workbench without a terminal --- */

static void put_back(void)
{
	static const char *const beside[] = { "-wal", "-shm" };

	for (size_t i = 0; i < 2; i++)
		(void)unlink(arena_printf(&arena, "%s%s", f.path, beside[i]));
	temp_write(f.path, kept, kept_length);
}

static void open_workbench(const struct person *person)
{
	struct error error = { 0 };
	struct desk *desk = fixture_desk(&f, person->name, person->readonly);

	workbench = (struct workbench){ .world = &f.world.world, .options = { .world = &f.world.world } };
	workbench.frame = (struct frame){ .actor = person->name,
					  .role = desk_role(desk),
					  .sandbox = true,
					  .readonly = person->readonly,
					  .home = "" };
	cr_assert_eq(workbench.frame.role, person->role);
	workbench.single_keys = true;
	workbench.reasons = desk_reasons(desk);
	workbench.countries = desk_countries(desk);
	surface_init(&workbench.surface, TEXT_UTF8);
	queue_init(&workbench.queue);
	status_init(&workbench.status);
	cr_assert_eq(reader_start(desk, &workbench.reader, &error), ERR_OK, "%s", error.message);
	workbench_draw(&workbench, 30, 100);
}

static void close_workbench(void)
{
	shelf_clear(&workbench);
	case_close_all(&workbench);
	reader_stop(workbench.reader);
	dialog_free(workbench.dialog);
	drafts_forget(&workbench, NULL);
	free(workbench.note);
	walk_release(&workbench.walk);
	prompt_close(&workbench.prompt);
	palette_close(&workbench);
	prompt_history_release(&workbench.history);
	status_release(&workbench.status);
	queue_release(&workbench.queue);
	work_free(workbench.preview);
	work_free(workbench.held);
	free(workbench.list_problem);
	surface_release(&workbench.surface);
}

/* The answer of a question that nobody asked: everything that was asked before it has been answered. */
static bool take_until_mark(uint64_t mark)
{
	struct work *answer;

	while ((answer = reader_take(workbench.reader))) {
		bool last = answer->kind == WORK_PREVIEW && answer->ticket == mark;
		if (last)
			work_free(answer);
		else
			workbench_answer(&workbench, answer);
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

static bool paper_is_read(void)
{
	struct paper *paper = top_paper(&workbench);

	return !paper || paper->work || paper->problem;
}

static void settle(void)
{
	do {
		struct work *mark = work_new(WORK_PREVIEW);
		uint64_t ticket = mark->ticket = next_ticket(&workbench);
		workbench_ask_stale(&workbench);
		mark->id = "none";
		reader_ask(workbench.reader, mark);
		while (!take_until_mark(ticket))
			wait_for_answers();
	} while (workbench.stale & STALE_DATA);
	while (!paper_is_read()) {
		struct work *answer;
		wait_for_answers();
		while ((answer = reader_take(workbench.reader)))
			workbench_answer(&workbench, answer);
	}
	workbench_draw(&workbench, 30, 100);
	if (workbench.dialog && workbench.dialog->state == DIALOG_READY)
		workbench.dialog->armed = true;
}

static void press(struct key key)
{
	workbench_key(&workbench, &key);
	settle();
}

static void type(const char *text)
{
	for (; *text; text++)
		press(*text == '\n' ? key_press(PRESS_ENTER) : key_char(*text));
}

static void confirm(void)
{
	press((struct key){ .press = PRESS_CTRL, .ch = 'y' });
}

/* The first key of the table that means it here. */
static struct key key_of(enum command command)
{
	size_t count;
	const struct binding *bindings = keymap_bindings(&count);
	unsigned places = present_places(&workbench);

	if (command == COMMAND_CHOOSE)
		return key_char('2');
	if (command_spec(command)->offers[0]) { /* by its name only */
		type(arena_printf(&arena, ":%s", command_spec(command)->name));
		return key_press(PRESS_ENTER);
	}
	for (size_t i = 0; i < count; i++) {
		struct key key = { .press = bindings[i].press, .ch = (uint32_t)(unsigned char)bindings[i].letter };
		if (bindings[i].command == command && bindings[i].places & places) {
			if (bindings[i].twice)
				press(key);
			return key;
		}
	}
	cr_assert_fail("%s has no key here", command_spec(command)->name);
	return key_press(PRESS_NONE);
}

/* --- the cells --- */

struct trial {
	const struct row *row;
	const struct person *person;
	struct store_sum sum;
	uint64_t before;
	int64_t recorded;
};

static const char *said(const struct trial *trial)
{
	return arena_printf(&arena, "%s (%s) at %s by %s%s%s", command_spec(trial->row->command)->name,
			    trial->row->verb == NO_VERB ? "looks" : use_cases[trial->row->verb].word,
			    trial->row->ref[0] ? trial->row->ref : "the inbox", trial->person->name,
			    trial->person->supervised ? " who is supervised" : "",
			    trial->person->readonly ? " who only reads" : "");
}

static bool may(const struct person *person, enum verb verb)
{
	return !person->readonly && use_case_allows(&use_cases[verb], CAPACITY_STAFF, person->role);
}

static int64_t records(const struct trial *trial)
{
	return sql_int(&f, arena_printf(&f.arena,
					"SELECT count(*) FROM audit_event WHERE action = '%s' AND actor = '%s'",
					use_cases[trial->row->verb].word, trial->person->name));
}

static void do_own(const struct trial *trial)
{
	struct desk *desk;

	unsigned own = trial->row->own;

	if (!own || !may(trial->person, own - 1) || (trial->person->supervised && own == FIRST(APPROVE)))
		return;
	desk = fixture_desk(&f, trial->person->name, false);
	DESK(desk, trial->row->ref, .verb = own - 1);
	desk_close(desk);
}

static void arrive(const struct trial *trial)
{
	const struct row *row = trial->row;

	workbench.stale = STALE_LIST | STALE_COUNTS;
	settle();
	if (row->ref[0]) {
		const char *id = sql_text(
			&f, arena_printf(&f.arena, "SELECT uuid FROM session WHERE external_ref = '%s'", row->ref));
		case_open(&workbench, id, "", false);
		settle();
		cr_assert(case_model_view(&top_case(&workbench)->model), "%s: %s", said(trial),
			  top_case(&workbench)->problem);
	}
	type(row->keys ? row->keys : "");
	/* The list that U shows is of this run of the workbench. */
	if (row->dialog == DIALOG_UNDO && may(trial->person, VERB_UNDO) && !trial->person->supervised) {
		struct undoable undoable = { .until = NOON + HOUR_MS, .what = UNDO_APPROVAL };
		undoable.name = undoable.reference = (char *)"KYC-1";
		memcpy(undoable.id, top_case(&workbench)->id, sizeof undoable.id);
		status_undo_add(&workbench.status, &undoable);
	}
}

static const char *words(void)
{
	struct paper *paper = top_paper(&workbench);

	if (paper && paper->problem)
		return paper->problem;
	return workbench.status.text ? workbench.status.text : "";
}

static bool offers(const char *code)
{
	const struct dialog *dialog = workbench.dialog;
	const struct input *field = dialog && dialog->form.field_count ? &dialog->form.fields[0] : NULL;

	for (size_t i = 0; field && i < field->item_count; i++)
		if (!strcmp(field->items[i].code, code))
			return true;
	return false;
}

static bool has_button(enum dialog_kind kind)
{
	const struct dialog *dialog = workbench.dialog;

	return dialog && dialog->kind == kind && dialog->state == DIALOG_READY && dialog->form.confirm;
}

static void expect_nothing_changed(struct trial *trial)
{
	cr_expect_eq(store_sum(&trial->sum), trial->before, "%s changed the store", said(trial));
}

static void expect_refused(struct trial *trial)
{
	const struct row *row = trial->row;
	enum role needed = command_role(row->command);
	const char *role = role_text(row->verb == NO_VERB ? needed : use_cases[row->verb].role);
	bool claims = row->does == OPENS && dialog_spec(row->dialog)->claims;

	if (row->does == OFFERS) {
		cr_expect_not(offers(row->code), "%s: it is offered", said(trial));
	} else if (row->verb == VERB_ASSIGN && may(trial->person, VERB_CLAIM)) {
		/* May decide on cases, but not on this one, which a colleague holds. */
		cr_expect_not(has_button(row->dialog), "%s: it can be taken over", said(trial));
	} else {
		cr_expect_null(workbench.dialog, "%s: it opens", said(trial));
	}
	cr_expect_not(workbench.prompt.open, "%s: a line opens", said(trial));
	if (!row->goes_on && !workbench.dialog && !claims)
		cr_expect(strstr(words(), trial->person->readonly ? "--readonly" : role) ||
				  (needed > ROLE_VIEWER && strstr(words(), role_text(needed))) ||
				  strstr(words(), "holds") || strstr(words(), "reading only"),
			  "%s: \"%s\" names no %s", said(trial), words(), role);
	expect_nothing_changed(trial);
}

static void expect_recorded(struct trial *trial)
{
	cr_expect_gt(records(trial), trial->recorded, "%s is not on record: %s", said(trial),
		     workbench.dialog ? workbench.dialog->problem : words());
}

/* Chosen by its code, with the words that it asks for. */
static void take(struct trial *trial)
{
	const struct row *row = trial->row;

	cr_assert(offers(row->code), "%s: it is not offered", said(trial));
	workbench.dialog->form.focus = 0;
	type(row->code);
	for (size_t i = 1; i < workbench.dialog->form.field_count; i++)
		if (!workbench.dialog->form.fields[i].hidden) {
			workbench.dialog->form.focus = i;
			type(LONG);
		}
	confirm();
}

static void expect_allowed(struct trial *trial)
{
	const struct row *row = trial->row;

	switch (row->does) {
	case OPENS:
		cr_expect(has_button(row->dialog), "%s does not open: %s", said(trial), words());
		break;
	case OFFERS:
		take(trial);
		if (row->dialog == DIALOG_MORE || row->dialog == DIALOG_HIT)
			expect_recorded(trial);
		else
			cr_expect(has_button(row->dialog), "%s does not open: %s", said(trial), words());
		break;
	case WRITES:
		cr_expect(workbench.prompt.open, "%s", said(trial));
		type("A note.");
		press(key_press(PRESS_ENTER));
		expect_recorded(trial);
		break;
	case ACTS:
	case SHOWS:
	case REVEALS:
		expect_recorded(trial);
		break;
	case LOOKS:
	case ELSEWHERE:
		break;
	}
}

/* A dialog is there, without its button. */
static void expect_not_alone(struct trial *trial)
{
	if (trial->row->does == OPENS) {
		cr_expect(workbench.dialog && !workbench.dialog->form.confirm, "%s: it can be done", said(trial));
		return;
	}
	take(trial);
	cr_expect_eq(records(trial), trial->recorded, "%s was done", said(trial));
}

static void try_cell(struct trial *trial)
{
	const struct row *row = trial->row;

	put_back();
	do_own(trial);
	store_sum_open(&trial->sum, f.path);
	open_workbench(trial->person);
	arrive(trial);
	trial->before = store_sum(&trial->sum);
	trial->recorded = row->verb == NO_VERB ? 0 : records(trial);
	press(key_of(row->command));
	if (row->does == LOOKS)
		expect_nothing_changed(trial);
	else if (!(row->verb == NO_VERB
			   ? command_allowed(row->command, trial->person->role, trial->person->readonly)
			   : may(trial->person, row->verb)))
		expect_refused(trial);
	else if (trial->person->supervised && row->decides)
		expect_not_alone(trial);
	else if (!trial->person->supervised || row->own != FIRST(APPROVE))
		expect_allowed(trial);
	close_workbench();
	store_sum_close(&trial->sum);
	cells++;
}

/* A part of the rows each, so that they run beside each other. */
#define PARTS 4
static void try_part(size_t part)
{
	for (size_t i = part; i < ROWS; i += PARTS)
		for (size_t p = 0; rows[i].does != ELSEWHERE && p < PEOPLE; p++)
			try_cell(&(struct trial){ .row = &rows[i], .person = &people[p] });
	cr_log_info("part %zu of the screen's matrix: %zu cells", part + 1, cells);
}
Test(screen_matrix, every_action_by_everybody_1)
{
	try_part(0);
}
Test(screen_matrix, every_action_by_everybody_2)
{
	try_part(1);
}
Test(screen_matrix, every_action_by_everybody_3)
{
	try_part(2);
}
Test(screen_matrix, every_action_by_everybody_4)
{
	try_part(3);
}

/* --- no action, no dialog, no verb without a row --- */

TestSuite(screen_matrix_rows);

Test(screen_matrix_rows, every_action_has_a_row)
{
	for (int command = 0; command < COMMAND_COUNT; command++) {
		size_t found = 0;
		for (size_t i = 0; i < ROWS; i++)
			found += rows[i].command == (enum command)command;
		cr_expect(found, "%s has no row", command_spec((enum command)command)->name);
	}
}

Test(screen_matrix_rows, every_dialog_is_reached)
{
	for (int kind = 0; kind <= DIALOG_STEP; kind++) {
		bool found = false;
		for (size_t i = 0; i < ROWS; i++)
			found |= (rows[i].does == OPENS || rows[i].does == OFFERS) &&
				 rows[i].dialog == (enum dialog_kind)kind;
		cr_expect(found, "\"%s\" is reached by no row", dialog_spec((enum dialog_kind)kind)->asking);
	}
}

/* What the doors' table (doors_test.c) gives an action to; the one that it gives none has no row either. */
Test(screen_matrix_rows, every_verb_of_staff_on_a_case_is_tried)
{
	for (int v = 0; v < VERB_REVIEWER_ADD; v++) {
		enum verb verb = (enum verb)v;
		bool found = false;
		if (!use_cases[verb].staff || (verb >= VERB_SUBJECT_ADD && verb <= VERB_SUBJECT_REVEAL))
			continue;
		for (size_t i = 0; i < ROWS; i++)
			found |= rows[i].verb == verb;
		cr_expect_neq(found, verb == VERB_DOCUMENT_RECORD, "%s", use_cases[verb].word);
	}
}

/* The key table's own word on who may agrees with the table of verbs, and an action that changes says so. */
Test(screen_matrix_rows, the_key_table_asks_for_no_other_role_than_the_verb)
{
	for (size_t i = 0; i < ROWS; i++) {
		const struct row *row = &rows[i];
		const struct command_spec *spec = command_spec(row->command);
		if (row->verb == NO_VERB || row->command == COMMAND_OPEN || row->command == COMMAND_NEXT_CASE)
			continue;
		cr_expect(spec->changes, "%s does not know --readonly", spec->name);
		cr_expect(role_at_least(use_cases[row->verb].role, command_role(row->command)),
			  "%s needs more than %s", spec->name, use_cases[row->verb].word);
	}
}
