/*
 * Honest stores: random verbs, each on its case of the matrix, with undo, due work and outcomes of the sandbox. After
 * each round, the verification of all rows and of the log must find no difference.
 */
#include "kybdesk/desk/sandbox.h"
#include "kybdesk/store/audit.h"
#include "kybdesk/store/commitment.h"
#include "../../../src/desk/desk_private.h"
#include "matrix_cases.h"
#include "support/tried.h"

#include <time.h>

#define VERBS_MAX 8
#define STORE_LASTS 20 /* maximum number of rounds in one store, which keeps the rows of all rounds */

static struct fixture f;
static struct {
	uint64_t seed, state;
	unsigned cells, done, refused, undone;
	bool has_twin; /* a duplicate blocks the cases of later verbs */
} h;

static unsigned roll(unsigned limit)
{
	h.state ^= h.state << 13;
	h.state ^= h.state >> 7;
	h.state ^= h.state << 17;
	return (unsigned)(h.state % limit);
}

static void act(struct desk *desk, struct use_in in)
{
	struct use_out out;
	enum err err = desk_do(desk, &f.arena, &in, &out, &f.error);

	cr_assert(err != ERR_STORE && err != ERR_INTERNAL, "KYBDESK_TEST_SEED=%llu: %s: %s", (unsigned long long)h.seed,
		  use_cases[in.verb].audit_action, f.error.message);
	h.done += !err;
	h.refused += err != ERR_OK;
}

static void use_one(void)
{
	const enum verb verb = (enum verb)roll(VERB_COUNT);
	struct cell cell = { .f = &f,
			     .by = matrix_desk(&f, verb),
			     .number = ++h.cells,
			     .ref = arena_printf(&f.arena, "H%u", h.cells),
			     .in = { .verb = verb, .capacity = matrix_capacity(verb) } };

	cell.in.session = cell.ref;
	matrix_arrange(&cell);
	act(cell.by, cell.in);
	/* Sometimes repeats the verb, undoes it, or repeats it as another person. */
	if (!roll(3))
		act(cell.by, cell.in);
	if (!roll(3)) {
		h.undone++;
		act(cell.by, (struct use_in){ .verb = roll(2) ? VERB_UNDO : VERB_REVIEW_UNDO, .session = cell.ref });
	}
	if (!roll(4))
		act(f.bo, cell.in);
	h.has_twin = h.has_twin || verb == VERB_DUPLICATE_DISMISS || verb == VERB_DUPLICATE_LINK;
	forward(&f, (int64_t)roll(20) * SECOND_MS);
}

static void on_difference(void *context, const char *table, const char *sentence)
{
	(void)context;
	(void)table;
	cr_expect_fail("KYBDESK_TEST_SEED=%llu: %s", (unsigned long long)h.seed, sentence);
}

/* Does not compare the status of cases with the log: some cases of the matrix begin with rows without a record. */
static void verify(void)
{
	struct row_check check = { .on_difference = on_difference };
	struct audit_verdict verdict;

	cr_assert_eq(store_rows_verify(f.ada->store, &check, &f.error), ERR_OK, "%s", f.error.message);
	cr_assert_eq(store_audit_verify(f.ada->store, &f.arena, &verdict, &f.error), ERR_OK, "%s", f.error.message);
	cr_expect(verdict.sound, "KYBDESK_TEST_SEED=%llu: %s", (unsigned long long)h.seed, verdict.reason);
}

static void use_some(void)
{
	size_t count;

	for (unsigned i = 1 + roll(VERBS_MAX); i > 0 && !h.has_twin; i--)
		use_one();
	must(desk_process_due(f.ada, 50, &count, &f.error));
	if (!roll(3))
		must(desk_sandbox_run_due(f.ada, 0, &f.error));
}

Test(honest, no_row_of_an_honest_store_is_named, .timeout = 36000)
{
	const char *wanted = getenv("KYBDESK_TEST_STORE_COUNT");
	unsigned stores = wanted ? (unsigned)strtoul(wanted, NULL, 10) : test_is_long() ? 3000 : 40;

	h.seed = test_seed();
	h.state = h.seed * 2 + 1;
	for (unsigned i = 0; i < stores; i++) {
		if (i % STORE_LASTS == 0 || h.has_twin) {
			if (i)
				fixture_close(&f);
			h.has_twin = false;
			fixture_open(&f);
			f.written = true;
		}
		use_some();
		verify();
		arena_reset(&f.arena);
		matrix_cases_release();
	}
	fixture_close(&f);
	cr_expect_gt(h.done, stores, "%u done, %u refused", h.done, h.refused);
	tried("%u stores without a difference: %u changes, %u refused, %u undone, seed %llu", stores, h.done, h.refused,
	      h.undone, (unsigned long long)h.seed);
}
