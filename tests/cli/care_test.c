/* Care of the store: findings of doctor about files beside the database, and a store that colleagues share. */
#include "box.h"
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
	cr_assert_eq(box_json(&box, "document", "list", "RAL-1", NULL), 0);
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
	cr_expect_eq(box_run(&box, "doctor", NULL), 0, "%s", box.last.err);
	char *path = bytes_path();
	cr_assert_eq(unlink(path), 0);
	cr_expect_eq(box_run(&box, "doctor", NULL), 8);
	cr_expect(strstr(box.last.err, path), "%s", box.last.err);
}

Test(care, a_document_whose_bytes_were_changed_is_damage)
{
	import_company();
	char *path = bytes_path();
	temp_write(path, "another file", 12);
	cr_expect_eq(box_json(&box, "doctor", NULL), 8);
	cr_expect_str_eq(json_path_text(box.json, "error.code"), "store");
	cr_expect(has_blocker(&box, "damage"));
}

Test(care, doctor_says_when_the_last_checkpoint_is_old)
{
	char *folder = box_path(&box, "kept");

	cr_assert_eq(box_shell(&box, "mkdir kept && \"$K\" audit key checkpoint.key --new"), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "store", "set", "checkpoints", "kept", NULL), 9);
	cr_assert_eq(box_run(&box, "store", "set", "checkpoints", folder, NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "doctor", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "no checkpoint of the audit log is in "), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "audit", "checkpoint", "--key", "checkpoint.key", "--folder", "kept", NULL), 0,
		     "%s", box.last.err);
	cr_assert_eq(box_run(&box, "doctor", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "the last checkpoint of the audit log is from "), "%s", box.last.out);
	cr_expect_null(strstr(box.last.out, "timer"), "%s", box.last.out);
	cr_assert_eq(box_shell(&box, "\"$K\" audit verify --checkpoint kept/*.checkpoint"), 0, "%s", box.last.err);
	cr_assert_eq(box_shell(&box, "touch -d '2 days ago' kept/*.checkpoint"), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "doctor", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "find out why the timer for checkpoints stopped"), "%s", box.last.out);
	cr_assert_eq(box_shell(&box, "rm -r kept"), 0);
	cr_assert_eq(box_run(&box, "doctor", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "cannot be read"), "%s", box.last.out);
}

Test(care, doctor_names_the_package_when_certificate_authorities_are_missing)
{
	cr_assert_eq(box_run(&box, "doctor", NULL), 0);
	cr_expect_null(strstr(box.last.out, "ca-certificates"), "%s", box.last.out);
	NEEDS_EMPTY("/etc/ssl", box_tear_down());
	cr_assert_eq(box_run(&box, "doctor", NULL), 0);
	cr_expect(strstr(box.last.out, "warning  The certificate authorities are missing (/etc/ssl/"), "%s",
		  box.last.out);
	cr_expect(strstr(box.last.out, "apt-get install ca-certificates"), "%s", box.last.out);
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
	cr_expect_eq(box_run(&box, "doctor", NULL), 0);
	cr_expect(strstr(box.last.out, "is not accessible to the group"), "%s", box.last.out);
	cr_expect_null(strstr(box.last.out, "damage"));
}

Test(care, doctor_warns_of_a_store_that_everybody_reaches)
{
	cr_assert_eq(chmod(box.store, 0644), 0);
	cr_expect_eq(box_run(&box, "doctor", NULL), 0);
	cr_expect(strstr(box.last.out, "is accessible to everybody"), "%s", box.last.out);
}

/* The same length, so that only the bytes differ. */
static void forge(const char *path)
{
	size_t length;
	char *bytes = temp_read(path, &length);
	cr_assert(bytes && length);
	bytes[length - 1] ^= 1;
	temp_write(path, bytes, length);
	cr_assert_eq(box_run(&box, "doctor", NULL), 8);
}

Test(care, a_forged_file_is_made_whole_by_importing_the_true_one_again)
{
	import_company();
	char *path = bytes_path();
	forge(path);
	import_company();
	cr_expect_eq(box_run(&box, "doctor", NULL), 0, "%s", box.last.err);
	/* The line has not changed, and that it is read again is not an update. */
	cr_assert_eq(unlink(path), 0);
	box_write(&box, "again.ndjson", company_line("RAL-1"));
	cr_expect_eq(box_json(&box, "import", "again.ndjson", NULL), 0, "%s", box.last.err);
	cr_expect_eq(json_path_int(box.json, "unchanged"), 1);
	cr_expect_eq(box_run(&box, "doctor", NULL), 0, "%s", box.last.err);
}

Test(care, a_forged_file_is_made_whole_by_the_true_one_in_another_case)
{
	import_company();
	char *path = bytes_path(), *line = company_line("RAL-2");
	forge(path);
	box_import(&box, line);
	cr_expect_eq(box_run(&box, "doctor", NULL), 0, "%s", box.last.err);
}

Test(care, a_store_reached_by_a_link_has_the_same_documents)
{
	cr_assert_eq(box_shell(&box, "mkdir elsewhere && ln -s ../store.db elsewhere/linked.db && "
				     "ln -s elsewhere/linked.db twice.db"),
		     0);
	char *first = company_line("RAL-1"), *second = company_line("RAL-2");
	box_import(&box, first);
	cr_expect_eq(box_run(&box, "--store", "elsewhere/linked.db", "doctor", NULL), 0, "%s", box.last.err);
	box_write(&box, "second.ndjson", second);
	cr_assert_eq(box_run(&box, "--store", "twice.db", "import", "second.ndjson", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "doctor", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_shell(&box, "find . -name '*-documents' | wc -l | grep -qx ' *1'"), 0,
		     "the documents' folder is split");
}
