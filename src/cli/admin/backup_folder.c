#include "backup_folder.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/timefmt.h"
#include "kybdesk/base/wait.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define NAME_PATTERN "kybdesk-00000000T000000Z.db" /* 0: a digit */
#define NAME_LENGTH (sizeof NAME_PATTERN - 1)
#define PART ".part-" /* store_copy() writes NAME.part-PID, and renames it when it is complete */

const char *backup_folder_new_path(struct cli *cli, const char *folder)
{
	int64_t now = world_now_ms(cli->world);
	const char *path;

	/* A backup of the same second stays untouched: opening it would make files beside it. */
	do {
		char at[TIME_TEXT_SIZE], name[sizeof NAME_PATTERN] = "kybdesk-";
		size_t length = strlen(name);

		time_format(now, at);
		for (const char *c = at; *c && *c != '.' && length < NAME_LENGTH - strlen("Z.db"); c++)
			if (*c != '-' && *c != ':')
				name[length++] = *c;
		path = arena_printf(&cli->arena, "%s/%.*sZ.db", folder, (int)length, name);
		now += 1000;
	} while (file_exists(path));
	return path;
}

static int is_of_backup(const struct dirent *entry)
{
	for (size_t i = 0; i < NAME_LENGTH; i++) {
		char c = entry->d_name[i];

		if (NAME_PATTERN[i] == '0' ? c < '0' || c > '9' : c != NAME_PATTERN[i])
			return false;
	}
	return true;
}

#define LOCK_WAIT_MS 10000 /* while another process removes leftovers */

static bool is_unfinished(const char *name)
{
	return strncmp(name + NAME_LENGTH, PART, strlen(PART)) == 0;
}

enum err backup_folder_lock(const char *folder, int *fd, struct error *error)
{
	*fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0 || wait_for_file_lock(*fd, LOCK_SH, LOCK_WAIT_MS))
		return ERR_OK;
	(void)close(*fd);
	return error_set(error, ERR_STORE, "Another process removes leftovers in %s; try again", folder);
}

/* What the names in the folder say about one backup: all names that begin with its name follow each other. */
struct named_backup {
	bool is_complete;
	int64_t newer_count; /* complete backups with a later name */
};

static struct named_backup describe_backup(struct dirent **names, int count, const char *name)
{
	struct named_backup backup = { .is_complete = false };

	for (int i = 0; i < count; i++) {
		const char *other = names[i]->d_name;
		int order = strncmp(other, name, NAME_LENGTH);

		backup.newer_count += order > 0 && !other[NAME_LENGTH];
		backup.is_complete |= !order && !other[NAME_LENGTH];
	}
	return backup;
}

enum err backup_folder_clean(const char *folder, int lock, int64_t keep, size_t *removed, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct dirent **names = NULL;
	int count = scandir(folder, &names, is_of_backup, alphasort);
	/* A process that makes a backup in this folder holds the lock, also in another container. */
	bool is_alone = lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0;

	*removed = 0;
	if (count < 0)
		return error_set(error, ERR_STORE, "The folder of backups %s cannot be read: %s", folder,
				 strerror(errno));
	for (int i = 0; i < count; i++) {
		const char *name = names[i]->d_name;
		struct named_backup backup = describe_backup(names, count, name);
		bool is_left = !backup.is_complete || is_unfinished(name);
		const char *path = path_join(&arena, folder, name);

		if (is_left ? !is_alone : backup.newer_count < keep)
			continue;
		folder_remove(path);
		*removed += !is_left && !name[NAME_LENGTH];
	}
	for (int i = 0; i < count; i++)
		free(names[i]);
	free(names);
	arena_release(&arena);
	return ERR_OK;
}
