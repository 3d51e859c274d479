/* A store of schema 3 (support/old_store.h): its judgements were stored without their facts. */
#include "fixture.h"
#include "support/old_store.h"
#include "support/process.h"

static struct fixture f;
static struct desk *old;

static void set_up(void)
{
	char *path;
	struct desk_options options;

	fixture_open(&f);
	path = temp_path(f.folder, "old.db");
	old_store_bring(path);
	options = (struct desk_options){
		.store_path = path, .actor = "lea", .world = &f.world.world, .log = { LOG_QUIET, -1 }
	};
	cr_assert_eq(desk_open(&options, &old, &f.error), ERR_OK, "%s", f.error.message);
}

static void tear_down(void)
{
	desk_close(old);
	fixture_close(&f);
}

TestSuite(old_store, .init = set_up, .fini = tear_down);

static size_t count_without_basis(struct case_view *view)
{
	size_t count = 0;

	cr_assert_eq(desk_case(old, &f.arena, "RAL-1", false, view, &f.error), ERR_OK, "%s", f.error.message);
	for (size_t i = 0; i < view->blockers.count; i++)
		count += view->blockers.items[i].code == BLOCKER_BASIS_CHANGED &&
			 strstr(view->blockers.items[i].message,
				"has no recorded facts; confirm it, or decide it again");
	return count;
}

/* Judged: a document, a KYC, a party verified elsewhere, two hits, an acceptance, a waiver, a duplicate, a gap. */
#define JUDGED 9

Test(old_store, asks_again_for_every_judgement_that_cannot_show_what_it_rests_on)
{
	struct case_view view;

	cr_expect_eq(count_without_basis(&view), JUDGED);
	cr_expect_eq(view.judgements.count, JUDGED);
	cr_expect_eq(view.counts.documents_accepted, 0);
	cr_expect_eq(view.counts.parties_verified, 0);
}

Test(old_store, takes_its_checks_to_be_about_who_the_subject_is)
{
	struct case_view view;

	(void)count_without_basis(&view);
	for (size_t i = 0; i < view.file.check_count; i++)
		cr_expect(view.file.checks[i].subject_standing.valid, "%s", view.file.checks[i].checked_subject_json);
}

Test(old_store, a_lead_confirms_what_still_holds)
{
	struct case_view view;

	/* The old store has no bytes of the document, so the judgement on it cannot be confirmed. */
	expect_blocked(confirm_all(&f, old, "RAL-1"), "document_altered");
	/* Reveals the case: required to confirm the judgement on a sanctions hit. */
	must(desk_case(old, &f.arena, "RAL-1", true, &view, &f.error));
	(void)count_without_basis(&view);
	for (size_t i = 0; i < view.judgements.count; i++) {
		const struct judgement *judgement = &view.judgements.items[i];
		const char *ref = arena_printf(&f.arena, "%s:%s", judgement_kind_text(judgement->kind), judgement->ref);

		if (judgement->kind == JUDGEMENT_DOCUMENT)
			continue;
		must(USE(old, CONFIRM, "RAL-1", .refs = &ref, .ref_count = 1));
		cr_expect_eq(f.out.confirmed_count, 1, "%s", ref);
	}
	cr_expect_eq(count_without_basis(&view), 1);
	cr_expect_eq(view.counts.parties_verified, 2);
}
