/*
 * Tests the checks for the rules of the source tree (tests/lint/rules.py). Each known bypass of a rule is planted in a
 * copy of the tree, and must be reported with its file and line.
 */
#include "support/leak.h"
#include "support/process.h"
#include "support/tried.h"

#include <stdio.h>
#include <string.h>

struct planted {
	const char *path, *text, *told; /* told: the start of the finding, after "path:" */
};

static char *folder;

static void shell(struct process_result *result, const char *script, const char *argument)
{
	const char *const argv[] = { "sh", "-c", script, "sh", KYB_SOURCE_DIR, KYB_BUILD_DIR, folder, argument, NULL };
	const struct process_options options = { .argv = argv, .timeout_ms = 240000 };
	process_run(&options, result);
}

static void done(const char *script, const char *argument)
{
	struct process_result result;
	shell(&result, script, argument);
	cr_assert_eq(result.status, 0, "%s\n%s%s", script, result.out, result.err);
}

static void set_up(void)
{
	folder = temp_folder_make();
}

static void tear_down(void)
{
	temp_folder_remove(folder);
	NO_LEAKS();
}
TestSuite(lint, .init = set_up, .fini = tear_down, .timeout = 300);

static void plant(const struct planted *planted)
{
	char *path = temp_path(folder, planted->path);
	done("mkdir -p \"$(dirname \"$4\")\"", path);
	temp_write(path, planted->text, strlen(planted->text));
}

/* One line of the output begins with the file, and continues as expected. */
static void is_reported(const char *output, const struct planted *planted)
{
	char line[400];
	(void)snprintf(line, sizeof line, "%s:%s", planted->path, planted->told);
	const char *at = strstr(output, line);
	cr_expect(at && (at == output || at[-1] == '\n'), "\"%s\" is not told\n%s", line, output);
}

static void planted_and_told(const char *script, const struct planted *all, size_t count)
{
	struct process_result result;
	shell(&result, script, NULL);
	cr_expect_eq(result.status, 1, "%s", result.err);
	for (size_t i = 0; i < count; i++)
		if (all[i].told)
			is_reported(result.out, &all[i]);
}

#define STORE_FROM_CLI "include/kybdesk/store/db.h: layer cli may not know store"

static const struct planted SOURCES[] = {
	{ "src/cli/planted_quotes.c", "#include \"kybdesk/store/db.h\"\n", "1: " STORE_FROM_CLI },
	{ "src/cli/planted_brackets.c", "\n#include <kybdesk/store/db.h>\n", "2: " STORE_FROM_CLI },
	{ "src/cli/planted_macro.c", "#define WHAT <kybdesk/store/db.h>\n#include WHAT\n", "2: " STORE_FROM_CLI },
	{ "src/cli/planted_digraph.c", "%:include \"kybdesk/store/db.h\"\n", "1: " STORE_FROM_CLI },
	{ "src/cli/planted_spliced.c", "#inc\\\nlude \"kybdesk/store/db.h\"\n", "1: " STORE_FROM_CLI },
	/* An include is also reported if the same header was included before. */
	{ "src/cli/planted_again.c",
	  "#include \"kybdesk/desk/desk.h\"\n#include \"kybdesk/store/db.h\"\n#include "
	  "\"kybdesk/store/db.h\"\n",
	  "3: " STORE_FROM_CLI },
	{ "src/cli/planted_lock.c",
	  "#include <sys/file.h>\nint go(int);\nint go(int fd)\n{\n\treturn flock(fd, LOCK_EX);\n}\n", "5: flock" },
	{ "src/cli/planted_path.c", "#include \"./../../include/kybdesk/store/db.h\"\n", "1: " STORE_FROM_CLI },
	{ "src/cli/planted_inside.c", "#include \"./../desk/use/use.h\"\n",
	  "1: src/desk/use/use.h: an internal header of another module" },
	{ "src/cli/planted_link.c", "#include \"planted_link.h\"\n", "1: " STORE_FROM_CLI },
	{ "src/cli/planted_next.c", "#include \"planted_next.h\"\n", NULL },
	{ "src/cli/planted_next.h", "#include_next <kybdesk/store/db.h>\n", "1: #include_next is not used here" },
	{ "src/cli/planted_import.c", "#import \"kybdesk/store/db.h\"\n", "1: #import is not used here" },
	{ "include/kybdesk/domain/planted.h", "#include \"kybdesk/desk/desk.h\"\n",
	  "1: include/kybdesk/desk/desk.h: layer domain may not know desk" },
	{ "src/domain/planted_header.c", "#include \"kybdesk/domain/planted.h\"\n", NULL },
	{ "src/desk/use/planted_room.c", "#include \"review/review.h\"\n",
	  "1: src/desk/review/review.h: desk's module use may not know review" },
	{ "src/store/list/planted_room.c", "#include \"../outbox/outbox_rows.h\"\n",
	  "1: src/store/outbox/outbox_rows.h: modules of store meet at their contracts" },
	{ "src/store/list/planted_quotes.c", "#include \"sqlite3.h\"\n", "1: sqlite3.h: SQLite is known only in" },
	{ "src/store/list/planted_absolute.c", "#include \"/usr/include/sqlite3.h\"\n",
	  "1: /usr/include/sqlite3.h: SQLite is known only in" },
	{ "src/store/planted_server.c", "#include <libpq-fe.h>\n",
	  "1: libpq-fe.h: libpq is known only in src/store/postgresql/" },
	{ "src/store/planted_through.c", "#include \"sqlite/sqlite_internal.h\"\n", "1: SQLite (" },
	{ "src/cli/planted_curses.c", "#include <ncursesw/curses.h>\n", "1: ncursesw/curses.h: ncurses is known only" },
	{ "src/desk/planted_loading.c", "#include <dlfcn.h>\n", "1: dlfcn.h: dynamic loading is known only" },
	{ "src/cli/planted_extern.c", "\nextern int store_planted(\n\tint a);\n",
	  "2: a declaration belongs in a header" },
	{ "src/cli/planted_declared.c", "struct db;\nvoid db_planted(struct db *db);\n",
	  "2: a declaration belongs in a header" },
	{ "src/cli/planted_call.c", "#include <stdlib.h>\nint planted_call(void)\n{\n\treturn (system)(\"true\");\n}\n",
	  "4: system is not called here: a shell" },
	{ "src/cli/planted_pasted.c",
	  "#include <string.h>\n#define OF(a, b) a##b\nvoid planted_pasted(char *to)\n{\n"
	  "\tOF(str, cpy)(to, \"x\");\n}\n",
	  "5: strcpy is not called here: it knows no size" },
	{ "src/cli/planted_taken.c", "#include <stdio.h>\nint (*planted_taken)(char *, const char *, ...) = sprintf;\n",
	  "2: sprintf is not called here" },
	{ "src/cli/planted_local.c",
	  "#include <time.h>\nvoid planted_local(time_t *at, struct tm *to)\n{\n"
	  "\t(void)localtime_r(at, to);\n}\n",
	  "4: localtime_r is not called here: the world is passed in" },
	{ "src/desk/planted_time.c", "#include <time.h>\nlong planted_time(void)\n{\n\treturn time (NULL);\n}\n",
	  "4: time is not called here" },
	{ "src/webhook/planted_process.c", "#include <unistd.h>\nint planted_process(void)\n{\n\treturn fork();\n}\n",
	  "4: fork is not called here" },
	{ "src/cli/planted_assembly.c", "void planted_assembly(void)\n{\n\t__asm__(\"call system\");\n}\n",
	  "3: assembly is read by no rule" },
	{ "src/cli/planted_frame.c", "#include \"kybdesk/desk/use.h\"\nvoid *planted_frame = desk_do;\n",
	  "2: desk_do: a command asks the desk through cli_run_use_case()" },
	{ "src/cli/planted_renamed.c", "#line 1 \"/usr/include/other.h\"\n#include \"kybdesk/store/db.h\"\n",
	  "1: #line is not allowed" },
	{ "src/nowhere/planted_lost.c", "int planted_lost;\n", "1: nothing that is compiled reads this file" },
	{ "include/kybdesk/cli/planted_inner.h", "#include <stddef.h>\n", "1: only src/cli reads this header" },
	{ "src/cli/planted_inner.c", "#include \"kybdesk/cli/planted_inner.h\"\n", NULL },
	{ "src/cli/planted_broken.c", "#include \"kybdesk/store/nothing.h\"\n", "1: the preprocessor fails" },
};
#define SOURCE_COUNT (sizeof SOURCES / sizeof *SOURCES)

/* The planted files are not in git: the rules apply to every file that is compiled. */
Test(lint, each_way_round_the_rules_of_the_sources_is_told)
{
	done("cd \"$1\" && mkdir \"$3/data\" && cp -r CMakeLists.txt sources.cmake src include \"$3\" && cp -r "
	     "data/api "
	     "\"$3/data\"",
	     NULL);
	for (size_t i = 0; i < SOURCE_COUNT; i++)
		plant(&SOURCES[i]);
	done("ln -s ../../include/kybdesk/store/db.h \"$3/src/cli/planted_link.h\"", NULL);
	struct process_result lists;
	shell(&lists, "\"$1/tests/lint/lists.py\" \"$3\"", NULL);
	cr_expect(lists.status == 1 && strstr(lists.out, "src/cli/planted_quotes.c is missing;") &&
			  strstr(lists.out, "tests/lint/lint_test.c does not exist;"),
		  "%s", lists.out);
	done("\"$1/tests/lint/lists.py\" --write \"$3\"", NULL);
	planted_and_told("\"$1/tests/lint/sources.py\" \"$3\" planted", SOURCES, SOURCE_COUNT);
	tried("%zu ways round them planted", SOURCE_COUNT);
}

static const struct planted WORDS[] = {
	{ "src/cli/planted_who.c", "/* Tells who holds it. */\n", "1: \"who\": name the noun" },
	{ "src/cli/planted_those.c", "\n/* Of\n * those that wait. */\n", "2: \"those that\": name the noun" },
	{ "src/cli/planted_before.c", "// A store of before.\n", "1: \"of before\": say \"old\"" },
	{ "tests/planted_none.c", "/* None where it waits. */\n", "1: \"None where\": main clause first" },
	{ "src/cli/planted_clerk.c", "/* The clerk waits. */\n", "1: \"clerk\": the glossary has another word" },
	{ "include/kybdesk/cli/planted_is.h", "/* It is no key. */\n", "1: \"is no\": say \"not a\"" },
	{ "src/cli/planted_unknown.c", "const char planted[] = \"\\\"x\\\" is no event\";\n",
	  "1: \"is no\": say \"Unknown X" },
	{ "src/cli/planted_there.c", "const char planted[] = \"There is no event\";\n",
	  "1: \"There is no\": say \"Unknown X" },
	{ "src/cli/planted_page.c", "/* As docs/nowhere.md says. */\n",
	  "1: docs/nowhere.md is not a page of this repository" },
	{ "src/cli/planted_heading.c", "/* As docs/store.md \"Gone\" says. */\n",
	  "1: store.md has no heading \"Gone\"" },
	{ "src/cli/planted_name.c", "\nint bring_row(int whose);\n", "2: bring_row: name the noun, not \"bring\"" },
	{ "src/cli/planted_good.c",
	  "/* The holder, as in docs/store.md \"Here\"; \"who\" in quotes. */\nconst char good[] = \"It is no "
	  "longer "
	  "there\";\n",
	  NULL },
};
#define WORD_COUNT (sizeof WORDS / sizeof *WORDS)

Test(lint, each_rule_of_the_language_finds_what_was_planted)
{
	struct process_result result;

	for (size_t i = 0; i < WORD_COUNT; i++)
		plant(&WORDS[i]);
	done("mkdir -p \"$3/docs\" && echo '# Here' >\"$3/docs/store.md\"", NULL);
	planted_and_told("\"$1/tests/lint/words.py\" \"$3\"", WORDS, WORD_COUNT);
	shell(&result, "\"$1/tests/lint/words.py\" \"$3\"", NULL);
	cr_expect_not(strstr(result.out, "planted_good.c"), "%s", result.out);
}

static const struct planted OBJECTS[] = {
	{ "src/cli/planted_call.c",
	  "int system(const char *);\nint planted_call(void);\nint planted_call(void)\n{\n"
	  "\tint (*volatile run)(const char *) = system;\n\treturn run(\"true\");\n}\n",
	  "5: system: a shell" },
	{ "src/desk/planted_assembly.c",
	  "void planted_assembly(void);\nvoid planted_assembly(void)\n{\n"
	  "\t__asm__(\"call popen\");\n}\n",
	  "4: popen: a shell" },
	{ "src/base/planted_sized.c",
	  "#include <string.h>\nvoid planted_sized(char *, const char *);\nchar kept[9];\n"
	  "void planted_sized(char *to, const char *from)\n{\n\tstrcpy(kept, from);\n}\n",
	  " __strcpy_chk: it knows no size" },
	{ "src/desk/planted_library.c",
	  "int sqlite3_close(void *);\nint planted_library(void *);\n"
	  "int planted_library(void *at)\n{\n\treturn sqlite3_close(at);\n}\n",
	  "5: sqlite3_close: SQLite is known only in src/store/sqlite/" },
	{ "src/tui/screen/planted_library.c",
	  "int tigetflag(void *);\nint planted_drawn(void *);\n"
	  "int planted_drawn(void *at)\n{\n\treturn tigetflag(at);\n}\n",
	  "5: tigetflag: ncurses is known only in src/tui/term/" },
	{ "src/cli/planted_opened.c",
	  "void *curl_easy_init(void);\nvoid *planted_opened(void);\n"
	  "void *planted_opened(void)\n{\n\treturn curl_easy_init();\n}\n",
	  "5: curl_easy_init: libcurl is known only in src/webhook/" },
	{ "src/desk/planted_server.c",
	  "int PQstatus(void *);\nint planted_server(void *);\n"
	  "int planted_server(void *at)\n{\n\treturn PQstatus(at);\n}\n",
	  "5: PQstatus: libpq is known only in src/store/postgresql/" },
	{ "src/cli/planted_door.c",
	  "void *MHD_lookup_connection_value(void *);\nvoid *planted_door(void *);\n"
	  "void *planted_door(void *at)\n{\n\treturn MHD_lookup_connection_value(at);\n}\n",
	  "5: MHD_lookup_connection_value: libmicrohttpd is known only in src/api/" },
	{ "src/store/planted_owner.c", "int store_planted(void);\nint store_planted(void)\n{\n\treturn 1;\n}\n", NULL },
	{ "src/tui/planted_arrow.c",
	  "int store_planted(void);\nint planted_arrow(void);\nint planted_arrow(void)\n{\n"
	  "\treturn store_planted();\n}\n",
	  "5: store_planted of src/store/planted_owner.c: layer tui may not know store" },
	{ "src/base/planted_unused.c",
	  "void planted_own(void)\n{\n}\nvoid planted_unused(void)\n{\n\tplanted_own();\n}\n", NULL },
	{ "src/base/planted_clash.c", "int MHD_stop_daemon(void);\nint MHD_stop_daemon(void)\n{\n\treturn 1;\n}\n",
	  NULL },
};
#define OBJECT_COUNT (sizeof OBJECTS / sizeof *OBJECTS)

static void compile(const struct planted *planted)
{
	char name[200];
	const char *layer = planted->path + strlen("src/");
	(void)snprintf(name, sizeof name, "CMakeFiles/kyb_%.*s.dir/%s", (int)strcspn(layer, "/"), layer, planted->path);
	done("cd \"$3\" && mkdir -p \"$(dirname \"$4\")\" && cc -g -O1 -fno-builtin-strcpy -D_FORTIFY_SOURCE=2 -w "
	     "-c "
	     "-o \"$4.o\" \"src/${4#*/src/}\"",
	     name);
}

Test(lint, each_way_round_the_rules_of_the_symbols_is_told)
{
	for (size_t i = 0; i < OBJECT_COUNT; i++) {
		plant(&OBJECTS[i]);
		compile(&OBJECTS[i]);
	}
	done("cd \"$3\" && mkdir -p tests/lint && echo 'gone_by_now  it was' >tests/lint/unused.txt && "
	     "ln -s \"$2/kybdesk\" .",
	     NULL);
	planted_and_told("\"$1/tests/lint/symbols.py\" \"$3\" \"$3\"", OBJECTS, OBJECT_COUNT);
	struct process_result result;
	shell(&result, "\"$1/tests/lint/symbols.py\" \"$3\" \"$3\"", NULL);
	const char *twice = strstr(result.out, "MHD_stop_daemon: ");
	cr_expect(twice && strstr(twice, " exports the same name; rename it\n"), "%s", result.out);
	cr_expect(strstr(result.out, "src/base/planted_unused.c: planted_unused: unused, or used only by tests\n"),
		  "%s", result.out);
	cr_expect(strstr(result.out, "planted_unused.c: planted_own: only its own file calls it; make it static\n"),
		  "%s", result.out);
	cr_expect(strstr(result.out, "tests/lint/unused.txt: gone_by_now: now used, or removed"), "%s", result.out);
	tried("%zu ways round them planted", OBJECT_COUNT + 1);
}

/* Checks the symbols in the object files of this build, independently of the sources. */
Test(lint, the_objects_of_this_build_ask_for_nothing_that_they_may_not)
{
	struct process_result result;
	shell(&result, "\"$1/tests/lint/symbols.py\" \"$2\"", NULL);
	cr_expect_eq(result.status, 0);
	cr_expect_str_eq(result.out, "");
	cr_expect_str_eq(result.err, "");
}

/* --- the pages for developers --- */

Test(lint, each_name_on_a_page_for_developers_exists)
{
	static const struct planted page[] = {
		{ "docs/architecture.md",
		  "`use_NAME()` in `src/desk` calls `desk_do()`; `.verbs`, `src/cli/*/cmd_*.c`\n`OFFER`\n`.uses`\n"
		  "`src/nowhere.c`\n\n    `of_no_source`\n`struct desk`, `--filter 'any/*'`\n",
		  "2: `OFFER`: OFFER is not in the sources" },
		{ "docs/architecture.md", NULL, "3: `.uses`: no member of this name is set in the sources" },
		{ "docs/architecture.md", NULL, "4: `src/nowhere.c`: src/nowhere.c does not exist" },
	};
	struct process_result result;

	plant(&page[0]);
	done("mkdir -p \"$3/src/desk\" \"$3/src/cli/case\" && "
	     "echo 'struct desk; desk_do(); use_approve(); int a = { .verbs = 1 };' >\"$3/src/desk/a.c\" && "
	     "echo >\"$3/src/cli/case/cmd_a.c\"",
	     NULL);
	shell(&result, "\"$1/tests/lint/walks.py\" \"$3\"", NULL);
	cr_expect_eq(result.status, 1, "%s", result.err);
	for (size_t i = 0; i < sizeof page / sizeof *page; i++)
		is_reported(result.out, &page[i]);
	cr_expect_not(strstr(result.out, ".md:1:") || strstr(result.out, ".md:6:") || strstr(result.out, ".md:7:"),
		      "%s", result.out);
}

/* --- size --- */

Test(lint, the_size_is_counted_and_compared)
{
	struct process_result result;

	done("cd \"$3\" && mkdir -p src tests/lint && cp \"$1/tests/lint/size.py\" tests/lint && "
	     "printf 'int a; /* x */\n\n/* y\n * \"z */\n\"/*\";\n' >src/a.c && printf '\n\n' >tests/a.c",
	     NULL);
	shell(&result, "\"$3/tests/lint/size.py\"", NULL); /* without git, and then with it */
	cr_expect(strstr(result.out, "code               2\ncomments           2\nblank              1\n"
				     "tests              2\n"),
		  "%s%s", result.out, result.err);
	done("cd \"$3\" && git init -q && git add . && git -c user.name=a -c user.email=a@b.invalid commit -qm one && "
	     "echo 'int b;' >>src/a.c",
	     NULL);
	shell(&result, "\"$3/tests/lint/size.py\" HEAD", NULL);
	cr_expect(strstr(result.out, "code               3            2       +1\n"), "%s%s", result.out, result.err);
	shell(&result, "\"$3/tests/lint/size.py\"", NULL);
	cr_expect_eq(result.status, 0, "%s%s", result.out, result.err);
	shell(&result, "\"$3/tests/lint/size.py\" unknown", NULL);
	cr_expect(result.status == 2 && strstr(result.out, "unknown is not a commit"), "%s", result.out);
}

/* --- bodies of the API --- */

/* Each line of C is compiled with the shapes of the tree, or with one more member in the shape Health. */
Test(lint, the_build_finds_each_body_that_differs_from_its_shape)
{
	static const struct {
		const char *body, *finding; /* NULL: compiles */
		bool has_added_member;
	} bodies[] = {
		{ "BODY(Health, .status = AS_TEXT(\"ok\"))", NULL, false },
		{ "BODY(Health, .status = AS_TEXT(\"ok\"))", "macro \"BODY_Health\" requires 2 arguments", true },
		{ "BODY(Health, .since = AS_NULL, .status = AS_TEXT(\"ok\"))", NULL, true },
		{ "BODY(Health, .since = AS_NULL)", "has no member named", false },
		{ "BODY(Health, .status = AS_NULL, .since = AS_NULL)", "passed 2 arguments, but takes just 1", false },
		{ "BODY(FieldFault, .field = AS_NULL, .field = AS_NULL)", "overwritten", false },
		{ "BODY(Unknown, .field = AS_NULL)", "BODY_Unknown", false },
		{ "JSON_FROM({ \"id\", AS_NULL }, { \"note?\", AS_NULL })", NULL, false },
		{ "JSON_FROM({ \"id\", AS_NULL }, { \"note?\" })", "missing initializer for field", false },
	};
	struct process_result result;

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		const struct planted file = { .path = "body.c", .text = bodies[i].body };

		plant(&file);
		done(bodies[i].has_added_member ? "sed 's/status:text$/status:text since:time/' "
						  "\"$1/src/api/shapes.txt\" >\"$3/shapes.txt\""
						: "cp \"$1/src/api/shapes.txt\" \"$3/shapes.txt\"",
		     NULL);
		done("cmake \"-DSHAPES=$3/shapes.txt\" \"-DOUT=$3/body_types.h\" -P \"$1/src/tools/body_types.cmake\" "
		     "&& "
		     "printf '#include \"shape.h\"\nstruct json_value *made(void);\n"
		     "struct json_value *made(void)\n{\n\treturn %s;\n}\n' \"$(cat \"$3/body.c\")\" >\"$3/made.c\"",
		     NULL);
		shell(&result,
		      "LC_ALL=C cc -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "
		      "\"$1/include\" "
		      "-I \"$1/src/api\" -I \"$3\" \"$3/made.c\"",
		      NULL);
		cr_expect_eq(result.status == 0, !bodies[i].finding, "%s\n%s", bodies[i].body, result.err);
		cr_expect(!bodies[i].finding || strstr(result.err, bodies[i].finding), "%s\n%s", bodies[i].body,
			  result.err);
	}
	tried("%zu bodies compiled", sizeof bodies / sizeof *bodies);
}

/* A sentence without a text, a text without a sentence, and texts that are missing, in English, or with other holes. */
Test(lint, each_sentence_of_the_page_has_a_text_in_each_language)
{
	static const struct {
		const char *change, *finding;
	} rows[] = {
		{ "true", NULL },
		{ "sed -i 's/the file is empty/the file is quite empty/' src/desk/client/sniff.c",
		  "src/desk/client/sniff.c: \"the file is quite empty\" has no row" },
		{ "sed -i 's/the file is empty/the file has nothing inside/' src/desk/client/sniff.c",
		  "texts.json: no source has \"the file is empty\"" },
		{ "sed -i '/\"de\": \"Gespeichert.\"/d; s/\"es\": \"Guardado.\"/\"es\": \"\"/' src/api/link/texts.json",
		  "SAVED: needs a text in each of en, de, es, pt" },
		{ "sed -i 's/Die Datei ist leer. Wählen Sie eine andere Datei/The file is empty. Choose another file/' "
		  "src/api/link/texts.json",
		  "\"the file is empty\": de: is in English" },
		{ "sed -i 's/Datei ist zu groß: höchstens {1m}/Datei ist zu groß: höchstens {3m}/' "
		  "src/api/link/texts.json",
		  "de: has a hole that its pattern does not have" },
	};
	struct process_result result;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		done("rm -rf \"$3/src\" \"$3/include\" && cp -r \"$1/src\" \"$1/include\" \"$3\" && cd \"$3\" && eval "
		     "\"$4\"",
		     rows[i].change);
		shell(&result, "\"$1/tests/lint/page_texts.py\" \"$3\"", NULL);
		cr_expect_eq(result.status, rows[i].finding != NULL, "%s: %s%s", rows[i].change, result.out,
			     result.err);
		cr_expect(!rows[i].finding || strstr(result.out, rows[i].finding), "%s: %s", rows[i].change,
			  result.out);
	}
}

/* --- waits --- */

Test(lint, each_wait_of_the_page_has_a_test)
{
	static const struct {
		const char *change, *finding;
	} rows[] = {
		{ "true", NULL },
		{ "sed -i 's/^| for a receiver of webhooks/| for a fax | none | nothing |\\n&/' docs/waits.md",
		  "\"for a fax\": no test that freezes the peer" },
		{ "sed -i '/^| for a receiver of webhooks/d' docs/waits.md",
		  "\"for a receiver of webhooks\": docs/waits.md has no such row" },
		{ "sed -i 's/::a_stop_ends_what_runs/::a_stop_ends_nothing/' tests/waits.txt",
		  "hook::a_stop_ends_nothing: no such test" },
	};
	struct process_result result;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		done("rm -rf \"$3/docs\" \"$3/tests\" && cp -r \"$1/docs\" \"$1/tests\" \"$3\" && cd \"$3\" && eval "
		     "\"$4\"",
		     rows[i].change);
		shell(&result, "\"$1/tests/lint/waits.py\" \"$3\"", NULL);
		cr_expect_eq(result.status, rows[i].finding != NULL, "%s: %s%s", rows[i].change, result.out,
			     result.err);
		cr_expect(!rows[i].finding || strstr(result.out, rows[i].finding), "%s: %s", rows[i].change,
			  result.out);
	}
}

/* --- suites by engine --- */

Test(lint, each_suite_that_uses_a_store_runs_on_both_engines_or_says_why_not)
{
	static const char *const findings[] = { "durable of test_desk runs on one engine",
						"of test_screen runs on one engine",
						"claim: no suite needs this line" };
	struct process_result result;

	shell(&result, "\"$1/tests/lint/engines.py\" \"$2\" \"$1\"", NULL);
	cr_expect_eq(result.status, 0, "%s%s", result.out, result.err);
	done("rm -rf \"$3/tests\" && mkdir \"$3/tests\" && sed '/^durable /d; /^test_screen[/]/d' "
	     "\"$1/tests/engines.txt\" >\"$3/tests/engines.txt\" && echo 'claim a reason' "
	     ">>\"$3/tests/engines.txt\"",
	     NULL);
	shell(&result, "\"$1/tests/lint/engines.py\" \"$2\" \"$3\"", NULL);
	cr_expect_eq(result.status, 1);
	for (size_t i = 0; i < sizeof findings / sizeof *findings; i++)
		cr_expect(strstr(result.out, findings[i]), "%s: %s%s", findings[i], result.out, result.err);
}

/* --- commit titles --- */

Test(lint, a_commit_title_is_short_and_names_its_area)
{
	static const char *const good[] = { "store: index waiting cases for the counts",
					    "desk, api: refuse a merchant's key", "tests/lint: x" };
	static const char *const bad[] = { "A title of before, in a whole sentence", "Store: capital", "store:",
					   "store: a title that goes on and on until it has more characters than fit",
					   "" };
	struct process_result result;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		shell(&result, "printf '%s\n' \"$4\" | \"$1/tests/lint/titles.sh\"", good[i]);
		cr_expect_eq(result.status, 0, "%s: %s", good[i], result.out);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		shell(&result, "printf '%s\n' \"$4\" | \"$1/tests/lint/titles.sh\"", bad[i]);
		cr_expect_eq(result.status, 1, "%s", bad[i]);
		cr_expect(strstr(result.out, "commit title"), "%s", result.out);
	}
}
