/*
 * Enter on each blocker of the gate, on a real store: pressed by a person that may resolve the blocker, and by a person
 * that may not. --verbose prints how each blocker is resolved.
 */
#include "places.h"

TestSuite(blockers, .init = places_set_up, .fini = places_tear_down, .timeout = 600);

enum about { NOTHING, WORDS, A_PARTY, A_DOCUMENT, A_HIT, A_CHECK, ANOTHER };

static const struct lifted {
	enum blocker_code code;
	const char *ref; /* the case */
	enum about about;
	const char *item;		  /* for WORDS and A_CHECK: the blocker's ref */
	const struct dialog_spec *dialog; /* the dialog that Enter opens; NULL: none, or the page of A_CHECK */
	const char *chosen;		  /* code chosen in the dialog's first field; "" if not tested */
	bool lead;			  /* a reviewer may not */
} lifted[] = {
	{ BLOCKER_STATUS, "ASK-1", NOTHING, "", &more_dialog, "withdraw", false },
	{ BLOCKER_STATUS, "EXP-1", NOTHING, "", &more_dialog, "reactivate", false },
	{ BLOCKER_STATUS, "APP-1", NOTHING, "", &more_dialog, "reopen", true },
	{ BLOCKER_STATUS, "DRA-1", NOTHING, "", NULL, "", false }, /* with the client */
	{ BLOCKER_DOCUMENT_MISSING, "BAR-1", WORDS, "PROOF_OF_ADDRESS", &corrections_dialog, "", false },
	{ BLOCKER_DOCUMENT_MISSING, "DRA-1", WORDS, "PROOF_OF_ADDRESS", NULL, "", false },
	{ BLOCKER_DOCUMENT_NOT_ACCEPTED, "REJ-1", A_DOCUMENT, "", &corrections_dialog, "", false },
	{ BLOCKER_DOCUMENT_ALTERED, "DOC-1", A_DOCUMENT, "", &corrections_dialog, "", false },
	{ BLOCKER_BASIS_CHANGED, "CON-1", NOTHING, "", &more_dialog, "confirm", false },
	{ BLOCKER_NOTHING_EXAMINED, "RAL-1", NOTHING, "", &corrections_dialog, "", false },
	{ BLOCKER_STEP_OPEN, "RAL-1", WORDS, "steps.company_info", &corrections_dialog, "company_info", false },
	{ BLOCKER_PARTY_NOT_VERIFIED, "BAR-1", A_PARTY, "", &kyc_add_dialog, "", false },
	{ BLOCKER_PARTY_MISSING, "RAL-1", NOTHING, "", &party_dialog, "", false },
	{ BLOCKER_OWNERSHIP_INVALID, "RAL-1", A_PARTY, "", &party_dialog, "", false },
	{ BLOCKER_OWNERSHIP_GAP, "GAP-1", NOTHING, "", &gap_dialog, "", true },
	{ BLOCKER_OWNERSHIP_GAP, "RAL-1", NOTHING, "", &party_dialog, "", false },
	{ BLOCKER_FIELD_INVALID, "RAL-1", WORDS, "steps.company_info.business_activity", &step_dialog,
	  "business_activity", false },
	{ BLOCKER_FIELD_INVALID, "RAL-1", WORDS, "parties[0].country", &party_dialog, "", false },
	{ BLOCKER_FIELD_INVALID, "RAL-1", WORDS, "parties[99].country", NULL, "", false },
	{ BLOCKER_FIELD_INVALID, "RAL-1", WORDS, "subject.tax_id", NULL, "", false },
	{ BLOCKER_CORRECTION_OPEN, "ASK-1", NOTHING, "", &more_dialog, "withdraw", false },
	{ BLOCKER_CORRECTION_OPEN, "ANS-1", NOTHING, "", NULL, "", false }, /* accepted in place */
	{ BLOCKER_HIT_OPEN, "HIT-1", A_HIT, "", &hit_dialog, "", false },
	{ BLOCKER_HIT_OPEN, "PEP-1", A_HIT, "", &hit_dialog, "", true },
	{ BLOCKER_CHECK_FAILED, "CRY-1", A_CHECK, "crypto", NULL, "", false },
	{ BLOCKER_CHECK_FAILED, "CRY-1", A_CHECK, "adverse_media", NULL, "", false },
	{ BLOCKER_CHECK_FAILED, "HIT-1", WORDS, "ofac", &more_dialog, "process", false },
	{ BLOCKER_CHECK_FAILED, "DRA-1", WORDS, "ofac", NULL, "", false },
	{ BLOCKER_CHECK_STALE, "RAL-1", WORDS, "watchlist", &more_dialog, "process", false },
	{ BLOCKER_DUPLICATE_OPEN, "DUP-1", ANOTHER, "", &duplicate_dialog, "", false },
	{ BLOCKER_SUSPICION_OPEN, "SUS-1", NOTHING, "", &suspicion_close_dialog, "", true },
	{ BLOCKER_CLAIMED_BY_OTHER, "HEL-1", NOTHING, "", &take_over_dialog, "", true },
};
#define LIFTED_COUNT (sizeof lifted / sizeof lifted[0])

static const char *ref_of(const struct lifted *lift, const struct case_file *file)
{
	switch (lift->about) {
	case NOTHING:
	case WORDS:
	case A_CHECK:
		break;
	case A_PARTY:
		return file->parties[0].id;
	case A_DOCUMENT:
		return file->documents[0].id;
	case ANOTHER:
		return case_model_view(&top_case(&workbench)->model)->duplicates[0].id;
	case A_HIT:
		return file->checks[0].hits[0].id;
	}
	return lift->item;
}

static uint64_t ticket_before; /* the last request before Enter was pressed */

/* Opens the case as the store has it now, and does what Enter on the blocker does. */
static bool press_enter_now(const struct lifted *lift, const struct person *person)
{
	const struct row row = { .command = COMMAND_OPEN, .ref = lift->ref };

	open_workbench(person);
	arrive_at(&row, person);
	const struct case_view *view = case_model_view(&top_case(&workbench)->model);
	const struct checklist_item item = { .code = lift->code,
					     .ref = ref_of(lift, &view->file),
					     .other_ref = "",
					     .link_ref = "",
					     .tab = TAB_SUMMARY };
	ticket_before = workbench.last_ticket;
	bool opened = blocker_open(&workbench, &item);
	settle();
	return opened;
}

static bool press_enter(const struct lifted *lift, const struct person *person)
{
	put_back();
	return press_enter_now(lift, person);
}

static const char *chosen_code(void)
{
	const struct form *form = &workbench.dialog->form;
	const struct input *field = form->field_count ? &form->fields[0] : NULL;

	if (field && field->kind == INPUT_PICKS)
		for (size_t i = 0; i < field->item_count; i++)
			if (field->items[i].checked)
				return field->items[i].code;
	return field && field->kind == INPUT_CHOICE && field_chosen_item(field) ? field_chosen_item(field)->code : "";
}

Test(blockers, each_opens_what_lifts_it)
{
	for (size_t i = 0; i < LIFTED_COUNT; i++) {
		const struct lifted *lift = &lifted[i];
		const char *name = arena_printf(&arena, "%s at %s", blocker_code_text(lift->code), lift->ref);
		bool opened = press_enter(lift, &people[5]);

		cr_expect_eq(opened, lift->dialog || lift->about == A_CHECK, "%s", name);
		cr_expect_eq(top_page(&workbench) != NULL, lift->about == A_CHECK, "%s", name);
		cr_expect_eq(workbench.dialog ? workbench.dialog->spec : NULL, lift->dialog, "%s: \"%s\"", name,
			     workbench.dialog ? workbench.dialog->title : "nothing");
		if (workbench.dialog && lift->chosen[0])
			cr_expect_str_eq(chosen_code(), lift->chosen, "%s", name);
		if (workbench.dialog)
			cr_expect(workbench.dialog->form.confirm_label, "%s: has no button: %s", name,
				  workbench.dialog->lines_above.count ? workbench.dialog->lines_above.items[0].text
								      : "");
		close_workbench();
	}
}

Test(blockers, who_may_not_lift_it_is_shown_where_it_is)
{
	static const struct person viewer = { "vic", ROLE_VIEWER, false, false };
	static const struct person reviewer = { "rita", ROLE_REVIEWER, false, false };

	for (size_t i = 0; i < LIFTED_COUNT; i++) {
		const struct lifted *lift = &lifted[i];
		const char *name = arena_printf(&arena, "%s at %s", blocker_code_text(lift->code), lift->ref);

		/* What a check found is for every reader. */
		cr_expect_eq(press_enter(lift, &viewer), lift->about == A_CHECK, "%s", name);
		cr_expect_null(workbench.dialog, "%s", name);
		close_workbench();
		if (!lift->lead)
			continue;
		(void)press_enter(lift, &reviewer);
		cr_expect(!workbench.dialog || workbench.dialog->spec != lift->dialog, "%s", name);
		close_workbench();
	}
}

/* Opening a document is recorded, so for a viewer Enter only moves to the document. */
Test(blockers, an_unreviewed_document_is_opened_and_left_again)
{
	const struct lifted lift = { BLOCKER_DOCUMENT_NOT_ACCEPTED, "DOC-1", A_DOCUMENT, "", NULL, "", false };

	cr_expect_not(press_enter(&lift, &people[VIC]));
	cr_expect_null(top_viewer(&workbench));
	close_workbench();
	cr_expect(press_enter(&lift, &people[RITA]));
	const struct case_model *model = &top_case(&workbench)->model;
	const char *id = arena_strdup(&arena, case_model_view(model)->file.documents[0].id);
	cr_assert_not_null(top_viewer(&workbench), "%s", screen_text());
	cr_expect_str_eq(top_viewer(&workbench)->document_id, id);
	press(key_press(PRESS_ESCAPE));
	settle();
	cr_expect_null(top_viewer(&workbench));
	cr_expect_eq(model->pane, PANE_CHECKLIST, "the cursor stands on the condition");
}

Test(blockers, an_owner_s_kyc_that_is_reviewed_here_is_opened_and_left_again)
{
	const struct lifted lift = { BLOCKER_PARTY_NOT_VERIFIED, "DOC-1", A_PARTY, "", NULL, "", false };

	cr_expect(press_enter(&lift, &people[5]));
	cr_assert_eq(workbench.case_stack.count, 2);
	case_close(&workbench);
	cr_expect_eq(top_case(&workbench)->model.tab, TAB_PARTIES, "the cursor stands on the owner");
}

/* Enter does not open a KYC that waits for the party itself, or that is approved. */
Test(blockers, an_owner_s_kyc_is_opened_where_there_is_work_of_this_desk)
{
	static const struct {
		enum session_status status;
		bool opened;
	} kycs[] = { { SESSION_MANUAL_REVIEW, true }, { SESSION_COMPLETED, true }, { SESSION_PROCESSED, true },
		     { SESSION_ACTIVE, false },	      { SESSION_EXPIRED, false },  { SESSION_APPROVED, false } };
	const struct lifted lift = { BLOCKER_PARTY_NOT_VERIFIED, "DOC-1", A_PARTY, "", NULL, "", false };

	for (size_t i = 0; i < sizeof kycs / sizeof *kycs; i++) {
		const char *status = session_status_text(kycs[i].status);

		put_back();
		sql_run(&f, arena_printf(&arena,
					 "UPDATE session SET status = '%s' WHERE parent_id = (SELECT id FROM session "
					 "WHERE external_ref = 'DOC-1')",
					 status));
		cr_expect_eq(press_enter_now(&lift, &people[5]), kycs[i].opened, "%s", status);
		cr_expect_eq(workbench.case_stack.count, kycs[i].opened ? 2 : 1, "%s", status);
		close_workbench();
	}
}

/* "parties[10].country" opens the form of the eleventh party; a path that names no party opens nothing. */
Test(blockers, a_party_s_field_is_changed_in_that_party_s_form)
{
	static const char *const none[] = { "parties[", "parties[1", "parties[x].country", "partie[1].country",
					    "parties[00001.country" };
	struct row row = { .command = COMMAND_OPEN, .ref = WORST };
	const struct case_file *file;

	put_back();
	open_workbench(&people[5]);
	arrive_at(&row, &people[5]);
	file = &case_model_view(&top_case(&workbench)->model)->file;
	cr_assert_gt(file->party_count, 10, "numbers of two digits: %zu", file->party_count);
	for (size_t i = 0; i <= file->party_count; i++) {
		const struct checklist_item item = { .code = BLOCKER_FIELD_INVALID,
						     .ref = arena_printf(&arena, "parties[%zu].country", i) };
		bool there = i < file->party_count;
		cr_assert_eq(blocker_open(&workbench, &item), there, "%zu", i);
		if (!there)
			break;
		cr_assert_not_null(workbench.dialog);
		cr_expect_str_eq(workbench.dialog->item, file->parties[i].id, "%zu", i);
		settle();
		press(key_press(PRESS_ESCAPE));
		settle();
		cr_assert_null(workbench.dialog);
		file = &case_model_view(&top_case(&workbench)->model)->file;
	}
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		const struct checklist_item item = { .code = BLOCKER_FIELD_INVALID, .ref = none[i] };
		cr_expect_not(blocker_open(&workbench, &item), "%s", none[i]);
		cr_expect_null(workbench.dialog, "%s", none[i]);
	}
}

/* One tax number, two birth dates: the masks of both are alike, the values are not. */
Test(blockers, two_persons_that_may_be_one_are_compared_unmasked)
{
	const struct row row = { .command = COMMAND_OPEN, .ref = "DUP-2" };
	const struct checklist_item *pair = NULL;

	put_back();
	sql_run(&f, "UPDATE party SET date_of_birth = CASE name WHEN 'Quay Holding' THEN '1958-02-01' ELSE "
		    "'1985-02-01' END, kind = 'individual', name = 'Rui Alves', tax_id = 'PT123456789' WHERE name IN "
		    "('Quay Holding', 'QUAY HOLDING')");
	open_workbench(&people[5]);
	arrive_at(&row, &people[5]);
	const struct case_view *view = case_model_view(&top_case(&workbench)->model);
	for (size_t i = 0; i < view->checklist_count; i++)
		if (*view->checklist[i].other_ref)
			pair = &view->checklist[i];
	cr_assert(pair, "they are no pair");
	cr_assert(blocker_open(&workbench, pair));
	settle();
	cr_assert(workbench.dialog && workbench.dialog->spec == &pair_dialog);
	cr_expect_str_eq(workbench.dialog->form.confirm_label, "reveal");
	cr_expect_not(shows("1958-02-01"));
	confirm();
	settle();
	cr_assert(workbench.dialog && workbench.dialog->spec == &pair_dialog, "%s", screen_text());
	cr_expect_str_eq(workbench.dialog->form.confirm_label, "record it");
	cr_expect(shows("1958-02-01") && shows("1985-02-01"), "%s", screen_text());
}

/* Opens DUP-2, moves to the condition about two parties, and presses Enter. Returns its message; NULL: none. */
static const char *enter_question(void)
{
	const struct case_model *model;
	const struct checklist_item *item;

	open_at(ADA, "DUP-2", "");
	model = &top_case(&workbench)->model;
	item = case_model_view(model)->checklist;
	for (size_t i = case_model_unmet_count(model); i && !*item[model->checklist_cursor].other_ref; i--)
		type(STEP_DOWN);
	if (!*item[model->checklist_cursor].other_ref)
		return NULL;
	item = &item[model->checklist_cursor];
	type("\n");
	cr_assert(workbench.dialog && workbench.dialog->spec == &pair_dialog, "%s", screen_text());
	return arena_strdup(&arena, item->message);
}

static void answer_question(const char *code)
{
	choose(code);
	confirm();
	cr_expect_null(workbench.dialog, "%s: %s", code, screen_text());
	cr_expect_null(enter_question(), "%s: %s", code, screen_text());
}

#define MADE_UNSURE                                                                                                    \
	"UPDATE party SET name = 'Rui Alves', kind = 'individual', date_of_birth = '', tax_id = '', "                  \
	"registration_number = '' WHERE name IN ('Quay Holding', 'QUAY HOLDING')"
#define ANSWERED(word) "party WHERE pair_answers LIKE '% " word " %'"

/* Enter on the condition, an answer and a reason: the condition is gone. */
Test(blockers, two_rows_that_may_be_one_are_answered_at_the_screen)
{
	put_back();
	sql_run(&f, MADE_UNSURE);
	cr_assert(enter_question());
	answer_question("other");
	expect_rows(1, ANSWERED("other"));
	put_back();
	sql_run(&f, MADE_UNSURE);
	cr_assert(enter_question());
	answer_question("same");
	expect_rows(1, ANSWERED("same"));
}

Test(blockers, three_rows_of_which_two_are_others_are_answered_at_the_screen)
{
	static const char *const codes[] = { "first", "second", "same" };
	const struct party_input third = {
		.kind = PARTY_INDIVIDUAL, .name = "ALVES Rui", .roles = 1u << ROLE_UBO, .percent = "1"
	};

	for (size_t i = 0; i < 3; i++) {
		const char *ids[3];
		put_back();
		sql_run(&f, MADE_UNSURE);
		ids[0] = sql_text(&f, "SELECT min(uuid) FROM party WHERE name = 'Rui Alves'");
		ids[1] = sql_text(&f, "SELECT max(uuid) FROM party WHERE name = 'Rui Alves'");
		struct desk *desk = fixture_desk(&f, "rita", false);
		DESK(desk, "DUP-2", .verb = VERB_PARTY_ADD, .party = &third);
		ids[2] = arena_strdup(&arena, places_out.part_id);
		for (size_t k = 0; k < 3; k++)
			DESK(desk, "DUP-2", .verb = k == 2 ? VERB_PARTY_OTHER : VERB_PARTY_SAME,
			     .part = ids[k == 2 ? 1 : 0], .related_ref = ids[k == 0 ? 1 : 2], .reason = LONG);
		desk_close(desk);
		const char *asked = enter_question();
		cr_assert(asked && strstr(asked, "are others, but both are the same as Rui Alves"), "%s", asked);
		answer_question(codes[i]);
		expect_rows(i == 2 ? 2 : 1, ANSWERED("same"));
	}
}

Test(blockers, a_case_that_changed_is_read_again)
{
	const struct lifted lift = { BLOCKER_CHANGED, "DOC-1", NOTHING, "", NULL, "", false };

	cr_expect(press_enter(&lift, &people[5]));
	cr_expect_gt(workbench.last_ticket, ticket_before);
}

Test(blockers, every_blocker_has_a_lift_or_a_reason)
{
	for (int c = 0; c < BLOCKER_CODE_COUNT; c++) {
		enum blocker_code code = (enum blocker_code)c;
		const struct blocker_resolution *lift = &blocker_resolves[code];
		bool tried = code == BLOCKER_CHANGED;

		for (size_t i = 0; i < LIFTED_COUNT; i++)
			tried |= lifted[i].code == code;
		cr_assert(lift->action_text && lift->action_text[0], "%s has no row", blocker_code_text(code));
		cr_expect_eq(tried, lift->open != NULL, "%s: what lifts it is tried here", blocker_code_text(code));
		cr_log_info("%-24s %-8s %s", blocker_code_text(code), lift->open ? "Enter" : "nobody",
			    lift->action_text);
	}
}

/* The exits of each blocker by role, at the screen; --verbose prints the table. A viewer has none, but reads the page of a
 * check; a reviewer the exits that need no lead, and a lead all. A blocker without a row of Enter says what ends it. */
Test(blockers, each_role_has_the_exits_that_the_table_names)
{
	static const enum who roles[] = { VIC, RITA, LEA, ADA };
	bool has_exit[BLOCKER_CODE_COUNT] = { [BLOCKER_CHANGED] = true };

	for (size_t i = 0; i < LIFTED_COUNT; i++) {
		const struct lifted *lift = &lifted[i];
		const bool opens = lift->dialog || lift->about == A_CHECK;
		bool opened[sizeof roles / sizeof *roles];

		for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
			const bool found = press_enter(lift, &people[roles[r]]);

			/* Another dialog than the blocker's: a lesser exit, such as to declare an owner. */
			opened[r] = found && (!workbench.dialog || workbench.dialog->spec == lift->dialog);
			close_workbench();
		}
		cr_log_info("%-24s %-6s %-8s %-8s %-8s %-8s %s", blocker_code_text(lift->code), lift->ref,
			    opened[0] ? "reads" : "-", opened[1] ? "reviewer" : "-", opened[2] ? "lead" : "-",
			    opened[3] ? "admin" : "-", blocker_resolves[lift->code].action_text);
		cr_expect_eq(opened[0], lift->about == A_CHECK, "%s at %s: a viewer", blocker_code_text(lift->code),
			     lift->ref);
		cr_expect_eq(opened[1], opens && !lift->lead, "%s at %s: a reviewer", blocker_code_text(lift->code),
			     lift->ref);
		cr_expect_eq(opened[2], opens, "%s at %s: a lead", blocker_code_text(lift->code), lift->ref);
		cr_expect_eq(opened[3], opens, "%s at %s: an admin", blocker_code_text(lift->code), lift->ref);
		has_exit[lift->code] |= opens;
	}
	for (int c = 0; c < BLOCKER_CODE_COUNT; c++) {
		const struct blocker_resolution *lift = &blocker_resolves[c];

		cr_expect(has_exit[c] || !lift->open, "%s has no exit", blocker_code_text((enum blocker_code)c));
		if (!lift->open)
			cr_log_info("%-24s %s", blocker_code_text((enum blocker_code)c), lift->action_text);
	}
}
