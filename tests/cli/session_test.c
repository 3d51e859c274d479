/* Tests `kybdesk session`, the forced command of OpenSSH, without OpenSSH: it runs an SSH client's command line. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* clang-format off */
#define ANA_KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIz2Qfvyf2rSIbijgWQVt/k++XLE245xjYV6rqNlp9FX ana@desk"
#define BO_KEY "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEkKUa9B1mDdp5JR0qfEq0bqlaejKN13cxiHBStE2ghM1Br/FLAayy27NfTRi0vuVvVla64DCZ/oqoMJAExmkPQ= e"
/* clang-format on */

/* A production store of the user that runs the tests, with three people. */
static void make(void)
{
	DONE("init");
	DONE("merchant", "add", "shop");
	DONE("reviewer", "add", "ana", "--role", "reviewer");
	DONE("reviewer", "add", "lea", "--role", "lead");
}

static void set_up(void)
{
	box_world(&box, "session", make);
	box_write(&box, "ana.pub", ANA_KEY "\n");
	box_write(&box, "bo.pub", BO_KEY "\n");
}
TestSuite(session, .init = set_up, .fini = box_tear_down);

/* Runs `kybdesk session` as sshd does, for this reviewer and this command line. */
static int remote_bytes(const char *reviewer, const char *line, const char *input, size_t length)
{
	const char *words[] = { "--store", box.store, "session", "--reviewer", reviewer, NULL };
	char *variable = test_keep(malloc(strlen(line) + 32));
	int status;

	(void)sprintf(variable, "SSH_ORIGINAL_COMMAND=%s", line);
	box_environment(&box, variable);
	/* `session` forbids core dumps of its process, and then the leak check cannot work. */
	box_environment(&box, test_sanitizer_options("detect_leaks=0"));
	status = box_run_words(&box, words, input, length);
	box_environment(&box, test_sanitizer_options(""));
	box_environment(&box, "SSH_ORIGINAL_COMMAND");
	return status;
}

static int remote(const char *reviewer, const char *line, const char *input)
{
	return remote_bytes(reviewer, line, input, input ? strlen(input) : 0);
}

static void expect_refused(const char *line, int status)
{
	int got = remote("ana", line, "");
	cr_expect_eq(got, status, "%s: %d, %s", line, got, box.last.err);
	cr_expect_neq(*box.last.err, '\0', "%s: no sentence", line);
	cr_expect_eq(box.last.out_length, 0, "%s: %s", line, box.last.out);
}

/* A file of people: good lines are kept, refused lines are named with the reason; the sixth person comes with a key. */
Test(session, people_come_from_a_file)
{
	FILE *file = fopen(temp_path(box.folder, "people.csv"), "w");

	cr_assert_not_null(file);
	(void)fprintf(file, "name,role,supervised,key\n# the team\n\nrob,reviewer\nlea,lead\nzoe,boss\nmax\n"
			    " eva , reviewer , supervised , " BO_KEY "\r\ntim,lead,yes\nana,admin,,\n");
	(void)fclose(file);
	ENDS_JSON(3, "reviewer", "add", "--file", "people.csv");
	SHOWS("added = 2", "refused = 5", "lines[0].line = 4", "lines[0].result: added", "lines[1].result: refused",
	      "lines[2].message: Unknown role of a reviewer \"boss\". Allowed: viewer, intake, reviewer, lead, admin",
	      "lines[3].line = 7", "lines[4].name: eva", "lines[4].result: added with key", "lines[5].result: refused");
	DONE("reviewer", "list");
	PRINTS("rob", "eva", "supervised");
	DONE("access", "list", "eva");
	PRINTS("ecdsa-sha2-nistp256");
	ENDS(3, "reviewer", "add", "--file", "people.csv");
	PRINTS("line 4: rob: ", "line 7: a line is NAME,ROLE", "0 added, 0 wait for another admin, 7 refused; correct");
	ENDS(2, "reviewer", "add");
	SAYS("NAME is missing: kybdesk reviewer add NAME --role ROLE");
	ENDS(2, "reviewer", "add", "sam");
	SAYS("--role is missing");
	ENDS(2, "reviewer", "add", "sam", "--file", "people.csv");
}

Test(session, a_command_runs_as_the_reviewer)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(remote("ana", "list --json", NULL), 0, "%s", box.last.err);
	PRINTS("IND-1");
	cr_assert_eq(remote("ana", "note IND-1 'Rang \"twice\"'", NULL), 0, "%s", box.last.err);
	TELLS(("audit", "list", "IND-1"), "ana (reviewer)", "\"via\":\"ssh\"");
	DONE("audit", "verify");
}

Test(session, cases_and_documents_come_from_standard_input_and_go_to_standard_output)
{
	char *line = person_line("IND-1", "Ines Duarte");
	const char *paper = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";
	cr_assert_eq(remote("lea", "import -", line), 0, "%s", box.last.err);
	cr_assert_eq(remote("ana", "document add IND-1 PASSPORT - --name 'a pass.pdf'", paper), 0, "%s", box.last.err);
	cr_assert_eq(remote("ana", "document save IND-1 PASSPORT -o -", NULL), 0, "%s", box.last.err);
	cr_expect_str_eq(box.last.out, paper);
}

Test(session, a_document_of_an_import_is_no_file_of_the_server)
{
	char *line = company_line("RAL-1");
	box_write_files(&box);
	cr_expect_eq(remote("lea", "import -", line), 3, "%s", box.last.err);
	SAYS("cannot read files of this machine");
}

/* Adds a second admin; from then on, two admins must make each change of people, keys, rules and settings. */
static void add_max(void)
{
	DONE("reviewer", "add", "max", "--role", "admin");
}

Test(session, an_admin_installs_rules_from_standard_input)
{
	add_max();
	cr_expect_eq(remote("max", "workflow try -", "{}"), 9, "%s", box.last.err);
	cr_expect_eq(remote("max", "workflow diff ralio-kyb ralio-kyb@shipped", NULL), 0, "%s", box.last.err);
	cr_expect_eq(remote("max", "workflow install ./data/ralio-kyb.json", NULL), 7, "%s", box.last.err);
}

/* Replaces each "@" of the line by the folder; the command must then end with this status. */
static void expect_refused_in(const char *folder, const char *line, int status)
{
	char whole[4096];
	size_t length = 0;
	for (; *line; line++) {
		int written = *line == '@' ? snprintf(whole + length, sizeof whole - length, "%s", folder)
					   : snprintf(whole + length, sizeof whole - length, "%c", *line);
		cr_assert(written > 0 && (size_t)written < sizeof whole - length);
		length += (size_t)written;
	}
	expect_refused(whole, status);
}

Test(session, rules_and_archives_are_checked_from_standard_input)
{
	static const char reasons[] = "[{\"code\":\"other\",\"label\":\"Other\",\"message\":\"Other.\"}]";

	cr_expect_eq(remote("ana", "workflow check -", "{\"name\":3}"), 9);
	SAYS("standard input: name: expected a string", "  - title: is required");
	cr_expect_eq(remote("ana", "reasons check -", reasons), 9);
	SAYS("use --set");
	cr_expect_eq(remote("ana", "reasons check - --set hit", "{}"), 9);
	SAYS("standard input: expected an array");
	cr_expect_eq(remote("ana", "evidence verify -", "no archive"), 8);
	SAYS("The archive was changed, or is another file");
	expect_refused("workflow check x.json", 7);
	expect_refused("reasons check session.json", 7);
	expect_refused("evidence verify case.tar", 7);
	expect_refused("evidence verify - --key public.key", 7);
	expect_refused("evidence verify - --signers signers", 7);
}

Test(session, a_valid_workflow_and_an_intact_archive_are_said_to_be_so)
{
	struct process_result archive;

	DONE_SHELL("cat '" KYB_SOURCE_DIR "/data/workflows/ralio-kyb.json'");
	cr_assert_eq(remote("ana", "workflow check -", test_keep(strdup(box.last.out))), 0, "%s", box.last.err);
	cr_expect_str_eq(box.last.out, "Standard input is a valid workflow\n");
	box_import_person(&box, "IND-1");
	cr_assert_eq(remote("lea", "evidence IND-1 -o -", NULL), 0, "%s", box.last.err);
	archive = box.last;
	box.last = (struct process_result){ 0 };
	cr_expect_eq(remote_bytes("ana", "evidence verify -", archive.out, archive.out_length), 0, "%s", box.last.err);
	archive.out[archive.out_length / 2] ^= 1;
	cr_expect_eq(remote_bytes("ana", "evidence verify -", archive.out, archive.out_length), 8, "%s", box.last.out);
}

Test(session, the_way_out_is_closed)
{
	char *here = box_path(&box, "");
	/* "@" is the folder of this test. */
	static const struct {
		const char *line;
		int status;
	} rows[] = {
		{ "list --store @/out.db", 7 },
		{ "--store=@/out.db list", 7 },
		{ "list --as max", 7 },
		{ "--as=max", 7 },
		{ "session --reviewer max", 7 },
		{ "access add ana -", 7 },
		{ "access add ana ana.pub", 7 },
		{ "access remove lea", 7 },
		{ "access keys", 7 },
		{ "serve", 7 },
		{ "init", 7 },
		{ "demo", 7 },
		{ "config keys @/keys.json", 7 },
		{ "config set store @/out.db", 7 },
		{ "config set reviewer max", 7 },
		{ "config set open_with sh", 7 },
		{ "upgrade", 7 },
		{ "webhook deliver --drain", 7 },
		{ "webhook listen", 7 },
		{ "hook run ticket --folder /etc", 7 },
		{ "backup @/out.db", 7 },
		{ "backup -", 7 },
		{ "restore @/out.db", 7 },
		{ "copy --from a --to b", 7 },
		{ "store move @/out.db", 7 },
		{ "import /etc/passwd", 7 },
		{ "import /dev/stdin", 7 },
		{ "import - --rejects @/out", 7 },
		{ "import -- /etc/passwd", 7 },
		{ "document add X PASSPORT /etc/passwd", 7 },
		{ "document save X Y -o @/out", 7 },
		{ "document save X Y -o@/out", 7 },
		{ "document save X Y --output=@/out", 7 },
		{ "step save X Y --json-fields /etc/passwd", 7 },
		{ "check report X watchlist --status hit --hits /etc/passwd", 7 },
		{ "results X /etc/passwd", 7 },
		{ "reasons install /etc/passwd", 7 },
		{ "workflow diff /etc/passwd ralio-kyb", 7 },
		{ "audit verify --key /etc/passwd", 7 },
		{ "audit checkpoint --key /etc/passwd", 7 },
		/* no shell */
		{ "sh", 2 },
		{ "/bin/sh -c id", 2 },
		{ "list; sh", 2 },
		{ "list && sh", 2 },
		{ "list | sh", 2 },
		{ "$(sh)", 2 },
		{ "`sh`", 2 },
		{ "list $(id)", 2 },
		{ "list *", 2 },
		{ "list 'a", 2 },
		{ "list \"a", 2 },
		{ "list a\\", 2 },
		{ "list\nsh", 2 },
		{ "list\n", 2 },
		{ "/usr/lib/openssh/sftp-server", 2 },
		{ "internal-sftp", 2 },
		{ "scp -t @", 2 },
		{ "scp -f /etc/passwd", 2 },
		{ "rsync --server . /tmp", 2 },
		{ "git-upload-pack x", 2 },
		{ "-o ProxyCommand=sh", 2 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect_refused_in(here, rows[i].line, rows[i].status);
	char *store = box_path(&box, "out.db"), *file = box_path(&box, "out");
	cr_expect_eq(access(store, F_OK), -1);
	cr_expect_eq(access(file, F_OK), -1);
}

Test(session, nothing_of_the_environment_counts)
{
	static const char *const variables[] = { "KYBDESK_STORE=/nowhere/x.db", "KYBDESK_REVIEWER=max",
						 "EDITOR=/bin/sh", "PAGER=/bin/sh",
						 "KYBDESK_TEST_NOW=2020-01-01T00:00:00Z" };
	char *config = box_path(&box, "config"), *folder = box_path(&box, "config/kybdesk");
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		box_environment(&box, variables[i]);
	cr_assert_eq(mkdir(config, 0700), 0);
	cr_assert_eq(mkdir(folder, 0700), 0);
	/* A fault in config.json stops every other command; `session` does not read the account's files. */
	box_write(&box, "config/kybdesk/config.json", "{ \"reviewer\": \"max\", no JSON");
	box_write(&box, "config/kybdesk/views.json", "no JSON");
	cr_expect_eq(remote("ana", "list --json", NULL), 0, "%s", box.last.err);
	cr_expect_eq(remote("ana", "list --view inbox", NULL), 6, "%s", box.last.err);
	cr_expect_eq(remote("ana", "store set deliver all", NULL), 7, "%s", box.last.err);
	SAYS("A reviewer cannot");
}

/* The account's files are everybody's: what a local reviewer keeps in files is kept with the reviewer in the store. */
Test(session, each_reviewer_has_settings_and_keys_of_his_own)
{
	static const struct {
		const char *line, *sentence;
		int status;
	} rows[] = {
		{ "config set theme light", "theme is now light", 0 },
		{ "config set grace_seconds 30", "grace_seconds is now 30", 0 },
		{ "config set time_zone UTC-9", "time_zone is now UTC-9", 0 },
		{ "config set grace_seconds 3601", "grace_seconds: is 3601; allowed: 0 to 3600", 9 },
		{ "config set grace_seconds soon", "grace_seconds is a number, not \"soon\"", 9 },
		{ "config set color no", "color is true or false, not \"no\"", 9 },
		{ "config set color 1", "color: expected true or false", 9 },
		{ "config set colour false", "Did you mean \"color\"?", 9 },
		{ "config set theme lihgt", "Did you mean \"light\"?", 6 },
		{ "config set theme ''", "theme", 6 },
		{ "config set time_zone Mars/One", "is not a time zone of this machine", 9 },
		{ "config set time_zone Mars/One1", "is not a time zone of this machine", 9 },
		{ "config set time_zone CET-1CEST,M3.5.0/2,M10.5.0/3", "time_zone is now CET-1CEST", 0 },
		{ "config set time_zone UTC-9", "time_zone is now UTC-9", 0 },
		{ "config set time_zone ../../../etc/passwd", "is not a time zone of this machine", 9 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect_eq(remote("ana", rows[i].line, NULL), rows[i].status, "%s: %s", rows[i].line, box.last.err);
		cr_expect(strstr(rows[i].status ? box.last.err : box.last.out, rows[i].sentence), "%s: %s%s",
			  rows[i].line, box.last.out, box.last.err);
	}
	cr_expect_eq(remote("ana", "config keys -", "{\"approve\": \"Y\", \"bogus\": \"z\"}"), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "1 line"), "%s", box.last.out);
	cr_expect_eq(remote("ana", "config keys -", "{\"approve\""), 9);
	SAYS("Your keys stay as they were");
	cr_expect_eq(remote("ana", "config keys --json", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "\"keys\":\"Y\""), "%s", box.last.out);
	cr_expect_eq(remote("ana", "config check", NULL), 9);
	SAYS("your keys in the store, line 1: unknown action \"bogus\"");
	cr_expect_eq(remote("ana", "config show", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "your settings in the store") && strstr(box.last.out, "UTC-9"), "%s",
		  box.last.out);
	cr_expect_eq(remote("lea", "config show", NULL), 0, "%s", box.last.err);
	cr_expect_not(strstr(box.last.out, "your settings in the store"), "%s", box.last.out);
	cr_expect_eq(remote("lea", "config keys --json", NULL), 0, "%s", box.last.err);
	cr_expect_not(strstr(box.last.out, "\"keys\":\"Y\""), "%s", box.last.out);
	cr_expect_eq(remote("lea", "--readonly config set mouse false", NULL), 7, "%s", box.last.out);
}

/* A newer program on another host may know more settings: the reviewer is told, and not locked out. */
Test(session, settings_that_this_program_does_not_know_keep_nobody_out)
{
	cr_assert_eq(remote("ana", "config set mouse false", NULL), 0, "%s", box.last.err);
	box_sql(&box, "UPDATE reviewer_setting SET value = '{\"later\": 1}' WHERE kind = 'setting'");
	cr_expect_eq(remote("ana", "list --json", NULL), 0, "%s", box.last.err);
	SAYS("Your settings do not apply: your settings in the store: ");
	cr_expect_eq(remote("ana", "config set mouse true", NULL), 9, "%s", box.last.out);
}

Test(session, unknown_and_disabled_reviewers_are_refused)
{
	cr_expect_eq(remote("eve", "list", NULL), 7);
	SAYS("eve is not a reviewer");
	cr_expect_eq(remote("../ana", "list", NULL), 7);
	DONE("reviewer", "disable", "ana");
	cr_expect_eq(remote("ana", "list", NULL), 7);
	SAYS("disabled");
}

Test(session, the_store_is_named_by_the_forced_command)
{
	REFUSED(2, "--store", "session", "--reviewer", "ana");
	ENDS(2, "--store", box.store, "session");
	/* Without a command the workbench would open, but it needs a terminal. */
	ENDS(2, "--store", box.store, "session", "--reviewer", "ana");
}

Test(session, only_the_owner_of_the_store_runs_it)
{
	if (geteuid() != 0)
		cr_skip_test("giving a file away needs root");
	cr_assert_eq(chown(box.store, 12345, (gid_t)-1), 0);
	cr_expect_eq(remote("max", "list", NULL), 7);
	SAYS("owns the store");
}

Test(session, session_open_is_still_a_command)
{
	DONE("store", "set", "public_url", "https://verify.example");
	cr_expect_eq(remote("lea",
			    "session open generic-kyc --merchant shop --name 'Ana Sousa' --subject-kind individual "
			    "--country PRT --birth 1984-02-11",
			    NULL),
		     0, "%s", box.last.err);
	ENDS(6, "session", "submit", "X");
}

/* --- access --- */

Test(session, keys_are_added_listed_and_removed)
{
	GIVES(("access", "add", "ana", "ana.pub"), "reviewer: ana",
	      "fingerprint: SHA256:NxmrZ+3tH4Nr7OuWyeigDaQds/WJglO5XIPX6aEF7r0");
	REFUSED(5, "belongs to ana", "access", "add", "lea", "ana.pub");
	cr_assert_eq(
		box_run_words(&box, (const char *const[]){ "access", "add", "ana", "-", NULL }, BO_KEY, strlen(BO_KEY)),
		0, "%s", box.last.err);
	GIVES(("access", "list"), "data has 2");
	ENDS(6, "access", "remove", "lea");
	ENDS(6, "access", "remove", "ana", "SHA256:x");
	DONE("access", "remove", "ana", "SHA256:NxmrZ+3tH4Nr7OuWyeigDaQds/WJglO5XIPX6aEF7r0");
	GIVES(("access", "list", "ana"), "data has 1");
	DONE("access", "remove", "ana");
	DONE("access", "add", "lea", "ana.pub");
	DONE("audit", "verify");
}

/* The service account is the first admin; the second admin, max, uses an SSH session. */
Test(session, the_second_admin_confirms_a_key_in_a_session)
{
	add_max();
	DONE("access", "add", "ana", "ana.pub");
	DONE("access", "keys");
	cr_expect_str_eq(box.last.out, "");
	cr_expect_eq(remote("lea", "access add ana -", ANA_KEY), 7, "%s", box.last.err);
	cr_assert_eq(remote("max", "access add ana -", ANA_KEY "\n"), 0, "%s", box.last.err);
	TELLS(("access", "keys"), "--reviewer 'ana'");
	cr_assert_eq(remote("max", "access list --json", NULL), 0, "%s", box.last.err);
	PRINTS("\"reviewer\":\"ana\"");
}

Test(session, a_line_for_sshd_names_program_store_and_reviewer)
{
	char line[4096];
	DONE("access", "keys");
	cr_expect_str_eq(box.last.out, "");
	DONE("access", "add", "ana", "ana.pub");
	DONE("access", "keys");
	(void)snprintf(line, sizeof line, "' --store '%s' session --reviewer 'ana'\" ssh-ed25519 ", box.store);
	cr_expect_eq(strncmp(box.last.out, "restrict,pty,command=\"'/", 24), 0, "%s", box.last.out);
	PRINTS(line);
	DONE("access", "keys", "lea");
	cr_expect_str_eq(box.last.out, "");
	DONE("reviewer", "disable", "ana");
	DONE("access", "keys");
	cr_expect_str_eq(box.last.out, "");
}

Test(session, a_store_with_quotes_in_its_path_is_quoted_for_the_shell_and_for_sshd)
{
	char *folder = box_path(&box, "it's \"a\" $(id)"), *store = box_path(&box, "it's \"a\" $(id)/k.db");
	cr_assert_eq(mkdir(folder, 0700), 0);
	DONE("--store", store, "init");
	DONE("--store", store, "reviewer", "add", "ana", "--role", "viewer");
	DONE("--store", store, "access", "add", "ana", "ana.pub");
	TELLS(("--store", store, "access", "keys"), "/it'\\''s \\\"a\\\" $(id)/k.db' session");
	/* The line does what sshd does: it removes the escapes from the text of command="…", and runs it in a shell. */
	box_environment(&box, "SSH_ORIGINAL_COMMAND=list --json");
	DONE_SHELL("$K --store \"$(echo \"it's \\\"a\\\" \\$(id)\")/k.db\" access keys | "
		   "sed 's/^restrict,pty,command=\"//; s/\" ssh-ed25519 .*//; s/\\\\\"/\"/g' >forced && "
		   "sh -c \"$(cat forced)\"");
	PRINTS("\"data\":[]");
}

/* --- other writers of the store's file --- */

static void expect_writer(const char *path, mode_t mode, const char *says)
{
	struct stat before;
	cr_assert_eq(stat(path, &before), 0);
	cr_assert_eq(chmod(path, mode), 0);
	DONE("doctor");
	if (says)
		PRINTS(says);
	else
		PRINTS_NOT("without kybdesk");
	cr_assert_eq(chmod(path, before.st_mode & 07777), 0);
}

Test(session, init_makes_a_private_store_and_doctor_names_other_writers)
{
	char *store = box_path(&box, "deep/er/k.db");
	char *place = box_path(&box, "deep/er");
	struct stat status;
	DONE("--store", store, "init");
	cr_assert_eq(stat(store, &status), 0);
	cr_expect_eq(status.st_mode & 07777, 0600);
	cr_assert_eq(stat(place, &status), 0);
	cr_expect_eq(status.st_mode & 07777, 0700);
	expect_writer(box.store, 0600, NULL);
	expect_writer(box.store, 0660, "the group ");
	expect_writer(box.store, 0606, "everybody on this machine can write");
	expect_writer(box.folder, 0770, "the group ");
	expect_writer(box.folder, 0777, "everybody on this machine can write");
}
