/* Themes (the files of themes/): roles → colours and attributes. */
#ifndef KYBDESK_CODEC_THEME_CODEC_H
#define KYBDESK_CODEC_THEME_CODEC_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/codec/json_source.h"
#include "kybdesk/codec/line_fault.h"
#include <stdint.h>

enum theme_role {
	THEME_TEXT,
	THEME_MUTED,
	THEME_ACCENT,
	THEME_OK,
	THEME_WARNING,
	THEME_DANGER,
	THEME_SELECTION,
	THEME_BORDER,
	THEME_HEADER,
	THEME_FOOTER,
	THEME_KEY,
	THEME_TITLE,
	THEME_FIELD,
	THEME_MARK,
	THEME_MANUAL_REVIEW,
	THEME_COMPLETED,
	THEME_PENDING,
	THEME_REMEDIATION,
	THEME_INCOMPLETE,
	THEME_APPROVED,
	THEME_REJECTED
};
#define THEME_ROLE_COUNT 21
const char *theme_role_text(enum theme_role role);

#define THEME_COLOUR_DEFAULT (-1)
/* One of the terminal's sixteen colours, by number; the terminal defines what it looks like. */
#define THEME_COLOUR_OWN 0x1000000
#define THEME_COLOUR_OWN_COUNT 16
struct theme_style {
	int32_t foreground,
		background; /* 0xRRGGBB, THEME_COLOUR_OWN + number, or THEME_COLOUR_DEFAULT (the terminal's) */
	bool bold, dim, underline, reverse, italic;
};
struct theme {
	const char *name, *title;
	struct theme_style styles[THEME_ROLE_COUNT];
};
/* ERR_INVALID with origin, path and the allowed values. Terminal colour names are the terminal's sixteen colours. */
enum err theme_read(struct arena *arena, const struct json_source *source, struct theme **out,
		    struct error *error) KYB_MUST_USE;
/* For a user's own theme: a role that is missing or wrong is a fault with its line, and has the colours of "text".
 * ERR_INVALID if the file is not a theme at all. */
enum err theme_mend(struct arena *arena, const struct strbuf *text, struct theme **out, struct line_faults *faults,
		    struct error *error) KYB_MUST_USE;

#endif
