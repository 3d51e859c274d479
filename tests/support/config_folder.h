/* A user's folder with a configuration file, and an environment that names it: the setup of tests of settings. */
#ifndef KYB_TESTS_CONFIG_FOLDER_H
#define KYB_TESTS_CONFIG_FOLDER_H

#include "kybdesk/base/file.h"
#include "support/leak.h"
#include "support/process.h"
#include "support/test_world.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct test_world world;
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

static void write_config(const char *text)
{
	char *place = path_join(&arena, folder, "kybdesk");
	cr_assert_eq(folder_make(place, NULL), ERR_OK);
	temp_write(path_join(&arena, place, "config.json"), text, strlen(text));
}

#endif
