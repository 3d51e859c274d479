/*
 * views.json next to the user's config.json: the user's named lists.
 *
 *   {"views": [{"name": "Portugal", "filter": "country:PRT due:over", "sort": "risk"}]}
 *
 * Unknown keys are errors with the nearest key. Each filter is parsed once here, so that every view returned is
 * usable.
 */
#ifndef KYBDESK_CODEC_VIEWS_CODEC_H
#define KYBDESK_CODEC_VIEWS_CODEC_H

#include "kybdesk/codec/json.h"
#include "kybdesk/domain/view.h"

/* ERR_INVALID with the file, the line and the reason. The views are in the arena. */
enum err views_parse(struct arena *arena, const struct json_source *source, struct view **out, size_t *count,
		     struct error *error) KYB_MUST_USE;
void views_write(struct strbuf *out, const struct view *views, size_t count);

#endif
