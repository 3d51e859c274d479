/*
 * Role × action in the workbench: every person tries each action of the key table, and each entry that a dialog offers,
 * with its real key, on a real store and without a terminal (a sample of half the cells; in a long run all cells).
 * support/verb_rows.h defines the roles. A refused action shows the reason or is not offered, and no byte of the store
 * changes; an allowed action opens its dialog, or is done and recorded with its actor.
 */
#include "places.h"
#include "support/tried.h"
#include "support/verb_rows.h"

static size_t cells;

TestSuite(screen_matrix, .init = places_set_up, .fini = places_tear_down);

/* --- the cells --- */

struct trial {
	const struct row *row;
	const struct person *person;
	struct store_sum sum;
	uint64_t before;
	int64_t recorded;
};

static const char *output(const struct trial *trial)
{
	return arena_printf(&arena, "%s (%s) at %s by %s%s%s", command_spec(trial->row->command)->name,
			    trial->row->verb == NO_VERB ? "looks" : use_cases[trial->row->verb].audit_action,
			    trial->row->ref[0] ? trial->row->ref : "the inbox", trial->person->name,
			    trial->person->supervised ? " who is supervised" : "",
			    trial->person->readonly ? " who only reads" : "");
}

static int64_t records(const struct trial *trial)
{
	return sql_int(&f,
		       arena_printf(&f.arena, "SELECT count(*) FROM audit_event WHERE action = '%s' AND actor = '%s'",
				    use_cases[trial->row->verb].audit_action, trial->person->name));
}

static const char *words(void)
{
	struct viewer *viewer = top_viewer(&workbench);

	if (viewer && viewer->problem)
		return viewer->problem;
	return workbench.status.text ? workbench.status.text : "";
}

static bool has_button(const struct dialog_spec *kind)
{
	const struct dialog *dialog = workbench.dialog;

	return dialog && dialog->spec == kind && dialog->state == DIALOG_READY && dialog->form.confirm_label;
}

static void expect_nothing_changed(struct trial *trial)
{
	cr_expect_eq(store_sum(&trial->sum), trial->before, "%s changed the store", output(trial));
}

static void expect_refused(struct trial *trial)
{
	const struct row *row = trial->row;
	enum role needed = command_role(row->command);
	const char *role = row->verb == NO_VERB ? role_text(needed) : verb_rows[row->verb].least;
	bool claims = row->does == OPENS && row->dialog->claims_case;

	if (row->does == OFFERS) {
		cr_expect_not(offers(row->code), "%s: it is offered", output(trial));
	} else if (row->verb == VERB_ASSIGN && may(trial->person, VERB_CLAIM)) {
		/* The person may claim cases, but may not take this case over from its holder. */
		cr_expect_not(has_button(row->dialog), "%s: it can be taken over", output(trial));
	} else {
		cr_expect_null(workbench.dialog, "%s: it opens", output(trial));
	}
	cr_expect_not(workbench.prompt.open, "%s: a line opens", output(trial));
	if (!row->may_continue && !workbench.dialog && !claims)
		cr_expect(strstr(words(), trial->person->readonly ? "--readonly" : role) ||
				  (needed > ROLE_VIEWER && strstr(words(), role_text(needed))) ||
				  strstr(words(), "holds") || strstr(words(), "reading only"),
			  "%s: \"%s\" names no %s", output(trial), words(), role);
	expect_nothing_changed(trial);
}

static void expect_recorded(struct trial *trial)
{
	enum verb verb = trial->row->verb;

	if (verb != NO_VERB && use_cases[verb].needs & NEED_NO_RECORD) {
		cr_expect_eq(records(trial), trial->recorded, "%s is on record", output(trial));
		cr_expect_neq(store_sum(&trial->sum), trial->before, "%s changed nothing", output(trial));
		return;
	}
	cr_expect_gt(records(trial), trial->recorded, "%s is not on record: %s", output(trial),
		     workbench.dialog ? workbench.dialog->problem : words());
}

/* Chooses the row's entry by its code, fills in the texts and confirms. */
static void take(struct trial *trial)
{
	const struct row *row = trial->row;

	cr_assert(offers(row->code), "%s: it is not offered", output(trial));
	choose(row->code);
	confirm();
}

static void expect_allowed(struct trial *trial)
{
	const struct row *row = trial->row;

	switch (row->does) {
	case OPENS:
		cr_expect(has_button(row->dialog), "%s does not open: %s", output(trial), words());
		break;
	case OFFERS:
		take(trial);
		if (row->dialog == &more_dialog || row->dialog == &hit_dialog || row->dialog == &duplicate_dialog ||
		    row->dialog == &pair_dialog)
			expect_recorded(trial);
		else
			cr_expect(has_button(row->dialog), "%s does not open: %s", output(trial), words());
		break;
	case WRITES:
		cr_expect(workbench.prompt.open, "%s", output(trial));
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

/* A supervised reviewer cannot decide alone: the dialog has no button, or the action is not done. */
static void expect_not_alone(struct trial *trial)
{
	if (trial->row->does == OPENS) {
		cr_expect(workbench.dialog && !workbench.dialog->form.confirm_label, "%s: it can be done",
			  output(trial));
		return;
	}
	take(trial);
	cr_expect_eq(records(trial), trial->recorded, "%s was done", output(trial));
}

static void try_cell(struct trial *trial)
{
	const struct row *row = trial->row;

	put_back();
	do_first(row, trial->person);
	store_sum_open(&trial->sum, f.path);
	open_workbench(trial->person);
	arrive_at(row, trial->person);
	trial->before = store_sum(&trial->sum);
	trial->recorded = row->verb == NO_VERB ? 0 : records(trial);
	press(key_of(row->command));
	if (row->does == LOOKS)
		expect_nothing_changed(trial);
	else if (!(row->verb == NO_VERB ? is_command_allowed(row->command, trial->person->role, trial->person->readonly)
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

/* --- after a contribution, in production --- */

/* Records the lead as a contributor of this material to every case. */
static void contribute(enum material material)
{
	f.ada = fixture_desk(&f, "ada", false);
	sql_change(&f,
		   arena_printf(&arena,
				"INSERT INTO contribution (session_id, actor, what, part, material, at) SELECT "
				"id, 'lea', '%s', '', '%s', 1 FROM session",
				use_cases[material == MATERIAL_DATA ? VERB_STEP_EDIT : VERB_HIT_RESOLVE].audit_action,
				material_text(material)));
	desk_close(f.ada);
	f.ada = NULL;
}

static void try_contributor(struct trial *trial, enum material material)
{
	const struct row *row = trial->row;
	bool excluded = material == MATERIAL_DATA || row->verb == VERB_APPROVE;

	put_back();
	contribute(material);
	open_workbench(trial->person);
	arrive_at(row, trial->person);
	press(key_of(row->command));
	if (row->does == OFFERS)
		take(trial); /* does not open another dialog: the action is done or refused */
	cr_expect_eq(row->does == OFFERS ? !workbench.dialog : has_button(row->dialog), !excluded, "%s after %s: %s",
		     output(trial), material_text(material), screen_text());
	cr_expect(!excluded || shows(material == MATERIAL_DATA ? "lea changed a step" : "lea dismissed a"), "%s",
		  screen_text());
	close_workbench();
	cells++;
}

/* Contributed data excludes the contributor from every decision, a contributed verdict only from the approval. */
Test(screen_matrix, a_contributor_finds_no_button_of_a_decision)
{
	in_production = true;
	for (size_t i = 0; i < row_count; i++) {
		struct trial trial = { .row = &rows[i], .person = &people[LEA] };
		if (rows[i].verb == NO_VERB || !(use_cases[rows[i].verb].needs & NEED_DECISION) || rows[i].may_continue)
			continue;
		try_contributor(&trial, MATERIAL_DATA);
		try_contributor(&trial, MATERIAL_VERDICT);
	}
	in_production = false;
	cr_expect_gt(cells, 8u);
}

/* --- the parts --- */

/* Each part tries some of the rows, so that the parts can run in parallel. */
#define PARTS 4
static void try_part(size_t part)
{
	for (size_t i = part; i < row_count; i += PARTS)
		for (size_t p = 0; rows[i].does != ELSEWHERE && p < people_count; p++)
			if (test_draws(i / PARTS + p, 2))
				try_cell(&(struct trial){ .row = &rows[i], .person = &people[p] });
	tried("part %zu of the screen's matrix: %zu cells", part + 1, cells);
}
TEST_IN_FOUR(screen_matrix, every_action_by_everybody, try_part)

/* --- every action and every dialog has a row --- */

TestSuite(screen_matrix_rows);

Test(screen_matrix_rows, every_action_has_a_row)
{
	for (int command = 0; command < COMMAND_COUNT; command++) {
		size_t found = 0;
		for (size_t i = 0; i < row_count; i++)
			found += rows[i].command == (enum command)command;
		cr_expect(found, "%s has no row", command_spec((enum command)command)->name);
	}
}

Test(screen_matrix_rows, every_dialog_is_reached)
{
	for (size_t d = 0; d < all_dialog_count; d++) {
		bool found = false;
		for (size_t i = 0; i < row_count; i++)
			found |= (rows[i].does == OPENS || rows[i].does == OFFERS) && rows[i].dialog == all_dialogs[d];
		cr_expect(found, "\"%s\" is reached by no row", all_dialogs[d]->wait_title);
	}
}

/* The key table requires no higher role than the table of verbs, and marks each action that changes something. */
Test(screen_matrix_rows, the_key_table_asks_for_no_other_role_than_the_verb)
{
	for (size_t i = 0; i < row_count; i++) {
		const struct row *row = &rows[i];
		const struct command_spec *spec = command_spec(row->command);
		if (row->verb == NO_VERB || row->verb == VERB_DOCUMENT_OPEN || row->command == COMMAND_OPEN ||
		    row->command == COMMAND_NEXT_CASE)
			continue;
		cr_expect(spec->changes_data, "%s does not know --readonly", spec->name);
		cr_expect(role_at_least(use_cases[row->verb].role, command_role(row->command)), "%s needs more than %s",
			  spec->name, use_cases[row->verb].audit_action);
	}
}
