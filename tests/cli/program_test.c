/* Settings, help, completion, reference, demo, and other functions that belong to no single command. */
#include "expect.h"
#include "support/needs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(program, .init = box_set_up, .fini = box_tear_down);

Test(program, version_and_help_need_no_store)
{
	DONE("--store", "nowhere.db", "--version");
	cr_expect_eq(strncmp(box.last.out, "kybdesk ", 8), 0);
	TELLS(("--help"), "Deciding");
	PRINTS_NOT("document save");
	TELLS(("help", "all"), "document save");
	TELLS(("document", "--help"), "document save");
	TELLS(("approve", "--help"), "--grace SECONDS");
}

Test(program, each_setting_says_where_it_came_from)
{
	DONE_SHELL("mkdir -p config/kybdesk; echo '{\"theme\":\"light\",\"reviewer\":\"ana\","
		   "\"grace_seconds\":5}' >config/kybdesk/config.json");
	GIVES(("config", "show", "--store", "x.db"), "store.origin: --store", "theme.value: light");
	cr_expect(strstr(json_path_text(box.json, "theme.origin"), "config.json"));
	SHOWS("mouse.origin: default");
	box_environment(&box, "KYBDESK_THEME=mono");
	GIVES(("config", "show"), "theme.origin: KYBDESK_THEME", "store.origin: KYBDESK_STORE");
}

Test(program, the_files_reviewer_acts)
{
	DONE_SHELL("mkdir -p config/kybdesk; echo '{\"reviewer\":\"ana\"}' >config/kybdesk/config.json");
	box_import_person(&box, "IND-1");
	GIVES(("claim", "IND-1"), "assignee: ana");
}

Test(program, info_works_without_a_store)
{
	DONE_JSON("info", "--store", "nowhere.db");
	cr_expect_str_neq(json_path_text(box.json, "version"), "");
	GIVES(("info"), "role: admin", "store_state: sandbox");
}

static void expect_file(const char *format, const char *path)
{
	DONE("info", "--reference", format);
	char *text = temp_read(path, NULL);
	cr_assert(text, "%s is missing", path);
	cr_expect_str_eq(text, box.last.out, "%s is not what 'kybdesk info --reference %s' prints", path, format);
}

Test(program, the_reference_in_docs_is_the_tables)
{
	expect_file("man", KYB_SOURCE_DIR "/docs/man/kybdesk.1");
	expect_file("keys", KYB_SOURCE_DIR "/docs/keys.md");
}

/* The installation makes a page of it. */
Test(program, the_reference_of_commands_has_a_heading_for_each)
{
	DONE_SHELL("$K help all | sed -n 's/^  \\([a-z][a-z -]*[a-z]\\)\\(  *[A-Z].*\\)*$/\\1/p' | sort >commands && "
		   "$K info --reference markdown | sed -n 's/^### //p' | sort >headings && "
		   "test \"$(wc -l <commands)\" -gt 100 && diff commands headings");
}

Test(program, manual_pages_need_a_folder_that_is_there)
{
	REFUSED(2, "needs --reference man", "info", "--folder", box.folder);
	REFUSED(9, "no/such/kybdesk.1 cannot be written", "info", "--reference", "man", "--folder", "no/such");
	DONE_SHELL("mkdir pages && $K info --reference man --folder pages");
	DONE_SHELL("grep -q 'kybdesk show SESSION' pages/kybdesk-show.1");
}

static void own_files(const char *keys, const char *theme)
{
	DONE_SHELL("mkdir -p config/kybdesk/themes");
	char *path = temp_path(box.folder, "config/kybdesk/keys.json");
	temp_write(path, keys, strlen(keys));
	path = temp_path(box.folder, "config/kybdesk/themes/own.json");
	temp_write(path, theme, strlen(theme));
}

Test(program, own_keys_are_printed_and_looked_at_without_a_store)
{
	own_files("{\"approve\": \"W\",\n\"note\": \"W\",\n\"mark\": []}", "{\"roles\": {\"text\": 1}}");
	DONE_JSON("config", "keys", "--store", "nowhere.db");
	PRINTS("\"action\":\"approve\",\"keys\":\"W\"", "\"action\":\"note\",\"keys\":\"m\"",
	       "\"action\":\"mark\",\"keys\":\"\"");
	TELLS(("config", "keys"), "1 line of this file does not apply");
	FAILS(9, ("config", "check"), "error.message: 1 fault in your own files; all other lines apply");
	PRINTS("keys.json, line 2: \\\"W\\\" for \\\"note\\\" is the key of "
	       "\\\"approve\\\" already, on line 1");
	REFUSED(9, "own.json, line 1: roles.text: expected an object, found a number", "--theme", "own", "config",
		"check");
	own_files("{\"approve\": \"W\"}", "{}");
	TELLS(("config", "check"), "ok       ", "keys.json");
	REFUSED(9, "the terminal's colours are used", "--theme", "own", "config", "check");
}

static const char completions[] =
	"\"$K\" completion bash >k.bash && bash -c '. ./k.bash; "
	"try() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _kybdesk; echo \"${COMPREPLY[*]}\"; }; "
	"try kybdesk appr; try kybdesk --store x document rej; try kybdesk list --inbox man; "
	"try kybdesk reject S --reas; try kybdesk party add S --kind comp; "
	"try kybdesk merchant key ro; try kybdesk merchant key rotate M --over'";

Test(program, bash_completes_commands_options_and_values)
{
	DONE_SHELL(completions);
	cr_expect_str_eq(box.last.out, "approve\nreject\nmanual_review\n--reason\ncompany\nrotate\n--overlap\n");
}

/* Completion leaves out references that a shell would run, because references come from merchants. */
Test(program, completion_offers_words_of_the_store)
{
	box_import_person(&box, "IND-1");
	box_import_person(&box, "IND-$(touch gotcha)");
	box_import_person(&box, "-rf");
	DONE("reviewer", "add", "zoe", "--role", "reviewer");
	DONE("merchant", "add", "northwind-pay");
	cr_assert_eq(box_shell(&box, "\"$K\" completion bash >k.bash && bash -c '. ./k.bash; "
				     "try() { COMP_WORDS=(\"$K\" \"$@\"); COMP_CWORD=$#; _kybdesk; "
				     "echo \"${COMPREPLY[*]}\"; }; "
				     "try show I; try assign IND-1 z; try merchant key nor; try reject S --reason sus; "
				     "try check resolve S H --reason same; try document reject S D --reason blu'; "
				     "ls gotcha 2>&1"),
		     2, "%s", box.last.err);
	PRINTS("IND-1\nzoe\nnorthwind-pay\nsuspected_fraud\nsame_person\nblurry\n");
	ENDS(9, "completion", "bash", "--values", "keys");
}

Test(program, an_unknown_shell_is_named)
{
	REFUSED(9, "Unknown shell \"basch\". Did you mean \"bash\"?", "completion", "basch");
}

Test(program, the_demo_without_a_terminal_prints_inbox_and_list)
{
	char tmp[300];
	(void)snprintf(tmp, sizeof tmp, "TMPDIR=%s", box.folder);
	box_environment(&box, tmp);
	TELLS(("demo"), "manual_review", "Harbour Lane");
	/* The demo decides a case, delivers the webhook, and shows that it was received. */
	PRINTS("One case is decided", "the demo's receiver received", "valid signature");
	PRINTS_NOT("invalid signature");
	cr_expect_str_empty(box.last.err);
	DONE_SHELL("ls -d kybdesk-demo* 2>/dev/null | wc -l");
	cr_expect_eq(atoi(box.last.out), 0, "the demo's folder is still there");
}

/* Counts the rows of the list with a due time in the past, and the rows with a due time in the future. */
static void count_due(const char *list, size_t *overdue, size_t *due)
{
	*overdue = *due = 0;
	for (const char *row = strchr(list, '\n'); row && row[1] && row[1] != '\n'; row = strchr(row + 1, '\n'))
		++*(row[1 + strspn(row + 1, " ")] == '-' ? overdue : due);
}

Test(program, the_demo_has_due_and_overdue_cases_whenever_it_is_started)
{
	static const char *const days[] = { "KYBDESK_TEST_NOW=2026-11-20T09:00:00Z",
					    "KYBDESK_TEST_NOW=2026-12-31T23:59:59Z",
					    "KYBDESK_TEST_NOW=2028-02-29T12:00:00Z" };
	size_t overdue, due, first_overdue = 0;
	char tmp[300];
	(void)snprintf(tmp, sizeof tmp, "TMPDIR=%s", box.folder);
	box_environment(&box, tmp);
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		box_environment(&box, days[i]);
		cr_assert_eq(box_run(&box, "demo", NULL), 0, "%s: %s", days[i], box.last.err);
		const char *list = strstr(box.last.out, "Session");
		cr_assert(list, "%s", box.last.out);
		count_due(list, &overdue, &due);
		cr_expect(overdue >= 5 && due >= 10, "%s: %zu overdue, %zu due\n%s", days[i], overdue, due, list);
		first_overdue = i ? first_overdue : overdue;
		cr_expect_eq(overdue, first_overdue, "%s", days[i]);
	}
}

static void list_in(const char *locale)
{
	static const char *const none[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		box_environment(&box, none[i]);
	if (locale)
		box_environment(&box, locale);
	DONE("list");
}

Test(program, names_are_whole_where_no_locale_is_chosen)
{
	box_import(&box, person_line("IND-1", "株式会社ミナト商事"));
	list_in(NULL);
	PRINTS("株式会社");
	cr_expect_str_empty(box.last.err);
	/* A locale that is not installed counts as no locale. */
	list_in("LC_ALL=xx_XX.UTF-8");
	PRINTS("株式会社");
	/* A user that chooses ASCII gets it, without a warning. */
	list_in("LC_ALL=C");
	PRINTS_NOT("株");
	PRINTS("????");
	cr_expect_str_empty(box.last.err);
}

Test(program, where_no_utf_8_locale_is_installed_it_says_so_once)
{
	box_import(&box, person_line("IND-1", "株式会社ミナト商事"));
	NEEDS_EMPTY("/usr/lib/locale", box_tear_down());
	list_in(NULL);
	PRINTS("????");
	cr_expect_str_eq(box.last.err, "kybdesk: warning: Names are shown in ASCII: the locale C.UTF-8 is missing "
				       "here; install it with: apt-get install libc-bin\n");
	DONE("list", "--quiet");
	cr_expect_str_empty(box.last.err);
}

Test(program, a_dumb_terminal_hears_lines)
{
	box_environment(&box, "TERM=dumb");
	GIVES(("config", "show"), "accessible.value: true", "accessible.origin: TERM=dumb");
	box_environment(&box, "TERM=xterm");
	GIVES(("config", "show"), "accessible.value: false");
}

Test(program, a_terminated_demo_leaves_no_folder)
{
	char tmp[300];
	(void)snprintf(tmp, sizeof tmp, "TMPDIR=%s", box.folder);
	box_environment(&box, tmp);
	DONE_SHELL("\"$K\" demo >/dev/null 2>&1 & k=$!; "
		   "while ! ls -d kybdesk-demo* >/dev/null 2>&1; do sleep 0.02; done; "
		   "kill -TERM $k; wait $k; ls -d kybdesk-demo* 2>/dev/null | wc -l");
	cr_expect_eq(atoi(box.last.out), 0);
}

Test(program, no_colour_without_a_terminal)
{
	box_import_person(&box, "IND-1");
	DONE("list");
	cr_expect_null(strchr(box.last.out, '\x1b'));
}

Test(program, colour_on_a_terminal_unless_it_is_not_wanted)
{
	box_import_person(&box, "IND-1");
	DONE_SHELL("script -qec '\"$K\" list' /dev/null </dev/null");
	cr_expect(strchr(box.last.out, '\x1b'), "%s", box.last.out);
	DONE_SHELL("script -qec '\"$K\" list --no-color' /dev/null </dev/null");
	cr_expect_null(strchr(box.last.out, '\x1b'), "%s", box.last.out);
	DONE_SHELL("NO_COLOR=1 script -qec '\"$K\" list' /dev/null </dev/null");
	cr_expect_null(strchr(box.last.out, '\x1b'), "%s", box.last.out);
}

Test(program, quiet_says_nothing_of_a_next_page)
{
	box_import_person(&box, "IND-1");
	box_import_person(&box, "IND-2");
	DONE("list", "--limit", "1");
	SAYS("--after");
	DONE("list", "--limit", "1", "--quiet");
	cr_expect_str_empty(box.last.err);
}

Test(program, deliver_ends_cleanly_when_it_is_asked_to)
{
	const char *const argv[] = { KYB_PROGRAM, "webhook", "deliver", NULL };
	struct process_options options = { .argv = argv,
					   .environment = (const char *const *)box.lines,
					   .folder = box.folder };
	struct process *process = process_start(&options);
	cr_assert(process_wait_blocks(process, SIGTERM, 20000));
	process_signal(process, SIGTERM);
	struct process_result result;
	cr_assert(process_wait(process, 10000, &result));
	cr_expect_eq(result.status, 0, "%d %s", result.status, result.err);
	cr_expect(strstr(result.out, "\"delivered\":0"), "%s", result.out);
	process_free(process);
}

/* If the program leaks memory, the leak sanitizer ends it with another exit status. */
Test(program, corrections_of_a_step_that_only_the_workflow_knows_lose_nothing)
{
	box_import_company(&box, "RAL-1");
	DONE("corrections", "RAL-1", "--step", "related_parties", "--message", "x");
}
