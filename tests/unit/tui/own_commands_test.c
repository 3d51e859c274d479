/* Tests the user's own commands: valid and invalid definitions, the values passed to programs, and their output. */
#include "places.h"

#include "kybdesk/base/start.h"
#include "input/own_keys.h"

#include "support/process.h"

#include <poll.h>
#include <unistd.h>

static struct keys_table keys;
static struct own_commands commands;

static void set_up(void)
{
	keys = (struct keys_table){ 0 };
	commands = (struct own_commands){ 0 };
}

static void tear_down(void)
{
	keymap_activate(NULL, 0);
	arena_release(&arena);
	NO_LEAKS();
}
TestSuite(own_commands, .init = set_up, .fini = tear_down);

static void read_file(const char *text)
{
	char *path = test_text("/tmp/kybdesk-%d-commands.json", (int)getpid());
	temp_write(path, text, strlen(text));
	own_commands_read(&arena, path, TEXT_UTF8, &keys, &commands);
	(void)unlink(path);
}

static const char *fault(size_t at)
{
	return at < commands.faults.count ? line_fault_text(&arena, "commands.json", &commands.faults.items[at])
					  : "nothing";
}

static void refuses(const char *text, const char *words)
{
	set_up();
	read_file(text);
	cr_expect_eq(commands.faults.count, 1, "%s: %zu", text, commands.faults.count);
	cr_expect(strstr(fault(0), words), "%s\n%s", text, fault(0));
}

static enum command pressed(const char *text, size_t *digit)
{
	uint32_t pending = 0;
	enum command command = COMMAND_NONE;
	*digit = 0;
	keymap_activate(keys.bindings, keys.count);
	for (; *text; text++) {
		struct key key = key_char(*text);
		command = keymap_lookup(&key, PLACE_CASE, &pending, digit);
	}
	return command;
}

Test(own_commands, a_key_starts_its_command_in_a_case_alone)
{
	size_t digit;
	uint32_t pending = 0;
	read_file("{\"register\": {\"key\": \"Q\", \"run\": [\"curl\", \"{id}\"], \"help\": \"its page\"},\n"
		  "\"ticket\": {\"key\": \"g t\", \"run\": [\"ticket\"]}, \"quiet\": {\"run\": [\"true\"]}}");
	cr_expect_eq(commands.faults.count, 0, "%s", fault(0));
	cr_assert_eq(commands.count, 3);
	cr_expect_eq(pressed("Q", &digit), COMMAND_RUN);
	cr_expect_eq(digit, 1);
	cr_expect_eq(pressed("gt", &digit), COMMAND_RUN);
	cr_expect_eq(digit, 2);
	cr_expect_eq(pressed("gg", &digit), COMMAND_FIRST, "the other pairs stay");
	struct key key = key_char('Q');
	cr_expect_eq(keymap_lookup(&key, PLACE_INBOX, &pending, &digit), COMMAND_NONE);
}

Test(own_commands, a_key_that_is_taken_is_refused_and_the_command_stays)
{
	size_t digit;
	refuses("{\"one\": {\"key\": \"a\", \"run\": [\"true\"]}}",
		"line 1: \"one\": \"a\" is the key of \"approve\"; choose another key, or run the command by name: "
		"\":run one\"");
	cr_expect_eq(commands.count, 1);
	cr_expect_eq(pressed("a", &digit), COMMAND_APPROVE);
	refuses("{\"one\": {\"key\": \"g\", \"run\": [\"true\"]}}", "is the key of");
	refuses("{\"one\": {\"key\": \"e\", \"run\": [\"true\"]}}", "is the key of \"edit-party\"");
	refuses("{\"one\": {\"key\": \"y\", \"run\": [\"true\"]}}", "confirms in dialogs");
	refuses("{\"one\": {\"key\": \"Space\", \"run\": [\"true\"]}}", "pressed by habit");
	refuses("{\"one\": {\"key\": \"7\", \"run\": [\"true\"]}}", "chooses an inbox or a tab");
	refuses("{\"one\": {\"key\": \"Enter\", \"run\": [\"true\"]}}", "has a fixed meaning");
	refuses("{\"one\": {\"key\": \"Ctrl-C\", \"run\": [\"true\"]}}", "always shows how to quit");
	refuses("{\"one\": {\"key\": \"Q\", \"run\": [\"true\"]},\n\"two\": {\"key\": \"Q\", \"run\": [\"true\"]}}",
		"line 2: \"two\": \"Q\" is the key of \"another of your commands\"");
}

/* The error names the action that has the key; after keys.json takes the key from this action, the key is free. */
Test(own_commands, a_default_key_is_free_once_it_is_taken_from_its_action)
{
	const char *mine = "{\"figures\": {\"key\": \"g f\", \"run\": [\"true\"]}}";
	char *path = test_text("/tmp/kybdesk-%d-keys.json", (int)getpid());
	size_t digit;
	refuses(mine, "\"g f\" is the key of \"stats\"; choose another");
	cr_expect_eq(pressed("gf", &digit), COMMAND_STATS);
	set_up();
	temp_write(path, "{\"stats\": []}", strlen("{\"stats\": []}"));
	own_keys_read(&arena, &(const struct settings){ .keys_path = path }, TEXT_UTF8, &keys);
	(void)unlink(path);
	read_file(mine);
	cr_expect_eq(commands.faults.count, 0, "%s", fault(0));
	cr_expect_eq(pressed("gf", &digit), COMMAND_RUN);
	cr_expect_eq(digit, 1);
}

Test(own_commands, what_could_let_a_case_choose_a_program_is_refused)
{
	refuses("{\"one\": {\"run\": [\"{name}\"]}}", "the name of the program cannot have a placeholder");
	refuses("{\"one\": {\"run\": [\"sh\", \"-c\", \"curl {name}\"]}}",
		"sh could run a value of the case as a program");
	refuses("{\"one\": {\"run\": [\"timeout\", \"5\", \"/bin/bash\", \"-c\", \"{name}\"]}}", "/bin/bash could");
	refuses("{\"one\": {\"run\": [\"ssh\", \"host\", \"{id}\"]}}", "ssh could");
	refuses("{\"one\": {\"run\": [\"echo\", \"{tax_id}\"]}}", "unknown placeholder; known placeholders: {id}");
	refuses("{\"one\": {\"run\": [\"echo\", \"{id\"]}}", "unknown placeholder");
	refuses("{\"one\": {\"run\": [\"\"]}}", "must begin with the name of a program");
	refuses("{\"one\": {\"run\": []}}", "is empty; name a program");
	refuses("{\"one\": {\"run\": \"true\"}}", "run");
	refuses("{\"one\": {\"run\": [\"true\", 1]}}", "string");
	refuses("{\"one\": {\"shell\": true, \"run\": [\"true\"]}}", "shell");
	refuses("{\"a b\": {\"run\": [\"true\"]}}", "letters, digits or hyphens");
	refuses("{\"a\\u001b[31m\": {\"run\": [\"true\"]}}", "letters, digits or hyphens");
	refuses("[]", "not an object");
	refuses("{", "commands.json");
	set_up();
	own_commands_read(&arena, "", TEXT_UTF8, &keys, &commands);
	cr_expect_eq(commands.count + commands.faults.count, 0, "as in a session");
}

static const char *words_for(const struct session *session, const char *word)
{
	const char *const two[] = { "echo", word };
	const struct own_command command = { .name = "one", .words = two, .word_count = 2 };
	const char *why = NULL;
	const char *const *words = own_command_words(&arena, &command, session, &why);
	cr_expect_eq(words == NULL, why != NULL);
	return words ? words[1] : why;
}

/* Values of a case that look like an option, a second line or a program. */
Test(own_commands, a_value_is_one_word_or_refused)
{
	struct case_file file;
	case_file_init(&file);
	struct session *session = &file.session;
	session->id = "5e551011";
	session->subject.kind = SUBJECT_BUSINESS;
	session->external_ref = "x; rm -rf ~ $(id) `id` | & > * ' \" \\";
	cr_expect_str_eq(words_for(session, "{external_ref}"), session->external_ref, "no shell reads it");
	cr_expect_str_eq(words_for(session, "a{id}/{id}b"), "a5e551011/5e551011b");
	session->external_ref = "--help; rm -rf";
	cr_expect(strstr(words_for(session, "{external_ref}"), "begins with \"-\""));
	cr_expect_str_eq(words_for(session, "--for={external_ref}"), "--for=--help; rm -rf");
	session->external_ref = "a\nb";
	cr_expect(strstr(words_for(session, "--for={external_ref}"), "line breaks or control"));
	session->external_ref = "a\x1b[2Jb";
	cr_expect(strstr(words_for(session, "{external_ref}"), "line breaks or control"));
	session->external_ref = "a\xc2\x9b"
				"b";
	cr_expect(strstr(words_for(session, "{external_ref}"), "line breaks or control"));
	session->external_ref = "";
	cr_expect(strstr(words_for(session, "{external_ref}"), "is empty in this case"));
	session->external_ref = "{id}";
	cr_expect_str_eq(words_for(session, "{external_ref}"), "{id}", "a value is not read again");
	session->subject.kind = SUBJECT_INDIVIDUAL;
	session->subject.name = "Ines Duarte";
	cr_expect(strstr(words_for(session, "{name}"), "is personal data"));
}

/* --- in the workbench --- */

TestSuite(own_commands_run, .init = places_set_up, .fini = places_tear_down, .timeout = 600);

static struct own_command running;
static const char *words[8];

static void open_with(const char *ref, size_t count)
{
	put_back();
	open_workbench(&people[RITA]);
	running = (struct own_command){ .name = "own", .key = "", .help = "", .words = words, .word_count = count };
	workbench.own_settings.commands = (struct own_commands){ .items = &running, .count = 1 };
	arrive_at(&(struct row){ .ref = ref }, &people[RITA]);
}

static int64_t runs(void)
{
	return sql_int(&f, "SELECT count(*) FROM audit_event WHERE action = 'command.run'");
}

Test(own_commands_run, its_output_is_shown_and_its_name_alone_on_record)
{
	words[0] = "echo";
	words[1] = "secret-word";
	words[2] = "{external_ref}";
	open_with("RAL-1", 3);
	type(":run own\n");
	cr_expect(shows("secret-word RAL-1"), "%s", screen_text());
	cr_expect(shows("Ended with status 0"), "%s", screen_text());
	cr_expect_eq(runs(), 1);
	cr_expect_str_eq(sql_text(&f, "SELECT json_remove(detail, '$.previous_record') FROM audit_event WHERE action = "
				      "'command.run'"),
			 "{\"command\":\"own\"}");
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM audit_event WHERE detail LIKE '%secret%'"), 0);
	type("A");
	cr_expect(shows("The output of a command cannot be accepted or rejected"), "%s", screen_text());
	type("F");
	cr_expect(shows("F works on the document under the cursor"), "%s", screen_text());
	type("b1m");
	cr_expect(shows("note on Harbour Lane"), "a note is on the case: %s", screen_text());
}

Test(own_commands_run, escape_sequences_are_shown_as_marks)
{
	words[0] = "printf";
	words[1] = "\\033]0;owned\\007\\033[2J\\033[31mred\\377\\302\\233z\\nnext";
	open_with("RAL-1", 2);
	type(":run own\n");
	for (size_t row = 0; row < workbench.surface.rows; row++)
		for (const char *c = surface_row_text(&arena, &workbench.surface, row); *c; c++)
			cr_assert((unsigned char)*c >= 0x20 && *c != 0x7f);
	cr_expect(shows("next"), "%s", screen_text());
}

Test(own_commands_run, much_output_is_cut_and_its_program_ended)
{
	words[0] = "yes";
	words[1] = "0123456789";
	open_with("RAL-1", 2);
	type(":run own\n");
	cr_expect(shows("Stopped: the output exceeded 1024 KiB"), "%s", screen_text());
	cr_expect_leq(top_case(&workbench)->model.viewer->job->content.text.len, (size_t)2 << 20);
}

Test(own_commands_run, one_that_fails_or_is_missing_says_so)
{
	words[0] = "false";
	open_with("RAL-1", 1);
	type(":run own\n");
	cr_expect(shows("Ended with status 1, without output"), "%s", screen_text());
	words[0] = "no-such-program-of-kybdesk";
	type(ESC ":run own\n");
	cr_expect(shows("no-such-program-of-kybdesk cannot be started"), "%s", screen_text());
	type("q:run other\n");
	cr_expect(shows("Unknown own command \"other\""), "%s", screen_text());
	type(":run\n");
	cr_expect(shows("\"run\" needs the name of a command, for example: run own"), "%s", screen_text());
}

Test(own_commands_run, esc_ends_a_program_that_never_ends)
{
	words[0] = "sleep";
	words[1] = "1000";
	open_with("RAL-1", 2);
	workbench_handle_key(&workbench, &(const struct key){ .press = PRESS_CHAR, .ch = ':' });
	for (const char *c = "run own"; *c; c++)
		workbench_handle_key(&workbench, &(const struct key){ .press = PRESS_CHAR, .ch = (uint32_t)*c });
	workbench_handle_key(&workbench, &(const struct key){ .press = PRESS_ENTER });
	workbench_draw(&workbench, 30, 100);
	cr_expect(shows("The command is running; Esc ends it"), "%s", screen_text());
	press(key_press(PRESS_ESCAPE));
	cr_expect_null(top_case(&workbench)->model.viewer);
	press(key_press(PRESS_ESCAPE_CANCELLED));
	cr_expect(shows("Esc ended the command"), "%s", screen_text());
}

Test(own_commands_run, not_by_whom_may_not_and_not_in_a_session)
{
	words[0] = "touch";
	words[1] = arena_printf(&arena, "%s-started", f.path);
	open_with("RAL-1", 2);
	workbench.frame.is_session_program = true;
	type(":run own\n");
	cr_expect(shows("An SSH session cannot start other programs"), "%s", screen_text());
	workbench.frame.is_session_program = false;
	workbench.frame.readonly = true;
	type(":run own\n");
	workbench.frame.readonly = false;
	workbench.frame.role = ROLE_VIEWER;
	type(":run own\n");
	cr_expect_eq(runs(), 0);
	cr_expect_neq(access(words[1], F_OK), 0, "it was started");
}

/* --- the program itself --- */

static enum program_outcome collect(const char *const *argv, unsigned wait_ms, int *status, struct strbuf *out)
{
	struct error error = { 0 };
	struct program_job job = {
		.words = argv, .wait_ms = wait_ms, .output_max = 1000000, .cancel_fd = -1, .out = out
	};
	cr_assert_eq(run_and_collect(world_real(), &job, &error), ERR_OK, "%s", error.message);
	*status = job.status;
	return job.outcome;
}

Test(own_commands, a_program_ends_with_what_it_started)
{
	struct strbuf out = STRBUF_INIT;
	int status;
	const char *const errors[] = { "sh", "-c", "echo a; echo b >&2; cat; exit 3", NULL };
	cr_expect_eq(collect(errors, 10000, &status, &out), PROGRAM_EXITED);
	cr_expect_eq(status, 3);
	cr_expect_str_eq(out.buf, "a\nb\n", "errors, too, and no input to wait for: %s", out.buf);
	strbuf_reset(&out);
	/* The program starts a background child, which keeps the output open and would outlive the program. */
	const char *const left[] = { "sh", "-c", "sleep 1000 & echo $!", NULL };
	cr_expect_eq(collect(left, 10000, &status, &out), PROGRAM_EXITED);
	const char *alive = arena_printf(&arena, "/proc/%.*s/exe", (int)strcspn(out.buf, "\n"), out.buf);
	for (int i = 0; i < 200 && !access(alive, F_OK); i++)
		(void)poll(NULL, 0, 10); /* the system needs time to end the child */
	cr_expect_neq(access(alive, F_OK), 0, "it is still there");
	strbuf_reset(&out);
	const char *const silent[] = { "sh", "-c", "exec >&- 2>&-; sleep 1000", NULL };
	cr_expect_eq(collect(silent, 300, &status, &out), PROGRAM_TIMED_OUT, "its output ended, and it did not");
	const char *const deaf[] = { "sh", "-c", "trap '' TERM INT HUP; while :; do :; done", NULL };
	cr_expect_eq(collect(deaf, 300, &status, &out), PROGRAM_TIMED_OUT);
	cr_expect_eq(status, 128 + 9);
	const char *const dribbles[] = { "sh", "-c", "while :; do echo x; sleep 0.01; done", NULL };
	cr_expect_eq(collect(dribbles, 300, &status, &out), PROGRAM_TIMED_OUT);
	strbuf_release(&out);
}

Test(own_commands, a_hundred_megabytes_take_no_memory)
{
	struct strbuf out = STRBUF_INIT;
	int status;
	const char *const much[] = { "head", "-c", "104857600", "/dev/zero", NULL };
	cr_expect_eq(collect(much, 20000, &status, &out), PROGRAM_TRUNCATED);
	cr_expect_eq(out.len, 1000000);
	strbuf_release(&out);
}
