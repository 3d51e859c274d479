#include "kybdesk/base/resource.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/text.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define RESOURCE_MAX_BYTES ((size_t)4 << 20)
#define PROGRAM_FOLDER "kybdesk"

static int compare_name(const void *key, const void *item)
{
	const struct resource *resource = item;
	return strcmp(key, resource->name);
}

const struct resource *resource_find_embedded(const char *name)
{
	return bsearch(name, resource_table, resource_count, sizeof resource_table[0], compare_name);
}

/* Whether a file in a data folder may replace the resource: not the schema, not the demo, not the
 * letters of names, never over SSH. */
static bool may_be_overridden(const struct world *world, const char *name)
{
	return !world->is_ssh_session && !text_has_prefix(name, "migrations/") && !text_has_prefix(name, "samples/") &&
	       !text_has_prefix(name, "names/");
}

/* Whether the name stays within the data folders; the name may come from a command line. */
static bool is_plain_name(const char *name)
{
	if (!*name)
		return false;
	for (const char *part = name;;) {
		size_t length = strcspn(part, "/");
		if (length == 0 || part[0] == '.')
			return false;
		if (part[length] == '\0')
			return true;
		part += length + 1;
	}
}

/* The folders "kybdesk" in the XDG folders for configuration and data; the user's own folders come first. */
static const char **data_folders(struct arena *arena, const struct world *world, size_t *count)
{
	const char **folders = NULL;
	size_t capacity = 0;
	*count = 0;
	*ARENA_PUSH(arena, folders, *count, capacity) =
		path_join(arena, xdg_folder(arena, world, "XDG_CONFIG_HOME", ".config"), PROGRAM_FOLDER);
	*ARENA_PUSH(arena, folders, *count, capacity) =
		path_join(arena, xdg_folder(arena, world, "XDG_DATA_HOME", ".local/share"), PROGRAM_FOLDER);
	const char *system = world_environment(world, "XDG_DATA_DIRS");
	if (!system || !*system)
		system = "/usr/local/share:/usr/share";
	while (*system) {
		size_t length = strcspn(system, ":");
		if (length && system[0] == '/')
			*ARENA_PUSH(arena, folders, *count, capacity) =
				path_join(arena, arena_strndup(arena, system, length), PROGRAM_FOLDER);
		system += length + (system[length] == ':');
	}
	return folders;
}

enum err resource_read(struct arena *arena, const struct world *world, const char *name, struct strbuf *out,
		       const char **origin, struct error *error)
{
	if (!is_plain_name(name))
		return error_set(error, ERR_NOT_FOUND,
				 "\"%s\" is not a valid name of a data file: a part of the path is empty or starts "
				 "with a dot",
				 name);
	if (may_be_overridden(world, name)) {
		size_t count;
		const char **folders = data_folders(arena, world, &count);
		for (size_t i = 0; i < count; i++) {
			char *path = path_join(arena, folders[i], name);
			if (!file_exists(path))
				continue;
			*origin = path;
			return file_read(path, RESOURCE_MAX_BYTES, out, error);
		}
	}
	const struct resource *resource = resource_find_embedded(name);
	if (!resource)
		return error_set(error, ERR_NOT_FOUND, "unknown data file \"%s\", neither built in nor in your folders",
				 name);
	strbuf_add(out, resource->bytes, resource->length);
	*origin = RESOURCE_BUILT_IN;
	return ERR_OK;
}

const char **resource_list(struct arena *arena, const struct world *world, const char *folder, size_t *count)
{
	const char **names = NULL;
	size_t capacity = 0;
	size_t length = strlen(folder);
	const char *slash = length && folder[length - 1] == '/' ? "" : "/";
	const char *prefix = arena_printf(arena, "%s%s", folder, slash);
	*count = 0;
	for (size_t i = 0; i < resource_count; i++)
		if (text_has_prefix(resource_table[i].name, prefix))
			*ARENA_PUSH(arena, names, *count, capacity) = resource_table[i].name;

	size_t folder_count = 0;
	const char **folders = may_be_overridden(world, prefix) ? data_folders(arena, world, &folder_count) : NULL;
	for (size_t i = 0; i < folder_count; i++) {
		char *path = path_join(arena, folders[i], prefix);
		DIR *dir = opendir(path);
		struct dirent *entry;
		while (dir && (entry = readdir(dir))) {
			struct stat status;
			size_t name_length = strlen(entry->d_name);
			/* Skips hidden files and backup files of editors. */
			if (entry->d_name[0] == '.' || entry->d_name[name_length - 1] == '~')
				continue;
			if (stat(path_join(arena, path, entry->d_name), &status) != 0 || !S_ISREG(status.st_mode))
				continue;
			*ARENA_PUSH(arena, names, *count, capacity) =
				arena_printf(arena, "%s%s", prefix, entry->d_name);
		}
		if (dir)
			(void)closedir(dir);
	}
	if (*count == 0)
		return arena_alloc_array(arena, 1, sizeof *names);
	qsort(names, *count, sizeof *names, text_compare);
	size_t kept = 1;
	for (size_t i = 1; i < *count; i++)
		if (strcmp(names[i], names[kept - 1]) != 0)
			names[kept++] = names[i];
	*count = kept;
	return names;
}
