#include "kybdesk/base/resource.h"
#include "kybdesk/base/file.h"
#include "support/leak.h"
#include "support/process.h"
#include "support/texts.h"
#include "support/test_world.h"

#include <stdio.h>
#include <string.h>

struct places {
	char *root;
	const char *environment[5];
	struct test_world test;
};

static void places_init(struct places *places)
{
	const char *root = places->root = temp_folder_make();
	places->environment[0] = test_text("HOME=%s/home", root);
	places->environment[1] = test_text("XDG_CONFIG_HOME=%s/config", root);
	places->environment[2] = test_text("XDG_DATA_HOME=%s/data", root);
	places->environment[3] = test_text("XDG_DATA_DIRS=relative:%s/first:%s/second", root, root);
	places->environment[4] = NULL;
	test_world_init(&places->test, 0);
	places->test.environment = places->environment;
}

static void put(const struct places *places, const char *path, const char *text)
{
	struct arena arena = ARENA_INIT;
	char *whole = path_join(&arena, places->root, path);
	cr_assert_eq(folder_make(path_folder(&arena, whole), NULL), ERR_OK);
	temp_write(whole, text, strlen(text));
	arena_release(&arena);
}

static void expect_read(struct places *places, const char *name, const char *wanted)
{
	struct arena arena = ARENA_INIT;
	struct strbuf out = STRBUF_INIT;
	const char *origin = NULL;
	struct error error = { 0 };
	cr_assert_eq(resource_read(&arena, &places->test.world, name, &out, &origin, &error), ERR_OK, "%s",
		     error.message);
	cr_expect_str_eq(out.buf, wanted);
	cr_expect(strncmp(origin, places->root, strlen(places->root)) == 0, "%s", origin);
	strbuf_release(&out);
	arena_release(&arena);
}

Test(resource, the_embedded_table_is_sorted_and_complete)
{
	cr_assert_gt(resource_count, 0);
	for (size_t i = 0; i < resource_count; i++) {
		cr_expect_eq(resource_find_embedded(resource_table[i].name), &resource_table[i]);
		if (i)
			cr_expect_lt(strcmp(resource_table[i - 1].name, resource_table[i].name), 0);
	}
	cr_expect_null(resource_find_embedded("workflows/none.json"));
}

Test(resource, embedded_bytes_are_those_of_the_files)
{
	for (size_t i = 0; i < resource_count; i++) {
		const struct resource *resource = &resource_table[i];
		char path[1024];
		size_t length = 0;
		bool theme = strncmp(resource->name, "themes/", 7) == 0;

		if (!strcmp(resource->name, "migrations/sqlite/whole.sql"))
			continue; /* the build generates this file; tests/store/related_test.c checks it */
		(void)snprintf(path, sizeof path, "%s/%s%s", KYB_SOURCE_DIR, theme ? "" : "data/", resource->name);
		char *bytes = temp_read(path, &length);
		cr_assert_not_null(bytes, "%s", path);
		cr_expect_eq(length, resource->length, "%s", path);
		cr_expect_eq(memcmp(bytes, resource->bytes, length), 0, "%s", path);
	}
}

Test(resource, the_first_place_that_has_a_file_wins)
{
	struct places places;
	places_init(&places);
	put(&places, "second/kybdesk/workflows/own.json", "second");
	expect_read(&places, "workflows/own.json", "second");
	put(&places, "first/kybdesk/workflows/own.json", "first");
	expect_read(&places, "workflows/own.json", "first");
	put(&places, "data/kybdesk/workflows/own.json", "data");
	expect_read(&places, "workflows/own.json", "data");
	put(&places, "config/kybdesk/workflows/own.json", "config");
	expect_read(&places, "workflows/own.json", "config");
	temp_folder_remove(places.root);
	NO_LEAKS();
}

Test(resource, migrations_and_samples_are_never_overridden)
{
	struct places places;
	places_init(&places);
	struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < resource_count; i++) {
		const char *name = resource_table[i].name;
		if (strncmp(name, "migrations/", 11) != 0 && strncmp(name, "samples/", 8) != 0)
			continue;
		put(&places, arena_printf(&arena, "config/kybdesk/%s", name), "spoiled");
		struct strbuf out = STRBUF_INIT;
		const char *origin;
		cr_assert_eq(resource_read(&arena, &places.test.world, name, &out, &origin, NULL), ERR_OK);
		cr_expect_str_eq(origin, "built in");
		cr_expect_eq(out.len, resource_table[i].length);
		strbuf_release(&out);
	}
	put(&places, "config/kybdesk/migrations/9999_evil.sql", "x");
	size_t count;
	const char **names = resource_list(&arena, &places.test.world, "migrations/", &count);
	cr_expect_gt(count, 0);
	for (size_t i = 0; i < count; i++)
		cr_expect_null(strstr(names[i], "evil"));
	arena_release(&arena);
	temp_folder_remove(places.root);
	NO_LEAKS();
}

Test(resource, a_name_cannot_leave_the_folders)
{
	struct places places;
	places_init(&places);
	put(&places, "config/secret.json", "secret");
	static const char *const bad[] = TEXTS("", "/etc/passwd", "../secret.json", "workflows/../../secret.json",
					       "workflows//a.json", "workflows/", ".hidden", "./workflows/a.json");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct arena arena = ARENA_INIT;
		struct strbuf out = STRBUF_INIT;
		const char *origin;
		cr_expect_eq(resource_read(&arena, &places.test.world, bad[i], &out, &origin, NULL), ERR_NOT_FOUND,
			     "%s", bad[i]);
		cr_expect_eq(out.len, 0);
		strbuf_release(&out);
		arena_release(&arena);
	}
	temp_folder_remove(places.root);
}

Test(resource, list_has_each_name_once_sorted_without_litter)
{
	struct places places;
	places_init(&places);
	put(&places, "config/kybdesk/plain/b.json", "");
	put(&places, "data/kybdesk/plain/b.json", "");
	put(&places, "data/kybdesk/plain/a.json", "");
	put(&places, "second/kybdesk/plain/c.json", "");
	put(&places, "second/kybdesk/plain/c.json~", "");
	put(&places, "second/kybdesk/plain/.c.json.swp", "");
	put(&places, "second/kybdesk/plain/folder/d.json", "");
	struct arena arena = ARENA_INIT;
	size_t count;
	const char **names = resource_list(&arena, &places.test.world, "plain", &count);
	cr_assert_eq(count, 3);
	cr_expect_str_eq(names[0], "plain/a.json");
	cr_expect_str_eq(names[1], "plain/b.json");
	cr_expect_str_eq(names[2], "plain/c.json");
	(void)resource_list(&arena, &places.test.world, "nothing/", &count);
	cr_expect_eq(count, 0);
	arena_release(&arena);
	temp_folder_remove(places.root);
	NO_LEAKS();
}
