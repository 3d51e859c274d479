/* backup, restore and copy, as an admin uses them: the copied data, the data left out, and the remains of an
 * interrupted run. */
#include "expect.h"
#include "support/tried.h"
#include "support/http_receiver.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make(void)
{
	DONE("init", "--sandbox");
	box_import_company(&box, "BIZ-1");
	box_import_person(&box, "IND-1");
}

static void set_up(void)
{
	box_world(&box, "copy", make);
	box_write_files(&box);
}

TestSuite(copy, .init = set_up, .fini = box_tear_down);

static void says(const char *wanted)
{
	cr_expect(strstr(box.last.out, wanted) || strstr(box.last.err, wanted), "no \"%s\" in\n%s%s", wanted,
		  box.last.out, box.last.err);
}

static void shell_ends(int status, const char *line, const char *sentence)
{
	cr_expect_eq(box_shell(&box, line), status, "%s: %s%s", line, box.last.out, box.last.err);
	says(sentence);
}

/* Writes to `file` what the program shows of the store: cases, their documents, the list and the inbox. */
#define DUMP(store, file)                                                                                              \
	"for c in BIZ-1 IND-1; do \"$K\" --store " store " show $c --json | grep -v '\"store\"'; "                     \
	"\"$K\" --store " store " document list $c --json; done > " file "; "                                          \
	"\"$K\" --store " store " list --ndjson --all --subsessions >> " file "; \"$K\" --store " store                \
	" inbox --json >> " file

Test(copy, a_backup_is_one_file_and_its_documents)
{
	box_clear(&box, "BIZ-1");
	DONE("approve", "BIZ-1", "--grace", "0");
	DONE("backup", "kept.db");
	says("kept.db is complete: ");
	says("The audit trail is sound: ");
	/* A backup can be copied elsewhere without a -wal and a -shm file. */
	DONE_SHELL("mkdir away && cp -r kept.db kept.db-documents away/ && \"$K\" --store away/kept.db doctor");
	says("the bytes of all documents are present and intact: 1 files");
	says("has no key");
	DONE_SHELL(DUMP("away/kept.db", "b"));
	DONE_SHELL(DUMP("\"$KYBDESK_STORE\"", "a"));
	DONE_SHELL("cmp a b && test -s a");
	DONE_SHELL("\"$K\" --store away/kept.db audit list --json | grep -q store.copy");
}

Test(copy, a_restored_store_goes_on_where_the_backup_was)
{
	DONE("link", "IND-1");
	DONE_SHELL("$K link IND-1 --show > link1; \"$K\" backup kept.db --with-key && chmod a-w kept.db && sha256sum "
		   "kept.db > sum");
	DONE_SHELL("\"$K\" --store back.db restore kept.db && sha256sum -c sum");
	DONE_SHELL("\"$K\" --store back.db audit verify && \"$K\" --store back.db audit list --json | grep -q "
		   "store.restore");
	/* The clients' links still work, because the key was restored too (--with-key). */
	DONE_SHELL("\"$K\" --store back.db link IND-1 --show > link2; cmp link1 link2");
	/* A restored store sends nothing; an admin enables delivery when the store replaces the lost one. */
	DONE_SHELL("\"$K\" --store back.db store show | grep -q 'deliver  nobody'");
	DONE_SHELL("\"$K\" --store back.db doctor | grep -q 'delivers no webhooks'");
	/* Triggers keep the counts, ids continue after the restored ones, and the audit log refuses changes. */
	DONE_SHELL("\"$K\" --store back.db approve IND-1 --grace 0 && \"$K\" --store back.db doctor");
	shell_ends(8, "\"$K\" --store back.db restore kept.db", "There is a store at back.db already");
	cr_expect_neq(box_shell(&box, "sqlite3 back.db \"UPDATE audit_event SET actor = 'x'\""), 0);
	shell_ends(8, "\"$K\" --store back2.db restore nosuch.db",
		   "No backup at nosuch.db; make one with: kybdesk backup FILE");
}

Test(copy, a_backup_is_an_admins)
{
	DONE("reviewer", "add", "lea", "--role", "lead");
	REFUSED(7, "A lead cannot copy the store; ask an admin", "--as", "lea", "backup", "kept.db");
	DONE_SHELL("test ! -e kept.db");
	DONE("backup", "kept.db");
	shell_ends(7, "\"$K\" --store back.db --as lea restore kept.db", "A lead cannot restore a store; ask an admin");
}

Test(copy, the_key_stays_behind_unless_it_is_asked_for)
{
	DONE_SHELL("\"$K\" backup one.db && test ! -e one.db.key");
	DONE_SHELL("\"$K\" backup two.db --with-key && cmp two.db.key \"$KYBDESK_STORE.key\" && test $(stat -c %a "
		   "two.db.key) = 600");
	/* An existing key file is not overwritten: it may be the only key of another store. */
	DONE_SHELL("head -c 32 /dev/zero > three.db.key; cp three.db.key was");
	shell_ends(8, "\"$K\" backup three.db --with-key",
		   "three.db.key already exists and is another store's key; move this file away first");
	DONE_SHELL("cmp three.db.key was");
	DONE_SHELL("\"$K\" copy --from \"$KYBDESK_STORE\" --to four.db && test -e four.db.key");
	DONE_SHELL("\"$K\" copy --from \"$KYBDESK_STORE\" --to five.db --without-key && test ! -e five.db.key");
}

Test(copy, a_key_that_cannot_be_taken_along_is_an_error_and_not_a_copy_without_one)
{
	DONE_SHELL("\"$K\" backup kept.db --with-key; mv \"$KYBDESK_STORE.key\" own; head -c 32 /dev/zero > other; cp "
		   "other \"$KYBDESK_STORE.key\"; cp other kept.db.key");
	shell_ends(8, "\"$K\" backup one.db --with-key", "is not the key of the store");
	says("or move ");
	shell_ends(8, "\"$K\" --store back.db restore kept.db", "is not the key of the store");
	says("kept.db.key away to make the copy without a key");
	DONE_SHELL("mv kept.db.key kept.db.other && \"$K\" --store back.db restore kept.db 2> said && grep -q 'key is "
		   "missing' said && "
		   "test ! -e back.db.key && rm back.db && rm -r back.db-documents && mv kept.db.other kept.db.key");
	DONE_SHELL("rm \"$KYBDESK_STORE.key\"; mkdir \"$KYBDESK_STORE.key\"");
	shell_ends(8, "\"$K\" backup one.db --with-key", "cannot be read: it is not a regular file");
	DONE_SHELL("test ! -e one.db.key && test ! -e back.db.key && \"$K\" backup one.db && test ! -e one.db.key");
	/* If the store's key is missing, the backup reports this and still copies the rest. */
	DONE_SHELL("rmdir \"$KYBDESK_STORE.key\"; \"$K\" backup two.db --with-key 2> said; grep -q 'key is missing' "
		   "said && test -e two.db");
}

Test(copy, what_the_store_has_lost_is_said_and_the_rest_is_kept)
{
	DONE_SHELL("rm $(find \"$KYBDESK_STORE-documents\" -type f | grep -v staging | head -1)");
	REFUSED(8, "The copy at kept.db is complete, but the files of some documents (1) are missing", "backup",
		"kept.db");
	DONE_SHELL("\"$K\" --store kept.db show BIZ-1");
	shell_ends(8, "\"$K\" --store kept.db audit verify", "differs from it in one place");
}

Test(copy, a_broken_audit_log_is_copied_as_it_is_and_said)
{
	DONE_SHELL("sqlite3 \"$KYBDESK_STORE\" \"DROP TRIGGER audit_event_no_update; "
		   "UPDATE audit_event SET actor = 'x' WHERE seq = 2\"");
	REFUSED(8, "its audit trail is broken, as in the source store: record 2 was changed", "backup", "kept.db");
	(void)box_shell(&box, "\"$K\" --store kept.db audit verify");
	cr_expect_neq(box.last.status, 0);
	says("record 2");
}

Test(copy, no_copy_is_made_of_another_kind_of_tables)
{
	DONE_SHELL("sqlite3 \"$KYBDESK_STORE\" \"ALTER TABLE note ADD COLUMN extra TEXT\"");
	REFUSED(8, "its table note differs from this version's", "backup", "kept.db");
	shell_ends(8, "\"$K\" --store kept.db list", "No store at kept.db");
}

/* A backup must not replace a file of another program, a folder or the store itself; bad paths are errors, too. */
Test(copy, bad_places_are_named)
{
	DONE_SHELL("sqlite3 theirs.db 'CREATE TABLE t (x)' && cp theirs.db was && mkdir folder");
	ENDS(8, "backup", "theirs.db");
	DONE_SHELL("cmp theirs.db was");
	ENDS(8, "backup", "folder");
	(void)box_run(&box, "backup", "/dev/null/kept.db", NULL);
	cr_expect_neq(box.last.status, 0);
	REFUSED(8, "part of the store being copied", "backup", box.store);
	/* A backup into the store's own folders is refused, also through a symbolic link. */
	DONE_SHELL("ln -s \"$KYBDESK_STORE-documents\" papers");
	REFUSED(8, "papers/kept.db is part of the store being copied", "backup", "papers/kept.db");
	DONE_SHELL("test ! -e papers/kept.db");
	ENDS(7, "--readonly", "copy", "--from", box.store, "--to", "x.db");
	REFUSED(8, "No store at nothing.db", "copy", "--from", "nothing.db", "--to", "x.db");
	DONE_SHELL("test ! -e nothing.db && test ! -e x.db");
}

#define WRITERS 8
#define BACKUPS 3

/* Each backup is one consistent snapshot, also during writes. */
Test(copy, backups_beside_writers_are_whole)
{
	/* On a busy machine each of them may find the store locked for 5 s: as the message says, it tries again. */
	static const char noting[] = "i=0; while [ ! -e stop ]; do i=$((i+1)); "
				     "until \"$0\" note IND-1 \"note $i\" >/dev/null 2>said$$; do "
				     "grep -q 'nothing was changed, try again$' said$$ || { cat said$$ >&2; exit 1; }; "
				     "done; done";
	const char *argv[] = { "sh", "-c", noting, KYB_PROGRAM, NULL };
	struct process *writers[WRITERS];
	char line[256];

	for (int i = 0; i < WRITERS; i++)
		writers[i] = process_start(&(struct process_options){ .argv = argv,
								      .environment = (const char *const *)box.lines,
								      .folder = box.folder,
								      .timeout_ms = 300000 });
	for (int i = 0; i < BACKUPS; i++) {
		(void)snprintf(line, sizeof line,
			       "until \"$K\" backup kept%d.db 2>told; do grep -q 'try again$' told || { cat told >&2; "
			       "exit 1; }; done",
			       i);
		DONE_SHELL(line);
		(void)snprintf(
			line, sizeof line,
			"\"$K\" --store kept%d.db doctor && test $(sqlite3 kept%d.db 'SELECT count(*) FROM note') "
			"= $(sqlite3 kept%d.db \"SELECT count(*) FROM audit_event WHERE action = 'note.add'\")",
			i, i, i);
		DONE_SHELL(line);
	}
	DONE_SHELL("touch stop");
	for (int i = 0; i < WRITERS; i++) {
		struct process_result result = { 0 };

		cr_assert(process_wait(writers[i], 120000, &result));
		cr_expect_eq(result.status, 0, "%s", result.err);
		process_free(writers[i]);
	}
	DONE_SHELL("test $(sqlite3 kept2.db 'SELECT count(*) FROM note') -gt $(sqlite3 kept0.db 'SELECT count(*) FROM "
		   "note')");
}

/* If a backup is killed at any moment, the copy is missing or complete, and it can be made again. */
Test(copy, a_copy_that_was_killed_is_whole_or_not_there)
{
	const char *argv[] = { KYB_PROGRAM, "backup", "kept.db", NULL };

	for (unsigned i = 0; i < 10; i++) {
		struct process *process = process_start(&(struct process_options){
			.argv = argv, .environment = (const char *const *)box.lines, .folder = box.folder });

		test_sleep_ms(i * 20);
		process_signal(process, i % 2 ? SIGKILL : SIGTERM);
		(void)process_wait(process, 60000, NULL);
		process_free(process);
		(void)box_shell(&box, "\"$K\" --store kept.db doctor");
		if (box.last.status == 0)
			DONE_SHELL("rm -r kept.db*");
		else
			DONE_SHELL("test ! -e kept.db && rm -rf kept.db*");
	}
	DONE("backup", "kept.db");
	DONE_SHELL("\"$K\" --store kept.db doctor");
}

/* A folder of backups holds the newest ones, no leftovers of killed backups, and files of other names. */
Test(copy, a_folder_keeps_the_newest_backups)
{
	DONE_SHELL("mkdir kept && for day in 01 02 03; do \"$K\" backup kept/kybdesk-202001${day}T023000Z.db "
		   "--with-key; done "
		   "&& cp -r kept/kybdesk-20200103T023000Z.db-documents kept/kybdesk-20200104T023000Z.db-documents && "
		   "touch kept/kybdesk-20200104T023000Z.db.part-999999999-wal "
		   "kept/kybdesk-20200104T023000Z.db.part-999999999 "
		   "kept/kybdesk-20200105T023000Z.db.part-2 kept/kybdesk-20200103T023000Z.db.part-999999999 "
		   "kept/other.db "
		   "kept/kybdesk-2020.db && (exec 9<kept; flock --shared 9; ! \"$K\" --as lea backup kept --keep 1) && "
		   "ls kept | grep part-2 && \"$K\" backup kept --keep 2 && ls kept");
	cr_expect(strstr(box.last.out, "Older backups removed: 2; the 2 newest are kept\n"
				       "kybdesk-2020.db\nkybdesk-20200103T023000Z.db\n"
				       "kybdesk-20200103T023000Z.db-documents\nkybdesk-20200103T023000Z.db.key\n"
				       "kybdesk-20"),
		  "%s", box.last.out);
	DONE_SHELL("! ls kept | grep part-");
	DONE_SHELL("ls kept | grep -c . && test -e kept/other.db && \"$K\" --store \"$(ls -d kept/kybdesk-*Z.db | tail "
		   "-n 1)\" doctor");
	/* A backup that fails removes no older one. */
	DONE_SHELL("! \"$K\" --as lea backup kept --keep 1 && test -e kept/kybdesk-20200103T023000Z.db");
	REFUSED(9, "--keep is '0'; it must be a whole number from 1", "backup", "kept", "--keep", "0");
}

/* Backups that are killed at any moment leave nothing once another one is whole. */
Test(copy, killed_backups_leave_nothing_in_the_folder)
{
	char *line =
		test_text("mkdir kept && for i in $(seq %d); do timeout -s KILL 0.0$((i %% 10 + 1)) \"$K\" backup kept "
			  "--keep 3; done >/dev/null 2>&1; sleep 1; \"$K\" backup kept --keep 3 >/dev/null && ls kept "
			  "| grep -vxE "
			  "'kybdesk-[0-9]{8}T[0-9]{6}Z[.]db(-documents)?'; ls kept | grep -c 'db$'",
			  test_is_long() ? 100 : 8);

	DONE_SHELL(line);
	cr_expect(strlen(box.last.out) == 2 && box.last.out[0] >= '1' && box.last.out[0] <= '3', "%s", box.last.out);
	tried("%d killed backups: nothing is left of them", test_is_long() ? 100 : 8);
}

/* During a backup, its name does not exist or is a complete store; afterwards no other file remains. */
Test(copy, a_copy_has_its_name_once_it_is_whole)
{
	DONE_SHELL("(\"$K\" backup kept.db & p=$!; while kill -0 $p 2>/dev/null; do if test -e kept.db; then "
		   "sqlite3 -readonly kept.db 'SELECT count(*) FROM session' || echo BROKEN; fi; done; wait $p) >seen "
		   "2>&1; ! grep -q BROKEN seen");
	DONE_SHELL("test -z \"$(ls | grep part)\" && \"$K\" --store kept.db doctor");
	/* A backup cannot overwrite an existing store. */
	REFUSED(8, "There is a store at kept.db already", "backup", "kept.db");
	DONE_SHELL("\"$K\" --store kept.db doctor");
}

/* A store that is opened through a symbolic link has its key beside the real file, like its documents. */
Test(copy, a_store_behind_a_symbolic_link_has_one_key)
{
	DONE_SHELL("mkdir real && \"$K\" init --store real/a.db --sandbox && ln -s real/a.db by-link.db");
	DONE_SHELL("\"$K\" --store by-link.db doctor | grep -q 'key is present'");
	DONE_SHELL("\"$K\" --store by-link.db backup kept.db --with-key && test -e kept.db.key");
	DONE_SHELL("test -e real/a.db.key && test ! -e by-link.db.key");
	/* A key that a previous version made beside the link is still found. */
	DONE_SHELL("mv real/a.db.key by-link.db.key && \"$K\" --store by-link.db doctor | grep -q 'key is present'");
}

/* --- a copy or a moved store could send the same webhooks again --- */

/* Adds an endpoint and approves a case, so that webhooks are pending. Returns the receiver of the endpoint. */
static struct receiver *one_waits(void)
{
	struct receiver *receiver = receiver_start();

	DONE("endpoint", "add", "--merchant", "shop", "--url", receiver_url(receiver, "/hook"), "--event", "*");
	box_clear(&box, "BIZ-1");
	DONE("approve", "BIZ-1", "--grace", "0");
	DONE_SHELL("test $(sqlite3 store.db \"SELECT count(*) FROM delivery WHERE state = 'pending'\") -gt 0");
	return receiver;
}

Test(copy, a_copy_delivers_nothing_until_an_admin_says_so)
{
	struct receiver *receiver = one_waits();

	DONE_SHELL("\"$K\" copy --from store.db --to twin.db | grep -q 'delivers no webhooks until an admin enables "
		   "delivery'");
	DONE_SHELL("\"$K\" --store twin.db webhook deliver --drain");
	cr_expect_eq(receiver_count(receiver), 0u);
	DONE_SHELL("\"$K\" --store twin.db doctor | grep -q 'delivers no webhooks'");
	DONE_SHELL("\"$K\" store show | grep -q 'deliver  all' && \"$K\" webhook deliver --drain");
	cr_expect_eq(receiver_count(receiver), 2u, "%zu", receiver_count(receiver));
	DONE_SHELL("\"$K\" --store twin.db reviewer add lea --role lead");
	cr_expect_eq(box_shell(&box, "\"$K\" --store twin.db --as lea store set deliver all"), 7);
	DONE_SHELL("\"$K\" --store twin.db store set deliver all && \"$K\" --store twin.db audit list | grep -q "
		   "store.set");
	DONE_SHELL("\"$K\" --store twin.db webhook deliver --drain");
	cr_expect_eq(receiver_count(receiver), 4u);
	receiver_stop(receiver);
}

/* The command must fail and name the new place of the store. */
static void is_closed(const char *line)
{
	shell_ends(8, line, "was moved to elsewhere/new.db by ");
}

Test(copy, a_store_that_was_moved_is_read_only_and_says_where_it_is)
{
	struct receiver *receiver = one_waits();
	const char *argv[] = { KYB_PROGRAM, "webhook", "deliver", NULL };
	struct process_result result = { 0 };
	struct process *worker;

	DONE_SHELL("\"$K\" store set deliver workers && \"$K\" list --ndjson --all > before");
	DONE_SHELL("\"$K\" store move elsewhere/new.db > said && ! grep -q 'delivers no' said");
	is_closed("\"$K\" list");
	is_closed("\"$K\" note IND-1 'ten letters'");
	is_closed("\"$K\" webhook deliver --drain");
	is_closed("\"$K\" copy --from store.db --to third.db");
	is_closed("\"$K\" store move third.db");
	is_closed("\"$K\" store set deliver all");
	DONE_SHELL("test ! -e third.db && \"$K\" list --ndjson --all --readonly | cmp - before");
	DONE_SHELL("\"$K\" --store elsewhere/new.db list --ndjson --all | cmp - before");
	DONE_SHELL("\"$K\" --store elsewhere/new.db doctor && test -e elsewhere/new.db.key");
	DONE_SHELL("\"$K\" --store elsewhere/new.db store show | grep -q 'deliver  workers'");
	DONE_SHELL("\"$K\" --store elsewhere/new.db audit list | grep -q store.move");
	DONE_SHELL("\"$K\" --store elsewhere/new.db webhook deliver --drain");
	cr_expect_eq(receiver_count(receiver), 2u);
	/* A worker that had the store open before the move ends with the same message. */
	DONE_SHELL("sqlite3 store.db \"UPDATE store_info SET value = '' WHERE key = 'moved'\"");
	worker = process_start(&(struct process_options){
		.argv = argv, .environment = (const char *const *)box.lines, .folder = box.folder });
	test_sleep_ms(2000); /* the worker has opened the store */
	DONE_SHELL("\"$K\" store move other.db");
	(void)process_wait(worker, 60000, &result);
	cr_expect(strstr(result.err, "was moved to other.db by"), "%s", result.err);
	process_free(worker);
	receiver_stop(receiver);
}

/* A worker that has nothing to send ends, too, with the exit code for a store that it cannot use. */
Test(copy, a_worker_ends_when_its_store_was_upgraded)
{
	const char *argv[] = { KYB_PROGRAM, "webhook", "deliver", NULL };
	struct process_result result = { 0 };
	struct process *worker = process_start(&(struct process_options){
		.argv = argv, .environment = (const char *const *)box.lines, .folder = box.folder });

	test_sleep_ms(2000); /* the worker has opened the store */
	box_sql(&box, "PRAGMA user_version = 9999");
	cr_assert(process_wait(worker, 20000, &result), "it goes on");
	cr_expect_eq(result.status, 8, "%d: %s", result.status, result.err);
	cr_expect(strstr(result.err, "was upgraded (schema 9999; this program knows"), "%s", result.err);
	process_free(worker);
}

/* If a move is killed at any moment, at most one of the two stores delivers. */
Test(copy, a_move_that_was_killed_leaves_one_store_that_delivers)
{
	const char *argv[] = { KYB_PROGRAM, "store", "move", "new.db", NULL };

	for (unsigned i = 0; i < 10; i++) {
		struct process *process = process_start(&(struct process_options){
			.argv = argv, .environment = (const char *const *)box.lines, .folder = box.folder });

		test_sleep_ms(i * 20);
		process_signal(process, i % 2 ? SIGKILL : SIGTERM);
		(void)process_wait(process, 60000, NULL);
		process_free(process);
		DONE_SHELL("here=0; there=0; \"$K\" store show 2>/dev/null | grep -q 'deliver  all' && here=1; "
			   "test -e new.db && \"$K\" --store new.db store show | grep -q 'deliver  all' && there=1; "
			   "test $((here + there)) -le 1 || exit 1; "
			   "if \"$K\" list >/dev/null 2>&1; then rm -rf new.db*; else \"$K\" --store new.db doctor && "
			   "sqlite3 store.db \"UPDATE store_info SET value = '' WHERE key = 'moved'\" && rm -rf "
			   "new.db*; fi");
	}
	DONE_SHELL("\"$K\" store move new.db && \"$K\" --store new.db doctor");
}
