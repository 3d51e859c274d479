/* The precedence of options, environment, file and defaults, and the recorded origin of each value. */
#include "kybdesk/settings/settings.h"
#include "support/config_folder.h"

#include <stdio.h>
#include <string.h>

static struct settings settings;

TestSuite(settings, .init = set_up, .fini = tear_down);

static enum err read_given(const struct setting_input *given, size_t count)
{
	return settings_read(&arena, &world.world, given, count, &settings, &error);
}

static void expect(enum setting_id id, const char *value, const char *origin)
{
	cr_expect_str_eq(settings_text(&settings, id), value, "%s", settings.items[id].name);
	cr_expect_str_eq(settings.items[id].origin, origin, "%s", settings.items[id].name);
}

Test(settings, the_default_store_is_in_the_data_folder)
{
	cr_assert_eq(read_given(NULL, 0), ERR_OK);
	const char *store = settings_text(&settings, SETTING_STORE);
	cr_expect_str_eq(store + strlen(store) - strlen("/data/kybdesk/kybdesk.db"), "/data/kybdesk/kybdesk.db");
	cr_expect_str_eq(settings.items[SETTING_STORE].origin, "default");
	cr_expect_null(settings_text_if_set(&settings, SETTING_STORE), "nobody chose it");
}

Test(settings, the_page_of_own_files_names_every_setting)
{
	char row[80], *page = temp_read(KYB_SOURCE_DIR "/docs/own-files.md", NULL);

	cr_assert(page);
	cr_assert_eq(read_given(NULL, 0), ERR_OK);
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		(void)snprintf(row, sizeof row, "\n| `%s` | ", settings.items[i].name);
		cr_expect(strstr(page, row), "docs/own-files.md lacks %s", settings.items[i].name);
	}
}

Test(settings, every_default_is_there_and_says_so)
{
	cr_assert_eq(read_given(NULL, 0), ERR_OK);
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		cr_assert(settings.items[i].name && settings.items[i].value, "%zu", i);
		cr_expect_str_eq(settings.items[i].origin, "default", "%s", settings.items[i].name);
		cr_expect(settings.items[i].is_default);
	}
	cr_expect_eq(settings_number(&settings, SETTING_GRACE_SECONDS), SETTING_GRACE_DEFAULT_S);
	cr_expect(settings_bool(&settings, SETTING_SINGLE_KEYS));
}

Test(settings, all_that_the_file_says_is_before_the_defaults)
{
	write_config("{\"store\": \"/from/file.db\", \"reviewer\": \"bo\", \"theme\": \"light\", \"color\": false,"
		     "\"mouse\": false, \"pictures\": false, \"next_after_decision\": false, \"accessible\": true, "
		     "\"single_keys\": false,"
		     "\"grace_seconds\": 30, \"open_with\": \"xdg-open\", \"time_zone\": \"Asia/Tokyo\"}");
	cr_assert_eq(read_given(NULL, 0), ERR_OK, "%s", error.message);
	static const char *const values[SETTING_COUNT] = { "/from/file.db", "bo",    "light",	 "false",
							   "false",	    "false", "false",	 "true",
							   "false",	    "30",    "xdg-open", "Asia/Tokyo" };
	for (size_t i = 0; i < SETTING_COUNT; i++)
		expect((enum setting_id)i, values[i], settings.config_path);
	cr_expect_eq(settings_number(&settings, SETTING_GRACE_SECONDS), 30);
	cr_expect_not(settings_bool(&settings, SETTING_SINGLE_KEYS));
}

Test(settings, the_environment_is_before_the_file)
{
	write_config("{\"store\": \"/from/file.db\", \"reviewer\": \"bo\", \"theme\": \"light\"}");
	environment[2] = "KYBDESK_STORE=/from/environment.db";
	environment[3] = "KYBDESK_REVIEWER=lea";
	environment[4] = "KYBDESK_THEME=mono";
	environment[5] = NULL;
	cr_assert_eq(read_given(NULL, 0), ERR_OK);
	expect(SETTING_STORE, "/from/environment.db", "KYBDESK_STORE");
	expect(SETTING_REVIEWER, "lea", "KYBDESK_REVIEWER");
	expect(SETTING_THEME, "mono", "KYBDESK_THEME");
}

Test(settings, what_is_given_is_before_the_environment)
{
	environment[2] = "KYBDESK_STORE=/from/environment.db";
	environment[3] = NULL;
	const struct setting_input given[] = { { SETTING_STORE, "/from/option.db", "--store" },
					       { SETTING_GRACE_SECONDS, "3", "--grace" } };
	cr_assert_eq(read_given(given, 2), ERR_OK);
	expect(SETTING_STORE, "/from/option.db", "--store");
	expect(SETTING_GRACE_SECONDS, "3", "--grace");
}

Test(settings, an_empty_variable_is_no_variable)
{
	environment[2] = "KYBDESK_THEME=";
	environment[3] = NULL;
	cr_assert_eq(read_given(NULL, 0), ERR_OK);
	expect(SETTING_THEME, "auto", "default");
}

Test(settings, an_empty_text_that_was_given_is_a_mistake)
{
	const struct setting_input given = { SETTING_STORE, "", "--store" };
	cr_assert_eq(read_given(&given, 1), ERR_INVALID);
	cr_expect_str_eq(error.field, "store");
	cr_expect(strstr(error.message, "--store is empty"), "%s", error.message);
}

Test(settings, no_color_takes_the_colour)
{
	write_config("{\"color\": true}");
	environment[2] = "NO_COLOR=1";
	environment[3] = NULL;
	cr_assert_eq(read_given(NULL, 0), ERR_OK);
	expect(SETTING_COLOR, "false", "NO_COLOR");
}

Test(settings, what_is_put_over_them_holds)
{
	cr_assert_eq(read_given(NULL, 0), ERR_OK);
	settings_put(&settings, SETTING_STORE, "/demo.db", "demo");
	expect(SETTING_STORE, "/demo.db", "demo");
	cr_expect_str_eq(settings_text_if_set(&settings, SETTING_STORE), "/demo.db");
}

Test(settings, a_broken_file_is_an_error_that_names_it)
{
	write_config("{\"stor\": 1}");
	cr_assert_eq(read_given(NULL, 0), ERR_INVALID);
	cr_expect(strstr(error.message, "config.json"), "%s", error.message);
	cr_expect_str_eq(settings_text(&settings, SETTING_THEME), "auto", "usable without the file");
}
