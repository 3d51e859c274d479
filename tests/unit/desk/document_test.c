#include "fixture.h"

#include <stdio.h>

FIXTURE(document);

static const char pdf[] = "%PDF-1.4\n%%EOF\n";
static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0IEND";

static enum err reject_document(struct desk *desk, const char *ref, const char *document, const char *reason)
{
	return USE(desk, DOCUMENT_REJECT, ref, .part = document, .reason = reason);
}

static enum err add(const char *ref, const char *type, const char *name, const void *bytes, size_t length)
{
	return USE(f.rita, DOCUMENT_ADD, ref, .type = type, .side = "", .file_name = name, .bytes = bytes,
		   .length = length);
}

static int64_t documents(const char *where)
{
	return sql_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM document WHERE %s", where));
}

Test(document, accepted_one_by_one_let_the_case_be_approved)
{
	static const char *const types[] = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS",
					     "DIRECTORS_SHAREHOLDERS_REG" };

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .review = "unreviewed" });
	for (size_t i = 0; i < 4; i++)
		must(USE(f.rita, DOCUMENT_ACCEPT, "RAL-1", .part = types[i]));
	cr_expect_eq(sql_int(&f, "SELECT documents_accepted FROM session WHERE external_ref = 'RAL-1'"), 4);
	must(USE(f.rita, APPROVE, "RAL-1"));
}

Test(document, accepted_raises_the_version_and_leaves_a_record)
{
	int64_t version;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .review = "unreviewed" });
	version = fixture_case(&f, "RAL-1").file.session.version;
	must(USE(f.rita, DOCUMENT_ACCEPT, "RAL-1", .part = "BUSINESS_NUMBER"));
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.version, version + 1);
	cr_expect(strstr(sql_text(&f, "SELECT detail FROM audit_event WHERE action = 'document.accept'"),
			 "\"from\":\"unreviewed\",\"to\":\"accepted\""));
}

Test(document, is_found_by_the_start_of_its_id)
{
	const char *id;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .review = "unreviewed" });
	id = sql_text(&f, "SELECT uuid FROM document WHERE type = 'BUSINESS_NUMBER'");
	must(USE(f.rita, DOCUMENT_ACCEPT, "RAL-1", .part = arena_strndup(&f.arena, id, 8)));
	expect_err(USE(f.rita, DOCUMENT_ACCEPT, "RAL-1", .part = arena_strndup(&f.arena, id, 3)), ERR_NOT_FOUND);
	expect_err(USE(f.rita, DOCUMENT_ACCEPT, "RAL-1", .part = "FINANCIAL_STATEMENTS"), ERR_NOT_FOUND);
}

Test(document, without_a_file_cannot_be_accepted)
{
	fixture_kyc(&f, "KYC-1", "manual_review",
		    ", \"documents\": [{\"type\": \"PASSPORT\", \"upload\": \"required\"}]");
	expect_err(USE(f.rita, DOCUMENT_ACCEPT, "KYC-1", .part = "PASSPORT"), ERR_BLOCKED);
}

Test(document, rejected_needs_a_reason_of_its_set)
{
	fixture_ready(&f, "RAL-1");
	expect_error(reject_document(f.rita, "RAL-1", "BUSINESS_NUMBER", "blury"), ERR_INVALID, "blurry");
	must(reject_document(f.rita, "RAL-1", "BUSINESS_NUMBER", "blurry"));
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "document_not_accepted");
}

Test(document, of_a_case_that_another_holds_is_a_conflict)
{
	fixture_ready(&f, "RAL-1");
	must(USE(f.bo, CLAIM, "RAL-1"));
	expect_err(reject_document(f.rita, "RAL-1", "BUSINESS_NUMBER", "blurry"), ERR_CONFLICT);
}

Test(document, of_a_decided_case_is_blocked_and_names_who)
{
	fixture_ready(&f, "RAL-1");
	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_error(reject_document(f.bo, "RAL-1", "BUSINESS_NUMBER", "blurry"), ERR_BLOCKED, "rita");
}

Test(document, added_takes_the_place_of_a_rejected_one_which_stays)
{
	fixture_ready(&f, "RAL-1");
	must(reject_document(f.rita, "RAL-1", "BUSINESS_NUMBER", "blurry"));
	must(add("RAL-1", "BUSINESS_NUMBER", "/tmp/scan.pdf", pdf, sizeof pdf - 1));
	cr_expect_eq(documents("type = 'BUSINESS_NUMBER' AND replaced = 1 AND review = 'rejected'"), 1);
	cr_expect_eq(
		documents("type = 'BUSINESS_NUMBER' AND replaced = 0 AND review = 'unreviewed' AND upload = 'ready' "
			  "AND replaces_id IS NOT NULL AND file_name = 'scan.pdf'"),
		1);
}

Test(document, added_fills_a_record_that_waits_for_it)
{
	fixture_kyc(&f, "KYC-1", "manual_review",
		    ", \"documents\": [{\"type\": \"PASSPORT\", \"upload\": \"required\"}]");
	must(add("KYC-1", "PASSPORT", "pass.png", png, sizeof png));
	cr_expect_eq(documents("type = 'PASSPORT' AND upload = 'ready' AND media_type = 'image/png'"), 1);
	cr_expect_eq(documents("type = 'PASSPORT'"), 1);
}

Test(document, asked_for_again_is_replaced_by_what_is_added)
{
	fixture_ready(&f, "RAL-1");
	must(ask(&f, f.rita, "RAL-1", "company_info", "PROOF_OF_ADDRESS", NULL));
	must(add("RAL-1", "PROOF_OF_ADDRESS", "bill.pdf", pdf, sizeof pdf - 1));
	cr_expect_eq(documents("type = 'PROOF_OF_ADDRESS' AND replaced = 1 AND upload = 'ready'"), 1);
	cr_expect_eq(documents("type = 'PROOF_OF_ADDRESS' AND replaced = 0 AND upload = 'ready'"), 1);
}

Test(document, is_frozen_after_submission)
{
	fixture_ready(&f, "RAL-1");
	expect_err(add("RAL-1", "BUSINESS_NUMBER", "scan.pdf", pdf, sizeof pdf - 1), ERR_BLOCKED);
	expect_err(add("RAL-1", "LICENSES_PERMITS", "scan.pdf", pdf, sizeof pdf - 1), ERR_BLOCKED);
}

Test(document, must_be_what_its_name_says)
{
	fixture_kyc(&f, "KYC-1", "active", NULL);
	expect_err(add("KYC-1", "PASSPORT", "pass.pdf", png, sizeof png), ERR_INVALID);
	expect_err(add("KYC-1", "PASSPORT", "pass", png, sizeof png), ERR_INVALID);
	expect_err(add("KYC-1", "PASSPORT", "pass.png", "MZ", 2), ERR_INVALID);
	expect_text(f.error.field, "file");
	expect_err(add("KYC-1", "PASSPORT", "pass.png", "", 0), ERR_INVALID);
}

Test(document, must_be_of_a_format_that_its_type_takes)
{
	fixture_kyc(&f, "KYC-1", "active", NULL);
	expect_error(add("KYC-1", "SELFIE", "me.pdf", pdf, sizeof pdf - 1), ERR_INVALID, "jpeg");
}

Test(document, must_not_be_larger_than_the_profile_says)
{
	size_t length = 10 * 1024 * 1024 + 1;
	char *bytes = calloc(1, length);

	memcpy(bytes, pdf, sizeof pdf);
	fixture_kyc(&f, "KYC-1", "active", NULL);
	expect_err(add("KYC-1", "PASSPORT", "pass.pdf", bytes, length), ERR_INVALID);
	must(add("KYC-1", "PASSPORT", "pass.pdf", bytes, length - 1));
	free(bytes);
}

Test(document, opened_gives_its_bytes_and_leaves_a_record)
{
	struct strbuf bytes = STRBUF_INIT;

	fixture_ready(&f, "RAL-1");
	must(USE(f.rita, DOCUMENT_SAVE, "RAL-1", .part = "BUSINESS_NUMBER", .content_out = &bytes));
	cr_expect_eq(f.out.document.size_bytes, (int64_t)bytes.len);
	cr_expect(!strncmp(bytes.buf, "%PDF-", 5));
	expect_rows(1, "audit_event WHERE action = 'document.save' AND actor = 'rita'");
	strbuf_release(&bytes);
}

Test(document, is_not_opened_by_a_viewer)
{
	struct strbuf bytes = STRBUF_INIT;

	fixture_ready(&f, "RAL-1");
	expect_err(USE(f.vic, DOCUMENT_OPEN, "RAL-1", .part = "BUSINESS_NUMBER", .content_out = &bytes), ERR_FORBIDDEN);
}

static const struct doc_search_value *case_values(const struct use_out *out, const char *what)
{
	for (size_t i = 0; i < out->case_values.count; i++)
		if (!strcmp(out->case_values.items[i].name, what))
			return &out->case_values.items[i];
	return NULL;
}

/* Opening a document shows the values to compare, and records that this user, and no other user, has seen it. */
Test(document, who_opens_a_document_has_seen_it)
{
	struct fixture f;
	struct strbuf bytes = STRBUF_INIT;
	struct case_view view;
	const char *id;

	fixture_open(&f);
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1" });
	view = fixture_case(&f, "RAL-1");
	id = view.file.documents[0].id;
	cr_expect_null(document_last_view(&view, id, NULL));
	f.world.wall_ms += MINUTE_MS;
	must(USE(f.rita, DOCUMENT_OPEN, "RAL-1", .part = id, .content_out = &bytes));
	cr_assert_not_null(case_values(&f.out, "name"));
	cr_expect_str_eq(case_values(&f.out, "name")->text, view.file.session.subject.name);
	cr_expect_not_null(case_values(&f.out, "Ines Duarte"));
	view = fixture_case(&f, "RAL-1");
	cr_assert_not_null(document_last_view(&view, id, "rita"));
	cr_expect_eq(document_last_view(&view, id, "rita")->at, f.world.wall_ms);
	cr_expect_not_null(document_last_view(&view, id, NULL));
	cr_expect_null(document_last_view(&view, id, "bo"), "another has not");
	cr_expect_null(document_last_view(&view, view.file.documents[1].id, "rita"), "nor that other document");
	f.world.wall_ms += MINUTE_MS;
	strbuf_reset(&bytes);
	must(USE(f.rita, DOCUMENT_SAVE, "RAL-1", .part = id, .content_out = &bytes));
	cr_expect_eq(f.out.case_values.count, 0, "a file is taken away, nothing is shown");
	view = fixture_case(&f, "RAL-1");
	cr_expect_eq(view.document_view_count, 2);
	cr_expect_eq(document_last_view(&view, id, "rita")->at, f.world.wall_ms, "the last time counts");
	strbuf_release(&bytes);
	fixture_close(&f);
}
