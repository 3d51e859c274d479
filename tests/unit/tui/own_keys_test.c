/* The user's own keys: the valid ones, and the errors of invalid ones. No file can remove the keys that leave a screen,
 * or bind a key that decides. */
#include "kybdesk/base/file.h"
#include "input/own_keys.h"
#include "tui_support.h"

#include <stdlib.h>
#include <unistd.h>

static struct arena arena;
static struct keys_table table;

static void tear_down(void)
{
	keymap_activate(NULL, 0);
	arena_release(&arena);
	table = (struct keys_table){ 0 };
	NO_LEAKS();
}
TestSuite(own_keys, .fini = tear_down);

static void apply(const char *text)
{
	struct own_keys keys;
	struct error error = { 0 };
	cr_assert_eq(bindings_parse(&arena, text, strlen(text), &keys, &error), ERR_OK, "%s: %s", text, error.message);
	own_keys_apply(&arena, &keys, TEXT_UTF8, &table);
	keymap_activate(table.bindings, table.count);
}

static const char *output(size_t at)
{
	return at < table.faults.count ? line_fault_text(&arena, "keys.json", &table.faults.items[at]) : "nothing";
}

static void says(const char *text, const char *sentence)
{
	apply(text);
	cr_expect_eq(table.faults.count, 1, "%s: %zu", text, table.faults.count);
	cr_expect_str_eq(output(0), sentence);
}

static enum command does(const char *keys, unsigned contexts)
{
	uint32_t pending = 0;
	size_t digit;
	enum command command = COMMAND_NONE;
	for (; *keys; keys++) {
		struct key key = key_char(*keys);
		command = keymap_lookup(&key, contexts, &pending, &digit);
	}
	return command;
}

Test(own_keys, a_line_takes_the_place_of_the_characters_of_its_action)
{
	apply("{\"approve\": \"Y\", \"down\": [\"J\", \"Ctrl-N\"], \"first\": \"z a\", \"snooze\": []}");
	cr_expect_eq(table.faults.count, 0, "%s", output(0));
	cr_expect_eq(does("Y", PLACE_INBOX), COMMAND_APPROVE);
	cr_expect_eq(does("Y", PLACE_CASE | PLACE_PARTIES), COMMAND_APPROVE);
	cr_expect_eq(does("Y", PLACE_VIEWER), COMMAND_APPROVE);
	cr_expect_eq(does("a", PLACE_INBOX), COMMAND_NONE);
	cr_expect_eq(does("j", PLACE_INBOX), COMMAND_NONE);
	cr_expect_eq(does("za", PLACE_INBOX), COMMAND_FIRST);
	cr_expect_eq(does("gg", PLACE_INBOX), COMMAND_NONE);
	cr_expect_eq(does("zx", PLACE_INBOX), COMMAND_CORRECTIONS, "what ends no pair means itself");
	cr_expect_str_eq(keymap_list_keys(&arena, COMMAND_DOWN, PLACE_INBOX), "J, Ctrl-N, Down", "arrows stay");
	cr_expect_str_eq(keymap_list_keys(&arena, COMMAND_FIRST, PLACE_INBOX), "z a, Home");
	cr_expect_str_eq(keymap_key_or_name(&arena, COMMAND_SNOOZE), ":snooze",
			 "one without a key is found by its name");
	cr_expect(table.changed[COMMAND_APPROVE] && !table.changed[COMMAND_REJECT]);
}

Test(own_keys, an_action_without_a_key_may_have_one_and_letters_of_any_script)
{
	apply("{\"reopen\": \"E\", \"remove-kyc\": \"Ctrl-D\", \"claim\": \"ж\", \"note\": \"é\"}");
	struct key key = { .press = PRESS_CHAR, .ch = 0x436 };
	uint32_t pending = 0;
	size_t digit;
	cr_expect_eq(table.faults.count, 0, "%s", output(0));
	cr_expect_eq(does("E", PLACE_CASE), COMMAND_REOPEN);
	cr_expect_eq(keymap_lookup(&key, PLACE_INBOX, &pending, &digit), COMMAND_CLAIM);
	cr_expect_str_eq(keymap_first_key(&arena, COMMAND_NOTE, PLACE_CASE), "é");
	cr_expect_str_eq(keymap_first_key(&arena, COMMAND_KYC_REMOVE, PLACE_PARTIES), "Ctrl-D");
}

Test(own_keys, where_the_terminal_writes_ascii_no_other_character_is_a_key)
{
	static const char text[] = "{\"claim\": \"ж\", \"note\": [\"é\", \"!\"], \"first\": \"z ñ\"}";
	struct own_keys keys;
	struct error error = { 0 };
	cr_assert_eq(bindings_parse(&arena, text, strlen(text), &keys, &error), ERR_OK);
	own_keys_apply(&arena, &keys, TEXT_ASCII, &table);
	keymap_activate(table.bindings, table.count);
	cr_expect_eq(table.faults.count, 3, "%zu", table.faults.count);
	cr_expect(strstr(output(0), "is not ASCII"), "%s", output(0));
	cr_expect_eq(does("c", PLACE_CASE), COMMAND_CLAIM);
	cr_expect_eq(does("!", PLACE_CASE), COMMAND_NOTE);
	cr_expect_eq(does("gg", PLACE_CASE), COMMAND_FIRST);
}

Test(own_keys, keys_change_places_with_each_other)
{
	apply("{\"approve\": \"r\", \"reject\": \"a\", \"more\": \"V\", \"view\": \"v\", \"keep-view\": \"K\"}");
	cr_expect_eq(does("r", PLACE_INBOX), COMMAND_APPROVE);
	cr_expect_eq(does("a", PLACE_INBOX), COMMAND_REJECT);
	/* "V" is also the key of "verify-elsewhere" in the tab of parties, where "more" works, too. */
	cr_expect_eq(table.faults.count, 2, "%zu", table.faults.count);
	cr_expect_str_eq(output(0), "keys.json, line 1: \"V\" for \"more\" is the key of \"verify-elsewhere\"; in this "
				    "file, bind another key to \"verify-elsewhere\" or to \"more\"");
	cr_expect_str_eq(output(1), "keys.json, line 1: \"v\" for \"view\" is the key of \"more\" (line 1 is invalid); "
				    "fix that line, or choose another key");
}

Test(own_keys, a_conflict_is_said_with_both_lines_and_the_first_holds)
{
	says("{\n\"note\": \"M\",\n\"mark-range\": [\"+\"],\n\"bulk\":\n[\"b\",\n\"+\"]\n}",
	     "keys.json, line 6: \"+\" for \"bulk\" is the key of \"mark-range\" already, on line 3; change one of "
	     "the two keys");
	cr_expect_eq(does("+", PLACE_INBOX), COMMAND_MARK_RANGE);
	cr_expect_eq(does("b", PLACE_INBOX), COMMAND_BULK, "the other keys of the line stay");
	cr_expect_eq(does("M", PLACE_CASE), COMMAND_NOTE);
}

Test(own_keys, a_conflict_with_a_key_of_the_program_names_its_action)
{
	says("{\"note\": \"a\"}", "keys.json, line 1: \"a\" for \"note\" is the key of \"approve\"; in this file, bind "
				  "another key to \"approve\" or to \"note\"");
	cr_expect_eq(does("a", PLACE_CASE), COMMAND_APPROVE);
	cr_expect_eq(does("m", PLACE_CASE), COMMAND_NOTE);
	says("{\"note\": \"g\"}", "keys.json, line 1: \"g\" for \"note\" is the key of \"first\" (g g); in "
				  "this file, bind another key to \"first\" or to \"note\"");
	apply("{\"note\": [\"g n\", \"§\"]}");
	cr_expect_eq(table.faults.count, 0, "two pairs may begin alike: %s", output(0));
}

/* No user-defined key of the parties tab may hide a key that works in the whole case. */
Test(own_keys, the_tab_of_parties_is_part_of_its_case)
{
	says("{\"add-party\": \"a\"}", "keys.json, line 1: \"a\" for \"add-party\" is the key of \"approve\"; in "
				       "this file, bind another key to \"approve\" or to \"add-party\"");
	apply("{\"right\": [\"l\", \"L\"]}");
	cr_expect_eq(table.faults.count, 0, "as the program has it: %s", output(0));
	cr_expect_eq(does("l", PLACE_CASE | PLACE_PARTIES), COMMAND_PARTY_LINK);
	cr_expect_eq(does("L", PLACE_CASE | PLACE_PARTIES), COMMAND_RIGHT);
}

Test(own_keys, what_cannot_be_a_key_gets_a_sentence)
{
	says("{\"aprove\": [\"Z\", \"Y\"]}", "keys.json, line 1: unknown action \"aprove\"; did you mean \"approve\"?");
	says("{\"\": \"Z\"}", "keys.json, line 1: unknown action \"\"; \"kybdesk config keys\" lists them");
	says("{\"note\": \"F5\"}", "keys.json, line 1: \"F5\" for \"note\" is not a key: a key is a character (P), two "
				   "characters (\"g g\"), Space, or Ctrl- with a letter");
	says("{\"approve\": \"Enter\"}", "keys.json, line 1: Enter has a fixed meaning; bind \"approve\" to a "
					 "character or Ctrl- with a letter");
	says("{\"help\": \"esc\"}",
	     "keys.json, line 1: esc has a fixed meaning; bind \"help\" to a character or Ctrl- with a letter");
	says("{\"approve\": \"y\"}", "keys.json, line 1: \"y\" cannot be a key of \"approve\": it confirms in "
				     "dialogs, so it cannot start an action; choose another");
	says("{\"open\": \"y\"}", "keys.json, line 1: \"y\" cannot be a key of \"open\": it confirms in dialogs, so "
				  "it cannot start an action; choose another");
	says("{\"note\": \"Ctrl-C\"}", "keys.json, line 1: \"Ctrl-C\" cannot be a key of \"note\": it always shows "
				       "how to quit; choose another");
	says("{\"note\": \"ctrl-m\"}", "keys.json, line 1: \"ctrl-m\" cannot be a key of \"note\": it is the same as "
				       "Enter in a terminal; choose another");
	says("{\"redraw\": \"Ctrl-W\"}", "keys.json, line 1: \"Ctrl-W\" cannot be a key of \"redraw\": it edits "
					 "typed text; choose another");
	says("{\"accept-item\": \"Space\"}", "keys.json, line 1: \"Space\" cannot be a key of \"accept-item\": it "
					     "is pressed by habit, so it cannot start a change; choose another");
	says("{\"note\": \"5\"}", "keys.json, line 1: \"5\" cannot be a key of \"note\": it chooses an inbox or a "
				  "tab; choose another");
	says("{\"help\": \"h\"}", "keys.json, line 1: \"h\" cannot be a key of \"help\": it moves between the "
				  "buttons of a dialog, so it cannot open help; choose another");
	says("{\"help\": \"Space\"}", "keys.json, line 1: \"Space\" cannot be a key of \"help\": it moves between "
				      "the buttons of a dialog, so it cannot open help; choose another");
	says("{\"help\": \"Ctrl-G\"}", "keys.json, line 1: \"Ctrl-G\" cannot be a key of \"help\": it is not a "
				       "single character; dialogs need a single character for help; choose another");
	says("{\"help\": \"G G\"}", "keys.json, line 1: \"G G\" cannot be a key of \"help\": it is a pair; dialogs "
				    "need a single character for help; choose another");
	says("{\"quit\": []}", "keys.json, line 1: \"quit\" needs a key: bind one");
	says("{\"choose\": \"p\"}", "keys.json, line 1: the keys of \"choose\" are the digits and cannot be changed");
	says("{\"note\":\n 7}", "keys.json, line 2: \"note\" needs a key or a list of keys, as \"P\" or "
				"[\"P\", \"Ctrl-P\"]");
	says("{\"note\": \"!\",\n\"note\": [\"N\", \"O\"]}",
	     "keys.json, line 2: \"note\" is set on line 1 already; remove one of the two lines");
	apply("{\"x\": \"a\", \"w\": [\"b\", \"c\"], \"note\": \"!\", \"note\": \"@\"}");
	cr_expect_eq(table.faults.count, 3, "also where all is one line: %zu", table.faults.count);
	cr_expect_str_eq(keymap_first_key(&arena, COMMAND_NOTE, PLACE_CASE), "!");
	says("{\"note\": [\"!\", \"&\", \"#\", \"$\", \"%\"]}",
	     "keys.json, line 1: \"%\" exceeds the limit of 4 keys for one action");
	apply("{\"note\": [\"\\u200b\", \"\\u202e\", \"\\u0301\", \"日\", \"\\u00a0\", \"ab\", \"\", \" \", "
	      "\"Ctrl-1\", \"g  g\", \"a b c\", \"\\u001b\", \"e\\u0301\"]}");
	cr_expect_eq(table.faults.count, 13, "%zu", table.faults.count);
	for (size_t i = 0; i < table.faults.count; i++)
		cr_expect(strstr(output(i), "is not a key"), "%s", output(i));
	cr_expect_eq(does("m", PLACE_CASE), COMMAND_NOTE, "a line of which nothing holds leaves what was");
}

/* Holds for every keys.json: fixed keys stay, y and Space change nothing, and quit, help and the palette have keys. */
static void all_is_safe(const char *text)
{
	static const unsigned contexts[] = { PLACE_INBOX,  PLACE_CASE, PLACE_CASE | PLACE_PARTIES,
					     PLACE_VIEWER, PLACE_PAGE, PLACE_HELP,
					     PLACE_LIST };
	static const enum press lasting[] = { PRESS_ENTER,     PRESS_ESCAPE, PRESS_TAB,	  PRESS_UP,
					      PRESS_DOWN,      PRESS_LEFT,   PRESS_RIGHT, PRESS_PAGE_UP,
					      PRESS_PAGE_DOWN, PRESS_HOME,   PRESS_END,	  PRESS_BACK_TAB };
	static struct {
		enum command command;
	} before[7][12];
	static bool known;
	uint32_t pending = 0;
	size_t digit;
	for (size_t p = 0; p < 7; p++) {
		for (size_t k = 0; k < 12; k++) {
			struct key key = key_press(lasting[k]);
			enum command command = keymap_lookup(&key, contexts[p], &pending, &digit);
			if (!known)
				before[p][k].command = command;
			cr_assert_eq(before[p][k].command, command, "%s: key %zu at %zu", text, k, p);
		}
		for (const char *letter = "chijmxy"; *letter; letter++) {
			struct key key = { .press = PRESS_CTRL, .ch = (uint32_t)(unsigned char)*letter };
			cr_assert_eq(keymap_lookup(&key, contexts[p], &pending, &digit), COMMAND_NONE, "%s: Ctrl-%c",
				     text, *letter);
		}
		enum command y = does("y", contexts[p]);
		cr_assert(y == COMMAND_NONE || y == COMMAND_COPY, "%s: y", text);
		enum command space = does(" ", contexts[p]);
		cr_assert(!command_spec(space)->changes_data && space != COMMAND_OPEN, "%s: Space", text);
		cr_assert(keymap_first_key(&arena, COMMAND_QUIT, contexts[p])[0], "%s", text);
		cr_assert(keymap_first_key(&arena, COMMAND_HELP, contexts[p])[0], "%s", text);
		cr_assert(keymap_first_key(&arena, COMMAND_PALETTE, contexts[p])[0], "%s", text);
	}
	known = true;
	/* Each shown key does its action. */
	for (size_t i = 0; i < table.count; i++) {
		const struct binding *binding = &table.bindings[i];
		if (binding->press != PRESS_CHAR)
			continue;
		for (size_t p = 0; p < 6; p++) {
			struct key first = { .press = PRESS_CHAR, .ch = binding->letter };
			struct key next_letter = { .press = PRESS_CHAR, .ch = binding->next_letter };
			/* The program's own "l" makes a link in the tab of parties, and is "right" elsewhere. */
			bool shadowed = contexts[p] & PLACE_PARTIES && binding->letter == 'l' &&
					binding->command == COMMAND_RIGHT;
			if (!(binding->contexts & contexts[p]) || shadowed)
				continue;
			enum command command = keymap_lookup(&first, contexts[p], &pending, &digit);
			if (binding->next_letter)
				command = keymap_lookup(&next_letter, contexts[p], &pending, &digit);
			cr_assert_eq(command, binding->command, "%s: %s", text, command_spec(binding->command)->name);
		}
	}
}

Test(own_keys, no_key_for_no_action_locks_in_or_decides)
{
	size_t tried = 0;
	keymap_activate(NULL, 0);
	all_is_safe("nothing");
	for (int command = 1; command < COMMAND_COUNT; command++) {
		const char *name = command_spec((enum command)command)->name;
		for (int c = ' '; c < 127 + 26; c++, tried++) {
			struct arena own = ARENA_INIT;
			const char *key = c >= 127		  ? arena_printf(&own, "Ctrl-%c", c - 127 + 'A')
					  : c == '"' || c == '\\' ? arena_printf(&own, "\\%c", c)
					  : c == ' '		  ? "Space"
								  : arena_printf(&own, "%c", c);
			const char *text = arena_printf(&own, "{\"%s\": \"%s\"}", name, key);
			apply(text);
			all_is_safe(text);
			cr_assert(table.faults.count ? !table.changed[command] : table.changed[command], "%s", text);
			arena_release(&own);
			arena_reset(&arena);
		}
	}
	cr_expect_gt(tried, 7000, "%zu", tried);
}

Test(own_keys, no_mixture_of_lines_locks_in_or_decides)
{
	static const char *const keys[] = { "a", "r", "y",    "g",   "g g",    "g a", "Space", "Ctrl-L", "q",
					    "?", ":", "l",    "V",   "Ctrl-Z", "x",   "N",     "0",	 "/",
					    "m", "A", "\\\\", "Esc", "Enter",  "u",   "z",     "Ctrl-C" };
	unsigned seed = 7;
	for (int round = 0; round < 400; round++) {
		struct arena own = ARENA_INIT;
		const char *text = "{";
		for (int line = 0; line < 12; line++) {
			seed = seed * 1103515245 + 12345;
			const char *name = command_spec((enum command)(1 + (seed >> 8) % (COMMAND_COUNT - 1)))->name;
			seed = seed * 1103515245 + 12345;
			text = arena_printf(&own, "%s%s\"%s\": [\"%s\", \"%s\"]", text, line ? ",\n" : "", name,
					    keys[(seed >> 8) % 26], keys[(seed >> 16) % 26]);
		}
		text = arena_printf(&own, "%s}", text);
		apply(text);
		all_is_safe(text);
		arena_release(&own);
		arena_reset(&arena);
	}
}

static void read_file(const char *text, const char *what, const char *sentence)
{
	size_t length = strlen(text);
	char path[] = "/tmp/kybdesk-keys-XXXXXX";
	int fd = mkstemp(path);
	cr_assert(fd >= 0 && write(fd, text, length) == (ssize_t)length);
	close(fd);
	own_keys_read(&arena, &(const struct settings){ .keys_path = path }, TEXT_UTF8, &table);
	cr_expect_eq(table.faults.count, 1, "%s: %zu", what, table.faults.count);
	cr_expect(strstr(output(0), sentence) && strstr(output(0), path), "%s: %s", what, output(0));
	cr_expect_null(table.bindings, "%s: those of the program hold", what);
	unlink(path);
}

Test(own_keys, a_file_that_cannot_be_read_leaves_the_program_s)
{
	char *large = xcalloc(300 * 1024 + 1, 1);
	memset(large, ' ', 300 * 1024);
	read_file("{\n\"note\": \"M\"\n\"bulk\": \"b\"}", "no JSON", "not valid JSON at line 3");
	read_file("", "empty", "ends too early");
	read_file("[]", "a list", "not an object");
	read_file("{\"a\": \"\xff\"}", "no UTF-8", "not valid UTF-8");
	read_file(large, "enormous", "larger than 262144 bytes");
	free(large);
	own_keys_read(&arena, &(const struct settings){ .keys_path = "/tmp" }, TEXT_UTF8, &table);
	cr_expect(strstr(output(0), "/tmp"), "%s", output(0));
	own_keys_read(&arena, &(const struct settings){ .keys_path = "/nowhere/keys.json" }, TEXT_UTF8, &table);
	cr_expect_eq(table.faults.count, 0, "none is not a fault");
	cr_expect_null(table.bindings);
}

/* Over SSH the text of the store counts, not the file. */
Test(own_keys, a_text_of_the_store_is_read_in_place_of_the_file)
{
	own_keys_read(&arena, &(const struct settings){ .keys_path = "/tmp", .keys_text = "" }, TEXT_UTF8, &table);
	cr_expect_eq(table.faults.count, 0, "%s", output(0));
	cr_expect_null(table.bindings);
	own_keys_read(&arena, &(const struct settings){ .keys_path = "/tmp", .keys_text = "{\"approve\": \"Y\"}" },
		      TEXT_UTF8, &table);
	cr_expect_eq(table.faults.count, 0, "%s", output(0));
	cr_expect(table.changed[COMMAND_APPROVE]);
	own_keys_read(&arena, &(const struct settings){ .keys_text = "[]" }, TEXT_UTF8, &table);
	cr_expect(strstr(output(0), "your keys in the store: "), "%s", output(0));
}

Test(own_keys, the_example_of_the_page_is_good)
{
	struct strbuf page = STRBUF_INIT;
	struct error error = { 0 };
	cr_assert_eq(file_read(KYB_SOURCE_DIR "/docs/own-files.md", 65536, &page, &error), ERR_OK);
	char *from = strstr(page.buf, "```json\n"), *to = from ? strstr(from + 8, "```") : NULL;
	cr_assert(to, "the page has an example");
	*to = '\0';
	apply(from + 8);
	cr_expect_eq(table.faults.count, 0, "%s", output(0));
	cr_expect_eq(does("Y", PLACE_INBOX), COMMAND_APPROVE);
	cr_expect_eq(does("gt", PLACE_INBOX), COMMAND_FIRST);
	cr_expect_str_eq(keymap_key_or_name(&arena, COMMAND_BULK), ":bulk");
	strbuf_release(&page);
}
