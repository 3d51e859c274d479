/* Files and folders: reads with a size limit; writes that leave either the complete old file or the complete new
 * file after a crash (temporary name, fsync, rename, fsync of the folder); and the XDG folders. New files have mode
 * 0600 and new folders 0700, unless a function has a parameter for the mode. */
#ifndef KYBDESK_BASE_FILE_H
#define KYBDESK_BASE_FILE_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"
#include <sys/types.h>

/* ERR_INVALID with the path and the reason: unreadable, or larger than max_bytes. */
enum err file_read(const char *path, size_t max_bytes, struct strbuf *out, struct error *error);
/* As file_read(); "-" is standard input, which need not be a regular file. */
enum err file_read_input(const char *path, size_t max_bytes, struct strbuf *out, struct error *error);
/* As file_read() for an untrusted name: opens a regular file beneath the folder ("": the working folder) without
 * following symbolic links below the folder. ERR_INVALID also for an absolute name and for "..". */
enum err file_read_beneath(const char *folder, const char *name, size_t max_bytes, struct strbuf *out,
			   struct error *error);
/* ERR_INVALID: the path is wrong (missing folder, no permission). ERR_STORE: any other failure (full disk, I/O). */
enum err file_write_synced(const char *path, const void *bytes, size_t length, struct error *error);
/* As file_write_synced(), for a new file only: ERR_INVALID if the file already exists; the existing file is
 * unchanged. */
enum err file_write_new(const char *path, const void *bytes, size_t length, struct error *error);
/* Creates a synced file with a unique name: replaces the XXXXXX at the end of `name`. On an error no file remains.
 * Does not sync the folder. */
enum err file_make_synced(char *name, const void *bytes, size_t length, mode_t mode, gid_t group, struct error *error);
/* Writes all bytes to an open file; false: failed, see errno (ETIMEDOUT: given up, because nobody reads the other end). */
bool file_write_all(int fd, const void *bytes, size_t length);
bool file_is_regular(int fd);
/* Creates the folder and its missing parents, with mode 0700. */
enum err folder_make(const char *path, struct error *error);
/* Opens a file without a name, for reading and writing; the system removes the file when the descriptor is closed.
 * Negative: failed, see errno. */
int file_make_unnamed(struct arena *arena, const char *folder);
/* ERR_STORE if a file of about 100 KB cannot be written in the folder now (full, read-only). Leaves no file behind. */
enum err folder_check_space(const char *path, struct error *error);
/* Removes the folder with all that it contains; what cannot be removed remains. */
void folder_remove(const char *path);
bool folder_sync(const char *path); /* makes new names in the folder durable; false: failed */
bool file_exists(const char *path);
/* Whether both paths name the same file, or the same path of a file that does not exist yet. */
bool file_is_same(const char *left, const char *right);
/* The path without symbolic links; the file itself may be missing. NULL: its folder does not exist. */
char *path_real(struct arena *arena, const char *path);
char *path_join(struct arena *arena, const char *folder, const char *name);
char *path_folder(struct arena *arena, const char *path); /* "." if the path has no folder */
const char *path_basename(const char *path);		  /* the part after the last '/' */
/* The value of the environment variable if it is an absolute path; else $HOME/fallback; without HOME, ./fallback.
 * Example: xdg_folder(a, w, "XDG_DATA_HOME", ".local/share"). */
char *xdg_folder(struct arena *arena, const struct world *world, const char *variable, const char *fallback);

#endif
