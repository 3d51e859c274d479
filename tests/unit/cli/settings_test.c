/* Option before environment before file before default (cli.md "Everywhere"). */
#include "kybdesk/base/file.h"
#include "kybdesk/cli/settings.h"
#include "support/leak.h"
#include "support/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct test_world world;
static struct parsed parsed;
static struct settings settings;
static struct error error;
static char *folder;
static char config_home[300], data_home[300];
static const char *environment[8];

static void set_up(void)
{
	folder = temp_folder_make();
	(void)snprintf(config_home, sizeof config_home, "XDG_CONFIG_HOME=%s", folder);
	(void)snprintf(data_home, sizeof data_home, "XDG_DATA_HOME=%s/data", folder);
	environment[0] = config_home;
	environment[1] = data_home;
	environment[2] = NULL;
	test_world_init(&world, 0);
	world.environment = environment;
}

static void tear_down(void)
{
	temp_folder_remove(folder);
	error_release(&error);
	arena_release(&arena);
	NO_LEAKS();
}
TestSuite(settings, .init = set_up, .fini = tear_down);

static void write_config(const char *text)
{
	char *place = path_join(&arena, folder, "kybdesk");
	cr_assert_eq(folder_make(place, NULL), ERR_OK);
	temp_write(path_join(&arena, place, "config.json"), text, strlen(text));
}

static enum err read_with(const char *option, const char *value)
{
	char *argv[] = { (char *)"kybdesk", (char *)"inbox", (char *)option, (char *)value, NULL };
	int argc = option ? (value ? 4 : 3) : 2;
	cr_assert_eq(command_parse(&arena, command_set(), argc, argv, &parsed, &error), ERR_OK);
	return settings_read(&arena, &world.world, &parsed, &settings, &error);
}

Test(settings, the_default_store_is_in_the_data_folder)
{
	cr_assert_eq(read_with(NULL, NULL), ERR_OK);
	const char *store = settings_text(&settings, SETTING_STORE);
	cr_expect_str_eq(store + strlen(store) - strlen("/data/kybdesk/kybdesk.db"), "/data/kybdesk/kybdesk.db");
	cr_expect_str_eq(settings.items[SETTING_STORE].origin, "default");
}

Test(settings, the_file_is_before_the_default)
{
	write_config("{\"store\": \"/from/file.db\"}");
	cr_assert_eq(read_with(NULL, NULL), ERR_OK);
	cr_expect_str_eq(settings_text(&settings, SETTING_STORE), "/from/file.db");
	cr_expect_str_eq(settings.items[SETTING_STORE].origin, settings.config_path);
}

Test(settings, the_environment_is_before_the_file)
{
	write_config("{\"store\": \"/from/file.db\"}");
	environment[2] = "KYBDESK_STORE=/from/environment.db";
	environment[3] = NULL;
	cr_assert_eq(read_with(NULL, NULL), ERR_OK);
	cr_expect_str_eq(settings_text(&settings, SETTING_STORE), "/from/environment.db");
	cr_expect_str_eq(settings.items[SETTING_STORE].origin, "KYBDESK_STORE");
}

Test(settings, the_option_is_before_the_environment)
{
	environment[2] = "KYBDESK_STORE=/from/environment.db";
	environment[3] = NULL;
	cr_assert_eq(read_with("--store", "/from/option.db"), ERR_OK);
	cr_expect_str_eq(settings_text(&settings, SETTING_STORE), "/from/option.db");
	cr_expect_str_eq(settings.items[SETTING_STORE].origin, "--store");
}

Test(settings, an_empty_variable_is_no_variable)
{
	environment[2] = "KYBDESK_THEME=";
	environment[3] = NULL;
	cr_assert_eq(read_with(NULL, NULL), ERR_OK);
	cr_expect_str_eq(settings.items[SETTING_THEME].origin, "default");
}

Test(settings, no_color_takes_the_colour)
{
	environment[2] = "NO_COLOR=1";
	environment[3] = NULL;
	cr_assert_eq(read_with(NULL, NULL), ERR_OK);
	cr_expect_not(settings_bool(&settings, SETTING_COLOR));
}

Test(settings, grace_is_the_desks_own_unless_the_file_says)
{
	cr_assert_eq(read_with(NULL, NULL), ERR_OK);
	cr_expect_lt(settings_grace_s(&settings), 0);
	write_config("{\"grace_seconds\": 30}");
	cr_assert_eq(read_with(NULL, NULL), ERR_OK);
	cr_expect_eq(settings_grace_s(&settings), 30);
}

Test(settings, a_broken_file_is_an_error_that_names_it)
{
	write_config("{\"stor\": 1}");
	cr_assert_eq(read_with(NULL, NULL), ERR_INVALID);
	cr_expect(strstr(error.message, "config.json"), "%s", error.message);
}
