/* Care of the store: findings of doctor about files beside the database, and a store that colleagues share. */
#include "expect.h"
#include "support/needs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(care, .init = box_set_up_files, .fini = box_tear_down);

static void import_company(void)
{
	box_import(&box, company_line("RAL-1"));
}

/* The path of the first document's bytes. */
static char *bytes_path(void)
{
	DONE_JSON("document", "list", "RAL-1");
	const char *hash = json_path_text(box.json, "data[0].sha256");
	return test_text("%s-documents/%.2s/%s", box.store, hash, hash);
}

static mode_t mode_of(const char *path)
{
	struct stat found;
	cr_assert_eq(stat(path, &found), 0, "%s", path);
	return found.st_mode & 07777;
}

Test(care, a_document_whose_bytes_are_gone_is_damage)
{
	import_company();
	DONE("doctor");
	char *path = bytes_path();
	cr_assert_eq(unlink(path), 0);
	REFUSED(8, path, "doctor");
}

Test(care, a_document_whose_bytes_were_changed_is_damage)
{
	import_company();
	char *path = bytes_path();
	temp_write(path, "another file", 12);
	FAILS(8, ("doctor"), "error.code: store");
	BLOCKED("damage");
}

Test(care, doctor_says_when_the_last_checkpoint_is_old)
{
	char *folder = box_path(&box, "kept");

	DONE_SHELL("mkdir kept && \"$K\" audit key checkpoint.key --new");
	ENDS(9, "store", "set", "checkpoints", "kept");
	DONE("store", "set", "checkpoints", folder);
	TELLS(("doctor"), "no checkpoint of the audit log is in ");
	DONE("audit", "checkpoint", "--key", "checkpoint.key", "--folder", "kept");
	TELLS(("doctor"), "the last checkpoint of the audit log is from ");
	PRINTS_NOT("timer");
	DONE_SHELL("\"$K\" audit verify --checkpoint kept/*.checkpoint");
	DONE_SHELL("touch -d '2 days ago' kept/*.checkpoint");
	TELLS(("doctor"), "find out why the timer for checkpoints stopped");
	DONE_SHELL("rm -r kept");
	TELLS(("doctor"), "cannot be read");
}

Test(care, doctor_says_how_old_the_last_backup_is_and_how_much_room_is_left)
{
	DONE_SHELL("mkdir kept");
	DONE("store", "set", "backups", box_path(&box, "kept"));
	TELLS(("doctor"), "no backup is in ", "the disk of the store has more than 1 GiB free");
	DONE("backup", "kept", "--keep", "2");
	TELLS(("doctor"), "ok       the last backup is from ");
	PRINTS_NOT("unfinished");
	DONE_SHELL("touch -d '3 days ago' kept/*.db && touch -d '2 days ago' kept/kybdesk-20261101T000000Z.db.part-1");
	TELLS(("doctor"), "find out why the timer for backups stopped", "1 unfinished file of a backup in ");
}

Test(care, doctor_names_the_package_when_certificate_authorities_are_missing)
{
	DONE("doctor");
	PRINTS_NOT("ca-certificates");
	NEEDS_EMPTY("/etc/ssl", box_tear_down());
	TELLS(("doctor"), "warning  The certificate authorities are missing (/etc/ssl/",
	      "apt-get install ca-certificates");
}

Test(care, a_store_is_its_owners_alone_until_it_is_shared)
{
	import_company();
	char *path = bytes_path();
	cr_expect_eq(mode_of(box.store), 0600);
	cr_expect_eq(mode_of(path), 0600);
}

Test(care, documents_of_a_store_that_a_group_shares_are_the_groups_too)
{
	cr_assert_eq(chmod(test_text("%s-documents", box.store), 02770), 0);
	cr_assert_eq(chmod(box.store, 0660), 0);
	import_company();
	char *path = bytes_path();
	cr_expect_eq(mode_of(path), 0660);
	*strrchr(path, '/') = '\0';
	cr_expect_eq(mode_of(path), 02770);
}

Test(care, doctor_says_when_documents_are_not_shared_like_the_store)
{
	cr_assert_eq(chmod(box.store, 0660), 0);
	TELLS(("doctor"), "is not accessible to the group");
	PRINTS_NOT("damage");
}

Test(care, doctor_warns_of_a_store_that_everybody_reaches)
{
	cr_assert_eq(chmod(box.store, 0644), 0);
	TELLS(("doctor"), "is accessible to everybody");
}

/* Changes the file, but not its length; doctor must report it. */
static void forge(const char *path)
{
	size_t length;
	char *bytes = temp_read(path, &length);
	cr_assert(bytes && length);
	bytes[length - 1] ^= 1;
	temp_write(path, bytes, length);
	ENDS(8, "doctor");
}

Test(care, a_forged_file_is_made_whole_by_importing_the_true_one_again)
{
	import_company();
	char *path = bytes_path();
	forge(path);
	import_company();
	DONE("doctor");
	/* An import of the same line restores a lost file, and counts as unchanged. */
	cr_assert_eq(unlink(path), 0);
	box_write(&box, "again.ndjson", company_line("RAL-1"));
	GIVES(("import", "again.ndjson"), "unchanged = 1");
	DONE("doctor");
}

Test(care, a_forged_file_is_made_whole_by_the_true_one_in_another_case)
{
	import_company();
	char *path = bytes_path(), *line = company_line("RAL-2");
	forge(path);
	box_import(&box, line);
	DONE("doctor");
}

Test(care, a_store_reached_by_a_link_has_the_same_documents)
{
	DONE_SHELL("mkdir elsewhere && ln -s ../store.db elsewhere/linked.db && "
		   "ln -s elsewhere/linked.db twice.db");
	char *first = company_line("RAL-1"), *second = company_line("RAL-2");
	box_import(&box, first);
	DONE("--store", "elsewhere/linked.db", "doctor");
	box_write(&box, "second.ndjson", second);
	DONE("--store", "twice.db", "import", "second.ndjson");
	DONE("doctor");
	DONE_SHELL("find . -name '*-documents' | wc -l | grep -qx ' *1'"); /* all paths to the store use one folder */
}
