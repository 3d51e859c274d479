/* Finding one case by typed text, and the text index. */
#include "store/store_support.h"
#include "kybdesk/base/strbuf.h"

#include <string.h>

FIXTURE(find);
TestSuite(text_index, .init = set_up, .fini = tear_down);

static void add_with(struct fixture *f, struct session *session, const char *id, const char *reference,
		     const char *name)
{
	session_make(f, session, name);
	if (id)
		session->id = id;
	session->external_ref = reference;
	fixture_begin(f);
	session_put(f, session);
	fixture_commit(f);
}

Test(find, by_id_in_any_case_reference_and_beginning)
{
	struct session session;
	int64_t row = 0;
	add_with(&f, &session, "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01", "RAL-2031", "Harbour Lane");
	static const char *const references[] = { "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01",
						  "0B0F8A52-6A55-4C53-9D3E-5F5F2B8F1A01", "RAL-2031", "0b0f",
						  "0B0F8A52-6a" };
	for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
		OK(&f, store_session_find(f.store, references[i], &row, &f.error));
		cr_expect_eq(row, session.row, "%s", references[i]);
	}
}

Test(find, what_fits_nothing_is_not_found)
{
	static const char *const references[] = { "",  "0b0",	"zzzz",	    "RAL",
						  "%", "0b0f%", "ral-2031", "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a02" };
	struct session session;
	int64_t row = 0;
	add_with(&f, &session, "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01", "RAL-2031", "Harbour Lane");
	for (size_t i = 0; i < sizeof references / sizeof references[0]; i++)
		cr_expect_eq(store_session_find(f.store, references[i], &row, &f.error), ERR_NOT_FOUND, "%s",
			     references[i]);
}

Test(find, a_beginning_of_several_lists_them_with_their_names)
{
	struct session session;
	int64_t row = 0;
	add_with(&f, &session, "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01", "A", "Harbour Lane");
	add_with(&f, &session, "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a02", "B", "Blue Fjord");
	cr_expect_eq(store_session_find(f.store, "0b0f8a52", &row, &f.error), ERR_USAGE);
	cr_expect_eq(row, 0);
	cr_expect(strstr(f.error.message, "Harbour Lane") && strstr(f.error.message, "Blue Fjord"), "%s",
		  f.error.message);
	cr_expect(strstr(f.error.message, "5f5f2b8f1a02") != NULL, "%s", f.error.message);
}

Test(find, a_list_of_candidates_ends_after_ten)
{
	struct session session;
	int64_t row = 0;
	for (int i = 0; i < 12; i++)
		add_with(&f, &session, arena_printf(&f.arena, "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a%02d", i), "SAME",
			 arena_printf(&f.arena, "Case %d.", i));
	cr_expect_eq(store_session_find(f.store, "SAME", &row, &f.error), ERR_USAGE);
	cr_expect_not_null(strstr(f.error.message, "Case 9."));
	cr_expect_null(strstr(f.error.message, "Case 10."));
	cr_expect_not_null(strstr(f.error.message, "and more"));
}

Test(find, a_reference_that_looks_like_a_beginning_wins_over_it)
{
	struct session by_id, by_reference;
	int64_t row = 0;
	add_with(&f, &by_id, "cafe8a52-6a55-4c53-9d3e-5f5f2b8f1a01", "A", "Harbour Lane");
	add_with(&f, &by_reference, NULL, "cafe", "Blue Fjord");
	OK(&f, store_session_find(f.store, "cafe", &row, &f.error));
	cr_expect_eq(row, by_reference.row);
}

static int64_t row_by_ref(struct fixture *f, int64_t merchant, const char *workflow, const char *ref)
{
	const struct session named = { .merchant_row = merchant, .workflow = workflow, .external_ref = ref };
	int64_t row = -1;

	OK(f, store_session_by_ref(f->store, &named, &row, &f->error));
	return row;
}

Test(find, a_reference_counts_within_its_merchant_and_workflow)
{
	struct session session;
	add_with(&f, &session, NULL, "RAL-2031", "Harbour Lane");
	cr_expect_eq(row_by_ref(&f, f.merchant, "ralio-kyb", "RAL-2031"), session.row);
	cr_expect_eq(row_by_ref(&f, f.merchant, "generic-kyc", "RAL-2031"), 0);
	cr_expect_eq(row_by_ref(&f, f.merchant + 1, "ralio-kyb", "RAL-2031"), 0);
	cr_expect_eq(row_by_ref(&f, f.merchant, "ralio-kyb", ""), 0);
}

static int64_t find_words(struct fixture *f, const char *const words[2])
{
	struct strbuf search = STRBUF_INIT, quoted = STRBUF_INIT;
	int64_t count;

	const char *wholes[2] = { arena_printf(&f->arena, WHOLE_TOKEN "%s", words[0]),
				  arena_printf(&f->arena, WHOLE_TOKEN "%s", words[1] ? words[1] : "") };

	place_driver->add_match_query(&(struct db_words){ words, wholes, words[1] ? 2 : 1 }, &(struct db_words){ 0 },
				      &search);
	for (const char *at = search.buf; *at; at++)
		strbuf_adds(&quoted, *at == '\'' ? "\'\'" : (const char[]){ *at, '\0' });
	count = number_of(f, arena_printf(&f->arena, "SELECT count(*) FROM ({hits '%s'}) AS hit", quoted.buf));
	strbuf_release(&search);
	strbuf_release(&quoted);
	return count;
}

Test(text_index, finds_names_references_and_tax_ids_without_accents_or_case)
{
	struct case_file file;
	struct party party;
	case_file_init(&file);
	session_add(&f, &file.session,
		    "Solu\xc3\xa7\xc3\xb5"
		    "es Digitais \xe6\x9d\xb1\xe4\xba\xac");
	party_init(&party);
	party.name = "In\xc3\xaas Duarte";
	file.parties = &party;
	file.party_count = 1;
	WRITE(&f, store_session_index_text(f.store, &file, &f.error));
	cr_expect_eq(find_words(&f, (const char *const[]){ "solucoes", NULL }), 1);
	cr_expect_eq(find_words(&f, (const char *const[]){ "ines", "duarte" }), 1);
	cr_expect_eq(find_words(&f, (const char *const[]){ "gb123456789", NULL }), 1);
	cr_expect_eq(find_words(&f, (const char *const[]){ "gb12345678", NULL }), 0, "a masked number is found whole");
	cr_expect_eq(find_words(&f, (const char *const[]){ "09482213", NULL }), 1);
	cr_expect_eq(find_words(&f, (const char *const[]){ "officeharbourlaneexample", NULL }), 1);
	cr_expect_eq(find_words(&f, (const char *const[]){ "ral", NULL }), 1);
	cr_expect_eq(find_words(&f, (const char *const[]){ "di", NULL }), 1);
	cr_expect_eq(find_words(&f, (const char *const[]){ "\xe4\xba\xac", NULL }), 1,
		     "any character of a Japanese name");
	cr_expect_eq(find_words(&f, (const char *const[]){ "nothing", NULL }), 0);
}

Test(text_index, follows_a_change_and_is_left_alone_without_one)
{
	struct case_file file;
	case_file_init(&file);
	session_add(&f, &file.session, "Old Name");
	fixture_begin(&f);
	OK(&f, store_session_index_text(f.store, &file, &f.error));
	file.session.subject.name = "New Name";
	OK(&f, store_session_index_text(f.store, &file, &f.error));
	fixture_commit(&f);
	cr_expect_eq(find_words(&f, (const char *const[]){ "old", NULL }), 0);
	cr_expect_eq(find_words(&f, (const char *const[]){ "new", NULL }), 1);
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM session_text"), 1);

	int64_t before = number_of(&f, place_text_writes);
	WRITE(&f, store_session_index_text(f.store, &file, &f.error));
	cr_expect_eq(number_of(&f, place_text_writes), before);

#ifdef KYB_PLACE_SQLITE
	struct query *query = NULL;
	fixture_begin(&f);
	OK(&f, db_query_text(f.store->db, "test", "INSERT INTO session_text(session_text) VALUES ('integrity-check')",
			     &query, &f.error));
	OK(&f, query_run(query, &f.error));
	store_rollback(f.store);
#endif
}
