/*
 * Role × capacity × verb at the command front end: every person calls every command that changes something, through the
 * real program. The results are compared with support/verb_rows.h and with help. A refused command leaves every row of
 * the store unchanged.
 */
#include "box.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"
#include "support/store_sum.h"
#include "support/verb_rows.h"
#include "support/tried.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DONE 0
#define BLOCKED 4
#define FORBIDDEN 7

/* --- the rows --- */

#define WORD(NAME, function, word, ...) [VERB_##NAME] = (word),
static const char *const words[VERB_COUNT] = { VERBS(WORD) };

/* A command of a verb. */
struct row {
	enum verb verb;
	const struct verb_command *is;
};
static struct row rows[VERB_COUNT * VERB_COMMANDS_MAX];
static size_t row_count;

static void list_rows(void)
{
	row_count = 0;
	for (unsigned verb = 0; verb < VERB_COUNT; verb++)
		for (size_t i = 0; i < VERB_COMMANDS_MAX && verb_rows[verb].commands[i].line; i++)
			rows[row_count++] = (struct row){ (enum verb)verb, &verb_rows[verb].commands[i] };
}

static const struct person {
	const char *role, *name;
	int rung; /* higher for a higher role; 0: may change nothing */
	bool hands_in, supervised, disabled;
	const char *more; /* an option that is added to every command */
} people[] = {
	{ "viewer", "a-viewer", 1, .hands_in = false },
	{ "intake", "an-intake", 1, .hands_in = true },
	{ "reviewer", "a-reviewer", 2, .hands_in = true },
	{ "reviewer", "a-pupil", 2, .hands_in = true, .supervised = true },
	{ "lead", "a-lead", 3, .hands_in = true },
	{ "admin", "an-admin", 4, .hands_in = true },
	{ "admin", "a-former-admin", 0, .hands_in = false, .disabled = true },
	{ "admin", "an-admin", 0, .hands_in = false, .more = "--readonly" },
};
#define PEOPLE (sizeof people / sizeof *people)

static int rung_of(const char *role)
{
	for (size_t i = 0; i < PEOPLE; i++) {
		if (!strcmp(people[i].role, role))
			return people[i].rung;
	}
	return 0;
}

/* Whether staff may use the verb. If not, its command acts as intake by default. */
static bool is_staffs(const struct row *row)
{
	return *verb_rows[row->verb].least != '\0';
}

#define CAPACITY_WORD(NAME, word) [NAME] = (word),
static unsigned capacity_bit(const char *place)
{
	static const char *const words[] = { CAPACITY_WORDS(CAPACITY_WORD) };

	for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
		if (!strcmp(words[i], place))
			return 1u << i;
	}
	cr_assert_fail("%s is not a place", place);
	return 0;
}

/* place: the capacity after --for; "" without --for, which means intake for verbs that staff may not use. */
static bool is_allowed(const struct row *row, const struct person *person, const char *place)
{
	const struct verb_row *verb = &verb_rows[row->verb];

	if (!*place && is_staffs(row))
		return person->rung && person->rung >= rung_of(verb->least);
	return person->hands_in && (verb->capacities & capacity_bit(*place ? place : "intake"));
}

/* --- a store that is restored after each cell --- */

static char *shell_text(const char *who, const char *id, const char *text)
{
	return test_text("SOURCE='%s'; . \"$SOURCE/tests/cli/matrix.sh\"; WHO=%s; ID=%s; %s", KYB_SOURCE_DIR, who, id,
			 text);
}

static void arrange(const char *who, const char *text)
{
	char *line = shell_text(who, "", text);

	cr_assert_eq(box_shell(&box, line), 0, "%s: %s%s", text, box.last.out, box.last.err);
}

static void shell(const char *line)
{
	cr_assert_eq(box_shell(&box, line), 0, "%s", box.last.err);
}

static void keep(const char *name)
{
	shell(test_text("rm -rf %1$s && mkdir %1$s && cp -a store.db* %1$s/", name));
}

static void put_back(const char *name)
{
	shell(test_text("rm -rf store.db* && cp -a %s/. .", name));
}

static uint64_t store_now(void)
{
	struct store_sum sum;
	uint64_t number;

	store_sum_open(&sum, box.store);
	number = store_sum(&sum);
	store_sum_close(&sum);
	return number;
}

/* The first column of the first row; "" none. */
static void find(const char *sql, char *out, size_t size)
{
	(void)snprintf(out, size, "%s", box_text(&box, sql));
}

/* Leak checks of thousands of commands would take a third of the time; the commands' own tests check for leaks. */
static void spare_leaks(struct box *of)
{
	box_environment(of, test_sanitizer_options("exitcode=99:detect_leaks=0"));
}

static void set_up(void)
{
	box_open(&box);
	spare_leaks(&box);
	box_write_files(&box);
	list_rows();
	for (size_t i = 0; i < PEOPLE; i++) {
		if (!people[i].more)
			cr_assert_eq(box_run(&box, "reviewer", "add", people[i].name, "--role", people[i].role,
					     people[i].supervised ? "--supervised" : NULL, NULL),
				     0, "%s", box.last.err);
		if (people[i].disabled)
			cr_assert_eq(box_run(&box, "reviewer", "disable", people[i].name, NULL), 0);
	}
	box_import(&box, company_line("RAL-1"));
	arrange("", "base");
	keep("base");
}

TestSuite(matrix, .init = set_up, .fini = box_tear_down);

/* --- the cells --- */

static unsigned cells;

struct cell {
	const struct row *row;
	const struct person *person;
	const char *place;
	char id[64];
};

/* Makes the case of the row, with `who` as the actor of its setup, and keeps the store as "case". */
static void bring(struct cell *cell, const char *who)
{
	const struct row *row = cell->row;

	put_back("base");
	if (row->is->before)
		arrange(who, row->is->before);
	*cell->id = '\0';
	if (row->is->id) {
		find(row->is->id, cell->id, sizeof cell->id);
		cr_assert(*cell->id, "%s: nothing to name", row->is->line);
	}
	keep("case");
}

enum { WORDS_MAX = 46 };

/* Splits a line of words, '…', "$ID" and "$WHO" as a shell does; false: only a shell can. */
static bool split(char *line, const struct cell *cell, const char **words)
{
	size_t count = 0;

	for (char *at = line + strspn(line, " "); *at; at += strspn(at, " ")) {
		struct strbuf word = STRBUF_INIT;

		for (char *end; *at && *at != ' '; at = end) {
			if (*at == '\'' && (end = strchr(at + 1, '\''))) {
				strbuf_add(&word, at + 1, (size_t)(end++ - at) - 1);
			} else if (text_has_prefix(at, "\"$ID\"")) {
				strbuf_adds(&word, cell->id);
				end = at + strlen("\"$ID\"");
			} else if (text_has_prefix(at, "\"$WHO\"")) {
				strbuf_adds(&word, cell->person->name);
				end = at + strlen("\"$WHO\"");
			} else {
				end = at + strcspn(at, " '\"$`\\|&;<>()*?[#~\n");
				strbuf_add(&word, at, (size_t)(end - at));
			}
			if (end == at)
				break;
		}
		words[count++] = test_keep(strdup(word.len ? word.buf : ""));
		strbuf_release(&word);
		if ((*at && *at != ' ') || count == WORDS_MAX)
			return false;
	}
	words[count] = NULL;
	return true;
}

/* Without a shell where possible: a loaded program is copied (support/forked.h). */
static int run(const struct cell *cell)
{
	char *line = test_text("--as %s %s %s %s%s", cell->person->name, cell->person->more ? cell->person->more : "",
			       cell->row->is->line, *cell->place ? "--for " : "", cell->place);
	const char *words[WORDS_MAX + 1];
	int status =
		split(line, cell, words)
			? box_run_words(&box, words, NULL, 0)
			: box_shell(&box, shell_text(cell->person->name, cell->id, test_text("exec \"$K\" %s", line)));

	cr_assert_null(strstr(box.last.err, "Sanitizer"), "%s", box.last.err);
	cells++;
	return status;
}

static const char *output(const struct cell *cell)
{
	static char text[600];

	(void)snprintf(text, sizeof text, "%s%s%s by %s%s", cell->row->is->line, *cell->place ? " --for " : "",
		       cell->place, cell->person->name, cell->person->more ? " who only reads" : "");
	return text;
}

static void try_refused(const struct cell *cell, uint64_t before, const char *says)
{
	int status = run(cell);

	/* A supervised reviewer is blocked at the decision, not by the role. */
	cr_expect_eq(status, says ? BLOCKED : FORBIDDEN, "%s: %d: %s%s", output(cell), status, box.last.err,
		     box.last.out);
	cr_expect(!says || strstr(box.last.err, says), "%s does not say \"%s\": %s", output(cell), says, box.last.err);
	cr_expect_eq(store_now(), before, "%s was refused and changed the store", output(cell));
}

/* The command must succeed; if it acts on this store, the store changes, with an audit record unless `unrecorded`. */
static void try_allowed(const struct cell *cell, uint64_t before)
{
	const char *word = cell->row->is->word ? cell->row->is->word : words[cell->row->verb];
	char sql[200], recorded[8];
	int status;

	if (cell->person->supervised && cell->row->is->supervised_word)
		word = cell->row->is->supervised_word;
	(void)snprintf(sql, sizeof sql,
		       "SELECT count(*) FROM audit_event WHERE action = '%s' AND actor IN ('%s', 'system')", word,
		       cell->person->name);
	find(sql, recorded, sizeof recorded);
	int earlier = atoi(recorded);
	status = run(cell);
	cr_expect_eq(status, DONE, "%s: %d: %s%s", output(cell), status, box.last.err, box.last.out);
	if (status != DONE || cell->row->is->elsewhere)
		return;
	cr_expect_neq(store_now(), before, "%s left nothing in the store", output(cell));
	find(sql, recorded, sizeof recorded);
	cr_expect_eq(atoi(recorded) > earlier, !cell->row->is->unrecorded, "%s: record of %s", output(cell), word);
}

static void try_cell(struct cell *cell)
{
	const struct row *row = cell->row;
	bool may = is_allowed(row, cell->person, cell->place);
	/* The text that refuses a supervised reviewer with the required role; NULL: none, for example with `own`. */
	const char *refusal = may && cell->person->supervised && !row->is->own ? verb_rows[row->verb].supervised : NULL;
	uint64_t before;

	if (may && row->is->own)
		bring(cell, cell->person->name);
	before = store_now();
	if (may && !refusal)
		try_allowed(cell, before);
	else
		try_refused(cell, before, refusal);
	if (store_now() != before)
		put_back("case");
}

static void try_people(struct cell *cell, const char *place)
{
	cell->place = place;
	bring(cell, "a-reviewer");
	for (size_t i = 0; i < PEOPLE; i++) {
		cell->person = &people[i];
		try_cell(cell);
	}
}

static void try_row(const struct row *row)
{
	struct cell cell = { .row = row };
	char *place;

	if (!row->is->places || !is_staffs(row))
		try_people(&cell, "");
	if (!row->is->places)
		return;
	char *rest = test_keep(strdup(row->is->places));
	while ((place = strsep(&rest, " ")))
		try_people(&cell, place);
}

/* Six tests run in parallel, each with a part of the rows. An ordinary run tries every third row of a part, because
 * each command uses the desk, and the matrix of the desk (tests/unit/desk/matrix_test.c) always tries all verbs. */
#define PARTS 6
static void try_part(size_t part)
{
	for (size_t i = part; i < row_count; i += PARTS) {
		if (test_draws(i / PARTS, 3))
			try_row(&rows[i]);
	}
	tried("part %zu of the matrix: %u cells", part + 1, cells);
}
TEST_IN_FOUR(matrix, every_command_by_everybody, try_part)
TEST_PART(matrix, every_command_by_everybody, 5, try_part)
TEST_PART(matrix, every_command_by_everybody, 6, try_part)

/* --- in production, by users of the operating system --- */

/* The store has no case: a command must refuse the role or the capacity before it looks for the case. */
static void expect_in_production(struct box *production, const struct row *row, const char *place, bool allowed)
{
	int status = box_shell(production, test_text("ID=12345678; WHO=zoe; \"$K\" %s%s%s", row->is->line,
						     *place ? " --for " : "", place));

	cr_expect_eq(status == FORBIDDEN, !allowed, "%s for \"%s\": %d: %s", row->is->line, place, status,
		     production->last.err);
	cells++;
}

/* These commands look for a case, a file or a sandbox before they check the role. */
static bool looks_first(const struct row *row)
{
	static const char *const commands[] = { "webhook show", "webhook listen", "subsession ", "sandbox ",
						"import",	"access add",	  "restore" };

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (!strncmp(row->is->line, commands[i], strlen(commands[i])))
			return true;
	}
	return strstr(row->is->line, "--filter");
}

static void try_production(struct box *production, const struct row *row)
{
	const char *enough = is_staffs(row) ? verb_rows[row->verb].least : "intake", *below = "";

	for (size_t i = 0; i < PEOPLE && strcmp(people[i].role, enough) != 0; i++) {
		if (!people[i].supervised)
			below = people[i].role;
	}
	box_as(production, below);
	expect_in_production(production, row, "", false);
	box_as(production, enough);
	if (strncmp(row->is->line, "store move", 10) != 0) /* `store move` would close the store of this test */
		expect_in_production(production, row, "", true);
	/* In production --for allows only intake: a person cannot act as a client or a merchant. */
	for (char *rest = row->is->places ? test_keep(strdup(row->is->places)) : NULL, *place;
	     (place = strsep(&rest, " "));)
		expect_in_production(production, row, place, !strcmp(place, "intake"));
}

Test(matrix, in_production_the_role_counts_and_nobody_stands_in_for_another)
{
	static const char *const roles[] = { "viewer", "intake", "reviewer", "lead", "admin" };
	struct box production;

	box_open_bare(&production);
	cr_assert_eq(box_run(&production, "init", NULL), 0, "%s", production.last.err);
	box_write_files(&production);
	box_write(&production, "results.json", "{\"final_decision\":\"flagged\"}");
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		cr_assert_eq(box_run(&production, "reviewer", "add", roles[i], "--role", roles[i], NULL), 0);
	cr_assert_eq(box_run(&production, "merchant", "add", "shop", NULL), 0);
	for (size_t i = 0; i < row_count; i++) {
		if (!looks_first(&rows[i]) && test_draws(i, 3))
			try_production(&production, &rows[i]);
	}
	tried("the matrix in production: %u cells", cells);
	box_close(&production);
}

/* --- no command and no verb without a row --- */

/* Whether the row tries this command, for example "party add" in "party add RAL-1". */
static bool is_of(const struct row *row, const char *command)
{
	size_t length = strlen(command);

	return !strncmp(row->is->line, command, length) && strchr(" ", row->is->line[length]);
}

/* The row that tries this command with this option ("": any row of the command); NULL if there is none. */
static const struct row *row_of(const char *command, const char *option)
{
	for (size_t i = 0; i < row_count; i++) {
		const struct row *row = &rows[i];

		if (!is_of(row, command))
			continue;
		if (!strcmp(option, "--for") ? row->is->places != NULL : !*option || strstr(row->is->line, option))
			return row;
	}
	return NULL;
}

/* Compares one part of help's "Who may", for example "reviewer" or "--take-over: lead", with its row. */
static void inspect(const char *command, const char *part)
{
	const char *colon = strstr(part, ": "), *role = colon ? colon + 2 : part, *expected;
	char option[32] = "";
	const struct row *row;

	if (!strcmp(role, "anyone") || !strncmp(part, "only ", 5))
		return;
	if (colon)
		(void)snprintf(option, sizeof option, "%.*s", (int)(colon - part), part);
	row = row_of(command, option);
	cr_assert(row, "%s (%s) has no row: bring a case on which it succeeds", command, part);
	expected = is_staffs(row) && strcmp(option, "--for") ? verb_rows[row->verb].least : "intake or reviewer";
	cr_expect_str_eq(role, expected, "%s: help says \"%s\"", command, part);
}

static void look_at_command(const char *command, char *who)
{
	char *part;

	while ((part = strsep(&who, ";")))
		inspect(command, part + strspn(part, " "));
}

Test(matrix, every_command_that_changes_something_has_a_row_and_help_says_who_may)
{
	size_t commands = 0;
	char *text, *line, command[64] = "";

	cr_assert_eq(box_run(&box, "info", "--reference", "markdown", NULL), 0);
	char *rest = text = test_keep(strdup(box.last.out));
	while ((line = strsep(&rest, "\n"))) {
		if (!strncmp(line, "### ", 4))
			(void)snprintf(command, sizeof command, "%s", line + 4);
		if (strncmp(line, "Who may: ", 9))
			continue;
		if (strstr(line, ". Prints"))
			*strstr(line, ". Prints") = '\0';
		look_at_command(command, line + 9);
		commands++;
	}
	cr_expect_gt(commands, 90u);
}

Test(matrix, every_verb_is_reached_by_a_command_or_it_is_said_why_not)
{
	for (unsigned verb = 0; verb < VERB_COUNT; verb++)
		cr_expect_neq(verb_rows[verb].commands[0].line != NULL, verb_rows[verb].no_command != NULL,
			      "%s: a command, or why none", words[verb]);
}
