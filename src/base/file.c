#include "kybdesk/base/file.h"
#include "kybdesk/base/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err set_read_error(struct error *error, const char *path, int number)
{
	return error_set(error, ERR_INVALID, "%s cannot be read: %s", path, strerror(number));
}

static enum err not_regular_error(struct error *error, const char *path)
{
	return error_set(error, ERR_INVALID, "%s cannot be read: it is not a regular file", path);
}

static enum err read_all(int fd, const char *path, size_t max_bytes, struct strbuf *out, struct error *error)
{
	enum err err = ERR_OK;
	size_t start = out->len;
	for (;;) {
		size_t have = out->len - start;
		/* Reads one byte more than allowed, to detect files that are too large. */
		size_t room = max_bytes - have < 65536 ? max_bytes - have + 1 : 65536;
		strbuf_grow(out, room);
		ssize_t got = read(fd, out->buf + out->len, room);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			err = set_read_error(error, path, errno);
			break;
		}
		if (got == 0)
			break;
		if ((size_t)got > max_bytes - have) {
			err = error_set(error, ERR_INVALID, "%s is larger than %zu bytes", path, max_bytes);
			break;
		}
		out->len += (size_t)got;
		out->buf[out->len] = '\0';
	}
	if (err)
		strbuf_truncate(out, start);
	return err;
}

bool file_is_regular(int fd)
{
	struct stat status;
	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/* Closes fd. */
static enum err read_regular_file(int fd, const char *path, size_t max_bytes, struct strbuf *out, struct error *error)
{
	enum err err = file_is_regular(fd) ? read_all(fd, path, max_bytes, out, error) : not_regular_error(error, path);
	(void)close(fd);
	return err;
}

/* Flags of open(): non-blocking, so that open() does not wait for ever if the path is a FIFO. */
#define READ_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

enum err file_read(const char *path, size_t max_bytes, struct strbuf *out, struct error *error)
{
	int fd = open(path, READ_FLAGS);
	return fd < 0 ? set_read_error(error, path, errno) : read_regular_file(fd, path, max_bytes, out, error);
}

enum err file_read_input(const char *path, size_t max_bytes, struct strbuf *out, struct error *error)
{
	if (strcmp(path, "-") != 0)
		return file_read(path, max_bytes, out, error);
	return read_all(STDIN_FILENO, "standard input", max_bytes, out, error);
}

/* Opens the next part of the path, and closes the folder in *at. Does not follow a symbolic link. */
static enum err open_path_part(int *at, const char *part, bool last, const char *path, struct error *error)
{
	struct stat status;
	enum err err = ERR_OK;
	int next = -1;
	if (strcmp(part, "..") == 0)
		err = error_set(error, ERR_INVALID, "%s cannot be read: the path must be relative, without \"..\"",
				path);
	else if (fstatat(*at, part, &status, AT_SYMLINK_NOFOLLOW) != 0)
		err = set_read_error(error, path, errno);
	else if (S_ISLNK(status.st_mode))
		err = error_set(error, ERR_INVALID,
				"%s cannot be read: \"%s\" is a symbolic link; replace the link by the file itself",
				path, part);
	else if (last && !S_ISREG(status.st_mode))
		err = not_regular_error(error, path);
	else if ((next = openat(*at, part, O_NOFOLLOW | (last ? READ_FLAGS : O_PATH | O_DIRECTORY | O_CLOEXEC))) < 0)
		err = set_read_error(error, path, errno);
	(void)close(*at);
	*at = next;
	return err;
}

enum err file_read_beneath(const char *folder, const char *name, size_t max_bytes, struct strbuf *out,
			   struct error *error)
{
	struct arena arena = ARENA_INIT;
	enum err err = ERR_OK;
	const char *path = *name == '/' ? name : path_join(&arena, folder, name);
	const char *rest = name;
	int at = -1;
	if (*name == '/')
		err = error_set(error, ERR_INVALID, "%s cannot be read: the path must be relative, without \"..\"",
				path);
	else if (!*name)
		err = not_regular_error(error, path);
	else if ((at = open(*folder ? folder : ".", O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0)
		err = set_read_error(error, path, errno);
	while (!err && *rest) {
		size_t length = strcspn(rest, "/");
		const char *part = arena_strndup(&arena, rest, length);
		rest += length;
		rest += strspn(rest, "/");
		err = open_path_part(&at, part, !*rest, path, error);
	}
	if (!err)
		err = read_regular_file(at, path, max_bytes, out, error);
	arena_release(&arena);
	return err;
}

/* Sets ERR_INVALID if the path is wrong, ERR_STORE after any other failure. */
static enum err set_write_error(struct error *error, const char *path, int number)
{
	bool place = number == ENOENT || number == ENOTDIR || number == EACCES || number == EISDIR ||
		     number == ENAMETOOLONG || number == ELOOP || number == EPERM;
	return error_set(error, place ? ERR_INVALID : ERR_STORE, "%s cannot be written: %s", path, strerror(number));
}

bool file_write_all(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;
	/* A pipe that poll() reports accepts this number of bytes without blocking. */
	size_t most = file_is_regular(fd) ? SIZE_MAX : PIPE_BUF;
	int64_t begun = world_monotonic_ms(world_real());
	while (length) {
		if (wait_for_fd(fd, POLLOUT, begun, begun + wait_output_limit()) != WAIT_READY) {
			errno = ETIMEDOUT;
			return false;
		}
		ssize_t done = write(fd, at, length < most ? length : most);
		if (done < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (done < 0)
			return false;
		at += done;
		length -= (size_t)done;
	}
	return true;
}

/* Syncs a folder: only then is a rename in the folder durable. */
bool folder_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	/* EINVAL is not a failure: some file systems return it because they cannot sync a folder. */
	bool done = fsync(fd) == 0 || errno == EINVAL;
	int kept = errno;
	(void)close(fd);
	errno = kept;
	return done;
}

/* Sets the group, then the mode, of a file that mkostemp() made private: the group gets access only if the group
 * was set. */
static bool set_group(int fd, mode_t mode, gid_t group)
{
	return (mode & 0077) == 0 || fchown(fd, (uid_t)-1, group) != 0 || fchmod(fd, mode) == 0;
}

/* Makes a synced file. Returns 0 or an errno; after an error no file remains. */
static int make_synced_file(char *name, const void *bytes, size_t length, mode_t mode, gid_t group)
{
	int fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		return errno;
	bool written = file_write_all(fd, bytes, length) && set_group(fd, mode, group) && fsync(fd) == 0;
	int number = errno;
	if (close(fd) != 0 && written) {
		written = false;
		number = errno;
	}
	if (written)
		return 0;
	(void)unlink(name);
	return number;
}

enum err file_make_synced(char *name, const void *bytes, size_t length, mode_t mode, gid_t group, struct error *error)
{
	int number = make_synced_file(name, bytes, length, mode, group);
	return number ? set_write_error(error, name, number) : ERR_OK;
}

/* Writes the file at path. Returns 0, or an errno if the file is unchanged or folder_sync() failed. */
static int write_atomically(const char *path, const void *bytes, size_t length,
			    int (*name)(const char *from, const char *to))
{
	struct arena arena = ARENA_INIT;
	const char *folder = path_folder(&arena, path);
	char *temporary = arena_printf(&arena, "%s.XXXXXX", path);
	int number = make_synced_file(temporary, bytes, length, 0600, (gid_t)-1);
	if (!number && name(temporary, path) != 0) {
		number = errno;
		(void)unlink(temporary);
	}
	if (!number && !folder_sync(folder))
		number = errno;
	arena_release(&arena);
	return number;
}

enum err file_write_synced(const char *path, const void *bytes, size_t length, struct error *error)
{
	int number = write_atomically(path, bytes, length, rename);
	return number ? set_write_error(error, path, number) : ERR_OK;
}

static int rename_if_absent(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

enum err file_write_new(const char *path, const void *bytes, size_t length, struct error *error)
{
	int number = write_atomically(path, bytes, length, rename_if_absent);
	if (number == EEXIST)
		return error_set(error, ERR_INVALID, "%s already exists and was not changed", path);
	return number ? set_write_error(error, path, number) : ERR_OK;
}

enum err folder_make(const char *path, struct error *error)
{
	enum err err = ERR_OK;
	char *part = xstrdup(path);
	size_t length = strlen(part);
	struct stat status;
	for (size_t i = 1; i <= length && length > 0; i++) {
		if (part[i] != '/' && part[i] != '\0')
			continue;
		char kept = part[i];
		part[i] = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST) {
			/* mkdir() may fail although the folder exists, if its parent folder has no write permission. */
			int number = errno;
			if (stat(part, &status) != 0 || !S_ISDIR(status.st_mode)) {
				err = set_write_error(error, part, number);
				break;
			}
		}
		part[i] = kept;
	}
	if (!err && (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)))
		err = error_set(error, ERR_INVALID, "%s is not a folder", path);
	free(part);
	return err;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

char *path_join(struct arena *arena, const char *folder, const char *name)
{
	size_t length = strlen(folder);
	if (length == 0 || name[0] == '/')
		return arena_strdup(arena, name);
	return arena_printf(arena, "%s%s%s", folder, folder[length - 1] == '/' ? "" : "/", name);
}

char *path_folder(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return arena_strdup(arena, ".");
	return slash == path ? arena_strdup(arena, "/") : arena_strndup(arena, path, (size_t)(slash - path));
}

#define LINKS_MAX 40 /* maximum number of links in a path, as in Linux */

/* The target of the symbolic link at path; NULL if path is not a symbolic link. */
static const char *link_target(struct arena *arena, const char *path)
{
	char target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof target);

	if (length < 0 || (size_t)length == sizeof target)
		return NULL;
	target[length] = '\0';
	return *target == '/' ? arena_strdup(arena, target) : path_join(arena, path_folder(arena, path), target);
}

char *path_real(struct arena *arena, const char *path)
{
	char *real = realpath(path, NULL), *result;

	/* Follows links to a missing file, which would be created at the target of the last link. */
	for (int links = 0; !real && links < LINKS_MAX; links++) {
		const char *target = link_target(arena, path);

		if (!target)
			break;
		path = target;
	}
	if (real) {
		result = arena_strdup(arena, real);
	} else {
		real = realpath(path_folder(arena, path), NULL);
		result = real ? path_join(arena, real, path_basename(path)) : NULL;
	}
	free(real);
	return result;
}

bool file_is_same(const char *left, const char *right)
{
	struct arena arena = ARENA_INIT;
	struct stat a, b;
	const char *left_real = path_real(&arena, left), *right_real = path_real(&arena, right);
	bool same = left_real && right_real && strcmp(left_real, right_real) == 0;

	arena_release(&arena);
	return same || (stat(left, &a) == 0 && stat(right, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

const char *path_basename(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

char *xdg_folder(struct arena *arena, const struct world *world, const char *variable, const char *fallback)
{
	/* Ignores a relative value, as the XDG standard requires. */
	const char *value = world_environment(world, variable);
	if (value && value[0] == '/')
		return arena_strdup(arena, value);
	const char *home = world_environment(world, "HOME");
	return path_join(arena, home && *home ? home : ".", fallback);
}

int file_make_unnamed(struct arena *arena, const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *name;

	if (fd >= 0)
		return fd;
	name = path_join(arena, folder, ".kybdesk-unnamed.XXXXXX");
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(name);
	return fd;
}

#define FREE_SPACE_MIN_BYTES (96 * 1024)

enum err folder_check_space(const char *path, struct error *error)
{
	static const char zeroes[4096];
	int fd = open(path, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	bool fits = fd >= 0;
	int why = errno;

	for (size_t done = 0; fits && done < FREE_SPACE_MIN_BYTES; done += sizeof zeroes) {
		errno = ENOSPC;
		fits = write(fd, zeroes, sizeof zeroes) == (ssize_t)sizeof zeroes;
		why = errno;
	}
	if (fd >= 0)
		(void)close(fd);
	/* A file system without unnamed files (EOPNOTSUPP) does not allow this test of the free space. */
	if (fits || why == EOPNOTSUPP)
		return ERR_OK;
	return error_set(error, ERR_STORE, "Nothing can be written to %s: %s", path, strerror(why));
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *tree)
{
	(void)status;
	(void)kind;
	(void)tree;
	/* Only a lack of memory ends the removal; a file that cannot be removed for another reason is skipped. */
	return remove(path) != 0 && errno == ENOMEM;
}

void folder_remove(const char *path)
{
	(void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
