/*
 * Files and folders: reading with a limit, writing so that a crash leaves either the old or the new file whole
 * (temporary name, fsync, rename, fsync of the folder), and the XDG folders. New files are 0600 and new folders 0700
 * unless a function takes a mode.
 */
#ifndef KYBDESK_BASE_FILE_H
#define KYBDESK_BASE_FILE_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"
#include <sys/types.h>

/* ERR_INVALID with the path and the reason: unreadable, or larger than max_bytes. */
enum err file_read(const char *path, size_t max_bytes, struct strbuf *out, struct error *error) KYB_MUST_USE;
/* As file_read(); "-" is standard input, which need not be a regular file. */
enum err file_read_input(const char *path, size_t max_bytes, struct strbuf *out, struct error *error) KYB_MUST_USE;
/* As file_read() for an untrusted name: opens a regular file beneath the folder ("": the working folder) without
 * following symbolic links below it. ERR_INVALID also for an absolute name and for "..". */
enum err file_read_beneath(const char *folder, const char *name, size_t max_bytes, struct strbuf *out,
			   struct error *error) KYB_MUST_USE;
/* ERR_INVALID: the place is wrong (no such folder, no permission). ERR_STORE: any other failure (full disk, I/O). */
enum err file_write_synced(const char *path, const void *bytes, size_t length, struct error *error) KYB_MUST_USE;
/* As file_write_synced() for a new file: ERR_INVALID if the file exists; it is not changed then. */
enum err file_write_new(const char *path, const void *bytes, size_t length, struct error *error) KYB_MUST_USE;
/* Makes a synced file with a unique name: `name` ends in XXXXXX, which is filled in. Leaves nothing on an error.
 * Does not sync its folder. */
enum err file_make_synced(char *name, const void *bytes, size_t length, mode_t mode, gid_t group,
			  struct error *error) KYB_MUST_USE;
/* Writes all bytes to an open file; false: see errno. */
bool file_write_all(int fd, const void *bytes, size_t length);
enum err folder_make(const char *path, struct error *error) KYB_MUST_USE; /* makes missing parents, too; 0700 */
/* A file without a name, for reading and writing; the system removes it when its descriptor is closed. Negative:
 * failed, see errno. */
int file_make_unnamed(struct arena *arena, const char *folder);
/* ERR_STORE if a file of about 100 KB cannot be written in the folder now (full, read-only). Leaves no file
 * behind. */
enum err folder_check_room(const char *path, struct error *error) KYB_MUST_USE;
bool folder_sync(const char *path); /* makes new names in the folder durable; false: it failed */
bool file_exists(const char *path);
/* Whether both names lead to the same file, or to the same place for a new file. */
bool file_is_same(const char *left, const char *right);
/* The path without symbolic links; the file itself may be missing, its folder may not. NULL: no such folder. */
char *path_real(struct arena *arena, const char *path);
char *path_join(struct arena *arena, const char *folder, const char *name);
char *path_folder(struct arena *arena, const char *path); /* "." if the path has no folder */
/* The account that owns the file, or its folder if the file cannot be looked at; "" unknown. In the arena. */
const char *path_owner(struct arena *arena, const char *path);
const char *path_name(const char *path); /* the part after the last '/' */
/* The first of $NAME (if absolute), $HOME/fallback, ./fallback: xdg_folder(a, w, "XDG_DATA_HOME", ".local/share"). */
char *xdg_folder(struct arena *arena, const struct world *world, const char *variable, const char *fallback);

#endif
