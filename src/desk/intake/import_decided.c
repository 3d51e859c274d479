/* Import of decisions made elsewhere. If the desk has several admins, two of them must first set the SHA-256 of the
 * file (STORE_IMPORTED_DECISIONS); then a copy with this SHA-256 is imported. A single admin needs no setting. The
 * SHA-256 also covers the bytes of documents: a decided line must have the SHA-256 of each file that it names
 * (import_prepare.c). */
#include "import_internal.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Copies the rest of the input, which another process could change later. */
static enum err copy_input(const struct import_options *options, int copy, struct sha256 *sum, struct error *error)
{
	char bytes[65536];
	ssize_t length;

	while ((length = read(options->fd, bytes, sizeof bytes)) != 0) {
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return error_set(error, ERR_INVALID, "%s cannot be read: %s", options->name,
					 strerror(errno));
		sha256_add(sum, bytes, (size_t)length);
		for (ssize_t done = 0, part; done < length; done += part) {
			part = write(copy, bytes + done, (size_t)(length - done));
			if (part < 0 && errno == EINTR)
				part = 0;
			if (part < 0)
				return error_set(error, ERR_STORE,
						 "cannot write a copy of %s next to the store: %s", options->name,
						 strerror(errno));
		}
	}
	return ERR_OK;
}

static enum err compare_input(struct import_run *run, struct arena *arena, const char *allowed, struct error *error)
{
	uint8_t found[SHA256_SIZE];
	char text[SHA256_HEX_SIZE];
	struct sha256 *sum;
	enum err err;

	run->copy = file_make_unnamed(arena, desk_temporary_folder(run->desk, arena));
	if (run->copy < 0)
		return error_set(error, ERR_STORE, "cannot make a copy of %s next to the store: %s",
				 run->options->name, strerror(errno));
	sum = sha256_new();
	err = copy_input(run->options, run->copy, sum, error);
	if (!err) {
		sha256_finish(sum, found);
		hex_encode(found, sizeof found, text);
		if (strcmp(text, allowed) != 0)
			run->decided_refusal =
				"contains decisions made elsewhere, but two admins allowed another file: compare "
				"the SHA-256 of this file with the setting " STORE_IMPORTED_DECISIONS;
		else
			run->needs_sums = true;
		if (lseek(run->copy, 0, SEEK_SET) < 0)
			err = error_set(error, ERR_STORE, "the copy of %s cannot be read: %s", run->options->name,
					strerror(errno));
	}
	sha256_free(sum);
	return err;
}

static enum err read_setting(struct desk *desk, struct arena *arena, int64_t *admins, const char **value,
			     struct error *error)
{
	enum err err = desk_begin_read(desk, error);

	if (err)
		return err;
	err = desk_count_admins(desk, arena, admins, error);
	if (!err)
		err = store_info_get(desk->store, arena, STORE_IMPORTED_DECISIONS, value, error);
	return desk_finish_read(desk, err);
}

enum err import_may_decide(struct import_run *run, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *value = "";
	int64_t admins = 0;
	enum err err = ERR_OK;

	run->needs_sums = false;
	run->decided_refusal = NULL;
	if (run->desk->store->sandbox)
		return ERR_OK;
	if (run->desk->role != ROLE_ADMIN) {
		run->decided_refusal = "contains decisions made elsewhere; in a production store only an admin may "
				       "import decisions";
		return ERR_OK;
	}
	err = read_setting(run->desk, &arena, &admins, &value, error);
	if (!err && admins > 1) {
		if (strlen(value) == SHA256_HEX_SIZE - 1)
			err = compare_input(run, &arena, value, error);
		else
			run->decided_refusal = "contains decisions made elsewhere; first two admins must allow "
					       "this file, each with: kybdesk store set " STORE_IMPORTED_DECISIONS
					       " SHA-256 (sha256sum FILE prints it)";
	}
	arena_release(&arena);
	return err;
}
