/* Archives in the tar format of POSIX.1-1988 (ustar), of regular files only, without owners, rights and times: the
 * same members give the same bytes. The reader accepts only archives in the form of this writer, so that a change
 * of any byte of an archive is detected, also in headers and padding. */
#ifndef KYBDESK_BASE_TAR_H
#define KYBDESK_BASE_TAR_H

#include "kybdesk/base/strbuf.h"

#define TAR_NAME_MAX 99

/* Appends a member. A name that is empty or longer than TAR_NAME_MAX is a BUG. */
void tar_add_member(struct strbuf *out, const char *name, const void *bytes, size_t length);
void tar_end(struct strbuf *out);

struct tar_member {
	char name[TAR_NAME_MAX + 1];
	const char *bytes; /* points into the archive */
	size_t length;
};
/* Reads the member at *at, and sets *at to the next member. *end is true if no member follows and the archive ends
 * correctly. ERR_INVALID, with the position of the fault. */
enum err tar_read_member(const char *archive, size_t length, size_t *at, struct tar_member *out, bool *end,
			 struct error *error);

#endif
