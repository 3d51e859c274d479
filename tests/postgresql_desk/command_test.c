/* Commands of the program on a store on a PostgreSQL server, from one host and from two. */
#include "cli/box.h"
#include "postgresql/server.h"
#include "store/place.h"
#include "kybdesk/base/version.h"
#include "support/http_receiver.h"
#include "support/keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "Secret1-of-the-address"

static struct box other;
static char *place;

static void open_host(struct box *host)
{
	box_open_bare(host);
	box_environment(host, test_text("KYBDESK_STORE=%s&password=" SECRET, place));
}

static void set_up(void)
{
	place = place_make(NULL, NULL);
	open_host(&box);
	cr_assert_eq(box_run(&box, "init", "--sandbox", NULL), 0, "%s", box.last.err);
}

static void tear_down(void)
{
	box_close(&box);
}

TestSuite(command, .init = set_up, .fini = tear_down);

static void well(const char *wanted)
{
	cr_expect_eq(box.last.status, 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, wanted), "no \"%s\" in\n%s%s", wanted, box.last.out, box.last.err);
	cr_expect_null(strstr(box.last.out, SECRET));
	cr_expect_null(strstr(box.last.err, SECRET));
}

static void box_is(struct box *host, const char *line)
{
	cr_assert_eq(box_shell(host, line), 0, "%s: %s%s", line, host->last.out, host->last.err);
}

Test(command, a_day_on_a_server)
{
	char *line = company_line("BIZ-1");

	cr_expect_neq(box_run(&box, "init", NULL), 0);
	cr_expect(strstr(box.last.err, "There is a store at postgresql://kybdesk@"), "%s", box.last.err);
	cr_expect_null(strstr(box.last.err, SECRET));
	box_write_files(&box);
	box_import(&box, line);
	box_clear(&box, "BIZ-1");
	(void)box_run(&box, "approve", "BIZ-1", "--grace", "0", NULL);
	well("");
	(void)box_run(&box, "show", "BIZ-1", NULL);
	well("approved");
	(void)box_run(&box, "list", "--filter", "harbour status:approved", NULL);
	well("Harbour Lane Trading Ltd");
	(void)box_run(&box, "document", "list", "BIZ-1", NULL);
	(void)box_run(&box, "audit", "verify", NULL);
	well("is sound");
	box_is(&box, "\"$K\" audit key desk.key --new >desk.pub && \"$K\" audit checkpoint --key desk.key >signed && "
		     "\"$K\" note BIZ-1 'after it' && \"$K\" audit verify --checkpoint signed --key desk.pub");
	(void)box_run(&box, "doctor", NULL);
	well("the bytes of all documents are present and intact: 1 files");
	(void)box_run(&box, "store", "show", "--json", NULL);
	well("postgresql://kybdesk@");
	(void)box_run(&box, "config", "show", NULL);
	well("postgresql://kybdesk@");
	(void)box_run(&box, "info", NULL);
	well("PostgreSQL");
}

Test(command, doctor_sees_what_somebody_else_did_to_the_tables)
{
	(void)box_run(&box, "doctor", NULL);
	well("the database is intact");
	well("the search index has every session");
	box_import_person(&box, "IND-1");
	shell_run(place, "DELETE FROM session_text");
	cr_expect_neq(box_run(&box, "doctor", NULL), 0);
	cr_expect(strstr(box.last.out, "the search index lacks sessions: 1"), "%s", box.last.out);
	shell_run(place, "DROP INDEX session_inbox_due");
	cr_expect_neq(box_run(&box, "doctor", NULL), 0);
	cr_expect(strstr(box.last.out, "the index session_inbox_due is missing"), "%s", box.last.out);
}

Test(command, an_approval_that_nobody_made_is_found)
{
	box_import_person(&box, "IND-1");
	box_import_person(&box, "IND-2");
	cr_expect_eq(box_run(&box, "approve", "IND-2", "--grace", "0", NULL), 0, "%s", box.last.err);
	(void)box_run(&box, "audit", "verify", NULL);
	well("2 sessions, with 1 decisions");
	shell_run(place,
		  "UPDATE session SET status = 'approved', final_decision = 'approved' WHERE external_ref = 'IND-1'");
	cr_expect_eq(box_run(&box, "audit", "verify", NULL), 8, "%s", box.last.out);
	cr_expect(strstr(box.last.err, "IND-1 is approved, but its last audit record, "), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "doctor", NULL), 8, "%s", box.last.out);
	cr_expect(strstr(box.last.out, "IND-1 is approved, but its last audit record, "), "%s", box.last.out);
	cr_expect_eq(box_run(&box, "show", "IND-1", NULL), 0);
	cr_expect(!strncmp(box.last.out, "This case differs from the audit log", 36), "%s", box.last.out);
	cr_expect_eq(box_run(&box, "show", "IND-2", NULL), 0);
	cr_expect_null(strstr(box.last.out, "audit log"), "%s", box.last.out);
}

/* Each host has its own key file; without it everything but links works. */
Test(command, a_second_host_needs_the_key_for_links_alone)
{
	box_import_person(&box, "IND-1");
	open_host(&other);
	cr_expect_eq(box_run(&other, "show", "IND-1", NULL), 0, "%s", other.last.err);
	cr_expect_neq(box_run(&other, "link", "IND-1", NULL), 0);
	cr_expect(strstr(other.last.err, "has no key: "), "%s", other.last.err);
	cr_assert_eq(box_shell(&other, "mkdir -p \"$XDG_DATA_HOME/kybdesk\""), 0);
	char *copy = test_text("cp %s/data/kybdesk/*.key %s/data/kybdesk/", box.folder, other.folder);
	cr_assert_eq(box_shell(&other, copy), 0, "%s", other.last.err);
	cr_expect_eq(box_run(&box, "link", "IND-1", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&other, "link", "IND-1", NULL), 0, "%s", other.last.err);
	cr_expect(strstr(other.last.out, "/s/"), "%s", other.last.out);
	box_close(&other);
}

#define SHOWN(file)                                                                                                    \
	"for c in BIZ-1 IND-1; do \"$K\" show $c --json; \"$K\" document list $c --json; done > " file                 \
	"; \"$K\" list --ndjson --all --subsessions >> " file "; \"$K\" inbox --json >> " file

/* Copies a store from a server to a file and on to another schema: all output stays the same, and work continues. */
Test(command, a_store_moves_between_a_server_and_a_file)
{
	char *line = company_line("BIZ-1"), *second = place_make(NULL, NULL);

	box_write_files(&box);
	box_import(&box, line);
	box_import_person(&box, "IND-1");
	box_clear(&box, "BIZ-1");
	box_is(&box, "\"$K\" approve BIZ-1 --grace 0");
	box_is(&box, SHOWN("one"));
	box_is(&box, "\"$K\" backup kept.db --with-key && KYBDESK_STORE=kept.db; export KYBDESK_STORE; " SHOWN("two"));
	box_is(&box, "cmp one two && test -s one && \"$K\" --store kept.db doctor");
	char *text = test_text("%s&password=" SECRET, second);
	cr_assert_eq(box_run(&box, "copy", "--from", "kept.db", "--to", text, NULL), 0, "%s", box.last.err);
	well("is complete: ");
	box_environment(&box, "KYBDESK_STORE");
	text = test_text("KYBDESK_STORE=%s&password=" SECRET, second);
	box_environment(&box, text);
	box_is(&box, SHOWN("three"));
	box_is(&box, "cmp one three");
	/* In the copy, new ids follow the copied ids, triggers and foreign keys work, and the audit log is sound. */
	box_import_person(&box, "IND-2");
	box_is(&box, "\"$K\" approve IND-1 --grace 0 && \"$K\" link IND-2 && \"$K\" audit verify");
	(void)box_run(&box, "doctor", NULL);
	well("the bytes of all documents are present and intact: 1 files");
	cr_expect_null(strstr(box.last.out, "damage"), "%s", box.last.out);
	(void)box_run(&box, "audit", "list", NULL);
	well("store.copy");
	(void)box_run(&box, "copy", "--from", "kept.db", "--to", text + strlen("KYBDESK_STORE="), NULL);
	cr_expect_eq(box.last.status, 8);
	cr_expect(strstr(box.last.err, "There is a store at postgresql://kybdesk@"), "%s", box.last.err);
	cr_expect_null(strstr(box.last.err, SECRET));
}

#define CASES 12

Test(command, two_hosts_deliver_each_webhook_once)
{
	const char *const argv[] = { KYB_PROGRAM, "webhook", "deliver", "--drain", NULL };
	struct receiver *receiver = receiver_start();
	struct process *process;
	char reference[16];

	cr_assert_eq(box_run(&box, "merchant", "add", "shop", NULL), 0);
	cr_assert_eq(box_run(&box, "endpoint", "add", "--merchant", "shop", "--url", receiver_url(receiver, "/hook"),
			     "--event", "*", NULL),
		     0, "%s", box.last.err);
	for (int i = 0; i < CASES; i++) {
		(void)snprintf(reference, sizeof reference, "IND-%d", i);
		box_import_person(&box, reference);
		cr_assert_eq(box_run(&box, "approve", reference, "--grace", "0", NULL), 0, "%s", box.last.err);
	}
	open_host(&other);
	process = process_start(&(struct process_options){
		.argv = argv, .environment = (const char *const *)other.lines, .folder = other.folder });
	cr_expect_eq(box_run(&box, "webhook", "deliver", "--drain", NULL), 0, "%s", box.last.err);
	cr_assert(process_wait(process, 120000, &other.last));
	cr_expect_eq(other.last.status, 0, "%s", other.last.err);
	cr_expect_eq(receiver_count(receiver), CASES);
	process_free(process);
	box_close(&other);
	receiver_stop(receiver);
}

/* The line for sshd contains the address: options are welcome there, a password is not, in any form. */
Test(command, the_line_for_sshd_takes_options_but_no_password)
{
	static const char *const passwords[] = { "password", "sslpassword" };
	cr_expect_eq(box_run(&box, "--store", place, "access", "keys", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "--store", test_text("%s&sslmode=prefer", place), "access", "keys", NULL), 0, "%s",
		     box.last.err);
	for (size_t i = 0; i < sizeof passwords / sizeof *passwords; i++) {
		char *address = test_text("%s&%s=" SECRET, place, passwords[i]);
		cr_expect_neq(box_run(&box, "--store", address, "access", "keys", NULL), 0);
		cr_expect(strstr(box.last.err, "move the password to the account's .pgpass"), "%s", box.last.err);
		cr_expect_null(strstr(box.last.err, SECRET));
	}
}

/* From PostgreSQL 15 on, only the database's owner may create tables by default; other users get an error. */
Test(command, init_without_the_right_to_create_names_it_and_the_statement_that_grants_it)
{
	struct arena arena = ARENA_INIT;
	char *bare = place_make(NULL, NULL), *rest = strstr(bare, "user=kybdesk");

	cr_assert_not_null(rest, "%s", bare);
	char *address = test_text("%.*suser=clerk%s", (int)(rest - bare), bare, rest + strlen("user=kybdesk"));
	const char *schema = place_text(&arena, bare, "SELECT current_schema()");
	shell_run(bare, "DROP ROLE IF EXISTS clerk");
	shell_run(bare, "CREATE ROLE clerk LOGIN");
	shell_run(bare, arena_printf(&arena, "GRANT USAGE ON SCHEMA %s TO clerk", schema));
	cr_expect_eq(box_run(&box, "--store", address, "init", NULL), 8);
	char *grant = test_text("GRANT CREATE ON SCHEMA %s TO clerk;", schema);
	cr_expect(strstr(box.last.err, grant), "%s", box.last.err);
	cr_expect(strstr(box.last.err, "createdb --owner clerk"), "%s", box.last.err);
	cr_expect_null(strstr(box.last.err, "CREATE TABLE"));
	cr_expect_lt(strlen(box.last.err), 700u);
	shell_run(bare, grant);
	cr_expect_eq(box_run(&box, "--store", address, "init", "--sandbox", NULL), 0, "%s", box.last.err);
	arena_release(&arena);
}

/* `kybdesk upgrade` does not back up a server by itself: its message asks for a backup with pg_dump. */
Test(command, an_upgrade_on_a_server_asks_for_a_backup_first)
{
	shell_run(place, "UPDATE kybdesk_store SET version = version - 1");
	cr_expect_eq(box_run(&box, "upgrade", NULL), 4, "%s", box.last.err);
	cr_expect(strstr(box.last.err, "pg_dump"), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "upgrade", "--dry-run", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "Nothing was changed"), "%s", box.last.out);
	cr_expect(strstr(box.last.out, test_text("This program is kybdesk %s\n", program_version)), "%s", box.last.out);
	cr_expect_eq(box_run(&box, "--readonly", "inbox", NULL), 8, "%s", box.last.err);
	cr_expect(strstr(box.last.err, "kybdesk upgrade"), "%s", box.last.err);
	shell_run(place, "UPDATE kybdesk_store SET version = version + 1");
	cr_expect_eq(box_run(&box, "upgrade", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "no upgrade is needed"), "%s", box.last.out);
}
