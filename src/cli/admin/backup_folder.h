/* A folder of backups that the program names and removes itself: backup FOLDER --keep N. */
#ifndef KYBDESK_BACKUP_FOLDER_H
#define KYBDESK_BACKUP_FOLDER_H

#include "../cli_internal.h"

/* The path of a new backup in the folder, by the time in UTC, later if there is one of this second: "FOLDER/kybdesk-20261129T023000Z.db". In the arena. */
const char *backup_folder_new_path(struct cli *cli, const char *folder);
/* Sets *fd to a descriptor of the folder, with a shared lock while a backup is made: the kernel removes the lock of a
 * killed one. The caller closes it. -1: the folder cannot be opened. ERR_STORE: another process removes leftovers for
 * longer than ten seconds. */
enum err backup_folder_lock(const char *folder, int *fd, struct error *error);
/* Removes all but the `keep` newest backups, with their documents and keys, and, unless another process makes a backup in
 * the folder, what killed backups left. Other files are not touched. Returns the number of backups removed. ERR_STORE: the
 * folder cannot be read. */
enum err backup_folder_clean(const char *folder, int lock, int64_t keep, size_t *removed, struct error *error);

#endif
