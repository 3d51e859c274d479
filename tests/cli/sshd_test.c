/*
 * Access through the real sshd: a production store of a service account, and three people with accounts of their own
 * and their own keys. The accounts, sshd's folder and all files exist in a private view of /etc/passwd and /run only.
 */
#include "support/needs.h"
#include "support/process.h"
#include "support/pty.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define SSHD "/usr/sbin/sshd"
#define SERVICE_UID 40001
#define PATH_SIZE 256

static const struct person {
	const char *name, *role;
	unsigned uid;
} people[] = { { "ana", "reviewer", 40002 }, { "lea", "lead", 40003 }, { "max", "admin", 40004 } };
#define PEOPLE (sizeof people / sizeof *people)

static char root[32]; /* the user root owns this folder and its parents, as AuthorizedKeysCommand needs */
static char store[PATH_SIZE], port[16];
static struct process *server;
static struct process_result last;

static const char *at(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *at(const char *format, ...)
{
	static char texts[8][PATH_SIZE];
	static unsigned next;
	char *text = texts[next++ % 8];
	size_t length = (size_t)snprintf(text, PATH_SIZE, "%s/", root);
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text + length, PATH_SIZE - length, format, args);
	va_end(args);
	return text;
}

/* --- setting up --- */

static int call(const char *const *argv, const char *input, size_t length)
{
	static const char *const environment[] = { "KYBDESK_STORE",
						   "KYBDESK_REVIEWER",
						   "XDG_CONFIG_HOME",
						   "XDG_DATA_HOME",
						   "LC_ALL=C.UTF-8",
						   "SSH_AUTH_SOCK",
						   NULL };
	process_run(&(struct process_options){ .argv = argv,
					       .environment = environment,
					       .input = input,
					       .input_length = length,
					       .folder = root,
					       .timeout_ms = 30000 },
		    &last);
	return last.status;
}

static int shell(const char *line)
{
	return call((const char *const[]){ "sh", "-c", line, NULL }, NULL, 0);
}

/* Runs kybdesk as an account of this machine. */
static int local(unsigned uid, const char *line)
{
	char text[1024];
	(void)snprintf(text, sizeof text,
		       "SSH_ORIGINAL_COMMAND=list ASAN_OPTIONS=detect_leaks=0 HOME=/ setpriv --reuid %u --regid %u "
		       "--clear-groups %s/kybdesk --store %s %s",
		       uid, uid, root, store, line);
	return shell(text);
}

static void must_local(unsigned uid, const char *line)
{
	cr_assert_eq(local(uid, line), 0, "%s: %s", line, last.err);
}

static void write_file(const char *path, const char *text, unsigned mode)
{
	temp_write(path, text, strlen(text));
	cr_assert_eq(chmod(path, mode), 0);
}

/* Adds the accounts to a copy of /etc/passwd that only this process and its children see in its place. */
static void add_accounts(void)
{
	char line[1024];
	size_t length;
	char *known = temp_read("/etc/passwd", &length);
	const char *path = at("passwd");
	FILE *file = fopen(path, "w");
	cr_assert(known && file);
	(void)fwrite(known, 1, length, file);
	(void)snprintf(line, sizeof line, "kybdesk:x:%d:%d::%s/service:/bin/sh\n", SERVICE_UID, SERVICE_UID, root);
	(void)fputs(line, file);
	for (size_t i = 0; i < PEOPLE; i++)
		(void)fprintf(file, "%s:x:%u:%u::%s/%s:/bin/sh\n", people[i].name, people[i].uid, people[i].uid, root,
			      people[i].name);
	cr_assert_eq(fclose(file), 0);
	cr_assert_eq(chmod(path, 0644), 0);
	cr_assert_eq(mount(path, "/etc/passwd", NULL, MS_BIND, NULL), 0);
}

static void add_person(const struct person *person)
{
	char line[1024];
	cr_assert_eq(mkdir(at("%s", person->name), 0700), 0);
	(void)snprintf(line, sizeof line, "ssh-keygen -q -t ed25519 -N '' -C %s -f %s/%s/key && chown -R %u:%u %s/%s",
		       person->name, root, person->name, person->uid, person->uid, root, person->name);
	cr_assert_eq(shell(line), 0, "%s", last.err);
	/* max becomes an admin last, because from then on two admins must make each change of people and keys. */
	(void)snprintf(line, sizeof line, "reviewer add %s --role %s", person->name,
		       strcmp(person->role, "admin") ? person->role : "viewer");
	must_local(SERVICE_UID, line);
	(void)snprintf(line, sizeof line, "cp %s/%s/key.pub %s/service/new.pub; chmod 644 %s/service/new.pub", root,
		       person->name, root, root);
	cr_assert_eq(shell(line), 0, "%s", last.err);
	(void)snprintf(line, sizeof line, "access add %s %s/service/new.pub", person->name, root);
	must_local(SERVICE_UID, line);
	if (strcmp(person->role, "admin") == 0) {
		(void)snprintf(line, sizeof line, "reviewer role %s admin", person->name);
		must_local(SERVICE_UID, line);
	}
}

static void find_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	cr_assert_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	(void)snprintf(port, sizeof port, "%u", (unsigned)ntohs(address.sin_port));
	close(fd);
}

static void start_server(void)
{
	char text[2048];
	cr_assert_eq(shell("ssh-keygen -q -t ed25519 -N '' -f host_key"), 0, "%s", last.err);
	(void)snprintf(text, sizeof text,
		       "#!/bin/sh\nASAN_OPTIONS=detect_leaks=0 exec %s/kybdesk --store '%s' access keys\n", root,
		       store);
	write_file(at("keys"), text, 0755);
	/* A careless administrator could write AcceptEnv and the other options in this way. */
	(void)snprintf(text, sizeof text,
		       "Port %s\nListenAddress 127.0.0.1\nHostKey %s/host_key\nPidFile none\nUsePAM no\n"
		       "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin no\n"
		       "AuthorizedKeysFile none\nAcceptEnv LANG LC_* EDITOR VISUAL PAGER KYBDESK_* XDG_* HOME TMPDIR\n"
		       "SetEnv ASAN_OPTIONS=detect_leaks=0\nSubsystem sftp internal-sftp\n"
		       "AllowTcpForwarding yes\nAllowAgentForwarding yes\nPermitUserEnvironment yes\n"
		       "Match User kybdesk\n AuthorizedKeysCommand %s/keys\n AuthorizedKeysCommandUser kybdesk\n",
		       port, root, root);
	write_file(at("sshd_config"), text, 0600);
	const char *argv[] = { SSHD, "-D", "-e", "-f", at("sshd_config"), NULL };
	server = process_start(&(struct process_options){ .argv = argv, .folder = root, .timeout_ms = 120000 });
	cr_assert(process_wait_output(server, "Server listening", 10000), "sshd did not start");
}

static void tear_down(void)
{
	if (server) {
		process_signal(server, SIGTERM);
		(void)process_wait(server, 5000, NULL);
		process_free(server);
	}
	/* The files disappear when this process, with its view of /run, ends. */
}

static void set_up(void)
{
	if (geteuid() != 0)
		cr_skip_test("starting sshd and changing accounts needs root");
	if (access(SSHD, X_OK) != 0)
		cr_skip_test("sshd is not installed here (package openssh-server; ./dev test installs it)");
	NEEDS("ssh", "openssh-client");
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("kybdesk-test", "/run", "tmpfs", 0, "mode=755") != 0)
		cr_skip_test("mounting is not allowed here");
	(void)snprintf(root, sizeof root, "/run/kybdesk");
	cr_assert_eq(mkdir(root, 0755), 0);
	cr_assert_eq(mkdir("/run/sshd", 0755), 0);
	add_accounts();
	char line[1024];
	(void)snprintf(line, sizeof line, "cp '%s' kybdesk && chmod 755 kybdesk", KYB_PROGRAM);
	cr_assert_eq(shell(line), 0, "%s", last.err);
	cr_assert_eq(mkdir(at("service"), 0700), 0);
	cr_assert_eq(chown(at("service"), SERVICE_UID, SERVICE_UID), 0);
	(void)snprintf(store, sizeof store, "%s/service/kybdesk.db", root);
	must_local(SERVICE_UID, "init");
	must_local(SERVICE_UID, "merchant add shop");
	for (size_t i = 0; i < PEOPLE; i++)
		add_person(&people[i]);
	find_port();
	start_server();
}
TestSuite(sshd, .init = set_up, .fini = tear_down, .timeout = 120);

/* --- clients --- */

#define CLIENT_WORDS 48
struct client {
	const char *argv[CLIENT_WORDS];
	size_t count;
	char identity[PATH_SIZE], uid[16], gid[16];
};

static void add_word(struct client *client, const char *word)
{
	cr_assert_lt(client->count, (size_t)(CLIENT_WORDS - 1));
	client->argv[client->count++] = word;
	client->argv[client->count] = NULL;
}

/* Prepares an ssh command as this person; options may be NULL. */
static void client_begin(struct client *client, const struct person *person, const char *const *options)
{
	*client = (struct client){ .count = 0 };
	(void)snprintf(client->identity, sizeof client->identity, "%s/%s/key", root, person->name);
	(void)snprintf(client->uid, sizeof client->uid, "%u", person->uid);
	const char *const words[] = { "setpriv",
				      "--reuid",
				      client->uid,
				      "--regid",
				      client->uid,
				      "--clear-groups",
				      "ssh",
				      "-F",
				      "/dev/null",
				      "-p",
				      port,
				      "-i",
				      client->identity,
				      "-o",
				      "IdentitiesOnly=yes",
				      "-o",
				      "BatchMode=yes",
				      "-o",
				      "StrictHostKeyChecking=no",
				      "-o",
				      "UserKnownHostsFile=/dev/null",
				      "-o",
				      "LogLevel=ERROR" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		add_word(client, words[i]);
	for (; options && *options; options++)
		add_word(client, *options);
	add_word(client, "kybdesk@127.0.0.1");
}

static int ssh_with(const struct person *person, const char *const *options, const char *line, const char *input)
{
	struct client client;
	client_begin(&client, person, options);
	if (line)
		add_word(&client, line);
	return call(client.argv, input, input ? strlen(input) : 0);
}

static int ssh_as(const char *name, const char *line, const char *input)
{
	for (size_t i = 0; i < PEOPLE; i++)
		if (!strcmp(people[i].name, name))
			return ssh_with(&people[i], NULL, line, input);
	abort();
}

static const char case_line[] =
	"{\"external_ref\":\"IND-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
	"\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ines Duarte\","
	"\"country\":\"PRT\",\"date_of_birth\":\"1984-02-11\",\"tax_id\":\"12345-1\"},"
	"\"checks\":[{\"kind\":\"face_match\",\"status\":\"passed\"}],\"steps\":[{\"id\":"
	"\"identity\",\"status\":\"completed\"}]}\n";
static const char paper[] = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

static void expect_reached_nothing(void)
{
	cr_expect_null(strstr(last.out, "root:"), "%s", last.out);
	cr_expect_null(strstr(last.out, "uid="), "%s", last.out);
	cr_expect_eq(access("/tmp/kybdesk-escaped", F_OK), -1);
}

Test(sshd, three_people_work_through_their_keys)
{
	cr_assert_eq(ssh_as("lea", "import -", case_line), 0, "%s", last.err);
	cr_assert_eq(ssh_as("ana", "list --json", NULL), 0, "%s", last.err);
	cr_expect(strstr(last.out, "IND-1"), "%s", last.out);
	cr_assert_eq(ssh_as("ana", "document add IND-1 PASSPORT - --name pass.pdf", paper), 0, "%s", last.err);
	cr_assert_eq(ssh_as("ana", "document save IND-1 PASSPORT -o -", NULL), 0, "%s", last.err);
	cr_expect_str_eq(last.out, paper);
	cr_assert_eq(ssh_as("ana", "note IND-1 'two words'", NULL), 0, "%s", last.err);
	cr_expect_eq(ssh_as("ana", "reviewer add eve --role admin", NULL), 7, "%s", last.err);
	cr_expect_eq(ssh_as("max", "merchant add pier", NULL), 0, "%s", last.err);
	cr_assert_eq(ssh_as("lea", "audit export", NULL), 0, "%s", last.err);
	cr_expect(strstr(last.out, "\"actor\":\"lea\""), "%s", last.out);
	cr_expect(strstr(last.out, "\"actor\":\"ana\""));
	cr_expect(strstr(last.out, "via"));
	cr_expect_eq(ssh_as("max", "audit verify", NULL), 0, "%s", last.err);
	cr_expect_eq(ssh_as("max", "doctor", NULL), 0, "%s", last.err);
}

static struct terminal *workbench_of(const struct person *person)
{
	static const char *const options[] = { "-tt", NULL };
	struct client client;
	client_begin(&client, person, options);
	struct terminal *terminal = terminal_start(
		&(struct terminal_options){ .argv = client.argv, .folder = root, .rows = 30, .columns = 100 });
	cr_assert(terminal_wait(terminal, "Ines Duarte", 60000), "%s", terminal_screen(terminal));
	cr_expect(terminal_shows(terminal, person->name), "%s", terminal_screen(terminal));
	return terminal;
}

/* The workbench reports a view as saved before its writer has committed the view. */
static void wait_until_kept(const char *person, const char *command)
{
	int status = -1;

	for (size_t i = 0; status && i < 20; i++)
		status = ssh_as(person, command, NULL);
	cr_assert_eq(status, 0, "%s: %s", command, last.err);
}

static void leave(struct terminal *terminal)
{
	terminal_type(terminal, "q");
	cr_expect_eq(terminal_wait_exit(terminal, 60000), 0, "%s", terminal_screen(terminal));
	terminal_free(terminal);
}

Test(sshd, the_workbench_opens_in_the_clients_terminal_and_keeps_views_and_drafts_in_the_store)
{
	cr_assert_eq(ssh_as("lea", "import -", case_line), 0, "%s", last.err);
	struct terminal *terminal = workbench_of(&people[0]);
	terminal_type(terminal, ":keep-view porto");
	terminal_press(terminal, TERMINAL_ENTER);
	cr_expect(terminal_wait(terminal, "as the view \"porto\"", 60000), "%s", terminal_screen(terminal));
	terminal_press(terminal, TERMINAL_ENTER);
	terminal_type(terminal, "m");
	cr_expect(terminal_wait(terminal, "note", 60000), "%s", terminal_screen(terminal));
	terminal_type(terminal, "Half a sentence");
	/* The connection breaks while ana writes a note. */
	cr_expect(terminal_wait(terminal, "Half a sentence", 60000));
	terminal_hang_up(terminal);
	(void)terminal_wait_exit(terminal, 10000);
	terminal_free(terminal);
	cr_expect_eq(ssh_as("ana", "list --view porto --json", NULL), 0, "%s", last.err);
	cr_expect_eq(ssh_as("lea", "list --view porto", NULL), 6, "%s", last.err);
	terminal = workbench_of(&people[0]);
	cr_expect(terminal_wait(terminal, "porto", 60000), "%s", terminal_screen(terminal));
	/* ana opens a second workbench: neither workbench loses the views that the other saves. */
	struct terminal *second = workbench_of(&people[0]);
	terminal_type(second, ":keep-view faro");
	terminal_press(second, TERMINAL_ENTER);
	cr_expect(terminal_wait(second, "as the view \"faro\"", 60000), "%s", terminal_screen(second));
	wait_until_kept("ana", "list --view faro --json");
	terminal_type(terminal, ":keep-view braga");
	terminal_press(terminal, TERMINAL_ENTER);
	cr_expect(terminal_wait(terminal, "as the view \"braga\"", 60000), "%s", terminal_screen(terminal));
	cr_expect(terminal_wait(terminal, "faro", 60000), "%s", terminal_screen(terminal));
	leave(second);
	for (size_t i = 0; i < 3; i++) {
		static const char *const names[] = { "porto", "faro", "braga" };
		char command[40];

		(void)snprintf(command, sizeof command, "list --view %s --json", names[i]);
		cr_expect_eq(ssh_as("ana", command, NULL), 0, "%s", last.err);
	}
	terminal_press(terminal, TERMINAL_ENTER);
	terminal_type(terminal, "m");
	cr_expect(terminal_wait(terminal, "Half a sentence", 60000), "%s", terminal_screen(terminal));
	terminal_press(terminal, TERMINAL_ESCAPE);
	terminal_free(terminal);
	leave(workbench_of(&people[1]));
}

Test(sshd, a_removed_key_and_a_disabled_reviewer_get_nothing)
{
	cr_assert_eq(ssh_as("ana", "list", NULL), 0, "%s", last.err);
	must_local(SERVICE_UID, "access remove ana");
	cr_expect_eq(ssh_as("ana", "list", NULL), 255, "%s", last.err);
	must_local(SERVICE_UID, "reviewer disable lea");
	cr_expect_eq(ssh_as("lea", "list", NULL), 255, "%s", last.err);
	cr_expect_eq(ssh_as("max", "list", NULL), 0, "%s", last.err);
}

Test(sshd, a_client_cannot_leave_the_desk)
{
	static const struct {
		const char *line;
		int status;
	} rows[] = {
		{ "/bin/sh -c 'id; touch /tmp/kybdesk-escaped'", 2 },
		{ "list; touch /tmp/kybdesk-escaped", 2 },
		{ "list '; touch /tmp/kybdesk-escaped; '", 2 },
		{ "list \"$(touch /tmp/kybdesk-escaped)\"", 2 },
		{ "list '\"; touch /tmp/kybdesk-escaped; \"'", 2 },
		{ "list\ntouch /tmp/kybdesk-escaped", 2 },
		{ " -o ProxyCommand=touch", 2 },
		{ "list --as max", 7 },
		{ "session --reviewer max", 7 },
		{ "import /etc/passwd", 7 },
		{ "document save IND-1 X -o /tmp/kybdesk-escaped", 7 },
		{ "access add ana -", 7 },
		{ "/usr/lib/openssh/sftp-server", 2 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int status = ssh_as("ana", rows[i].line, "");
		cr_expect_eq(status, rows[i].status, "%s: %d %s", rows[i].line, status, last.err);
		expect_reached_nothing();
	}
}

Test(sshd, the_clients_environment_does_not_arrive)
{
	static const char *const options[] = { "-o",
					       "SetEnv=KYBDESK_REVIEWER=max KYBDESK_STORE=/etc/passwd EDITOR=/bin/sh "
					       "PAGER=/bin/sh HOME=/tmp XDG_CONFIG_HOME=/tmp XDG_DATA_HOME=/tmp "
					       "KYBDESK_TEST_NOW=2001-01-01T00:00:00Z LD_PRELOAD=/tmp/x.so TMPDIR=/etc",
					       NULL };
	cr_assert_eq(ssh_as("lea", "import -", case_line), 0, "%s", last.err);
	cr_assert_eq(ssh_with(&people[0], options, "note IND-1 'By hand'", NULL), 0, "%s", last.err);
	cr_expect_str_eq(last.err, "");
	cr_assert_eq(ssh_as("lea", "audit list IND-1 --ndjson", NULL), 0, "%s", last.err);
	cr_expect(strstr(last.out, "\"actor\":\"ana\",\"action\":\"note.add\""), "%s", last.out);
	cr_expect_null(strstr(last.out, "2001-01-01"));
}

Test(sshd, neither_files_nor_ports_nor_the_agent_are_forwarded)
{
	static const char *const subsystem[] = { "-s", NULL };
	static const char *const forward[] = { "-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:22", NULL };
	static const char *const tunnel[] = { "-W", "127.0.0.1:22", NULL };
	static const char *const agent[] = { "-A", NULL };
	cr_expect_neq(ssh_with(&people[0], subsystem, "sftp", ""), 0);
	expect_reached_nothing();
	cr_expect_neq(ssh_with(&people[0], forward, NULL, NULL), 0, "a port was forwarded");
	cr_expect_neq(ssh_with(&people[0], tunnel, NULL, ""), 0, "a connection was forwarded");
	cr_expect_eq(ssh_with(&people[0], agent, "list", NULL), 0, "%s", last.err);
}

Test(sshd, the_keys_open_no_other_account)
{
	static const char *const accounts[] = { "root@127.0.0.1", "max@127.0.0.1", "sshd@127.0.0.1" };
	for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++) {
		struct client client;
		client_begin(&client, &people[0], NULL);
		client.argv[client.count - 1] = accounts[i];
		add_word(&client, "list");
		cr_expect_eq(call(client.argv, NULL, 0), 255, "%s", accounts[i]);
	}
}

Test(sshd, the_store_cannot_be_read_by_the_people)
{
	char line[1024];
	for (size_t i = 0; i < PEOPLE; i++) {
		(void)snprintf(line, sizeof line, "setpriv --reuid %u --regid %u --clear-groups cat %s", people[i].uid,
			       people[i].uid, store);
		cr_expect_neq(shell(line), 0);
		cr_expect_eq(last.out_length, 0);
		cr_expect_eq(local(people[i].uid, "list"), 8, "%s", last.err);
		cr_expect(strstr(last.err, "ssh kybdesk@HOST") && strstr(last.err, "access add"), "%s", last.err);
		cr_expect_eq(local(people[i].uid, "session --reviewer max"), 8, "%s", last.err);
	}
}
