/* data/lists.json: which class the names of lists imply (domain/list_class.h). */
#ifndef KYBDESK_CODEC_LISTS_CODEC_H
#define KYBDESK_CODEC_LISTS_CODEC_H

#include "kybdesk/base/error.h"
#include "kybdesk/domain/list_class.h"

/* ERR_INVALID with the path and a sentence. */
enum err lists_read(struct arena *arena, const char *text, size_t length, const char *origin,
		    struct list_rules *out, struct error *error) KYB_MUST_USE;
/* Those that ship with the program, which no file of a user's overrides; read once, never freed. */
const struct list_rules *lists_shipped(void);

#endif
