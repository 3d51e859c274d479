/*
 * The evidence of a case is an archive for an auditor. It is verified without a store by the program, and by a script
 * that shares no code with the program (tests/stranger/evidence.py, written from docs/evidence.md).
 */
#include "fault/cases.h"
#include "support/new_store.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(evidence, .fini = site_tear_down);

#define AUDITOR KYB_SOURCE_DIR "/tests/stranger/evidence.py"

#define REMOVER KYB_SOURCE_DIR "/tests/stranger/without_record.py"

#define NOTE "Register and passport agree"

struct desk {
	struct site *site;
	char *key, *public_key, *checkpoint, *archive; /* paths */
};

/* Approves CASE-1, rejects CASE-2, signs a checkpoint, and exports the evidence of CASE-1. */
static void desk_fill(const struct desk *desk)
{
	const struct site *site = desk->site;

	site_expect(site, 0, "init", "--sandbox", NULL);
	cases_bring(site, 1, 2);
	site_expect(site, 0, "note", "CASE-1", "Called the ôffice: \"all agrees\"", NULL);
	site_expect(site, 0, "approve", "CASE-1", "--grace", "0", "--note", NOTE, NULL);
	site_expect(site, 0, "reject", "CASE-2", "--reason", "duplicate_application", "--note", "explained in full",
		    NULL);
	(void)site_keep(site, "public.key", site_output(site, "audit", "key", desk->key, "--new", NULL));
	(void)site_keep(site, "kept", site_output(site, "audit", "checkpoint", "--key", desk->key, NULL));
	site_expect(site, 0, "evidence", "CASE-1", "-o", desk->archive, "--key", desk->key, "--checkpoint",
		    desk->checkpoint, NULL);
	new_folder_keep("evidence", site->folder);
}

static struct desk desk_make(void)
{
	struct site *site = site_make_bare();
	struct desk desk = { .site = site,
			     .key = site_path(site, "signing.key"),
			     .public_key = site_path(site, "public.key"),
			     .checkpoint = site_path(site, "kept"),
			     .archive = site_path(site, "case.tar") };

	if (!new_folder_copied("evidence", site->folder))
		desk_fill(&desk);
	return desk;
}

static void verify(const struct desk *desk, const char *archive, int status, const char *text)
{
	site_says(desk->site, status, text, "evidence", "verify", archive, "--key", desk->public_key, "--checkpoint",
		  desk->checkpoint, NULL);
}

static void audit(const struct desk *desk, const char *archive, int status, const char *text)
{
	struct process_result result;

	process_call(&result, desk->site->environment, NULL, "python3", AUDITOR, archive, desk->public_key,
		     desk->checkpoint, NULL);
	result_says(&result, status, text);
}

Test(evidence, proves_a_case_without_its_store)
{
	struct desk desk = desk_make();
	char *moved = site_path(desk.site, "gone");

	cr_assert_eq(rename(desk.site->store, moved), 0);
	verify(&desk, desk.archive, 0, "the evidence of 1 decisions matches the audit records");
	audit(&desk, desk.archive, 0, "session.approve by ann: ");
	audit(&desk, desk.archive, 0, "proved\n");
	cr_assert_eq(rename(moved, desk.site->store), 0);
}

/* The number of the last audit record of CASE-1 with the action `word`. */
static char *record_of(const struct desk *desk, const char *word)
{
	char *log = site_output(desk->site, "audit", "list", "CASE-1", "--json", NULL), *out = NULL;
	json_t *list = test_keep(json_loads(log, 0, NULL)), *item;
	size_t i;

	json_array_foreach(json_object_get(list, "data"), i, item)
	{
		if (out || strcmp(json_string_value(json_object_get(item, "action")), word) != 0)
			continue;
		out = test_text("%lld", json_integer_value(json_object_get(item, "seq")));
	}
	cr_assert(out, "%s", log);
	return out;
}

Test(evidence, proves_the_words_that_a_record_sealed)
{
	struct desk desk = desk_make();
	char *record = record_of(&desk, "session.approve"), *claim = NULL;
	struct process_result result;
	static const struct {
		const char *path, *value;
		int status;
	} claims[] = { { "note", NOTE, 0 }, { "note", "Register and passport differ", 1 }, { "text", NOTE, 1 } };

	verify(&desk, desk.archive, 0, "2 values and texts match the seals of the audit records");
	audit(&desk, desk.archive, 0, "2 sealed values\n");
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
		claim = test_text("%s:%s=%s", record, claims[i].path, claims[i].value);
		site_says(desk.site, claims[i].status ? 8 : 0,
			  claims[i].status ? "did not seal" : "sealed this value of note after the change", "evidence",
			  "verify", desk.archive, "--value", claim, NULL);
		process_call(&result, desk.site->environment, NULL, "python3", AUDITOR, desk.archive, desk.public_key,
			     desk.checkpoint, record, claims[i].path, claims[i].value, NULL);
		result_says(&result, claims[i].status,
			    claims[i].status ? "did not seal" : "sealed it after the change");
	}
}

/* The first export has added an audit record, which the checkpoint does not cover; the archives are still equal. */
Test(evidence, is_the_same_for_the_same_store_and_checkpoint)
{
	struct desk desk = desk_make();
	char *again = site_path(desk.site, "again.tar");
	size_t length, other;
	char *first = temp_read(desk.archive, &length);

	site_expect(desk.site, 0, "evidence", "CASE-1", "-o", again, "--key", desk.key, "--checkpoint", desk.checkpoint,
		    NULL);
	char *second = temp_read(again, &other);
	cr_assert_eq(length, other);
	cr_expect_arr_eq(first, second, length);
}

Test(evidence, tells_a_changed_byte_anywhere)
{
	struct desk desk = desk_make();
	size_t length;
	char *bytes = temp_read(desk.archive, &length);
	char *changed = site_path(desk.site, "changed.tar");

	for (size_t i = 0; i < 24; i++) {
		size_t at = (size_t)site_random(desk.site, length);

		bytes[at] = (char)(bytes[at] ^ 0x20);
		temp_write(changed, bytes, length);
		verify(&desk, changed, 8, "The archive was changed");
		if (i % 4 == 0)
			audit(&desk, changed, 1, "");
		bytes[at] = (char)(bytes[at] ^ 0x20);
	}
	temp_write(changed, bytes, length / 2);
	verify(&desk, changed, 8, "The archive was changed");
	temp_write(changed, "", 0);
	verify(&desk, changed, 8, "The archive was changed, or is another file");
}

/* Without a key, so that only the records tell it. The decision is taken out, too. */
Test(evidence, tells_a_record_that_is_missing_between_others)
{
	struct desk desk = desk_make();
	char *whole = site_path(desk.site, "whole.tar"), *less = site_path(desk.site, "less.tar");
	struct process_result records, result;
	unsigned number = 0, removed = 0;

	site_expect(desk.site, 0, "note", "CASE-1", "The last record", NULL);
	site_expect(desk.site, 0, "evidence", "CASE-1", "-o", whole, NULL);
	process_call(&result, desk.site->environment, NULL, "python3", REMOVER, whole, "0", less, NULL);
	result_says(&result, 0, "");
	site_says(desk.site, 0, "6 audit records", "evidence", "verify", less, NULL);
	process_call(&records, desk.site->environment, NULL, "tar", "-xOf", whole, "records.ndjson", NULL);
	for (char *line = records.out, *next; *line; line = next) {
		const char *session = strstr(line, "\"session_id\":");

		number++;
		next = strchr(line, '\n') + 1;
		cr_assert(session && session < next, "%s", line);
		if (!strstr(next, test_text("%.*s", 50, session)))
			continue; /* the last of its session */
		removed++;
		process_call(&result, desk.site->environment, NULL, "python3", REMOVER, whole, test_text("%u", number),
			     less, NULL);
		result_says(&result, 0, "");
		site_says(desk.site, 8, "the record of its session before it is missing", "evidence", "verify", less,
			  NULL);
	}
	cr_expect_geq(removed, 3u);
}

Test(evidence, is_on_record_with_its_hash)
{
	struct desk desk = desk_make();
	struct process_result result;
	char hash[65] = "";

	process_call(&result, desk.site->environment, NULL, "sha256sum", desk.archive, NULL);
	(void)snprintf(hash, sizeof hash, "%.64s", result.out);
	char *detail = site_rows(desk.site, "SELECT detail FROM audit_event WHERE action = 'session.evidence'");
	cr_expect(strstr(detail, hash), "%s is not in %s", hash, detail);
}

/* If somebody changes a decision's evidence in the store, the verification of the archive fails; if somebody changes an
 * audit record, the export is refused. */
Test(evidence, tells_what_was_changed_in_the_store)
{
	struct desk desk = desk_make();
	char *again = site_path(desk.site, "again.tar");

	site_change(desk.site, "UPDATE decision SET evidence = replace(evidence, 'Ltd', 'Inc'), "
			       "evidence_sha256 = 'a' WHERE evidence <> ''");
	site_expect(desk.site, 0, "evidence", "CASE-1", "-o", again, "--key", desk.key, "--checkpoint", desk.checkpoint,
		    NULL);
	verify(&desk, again, 8, "its SHA-256 differs from the one in its record");
	audit(&desk, again, 1, "is not the recorded one");
	site_change(desk.site,
		    "DROP TRIGGER audit_event_no_update; UPDATE audit_event SET actor = 'bob' WHERE seq = 3");
	site_says(desk.site, 8, "record 3 is the first bad record", "evidence", "CASE-1", "-o", again, "--force", NULL);
}

Test(evidence, of_another_checkpoint_or_key_is_told)
{
	struct desk desk = desk_make();
	char *plain = site_path(desk.site, "plain.tar");

	site_expect(desk.site, 0, "evidence", "CASE-1", "-o", plain, NULL);
	verify(&desk, plain, 8, "SHA256SUMS: it is not signed");
	site_says(desk.site, 0, "(not signed)", "evidence", "verify", plain, NULL);
	char *later =
		site_keep(desk.site, "later", site_output(desk.site, "audit", "checkpoint", "--key", desk.key, NULL));
	site_says(desk.site, 9, "The archive was made for another checkpoint than", "evidence", "verify", desk.archive,
		  "--checkpoint", later, NULL);
	site_says(desk.site, 9, "cannot sign", "evidence", "CASE-1", "-o", plain, "--key", desk.public_key, "--force",
		  NULL);
}

Test(evidence, has_the_documents_or_their_hashes)
{
	struct desk desk = desk_make();
	char *bare = site_path(desk.site, "bare.tar");
	size_t length, sub_sat;

	temp_read(desk.archive, &length);
	site_says(desk.site, 0, "documents are listed by SHA-256 only", "evidence", "CASE-1", "-o", bare,
		  "--without-documents", "--key", desk.key, "--checkpoint", desk.checkpoint, NULL);
	temp_read(bare, &sub_sat);
	cr_expect_lt(sub_sat, length);
	verify(&desk, bare, 0, "files are listed by SHA-256 only");
}

Test(evidence, goes_to_a_lead_and_to_an_ordinary_file)
{
	struct desk desk = desk_make();
	char *link = site_path(desk.site, "link.tar");
	struct process_result result;
	struct stat found;

	site_expect(desk.site, 0, "reviewer", "add", "rita", "--role", "reviewer", NULL);
	site_says(desk.site, 7, "ask a lead", "evidence", "CASE-1", "-o", desk.archive, "--force", "--as", "rita",
		  NULL);
	site_says(desk.site, 9, "already exists; overwrite it with --force", "evidence", "CASE-1", "-o", desk.archive,
		  NULL);
	cr_assert_eq(symlink(desk.archive, link), 0);
	site_says(desk.site, 9, "is a symbolic link", "evidence", "CASE-1", "-o", link, "--force", NULL);
	site_run(desk.site, &result, "evidence", "CASE-1", "-o", desk.site->store, "--force", NULL);
	cr_expect_neq(result.status, 0);
	site_run(desk.site, &result, "evidence", "NOWHERE", "-o", link, NULL);
	cr_expect_neq(result.status, 0);
	cr_assert_eq(stat(desk.archive, &found), 0);
	cr_expect_eq(found.st_mode & 077, 0, "others can read it: %o", (unsigned)found.st_mode);
}
