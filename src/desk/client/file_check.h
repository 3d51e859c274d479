/* Checks whether a file is acceptable for a document type. */
#ifndef KYBDESK_SRC_DESK_CLIENT_FILE_CHECK_H
#define KYBDESK_SRC_DESK_CLIENT_FILE_CHECK_H

#include "kybdesk/domain/profile.h"

/* Checks size, format by content, and that the file name agrees. *media_type is static text. ERR_INVALID with the
 * detected and the allowed formats. */
enum err document_file_check(const struct profile *profile, const char *type, const char *file_name,
			     const void *bytes, size_t length, const char **media_type,
			     struct error *error) KYB_MUST_USE;
/* sniff.c: the format that a file name claims; FILE_FORMAT_COUNT if its extension is unknown. */
enum file_format format_of_name(const char *file_name);

#endif
