/* Front and back of a document are one document: in imports, reviews, views and deletions. */
#include "fixture.h"

#include <string.h>
#include <unistd.h>

FIXTURE(sides);

#define FRONT_ID "8b3e1a72-5c9f-4d2e-b847-000000000001"
#define BACK_ID "8b3e1a72-5c9f-4d2e-b847-000000000002"
#define SIDE(id, side, file)                                                                                           \
	"{" id "\"type\": \"ID\", \"side\": \"" side "\", \"file_name\": \"" file "\", \"file\": \"files/" file        \
	"\", \"upload\": \"ready\"}"
#define WITH_ID(id) "\"id\": \"" id "\", "

static struct document brought(const char *documents)
{
	struct case_view view;

	fixture_import(&f,
		       arena_printf(&f.arena,
				    "{\"external_ref\": \"AVE-1\", \"workflow\": \"avenia-kyb-level-1\", "
				    "\"kind\": \"kyb\", \"merchant\": \"northwind-pay\", \"status\": \"draft\", "
				    "\"subject\": {\"uid\": \"a1\", \"kind\": \"business\", \"name\": \"SOLUCOES\", "
				    "\"country\": \"BRA\"}, \"documents\": [%s]}",
				    documents));
	view = fixture_case(&f, "AVE-1");
	cr_assert_geq(view.file.document_count, 1);
	return view.file.documents[view.file.document_count - 1];
}

static int64_t count(const char *where)
{
	return sql_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM document WHERE %s", where));
}

Test(sides, of_two_entries_are_one_document)
{
	struct document document = brought(
		SIDE(WITH_ID(BACK_ID), "back", "bill.jpeg") ", " SIDE(WITH_ID(FRONT_ID), "front", "identity.png"));

	cr_expect_eq(count("replaced >= 0"), 1);
	cr_expect_str_eq(document.id, FRONT_ID);
	cr_expect_str_eq(document.back_side_id, BACK_ID);
	cr_expect(document.double_sided);
	cr_expect_eq(document.upload, UPLOAD_READY);
	cr_expect_str_neq(document.sha256, document.back.sha256);
	cr_expect_eq(strlen(document.back.sha256), 64);
}

Test(sides, come_one_after_the_other_and_stay_one)
{
	struct document document = brought(SIDE("", "front", "identity.png"));

	cr_expect_eq(document.upload, UPLOAD_REQUIRED);
	document = brought(SIDE("", "front", "identity.png") ", " SIDE("", "back", "bill.jpeg"));
	cr_expect_eq(count("replaced >= 0"), 1);
	cr_expect_eq(document.upload, UPLOAD_READY);
	document = brought(SIDE("", "back", "bill.jpeg"));
	cr_expect_eq(count("replaced >= 0"), 1);
	cr_expect_eq(document.upload, UPLOAD_READY);
}

Test(sides, another_back_is_another_document)
{
	struct document first = brought(SIDE("", "front", "identity.png") ", " SIDE("", "back", "bill.jpeg"));
	struct document later = brought(SIDE("", "front", "identity.png") ", " SIDE("", "back", "passport.jpg"));

	cr_expect_eq(count("replaced >= 0"), 2);
	cr_expect_eq(count("replaced = 1"), 1);
	cr_expect_str_neq(later.id, first.id);
	cr_expect_eq(later.replaces_row, first.row);
	cr_expect_str_eq(later.sha256, first.sha256);
	cr_expect_str_neq(later.back.sha256, first.back.sha256);
	(void)brought(SIDE("", "back", "passport.jpg") ", " SIDE("", "front", "identity.png"));
	cr_expect_eq(count("replaced >= 0"), 2);
}

Test(sides, are_both_looked_at_before_anything_is_accepted)
{
	struct document document = brought(SIDE("", "front", "identity.png") ", " SIDE("", "back", "bill.jpeg"));
	struct strbuf bytes = STRBUF_INIT;

	must(USE(f.rita, DOCUMENT_OPEN, "AVE-1", .part = document.id, .side = "back", .content_out = &bytes));
	cr_expect_str_eq(f.out.document.sha256, document.back.sha256);
	cr_expect_eq((int64_t)bytes.len, document.back.size_bytes);
	strbuf_release(&bytes);
	place_lose_bytes(f.path, document.back.sha256);
	expect_blocked(USE(f.rita, DOCUMENT_ACCEPT, "AVE-1", .part = document.id), "document_altered");
}

Test(sides, go_with_their_document)
{
	struct document document = brought(SIDE("", "front", "identity.png") ", " SIDE("", "back", "bill.jpeg"));

	cr_expect(place_has_bytes(f.path, document.back.sha256));
	must(USE(f.bo, DOCUMENT_DELETE, "AVE-1", .capacity = CAPACITY_CLIENT, .part = document.id));
	cr_expect_not(place_has_bytes(f.path, document.sha256));
	cr_expect_not(place_has_bytes(f.path, document.back.sha256));
}

Test(sides, show_the_names_of_their_files)
{
	struct case_view view;

	(void)brought(SIDE("", "front", "identity.png") ", " SIDE("", "back", "bill.jpeg"));
	must(desk_case(f.rita, &f.arena, "AVE-1", false, &view, &f.error));
	cr_expect_str_eq(view.file.documents[0].back.file_name, "bill.jpeg");
}

static enum err open_side(const char *ref, const char *type, const char *side)
{
	struct strbuf bytes = STRBUF_INIT;
	enum err err = USE(f.rita, DOCUMENT_OPEN, ref, .part = type, .side = side, .content_out = &bytes);

	strbuf_release(&bytes);
	return err;
}

Test(sides, that_are_not_there_are_not_opened)
{
	fixture_ready(&f, "RAL-1");
	expect_error(open_side("RAL-1", "BUSINESS_NUMBER", "back"), ERR_INVALID,
		     "This BUSINESS_NUMBER has no sides; leave the side out");
	expect_error(open_side("RAL-1", "BUSINESS_NUMBER", "edge"), ERR_INVALID,
		     "\"edge\" is not a side; use front or back");
	must(open_side("RAL-1", "BUSINESS_NUMBER", NULL));
	(void)brought(SIDE("", "front", "identity.png"));
	must(open_side("AVE-1", "ID", "front"));
	expect_error(open_side("AVE-1", "ID", "back"), ERR_BLOCKED, "ID has no file yet: its upload is required");
}
