/* The options of a command line take precedence over all other sources of a setting. */
#include "cli_internal.h"
#include "support/config_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct command_line command_line;
static struct settings settings;

TestSuite(given, .init = set_up, .fini = tear_down);

static enum err read_with(const char *option, const char *value)
{
	char *argv[] = { (char *)"kybdesk", (char *)"inbox", (char *)option, (char *)value, NULL };
	int argc = option ? (value ? 4 : 3) : 2;
	cr_assert_eq(command_parse(&arena, command_set(), argc, argv, &command_line, &error), ERR_OK);
	return settings_from_options(&arena, &world.world, &command_line, &settings, &error);
}

Test(given, the_option_is_before_the_environment)
{
	environment[2] = "KYBDESK_STORE=/from/environment.db";
	environment[3] = NULL;
	cr_assert_eq(read_with("--store", "/from/option.db"), ERR_OK);
	cr_expect_str_eq(settings_text(&settings, SETTING_STORE), "/from/option.db");
	cr_expect_str_eq(settings.items[SETTING_STORE].origin, "--store");
}

Test(given, the_option_is_before_the_file)
{
	write_config("{\"theme\": \"light\", \"mouse\": true, \"color\": true}");
	cr_assert_eq(read_with("--theme", "mono"), ERR_OK);
	cr_expect_str_eq(settings_text(&settings, SETTING_THEME), "mono");
	cr_assert_eq(read_with("--no-mouse", NULL), ERR_OK);
	cr_expect_not(settings_bool(&settings, SETTING_MOUSE));
	cr_expect_str_eq(settings.items[SETTING_MOUSE].origin, "--no-mouse");
	cr_expect_not(settings_bool(&settings, SETTING_ACCESSIBLE));
	cr_assert_eq(read_with("--accessible", NULL), ERR_OK);
	cr_expect(settings_bool(&settings, SETTING_ACCESSIBLE));
	cr_expect_str_eq(settings.items[SETTING_ACCESSIBLE].origin, "--accessible");
	cr_assert_eq(read_with("--no-color", NULL), ERR_OK);
	cr_expect_not(settings_bool(&settings, SETTING_COLOR));
}

Test(given, as_is_the_reviewer)
{
	cr_assert_eq(read_with(NULL, NULL), ERR_OK);
	cr_expect_null(settings_text_if_set(&settings, SETTING_REVIEWER));
	cr_assert_eq(read_with("--as", "bo"), ERR_OK);
	cr_expect_str_eq(settings_text_if_set(&settings, SETTING_REVIEWER), "bo");
}

Test(given, an_empty_option_is_a_mistake)
{
	cr_expect_eq(read_with("--store", ""), ERR_INVALID);
	cr_expect_str_eq(error.field, "store");
}
