/* docs/operating.md: its commands are run, and its examples for proxies and monitoring must fit the server. */
#include "postgresql/server.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/tried.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE KYB_SOURCE_DIR "/docs/operating.md"

static char *root;
static struct process_result said;

/* Runs a shell line in the folder `root`; more: further environment entries, ending with NULL. */
static int shell(const char *const *more, const char *line)
{
	const char *const argv[] = { "sh", "-c", line, NULL };
	const char *environment[16] = { "B=" KYB_BUILD_DIR, "S=" KYB_SOURCE_DIR, "PAGE=" PAGE,	  "KYBDESK_STORE",
					"DESTDIR",	    "XDG_CONFIG_HOME",	 "XDG_DATA_HOME", "XDG_STATE_HOME" };
	size_t count = 8;
	while (more && *more)
		environment[count++] = *more++;
	const struct process_options options = {
		.argv = argv, .environment = environment, .folder = root, .timeout_ms = 840000
	};
	process_run(&options, &said);
	return said.status;
}

static void set_up(void)
{
	root = temp_folder_make();
	cr_assert_eq(shell(NULL, "ssh-keygen -q -t ed25519 -N '' -f ana"), 0, "%s", said.err);
}

static void tear_down(void)
{
	temp_folder_remove(root);
}
TestSuite(operating, .init = set_up, .fini = tear_down, .timeout = 300);

#define RUN_PAGE "\"$S/tests/operating/run_page.sh\" \"$PWD\" \"$PAGE\" \"$B\""

/* How many commands of the page ran. */
static int commands_run(void)
{
	int count = 0;
	for (const char *at = said.out; (at = strstr(at, "$ ")); at += 2)
		count += at == said.out || at[-1] == '\n';
	return count;
}

Test(operating, every_command_for_one_host_runs)
{
	NEEDS("curl", "curl");
	static const char *const more[] = { "SKIP=Several hosts", NULL };
	cr_assert_eq(shell(more, RUN_PAGE), 0, "%s%s", said.out, said.err);
	cr_expect_geq(commands_run(), 25, "%s", said.out);
	cr_expect(strstr(said.out, "{\"status\":\"ready\"}"), "%s", said.out);
}

/* The marks, commands and options of the pages that ./dev test --system runs. */
Test(operating, the_blocks_of_the_pages_name_what_is_there)
{
	NEEDS("python3", "python3");
	static const char line[] = "KYBDESK_SYSTEM_PAGES=${PAGES:-$S/docs} python3 -B \"$S/tests/operating/system.py\" "
				   "--read \"$B/kybdesk\"";
	static const char *const planted[] = { "PAGES=pages", NULL };
	cr_expect_eq(shell(NULL, line), 0, "%s%s", said.out, said.err);
	cr_expect(strstr(said.out, "blocks that run: operating "), "%s", said.out);
	cr_assert_eq(shell(NULL, "cp -R \"$S/docs\" pages && sed -i 's/upgrade --dry-run/upgrade --dry-runs/' "
				 "pages/upgrade.md && sed -i 's/access add max/access added max/' pages/access.md"),
		     0);
	cr_expect_eq(shell(planted, line), 1);
	cr_expect(strstr(said.out, "unknown option --dry-runs"), "%s", said.out);
	cr_expect(strstr(said.out, "unknown command: "), "%s", said.out);
}

/* The alert rules and the Grafana dashboard name only metrics that a server has. */
Test(operating, what_is_watched_is_measured)
{
	NEEDS("curl", "curl");
	static const char *const more[] = { "ONLY=A team's desk on one host", "METRICS=metrics", NULL };
	cr_assert_eq(shell(more, RUN_PAGE), 0, "%s%s", said.out, said.err);
	cr_assert_eq(shell(NULL, "grep -oh 'kybdesk_[a-z_]*' \"$S\"/docs/monitoring/* | sed "
				 "'s/_\\(bucket\\|sum\\|count\\)$//' "
				 "| sort -u >named && grep -c . named"),
		     0, "%s", said.err);
	cr_expect_geq(atoi(said.out), 7);
	/* A server without a delivery, and without folders of backups and checkpoints, does not report these. */
	(void)shell(NULL, "while read -r name; do grep -q \"^# TYPE $name \" metrics || echo $name; done <named");
	cr_expect_str_eq(said.out, "kybdesk_last_backup_timestamp_seconds\n"
				   "kybdesk_last_checkpoint_timestamp_seconds\n"
				   "kybdesk_oldest_delivery_timestamp_seconds\n");
	cr_expect_eq(shell(NULL, "python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "
				 "\"$S/docs/monitoring/grafana.json\""),
		     0, "%s", said.err);
}

/* Creates the superuser admin and renames the role kybdesk, because the page creates a role of this name. */
Test(operating, every_command_for_several_hosts_runs)
{
	struct test_server server;
	char host[100], address[160];
	server_make(&server);
	(void)snprintf(host, sizeof host, "PGHOST=%s", server.folder);
	(void)snprintf(address, sizeof address, "ADDRESS=postgresql://NAME@/kybdesk?host=%s", server.folder);
	const char *const first[] = { host, "PGDATABASE=postgres", NULL };
	const char *const more[] = { host, "PGDATABASE=postgres", "PGUSER=admin", address, "ONLY=Several hosts", NULL };
	int status = shell(first, "psql -XqU kybdesk -c 'CREATE ROLE admin SUPERUSER LOGIN' && "
				  "psql -XqU admin -c 'ALTER ROLE kybdesk RENAME TO first'");
	if (!status)
		status = shell(more, RUN_PAGE);
	server_remove(&server);
	cr_assert_eq(status, 0, "%s%s", said.out, said.err);
	cr_expect_eq(commands_run(), 7, "%s", said.out);
	/* `kybdesk serve` connects as the role kybdesk_writer, which cannot change the audit log. */
	cr_expect_eq(shell(NULL, "cat kybdesk-serve.service.log"), 0);
	cr_expect(strstr(said.out, "Listening on"), "%s", said.out);
}

/* Runs an example of the page in front of a real server, with the test's certificate, ports and log. */
static void expect_proxy(const char *kind, const char *installed)
{
	char line[600];
	NEEDS("curl", "curl");
	if (access(installed, X_OK) != 0) {
		tear_down(); /* Criterion does not call it for a skipped test */
		cr_skip_test("%s is not installed here (apt install %s)", kind, kind);
	}
	(void)snprintf(line, sizeof line, "sh \"$S/tests/operating/proxy.sh\" \"$S\" \"" KYB_BUILD_DIR "/kybdesk\" %s",
		       kind);
	cr_assert_eq(shell(NULL, line), 0, "%s%s", said.out, said.err);
	cr_expect_str_eq(said.out,
			 "ready 200\nmetrics 404\nupload of 10485760 bytes 201\nstored whole\ntoo large refused\n"
			 "client 127.0.0.5\nsecret paths refused\nsecret paths unanswered\nlogs with a token:\n");
}

Test(operating, nginx_hides_metrics_and_links_and_lets_documents_pass)
{
	expect_proxy("nginx", "/usr/sbin/nginx");
}

Test(operating, caddy_hides_metrics_and_links_and_lets_documents_pass)
{
	expect_proxy("caddy", "/usr/bin/caddy");
}

Test(operating, haproxy_hides_metrics_and_links_and_lets_documents_pass)
{
	expect_proxy("haproxy", "/usr/sbin/haproxy");
}

/* Twenty desks, three servers, two workers and a failover take some minutes, so the test runs only with --long. */
Test(operating, a_team_works_through_a_failover, .timeout = 900)
{
	NEEDS("tmux", "tmux");
	if (!test_is_long()) {
		tear_down(); /* Criterion does not call it for a skipped test */
		cr_skip_test("only with --long: it takes six minutes");
	}
	(void)shell(NULL, "timeout 800 python3 \"$S/tests/operating/team.py\" \"$B/kybdesk\" --next-ms 6000 2>&1");
	cr_expect_eq(said.status, 0, "%s", said.out);
}
