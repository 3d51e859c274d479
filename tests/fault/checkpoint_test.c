/*
 * A process that can write the store can rewrite its whole audit log with valid hashes. A checkpoint that was signed
 * before, and that somebody else keeps, shows this. The intruder and the auditor are tests/stranger/trail.py, which
 * shares no code with the program.
 */
#include "fault/cases.h"
#include "support/new_store.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(checkpoint, .fini = site_tear_down);

#define STRANGER KYB_SOURCE_DIR "/tests/stranger/trail.py"
#define RECORDS CASES_HISTORY_RECORDS

struct desk {
	struct site *site;
	char *key, *public_key, *first, *all, *export; /* paths */
	int64_t signed_first;			       /* records */
};

static char *sign(const struct desk *desk, const char *name)
{
	return site_keep(desk->site, name, site_output(desk->site, "audit", "checkpoint", "--key", desk->key, NULL));
}

/* Makes an audit log of 13 records, with one checkpoint signed after the import and one at the end. */
static void desk_fill(const struct desk *desk)
{
	const struct site *site = desk->site;

	site_expect(site, 0, "init", "--sandbox", NULL);
	cases_bring(site, 1, 3);
	(void)site_keep(site, "public.key", site_output(site, "audit", "key", desk->key, "--new", NULL));
	(void)sign(desk, "first");
	cases_history(site);
	(void)sign(desk, "second");
	(void)site_keep(site, "export", site_output(site, "audit", "export", NULL));
	new_folder_keep("signed-history", site->folder);
}

static struct desk desk_make(void)
{
	struct site *site = site_make_bare();
	struct desk desk = { .site = site,
			     .key = site_path(site, "signing.key"),
			     .public_key = site_path(site, "public.key"),
			     .first = site_path(site, "first"),
			     .all = site_path(site, "second"),
			     .export = site_path(site, "export") };

	if (!new_folder_copied("signed-history", site->folder))
		desk_fill(&desk);
	/* The second line of a checkpoint is its number of records. */
	desk.signed_first = strtoll(strchr(temp_read(desk.first, NULL), '\n'), NULL, 10);
	cr_assert(desk.signed_first > 0 && desk.signed_first < 9);
	return desk;
}

/* Verifies the desk's store against one or two checkpoints. */
static void verify(const struct desk *desk, const char *first, const char *second, int status, const char *says)
{
	site_says(desk->site, status, says, "audit", "verify", "--key", desk->public_key, "--checkpoint", first,
		  second ? "--checkpoint" : NULL, second, NULL);
}

static void stranger(const struct desk *desk, int status, const char *says, const char *what, const char *first,
		     const char *second, const char *third)
{
	struct process_result result;

	process_call(&result, desk->site->environment, NULL, "python3", STRANGER, what, first, second, third, NULL);
	result_says(&result, status, says);
}

static void write_anew(const struct desk *desk, const char *from)
{
	stranger(desk, 0, "", "rewrite", desk->site->store, from, NULL);
	/* The rewritten log has no fault of its own: only a checkpoint reveals the change. */
	site_expect(desk->site, 0, "audit", "verify", NULL);
	site_expect(desk->site, 0, "doctor", NULL);
}

/* Replaces the first `from` in the file by `to`. */
static void change_file(const char *path, const char *from, const char *to)
{
	char *text = temp_read(path, NULL), *at = strstr(text, from), *after = test_keep(calloc(1, strlen(text) + 100));

	cr_assert(at && after, "\"%s\" is not in %s", from, text);
	(void)snprintf(after, strlen(text) + 100, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	temp_write(path, after, strlen(after));
}

/* If one row, its commitment and every later record were forged, only a checkpoint reveals it. */
Test(checkpoint, shows_a_forged_row_with_a_forged_commitment)
{
	struct desk desk = desk_make();
	int tries = test_is_long() ? 300 : 20;
	char *copy = site_path(desk.site, "forged.db"), *command = NULL;

	for (int i = 0; i < tries; i++) {
		command = test_text("cp %s %s && rm -f %s-wal %s-shm %s-mark && rm -rf %s-documents && cp -r "
				    "%s-documents %s-documents && python3 " STRANGER " forge %s %d %d",
				    desk.site->store, copy, copy, copy, copy, copy, desk.site->store, copy, copy, i,
				    RECORDS);
		site_shell(command);
		site_expect(desk.site, 0, "--store", copy, "audit", "verify", NULL);
		site_expect(desk.site, 8, "--store", copy, "audit", "verify", "--key", desk.public_key, "--checkpoint",
			    desk.all, NULL);
	}
}

Test(checkpoint, fits_the_audit_log_that_was_signed_and_what_came_after)
{
	struct desk desk = desk_make();

	verify(&desk, desk.all, NULL, 0, "the first 13 records match this checkpoint, signed by kybdesk/");
	site_expect(desk.site, 0, "note", "CASE-3", "one more", NULL);
	verify(&desk, desk.all, desk.first, 0, "the chain of 14 records is sound");
}

Test(checkpoint, tells_a_audit_log_that_was_written_anew)
{
	struct desk desk = desk_make();
	char says[100];

	write_anew(&desk, "9");
	/* Records that were signed earlier are unchanged. */
	verify(&desk, desk.first, NULL, 0, "records match this checkpoint");
	verify(&desk, desk.all, NULL, 8, "the audit trail was changed: records 1 to 13 differ from the records that");
	(void)snprintf(says, sizeof says, "records %lld to 13 differ from the records that",
		       (long long)desk.signed_first + 1);
	verify(&desk, desk.all, desk.first, 8, says);
}

Test(checkpoint, tells_one_that_was_written_anew_from_the_first_record_on)
{
	struct desk desk = desk_make();

	write_anew(&desk, "1");
	verify(&desk, desk.first, NULL, 8, "differ from the records that");
	verify(&desk, desk.all, desk.first, 8, "records 1 to ");
}

/* This fault is found without a checkpoint: the first record of a chain must not have a previous record. */
Test(checkpoint, is_not_needed_for_a_chain_that_begins_elsewhere)
{
	struct desk desk = desk_make();

	site_change(desk.site, "DROP TRIGGER audit_event_no_update; UPDATE audit_event SET prev_hash = randomblob(32) "
			       "WHERE seq = 1");
	stranger(&desk, 0, "", "rewrite", desk.site->store, "1", NULL);
	verify(&desk, desk.first, NULL, 8, "record 1 is the first bad record: record 1 was changed: it does not begin");
}

/* An intruder replaces the store's file by an earlier copy. */
Test(checkpoint, tells_an_end_that_was_cut_off_with_its_head)
{
	struct desk desk = desk_make();

	char *command = test_text("sqlite3 %s '.backup %s.earlier'", desk.site->store, desk.site->store);
	site_shell(command);
	site_expect(desk.site, 0, "note", "CASE-3", "one", NULL);
	site_expect(desk.site, 0, "note", "CASE-3", "and another one", NULL);
	char *later = sign(&desk, "later");
	command = test_text("mv %s.earlier %s && rm -f %s-wal %s-shm %s-mark", desk.site->store, desk.site->store,
			    desk.site->store, desk.site->store, desk.site->store);
	site_shell(command);
	site_expect(desk.site, 0, "audit", "verify", NULL);
	verify(&desk, desk.all, NULL, 0, "the chain of 13 records is sound");
	verify(&desk, later, NULL, 8, "was signed for 15 records, but the log has 13");
	/* The checkpoint also does not match if other records, equal in number, replace the lost records. */
	site_expect(desk.site, 0, "note", "CASE-1", "another one", NULL);
	site_expect(desk.site, 0, "note", "CASE-1", "and another one", NULL);
	verify(&desk, later, desk.all, 8, "to 15 differ from the records that");
}

Test(checkpoint, of_a_broken_chain_is_not_signed)
{
	struct desk desk = desk_make();
	char *another = site_path(desk.site, "another.key");

	site_change(desk.site,
		    "DROP TRIGGER audit_event_no_update; UPDATE audit_event SET actor = 'bob' WHERE seq = 9");
	site_expect(desk.site, 8, "audit", "checkpoint", "--key", desk.key, NULL);
	site_expect(desk.site, 8, "audit", "key", another, "--new", NULL);
	cr_expect_neq(access(another, F_OK), 0);
	verify(&desk, desk.all, NULL, 8, "record 9 is the first bad record");
}

Test(checkpoint, is_signed_only_when_it_continues_the_one_before)
{
	struct desk desk = desk_make();

	site_expect(desk.site, 0, "note", "CASE-3", "one more", NULL);
	char *more = site_output(desk.site, "audit", "checkpoint", "--key", desk.key, "--checkpoint", desk.all, NULL);
	cr_expect(strstr(more, "\n14\n"), "%s", more);
	write_anew(&desk, "10");
	site_expect(desk.site, 8, "audit", "checkpoint", "--key", desk.key, "--checkpoint", desk.all, NULL);
	site_expect(desk.site, 0, "audit", "checkpoint", "--key", desk.key, "--checkpoint", desk.first, NULL);
}

/* The intruder changes a checkpoint, or signs a checkpoint with another key. */
Test(checkpoint, that_was_changed_is_not_believed)
{
	struct desk desk = desk_make();
	char *forger = site_path(desk.site, "forger.key");

	change_file(desk.all, "\n13\n", "\n12\n");
	verify(&desk, desk.all, NULL, 9, "the signature does not match the key kybdesk/");
	/* Without a key, either the log or the checkpoint may have been changed, and the message says so. */
	site_says(desk.site, 8, "its signature was not verified (--key)", "audit", "verify", "--checkpoint", desk.all,
		  NULL);
	/* A correct checkpoint, but signed with a key that is not the auditor's. */
	site_expect(desk.site, 0, "audit", "key", forger, "--new", NULL);
	desk.all = site_keep(desk.site, "forged", site_output(desk.site, "audit", "checkpoint", "--key", forger, NULL));
	verify(&desk, desk.all, NULL, 9, "the file is not signed by kybdesk/");
	verify(&desk, desk.first, desk.all, 9, "the file is not signed by kybdesk/");
	verify(&desk, desk.key, NULL, 9, "signing.key: the file has no empty line between a text and the signatures");
	verify(&desk, "nowhere", NULL, 9, "nowhere cannot be read");
}

/* A checkpoint names an audit log: its records must be of this log, even if the signature is not verified. */
Test(checkpoint, that_names_another_audit_log_of_the_store_is_refused)
{
	struct desk desk = desk_make();

	change_file(desk.all, "/1\n", "/7\n");
	site_says(desk.site, 9, "/7, but its 13 records belong to kybdesk/", "audit", "verify", "--checkpoint",
		  desk.all, NULL);
	change_file(desk.all, "\n13\n", "\n0\n");
	site_says(desk.site, 9, "it covers no records", "audit", "verify", "--checkpoint", desk.all, NULL);
}

/* If two checkpoints of 13 records differ, a checkpoint of fewer records narrows the range that differs. */
Test(checkpoint, for_as_many_records_as_another_is_held_against_the_shorter_one)
{
	struct desk desk = desk_make();
	char *text = temp_read(desk.all, NULL), *root = strstr(text, "\n13\n"), says[100];

	cr_assert(root);
	root[4] = root[4] == 'A' ? 'B' : 'A';
	char *twin = site_keep(desk.site, "twin", text);
	(void)snprintf(says, sizeof says, "records %lld to 13 differ from the records that %s ",
		       (long long)desk.signed_first + 1, twin);
	site_says(desk.site, 8, says, "audit", "verify", "--checkpoint", desk.all, "--checkpoint", twin, "--checkpoint",
		  desk.first, NULL);
}

Test(checkpoint, of_another_store_is_refused)
{
	struct desk desk = desk_make();
	struct site *other = site_make_bare();
	char *key = site_path(desk.site, "other.key"),
	     *id = site_rows(desk.site, "SELECT ', but this store is kybdesk/' || value || char(10) FROM store_info "
					"WHERE key = 'id'");

	site_expect(other, 0, "init", "--sandbox", NULL); /* a copy would have the same id (support/new_store.h) */
	site_expect(other, 0, "audit", "key", key, "--new", NULL);
	char *path = site_keep(desk.site, "theirs", site_output(other, "audit", "checkpoint", "--key", key, NULL));
	desk.public_key = site_keep(desk.site, "their public", site_output(other, "audit", "key", key, NULL));
	verify(&desk, path, NULL, 9, id);
	/* The key of another store cannot sign a checkpoint of this store. */
	const char *says =
		site_says(desk.site, 9, "The key belongs to kybdesk/", "audit", "checkpoint", "--key", key, NULL);
	cr_expect_null(strstr(says, "since record"), "%s", says);
}

/* Records after the backup are lost, and a checkpoint of them shows this; the restored log has another name. */
Test(checkpoint, of_before_a_backup_was_brought_back_says_what_is_lost)
{
	struct desk desk = desk_make();
	struct site *site = desk.site;
	char *backup = site_path(site, "backup.db"), *moved = site_path(site, "brought back.db"),
	     *second = site_path(site, "second.key");

	site_expect(site, 0, "backup", backup, "--with-key", NULL);
	site_expect(site, 0, "note", "CASE-3", "after the backup", NULL);
	char *later = sign(&desk, "later");
	site_expect(site, 0, "--store", moved, "restore", backup, NULL);
	site_expect(site, 0, "--store", moved, "audit", "verify", "--key", desk.public_key, "--checkpoint", desk.all,
		    "--checkpoint", desk.first, NULL);
	const char *says = site_says(site, 8, "records 1 to 15 differ from the records that", "--store", moved, "audit",
				     "verify", "--key", desk.public_key, "--checkpoint", later, NULL);
	cr_expect(strstr(says, "with record 15 the store was restored from a backup"), "%s", says);
	/* The key of the lost store cannot sign for the restored store, because its audit log has another name. */
	site_says(site, 9, "since record 15, with which the store was restored", "--store", moved, "audit",
		  "checkpoint", "--key", desk.key, NULL);
	char *public_key = site_output(site, "--store", moved, "audit", "key", second, "--new", NULL);
	cr_expect(strstr(public_key, "/2+"), "%s", public_key);
	later = site_keep(site, "of the second",
			  site_output(site, "--store", moved, "audit", "checkpoint", "--key", second, NULL));
	/* If a record is rewritten after the restore, the message does not blame the restore. */
	stranger(&desk, 0, "", "rewrite", moved, "15", NULL);
	says = site_says(site, 8, "records 1 to 15 differ from the records that", "--store", moved, "audit", "verify",
			 "--checkpoint", later, NULL);
	cr_expect_null(strstr(says, "was restored"), "%s", says);
}

Test(checkpoint, keys_are_their_owners_alone_and_never_written_over)
{
	struct desk desk = desk_make();
	char *before = temp_read(desk.key, NULL);
	struct stat status;

	cr_assert_eq(stat(desk.key, &status), 0);
	cr_expect_eq(status.st_mode & 07777, 0600);
	site_expect(desk.site, 9, "audit", "key", desk.key, "--new", NULL);
	char *after = temp_read(desk.key, NULL);
	cr_expect_str_eq(after, before);
	/* A key file cannot replace the store, and its folder must exist. */
	site_expect(desk.site, 9, "audit", "key", desk.site->store, "--new", NULL);
	site_expect(desk.site, 9, "audit", "key", "no/such/folder", "--new", NULL);
	/* A file with a public key cannot sign, and contains no private key. */
	site_expect(desk.site, 9, "audit", "checkpoint", "--key", desk.public_key, NULL);
	after = site_output(desk.site, "audit", "key", desk.public_key, NULL);
	before = temp_read(desk.public_key, NULL);
	cr_expect_str_eq(after, before);
	cr_expect_null(strstr(after, "PRIVATE"));
	/* A key can be shown without a store. */
	site_expect(desk.site, 0, "--store", "nowhere.db", "audit", "key", desk.key, NULL);
}

Test(checkpoint, is_told_to_scripts)
{
	struct desk desk = desk_make();
	char *text = site_output(desk.site, "audit", "verify", "--checkpoint", desk.first, "--checkpoint", desk.all,
				 "--key", desk.key, "--json", NULL);
	json_t *answer = test_keep(json_loads(text, 0, NULL));
	const json_t *found = json_object_get(answer, "checkpoints"), *last = json_array_get(found, 1);
	char *note = temp_read(desk.all, NULL), *root = strstr(note, "\n13\n") + 4;

	cr_assert_eq(json_array_size(found), 2, "%s", text);
	cr_expect_str_eq(json_string_value(json_object_get(last, "file")), desk.all);
	cr_expect_eq(json_integer_value(json_object_get(last, "size")), RECORDS);
	*strchr(root, '\n') = '\0';
	cr_expect_str_eq(json_string_value(json_object_get(last, "root")), root);
	cr_expect(!strncmp(json_string_value(json_object_get(last, "signed_by")), "kybdesk/", 8));
	text = site_output(desk.site, "audit", "checkpoint", "--key", desk.key, "--json", NULL);
	answer = test_keep(json_loads(text, 0, NULL));
	text = temp_read(desk.all, NULL);
	cr_expect_str_eq(json_string_value(json_object_get(answer, "note")), text);
	cr_expect_str_eq(json_string_value(json_object_get(answer, "root")), root);
	cr_expect_eq(json_integer_value(json_object_get(answer, "size")), RECORDS);
	text = site_output(desk.site, "audit", "verify", "--json", NULL);
	answer = test_keep(json_loads(text, 0, NULL));
	cr_expect_eq(json_array_size(json_object_get(answer, "checkpoints")), 0);
}

/* docs/store.md is enough to verify exported records with a checkpoint and a key, without this program. */
Test(checkpoint, is_verified_by_a_stranger)
{
	struct desk desk = desk_make();

	stranger(&desk, 0, "13 of 13 records are those that were signed by kybdesk/", "verify", desk.export, desk.all,
		 desk.public_key);
	stranger(&desk, 0, " of 13 records are those that were signed by kybdesk/", "verify", desk.export, desk.first,
		 desk.public_key);
	change_file(desk.first, "\n", "0\n");
	stranger(&desk, 1, "the key is not that of the audit log", "verify", desk.export, desk.first, desk.public_key);
	write_anew(&desk, "10");
	desk.export = site_keep(desk.site, "export anew", site_output(desk.site, "audit", "export", NULL));
	stranger(&desk, 1, "the records are not the ones that were signed", "verify", desk.export, desk.all,
		 desk.public_key);
	change_file(desk.all, "\n13\n", "\n11\n");
	stranger(&desk, 1, "the signature is false", "verify", desk.export, desk.all, desk.public_key);
}

static void run_timer(const struct desk *desk, const char *folder, int status, const char *says)
{
	site_says(desk->site, status, says, "audit", "checkpoint", "--key", desk->key, "--folder", folder, NULL);
}

/* Signs checkpoints into a folder, as a timer does. */
Test(checkpoint, into_a_folder_continues_the_newest_there)
{
	struct desk desk = desk_make();
	char *folder = site_path(desk.site, "checkpoints");

	run_timer(&desk, folder, 9, "cannot be read");
	cr_assert_eq(mkdir(folder, 0700), 0);
	run_timer(&desk, folder, 0, "000000000013.checkpoint: 13 records");
	run_timer(&desk, folder, 0, "no new record since");
	site_expect(desk.site, 0, "note", "CASE-3", "looked at the register", NULL);
	run_timer(&desk, folder, 0, "000000000014.checkpoint: 14 records");
	char *newest = temp_path(folder, "000000000014.checkpoint");
	verify(&desk, newest, NULL, 0, "the first 14 records match this checkpoint");
	write_anew(&desk, "5");
	run_timer(&desk, folder, 8, "differ from the records that");
	newest = temp_path(folder, "000000000015.checkpoint");
	cr_expect_neq(access(newest, F_OK), 0);
}
