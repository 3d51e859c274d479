/* The view of a hit: the person it names, earlier verdicts on the same list entry, and data that stays revealed. */
#include "fixture.h"

FIXTURE(hit);

#define WATCHLIST(hits) ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[" hits "]}]"
#define INES                                                                                                           \
	"{\"name\":\"Inês Duarte\",\"list\":\"OFAC SDN\",\"class\":\"pep\",\"score\":0.83,"                           \
	"\"detail\":{\"date_of_birth\":\"1984\",\"nationality\":\"Portugal\",\"list_version\":\"2026-11-01\"}}"

static struct hit_view out;

static void with_hit(const char *ref, const char *more)
{
	fixture_kyb(&f, &(struct kyb){ .ref = ref, .more = more });
}

static const struct hit *first_hit(const char *ref)
{
	const struct case_view view = fixture_case(&f, ref);

	return &view.file.checks[0].hits[0];
}

static void look(struct desk *desk, const char *ref, bool again)
{
	const struct hit_query query = { .session = ref, .hit = first_hit(ref)->id, .is_reload = again };

	must(desk_hits(desk, &f.arena, &query, 1, &out, &f.error));
}

static void resolve(struct desk *desk, const char *ref, const char *reason)
{
	const struct use_in in = { .verb = VERB_HIT_RESOLVE,
				   .session = ref,
				   .part = first_hit(ref)->id,
				   .reason = reason,
				   .note = "compared with the list" };

	fixture_reveal(&f, desk, ref);

	must(fixture_use(&f, desk, &in));
}

static const struct card_line *line_of(enum card_field what)
{
	for (size_t i = 0; i < out.card.line_count; i++) {
		if (out.card.lines[i].field == what)
			return &out.card.lines[i];
	}
	cr_assert_fail("no line %d", (int)what);
	return NULL;
}

Test(hit, is_compared_with_the_party_that_has_its_name)
{
	with_hit("RAL-1", WATCHLIST(INES));
	look(f.vic, "RAL-1", false);
	expect_text(out.card.name, "Ines Duarte");
	cr_expect_eq(out.card.subject.method, NAMED_BY_NAME);
	expect_text(out.card.list_version, "2026-11-01");
	cr_expect_eq(line_of(CARD_BORN)->likeness, LIKENESS_CLOSE);
	cr_expect_eq(line_of(CARD_COUNTRY)->likeness, LIKENESS_SAME);
	expect_text(line_of(CARD_COUNTRY)->entry_value, "PRT");
	cr_expect(out.masked);
	expect_text(line_of(CARD_BORN)->case_value, "****-**-**");
}

Test(hit, may_name_somebody_of_another_session_of_the_case)
{
	fixture_import(&f,
		       "{\"external_ref\": \"TOP-1\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", \"merchant\": "
		       "\"northwind-pay\", \"status\": \"manual_review\", \"subject\": {\"kind\": \"business\", "
		       "\"name\": \"Quay Ltd\"}, \"parties\": [{\"kind\": \"company\", \"name\": \"Vela BV\", "
		       "\"session\": {\"workflow\": \"ralio-kyb\", \"status\": \"manual_review\", \"parties\": "
		       "[{\"kind\": \"individual\", \"name\": \"Mara Ost\", \"date_of_birth\": "
		       "\"1979-12-03\"}]}}], \"checks\": [{\"kind\": \"watchlist\", \"status\": \"hit\", "
		       "\"hits\": [{\"name\": \"Mara Ost\", \"list\": \"L\", \"class\": \"pep\", \"detail\": "
		       "{\"dob\": \"1979-12-03\"}}]}]}\n");
	look(f.vic, "TOP-1", false);
	expect_text(out.card.name, "Mara Ost");
	expect_text(out.other_subject_name, "Vela BV");
	cr_expect_eq(line_of(CARD_BORN)->likeness, LIKENESS_SAME);
}

Test(hit, shows_what_was_said_of_the_same_entry_and_names_no_other_merchant_s_case)
{
	with_hit("RAL-1", WATCHLIST(INES));
	with_hit("RAL-2", WATCHLIST(INES));
	with_hit("RAL-3", WATCHLIST("{\"name\":\"Inês Duarte\",\"list\":\"UN\",\"class\":\"pep\"}"));
	fixture_import(&f,
		       "{\"external_ref\": \"OTH-1\", \"workflow\": \"generic-kyc\", \"kind\": \"kyc\", \"merchant\": "
		       "\"kestrel-pay\", \"status\": \"manual_review\", \"subject\": {\"kind\": \"individual\", "
		       "\"name\": \"Ines Duarte\"}" WATCHLIST(INES) "}\n");
	look(f.vic, "RAL-1", false);
	cr_expect_eq(out.ruling_count, 0, "nobody has said anything yet");
	resolve(f.rita, "RAL-2", "list_entry_removed");
	resolve(f.rita, "RAL-3", "other");
	forward(&f, MINUTE_MS);
	resolve(f.bo, "OTH-1", "different_country");
	look(f.vic, "RAL-1", false);
	cr_assert_eq(out.ruling_count, 2, "the other list's entry is another one");
	expect_text(out.rulings[0].by, "bo");
	expect_text(out.rulings[0].reason, "different_country");
	expect_text(out.rulings[0].external_ref, "");
	expect_text(out.rulings[0].subject_name, "");
	expect_text(out.rulings[0].session_id, "");
	expect_text(out.rulings[1].external_ref, "RAL-2");
	cr_expect_eq(out.rulings[1].state, HIT_FALSE_POSITIVE);
	look(f.vic, "RAL-2", false);
	cr_expect_eq(out.ruling_count, 1, "its own verdict is not an earlier one");
}

Test(hit, that_is_gone_is_said_to_be)
{
	const struct hit_query query = { .session = "RAL-1", .hit = "none" };

	with_hit("RAL-1", WATCHLIST(INES));
	expect_err(desk_hits(f.vic, &f.arena, &query, 1, &out, &f.error), ERR_NOT_FOUND);
}

Test(hit, what_was_revealed_stays_so_without_another_record)
{
	struct case_view view;

	with_hit("RAL-1", WATCHLIST(INES));
	must(USE(f.rita, CLAIM, "RAL-1"));
	must(desk_case_reload(f.rita, &f.arena, "RAL-1", &view, &f.error));
	cr_expect(view.masked, "nothing was revealed");
	must(desk_case(f.rita, &f.arena, "RAL-1", true, &view, &f.error));
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM audit_event WHERE action = 'reveal'"), 1);
	must(USE(f.bo, NOTE, "RAL-1", .text = "somebody else changes it"));
	must(desk_case_reload(f.rita, &f.arena, "RAL-1", &view, &f.error));
	cr_expect_not(view.masked);
	expect_text(view.file.parties[0].date_of_birth, "1984-02-11");
	look(f.rita, "RAL-1", true);
	cr_expect_not(out.masked);
	expect_text(line_of(CARD_BORN)->case_value, "1984-02-11");
	look(f.rita, "RAL-1", false);
	cr_expect(out.masked, "whoever does not ask sees nothing");
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM audit_event WHERE action = 'reveal'"), 1);
	must(desk_case_reload(f.lea, &f.arena, "RAL-1", &view, &f.error));
	cr_expect(view.masked, "what one has revealed is not revealed to others");
}

Test(hit, it_is_masked_again_when_another_holds_the_case)
{
	struct case_view view;
	const struct use_in take = { .verb = VERB_ASSIGN, .session = "RAL-1", .part = "bo" };

	with_hit("RAL-1", WATCHLIST(INES));
	must(USE(f.rita, CLAIM, "RAL-1"));
	must(desk_case(f.rita, &f.arena, "RAL-1", true, &view, &f.error));
	must(fixture_use(&f, f.lea, &take));
	must(desk_case_reload(f.rita, &f.arena, "RAL-1", &view, &f.error));
	cr_expect(view.masked);
	look(f.rita, "RAL-1", true);
	cr_expect(out.masked);
}

Test(hit, that_is_judged_together_with_others_bears_the_reason_on_its_own_card)
{
	with_hit("RAL-1", WATCHLIST("{\"name\":\"Ines Duarte\",\"list\":\"dated\",\"class\":\"pep\",\"detail\":"
				    "{\"dob\":\"1951-07-01\"}},{\"name\":\"Ines Duarte\",\"list\":\"bare\",\"class\":"
				    "\"pep\"}"));
	const struct case_view view = fixture_case(&f, "RAL-1");
	const struct hit *hits = view.file.checks[0].hits;
	const struct hit *dated = strcmp(hits[0].list, "dated") ? &hits[1] : &hits[0],
			 *bare = dated == hits ? &hits[1] : &hits[0];
	struct use_in in = { .verb = VERB_HIT_RESOLVE,
			     .session = "RAL-1",
			     .part = bare->id,
			     .reason = "different_birth_date",
			     .together = 2 };

	expect_err(fixture_use(&f, f.rita, &in), ERR_INVALID);
	cr_expect(strstr(f.error.message, "the card shows no different birth date"), "%s", f.error.message);
	in.part = dated->id;
	must(fixture_use(&f, f.rita, &in));
	in.part = bare->id;
	in.together = 0;
	expect_err(fixture_use(&f, f.rita, &in), ERR_INVALID);
	expect_text(f.error.field, "note");
	in.note = "born in 1961, as the passport says";
	must(fixture_use(&f, f.rita, &in));
}
