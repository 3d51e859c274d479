/* A folder of backups that the program names and removes itself: backup FOLDER --keep N. */
#ifndef KYBDESK_BACKUP_FOLDER_H
#define KYBDESK_BACKUP_FOLDER_H

#include "../cli_internal.h"

/* The path of a new backup in the folder, by the time in UTC: "FOLDER/kybdesk-20261129T023000Z.db". In the arena. */
const char *backup_folder_new_path(struct cli *cli, const char *folder);
/* Removes what killed backups left in the folder, and all but the `keep` newest backups, with their documents and keys.
 * Other files are not touched. Returns the number of backups removed. ERR_STORE: the folder cannot be read. */
enum err backup_folder_clean(const char *folder, int64_t keep, size_t *removed, struct error *error) KYB_MUST_USE;

#endif
