/* Bad news about anyone in a case: the matrix kind × status × about × moment, and the KYC of parties. */
#include "fixture.h"
#include "kybdesk/domain/bad_news.h"
#include "kybdesk/domain/results.h"

FIXTURE(bad_news);

#define WHY "another person, who was born in 1961"
#define DAY ((int64_t)24 * 60 * MINUTE_MS)

/* --- the matrix --- */

enum moment { BEFORE, IN_GRACE, AFTER, AFTER_PURGE };
static const char *const moments[] = { "before", "in grace", "after", "after purge" };

struct cell {
	enum moment moment;
	size_t about;
	enum check_kind kind;
	enum check_status status;
	bool has_entry;
};

/* The table: what a result does at a moment. An entry of a list counts until somebody judges it, for each kind. */
static const char *consequence(const struct cell *cell)
{
	static const char *const table[][AFTER_PURGE + 1] = {
		[EFFECT_NONE] = { "approves", "stands", "stands", "stands" },
		[EFFECT_AWAITS] = { "blocks", "stands", "stands", "stands" },
		[EFFECT_RETRY] = { "blocks", "taken back", "alert", "alert" },
		[EFFECT_JUDGE] = { "blocks, bad news", "taken back, bad news", "alert, bad news", "alert, bad news" },
	};

	return table[cell->has_entry ? EFFECT_JUDGE : result_effect(cell->kind, cell->status)][cell->moment];
}

/* A passed result about a party that the case no longer has screens nobody. */
static const char *expected(const struct cell *cell, bool is_removed)
{
	return is_removed && cell->status == CHECK_PASSED && cell->moment == BEFORE ? "blocks" : consequence(cell);
}

static void report(const struct cell *cell, const char *party)
{
	struct check check;
	struct hit hit;

	check_init(&check);
	hit_init(&hit);
	check.kind = cell->kind;
	check.status = cell->status;
	hit.name = "Somebody Similar";
	hit.list = "a list";
	hit.class_ = cell->kind == CHECK_ADVERSE_MEDIA ? HIT_ADVERSE_MEDIA : HIT_SANCTIONS;
	check.hits = &hit;
	check.hit_count = cell->has_entry;
	must(USE(f.bo, CHECK_REPORT, "RAL-1", .capacity = CAPACITY_INTAKE, .part = party, .result = &check));
}

#define OF_CASE "(SELECT id FROM session WHERE external_ref = 'RAL-1')"
#define OF_CHECKS "(SELECT id FROM check_result WHERE session_id = " OF_CASE ")"

/* As if nothing had been reported: SQL, since a result is never deleted. */
static void forget(void)
{
	sql_change(&f,
		   "DELETE FROM hit WHERE check_id IN " OF_CHECKS "; DELETE FROM result WHERE check_id IN " OF_CHECKS
		   "; DELETE FROM check_result WHERE session_id = " OF_CASE
		   "; DELETE FROM alert; UPDATE session SET hit_open = 0 WHERE id = " OF_CASE);
}

/* Of an approved case, after a result. */
static const char *found_after(void)
{
	return sql_text(&f, "SELECT CASE WHEN status <> 'approved' THEN 'taken back' WHEN EXISTS (SELECT 1 FROM alert "
			    "WHERE closed_at IS NULL) THEN 'alert' ELSE 'stands' END || CASE WHEN hit_open = 1 THEN ', "
			    "bad news' ELSE '' END FROM session WHERE external_ref = 'RAL-1'");
}

static const char *found_before(const struct case_view *view, enum check_kind kind)
{
	struct news_list news;
	bool blocks = false, is_news = false;

	for (size_t i = 0; i < view->checklist_count; i++) {
		const struct checklist_item *item = &view->checklist[i];
		const struct check *check = NULL;

		if (!item->met && (!strcmp(item->ref, check_kind_text(kind)) ||
				   (case_hit(&view->file, item->ref, &check) && check->kind == kind)))
			blocks = true;
	}
	bad_news(&f.arena, &view->file, &news);
	for (size_t i = 0; i < news.count; i++)
		is_news = is_news || (news.items[i].check->kind == kind && news.items[i].state < NEWS_CONFIRMED);
	return blocks ? is_news ? "blocks, bad news" : "blocks" : is_news ? "bad news" : "approves";
}

struct about {
	const char *name, *party; /* party: NULL for the subject */
};

static void expect_cell(const struct cell *cell, const struct about *about, const char *found)
{
	const char *title = arena_printf(&f.arena, "%s%s of %s about the %s, %s", check_status_text(cell->status),
					 cell->has_entry ? " with an entry" : "", check_kind_text(cell->kind),
					 about->name, moments[cell->moment]);

	cr_log_info("%s: %s\n", title, found);
	cr_expect_str_eq(found, expected(cell, !strcmp(about->name, "removed")), "%s: %s", title, found);
}

/* A quarter of the cells, in which each pair of two dimensions occurs; all of them in a long run. */
static bool is_tried(const struct cell *cell)
{
	return getenv("KYBDESK_TEST_LONG") || ((unsigned)cell->kind + (unsigned)cell->status + cell->has_entry +
					       cell->about + (unsigned)cell->moment) %
							      4 ==
						      0;
}

/* All kinds of one status about one person, at one moment. */
static void try_status(struct cell cell, const struct about *about)
{
	struct case_view view;

	for (unsigned kind = 0; kind < CHECK_KIND_COUNT; kind++) {
		cell.kind = (enum check_kind)kind;
		if (!is_tried(&cell))
			continue;
		report(&cell, about->party);
		if (cell.moment == BEFORE)
			continue;
		const char *found = found_after();

		expect_cell(&cell, about, found);
		if (!strcmp(found, "stands"))
			continue;
		forget();
		if (cell.moment == IN_GRACE)
			must(USE(f.rita, APPROVE, "RAL-1"));
	}
	if (cell.moment == BEFORE)
		view = fixture_case(&f, "RAL-1");
	for (unsigned kind = 0; cell.moment == BEFORE && kind < CHECK_KIND_COUNT; kind++) {
		cell.kind = (enum check_kind)kind;
		if (is_tried(&cell))
			expect_cell(&cell, about, found_before(&view, cell.kind));
	}
	forget();
}

static void try_moment(enum moment moment, const struct about *about)
{
	for (size_t i = 0; i < 4; i++) {
		struct cell cell = { .moment = moment, .about = i };

		for (int status = CHECK_PENDING; status <= CHECK_TIMEOUT; status++) {
			cell.status = (enum check_status)status;
			try_status(cell, &about[i]);
		}
		cell.status = CHECK_HIT;
		cell.has_entry = true;
		try_status(cell, &about[i]);
	}
}

static const char *add_party(const char *name, enum party_kind kind)
{
	const struct party_input input = { .name = name,
					   .kind = kind,
					   .roles = 1u << ROLE_SHAREHOLDER,
					   .percent = "5",
					   .country = "GBR",
					   .owned_party = "" };

	must(USE(f.ada, PARTY_ADD, "RAL-1", .party = &input));
	return arena_strdup(&f.arena, f.out.part_id);
}

/* A case of which an owner, a company and a removed party are known. */
static void open_case_with(struct about about[4])
{
	fixture_ready(&f, "RAL-1");
	about[0] = (struct about){ "subject", NULL };
	about[1] = (struct about){ "owner", arena_strdup(&f.arena, fixture_case(&f, "RAL-1").file.parties[0].id) };
	about[2] = (struct about){ "company", add_party("Lane Holdings", PARTY_COMPANY) };
	about[3] = (struct about){ "removed", add_party("Ana Sousa", PARTY_INDIVIDUAL) };
	must(USE(f.lea, PARTY_REMOVE, "RAL-1", .part = about[3].party, .reason = WHY));
}

static void purge_others(void)
{
	must(USE(f.ada, PURGE, NULL));
	cr_assert_eq(f.out.purge_counts.users, 1);
	do
		must(USE(f.ada, PURGE_STEP, NULL));
	while (f.out.purge_counts.remaining_user_count || f.out.purge_counts.remaining_part_count);
	expect_rows(0, "session WHERE external_ref = 'OLD-1'");
}

Test(bad_news, has_the_consequence_of_its_table_for_each_kind_status_person_and_moment)
{
	struct about about[4];

	fixture_kyc(&f, "OLD-1", "manual_review", "");
	must(USE(f.rita, REJECT, "OLD-1", .reason = "other"));
	forward(&f, 2000 * DAY);
	open_case_with(about);
	fixture_in_production(&f);
	for (int moment = BEFORE; moment <= AFTER_PURGE; moment++) {
		if (moment == IN_GRACE)
			must(USE(f.rita, APPROVE, "RAL-1"));
		if (moment == AFTER)
			forward(&f, DAY);
		if (moment == AFTER_PURGE)
			purge_others();
		try_moment((enum moment)moment, about);
	}
}

/* --- the KYC of parties, and changed facts --- */

static void expect_news(bool found)
{
	const struct case_view view = fixture_case(&f, "RAL-1");

	cr_expect_eq(case_has_bad_news(&view.file), found);
	cr_expect_eq(sql_int(&f, "SELECT hit_open FROM session WHERE external_ref = 'RAL-1'"), found);
}

static const char *ready_with_kyc(void)
{
	fixture_ready(&f, "RAL-1");
	fixture_in_production(&f);
	return arena_strdup(&f.arena, fixture_kyc_id(&f));
}

static void report_to(const char *session, enum check_status status)
{
	struct check check;

	check_init(&check);
	check.kind = CHECK_CRYPTO;
	check.status = status;
	must(USE(f.bo, CHECK_REPORT, session, .capacity = CAPACITY_INTAKE, .result = &check));
}

static void clear(const char *session)
{
	must(USE(f.lea, RESULT_JUDGE, session, .part = "crypto.1", .verdict = RESULT_CLEARED, .reason = WHY));
}

static const char *alerts(void)
{
	return sql_text(&f, "SELECT coalesce(group_concat(s.external_ref), '') FROM alert a JOIN session s ON s.id = "
			    "a.session_id WHERE a.closed_at IS NULL AND s.parent_id IS NULL");
}

/* The owner is removed, and what her KYC has stays with the case, until it is judged there. */
Test(bad_news, of_a_removed_owners_kyc_stays_with_the_case)
{
	const char *kyc = ready_with_kyc(), *owner;

	owner = arena_strdup(&f.arena, fixture_case(&f, "RAL-1").file.parties[0].id);
	report_to(kyc, CHECK_FAILED);
	expect_news(true);
	expect_err(USE(f.bo, PARTY_REMOVE, "RAL-1", .part = owner, .reason = WHY), ERR_FORBIDDEN);
	must(USE(f.lea, PARTY_REMOVE, "RAL-1", .part = owner, .reason = WHY));
	expect_news(true);
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "hit_open");
	clear(kyc);
	expect_news(false);
	cr_expect_eq(USE(f.rita, APPROVE, "RAL-1"), ERR_BLOCKED);
	cr_expect_not(error_has_blocker(&f.error, "hit_open"));
	report_to(kyc, CHECK_FAILED);
	expect_news(true);
}

/* The mark "verified elsewhere" verifies the owner, and ends no bad news. */
Test(bad_news, of_an_owner_verified_elsewhere_holds_the_case)
{
	const char *kyc = ready_with_kyc(), *owner;

	owner = arena_strdup(&f.arena, fixture_case(&f, "RAL-1").file.parties[0].id);
	must(USE(f.lea, PARTY_VERIFY, "RAL-1", .part = owner, .reason = "verified by the bank in Porto"));
	report_to(kyc, CHECK_FAILED);
	expect_blocked(approve_at_once(&f, f.rita, "RAL-1"), "hit_open");
	clear(kyc);
	must(USE(f.rita, APPROVE, "RAL-1"));
	report_to(kyc, CHECK_FAILED);
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
	must(USE(f.lea, RESULT_JUDGE, kyc, .part = "crypto.2", .verdict = RESULT_CLEARED, .reason = WHY));
	must(approve_at_once(&f, f.rita, "RAL-1"));
	report_to(kyc, CHECK_FAILED);
	expect_text(fixture_status(&f, "RAL-1"), "approved");
	expect_text(alerts(), "RAL-1");
}

/* A verdict is about the person of that time. */
Test(bad_news, is_a_hit_again_that_was_cleared_for_other_facts)
{
	struct about subject = { "subject", NULL };
	struct cell cell = { .kind = CHECK_ADVERSE_MEDIA, .status = CHECK_HIT, .has_entry = true };

	(void)ready_with_kyc();
	report(&cell, subject.party);
	expect_news(true);
	must(USE(f.rita, HIT_RESOLVE, "RAL-1", .part = sql_text(&f, "SELECT uuid FROM hit"), .reason = "different_name",
		 .note = WHY));
	expect_news(false);
	must(approve_at_once(&f, f.rita, "RAL-1"));
	sql_change(&f, "UPDATE session SET subject_name = 'Somebody Similar' WHERE external_ref = 'RAL-1'");
	report_to("RAL-1", CHECK_PASSED);
	expect_text(alerts(), "RAL-1");
	expect_news(true);
}

/* The desk keeps the company while the KYC of its owner has bad news; a call of the merchant is answered as ever. */
Test(bad_news, of_an_owners_kyc_keeps_the_company)
{
	const char *kyc = ready_with_kyc();
	struct strbuf key = STRBUF_INIT;
	struct caller merchant;

	must(approve_at_once(&f, f.rita, "RAL-1"));
	report_to(kyc, CHECK_FAILED);
	expect_error(USE(f.lea, SUBJECT_DELETE, NULL, .part = "biz-RAL-1", .reason = WHY), ERR_BLOCKED,
		     "that nobody judged");
	must(USE(f.ada, MERCHANT_KEY, NULL, .part = "northwind-pay", .text = "", .content_out = &key));
	merchant = fixture_caller(&f, key.buf);
	strbuf_wipe(&key);
	desk_set_caller(f.ada, &merchant);
	must(USE(f.ada, SUBJECT_DELETE, NULL, .capacity = CAPACITY_MERCHANT, .part = "biz-RAL-1"));
	desk_set_caller(f.ada, NULL);
	expect_rows(2, "session");
	expect_news(true);
}
