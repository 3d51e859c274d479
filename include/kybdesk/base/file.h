/*
 * Files: reading with a limit, writing so that a crash leaves the old or the
 * new file whole (temporary name, fsync, rename, fsync of the folder), folders,
 * XDG places. Modes are owner-only (0600 / 0700) unless said.
 */
#ifndef KYBDESK_BASE_FILE_H
#define KYBDESK_BASE_FILE_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"
#include <sys/types.h>

/* ERR_INVALID with the path and the reason when it can't be read or is larger than max_bytes. */
enum err file_read(const char *path, size_t max_bytes, struct strbuf *out, struct error *error) KYB_MUST_USE;
/* The same for a name that came from outside: read beneath the folder ("" the working one) only, without following any
 * symbolic link below it, and only when it is a regular file. ERR_INVALID also for an absolute name and for "..". */
enum err file_read_beneath(const char *folder, const char *name, size_t max_bytes, struct strbuf *out,
			   struct error *error) KYB_MUST_USE;
/* ERR_INVALID when the place is wrong (no such folder, no permission), ERR_STORE for anything else: full, I/O. */
enum err file_write_synced(const char *path, const void *bytes, size_t length, struct error *error) KYB_MUST_USE;
/* The same for a file that is not there yet: ERR_INVALID, and what is there stays, when it is. */
enum err file_write_new(const char *path, const void *bytes, size_t length, struct error *error) KYB_MUST_USE;
/* The same for others to reach too: mode and group. Where the group can't be given, the file stays its owner's. */
enum err file_write_synced_for(const char *path, const void *bytes, size_t length, mode_t mode, gid_t group,
			       struct error *error) KYB_MUST_USE;
/* A new file, synced, under a name of its own: `name` ends in XXXXXX, which is filled in. Nothing is left on an error. Its
 * folder is not synced. */
enum err file_make_synced(char *name, const void *bytes, size_t length, mode_t mode, gid_t group,
			  struct error *error) KYB_MUST_USE;
enum err folder_make(const char *path, struct error *error) KYB_MUST_USE; /* with parents, 0700 */
/* ERR_STORE when no file of some 100 KB can be written there now: full, read only. Nothing of the try is left, or has a name. */
enum err folder_check_room(const char *path, struct error *error) KYB_MUST_USE;
bool folder_sync(const char *path); /* its names are on the disk then; false: they may not be */
bool file_exists(const char *path);
/* Whether both names lead to one file, or to one place where a file may be made. */
bool file_is_same(const char *left, const char *right);
/* Where path leads to: without links; also of a file that is not there yet, in a folder that is. NULL: no such folder. */
char *path_real(struct arena *arena, const char *path);
char *path_join(struct arena *arena, const char *folder, const char *name);
char *path_folder(struct arena *arena, const char *path); /* "." when none */
const char *path_name(const char *path);		  /* after the last '/' */
/* The first of $NAME (when absolute), $HOME/fallback, ./fallback; e.g. xdg_folder(a, w, "XDG_DATA_HOME", ".local/share"). */
char *xdg_folder(struct arena *arena, const struct world *world, const char *variable, const char *fallback);

#endif
