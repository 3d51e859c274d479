/* Whether a file may stand for a document of a type. */
#ifndef KYBDESK_SRC_DESK_INTAKE_FILE_CHECK_H
#define KYBDESK_SRC_DESK_INTAKE_FILE_CHECK_H

#include "kybdesk/domain/profile.h"

/* Size, format by content, and that its name claims the same. *media_type is static text. ERR_INVALID with what was
 * found and what is allowed. */
enum err document_file_check(const struct profile *profile, const char *type, const char *file_name,
			     const void *bytes, size_t length, const char **media_type,
			     struct error *error) KYB_MUST_USE;
/* sniff.c: what a file's name claims; FILE_FORMAT_COUNT when its ending is none of ours. */
enum file_format format_of_name(const char *file_name);

#endif
