/* Themes (the files of themes/): roles → colours and attributes. */
#ifndef KYBDESK_CODEC_THEME_CODEC_H
#define KYBDESK_CODEC_THEME_CODEC_H

#include "kybdesk/base/words.h"
#include "kybdesk/codec/json.h"
#include "kybdesk/codec/own_files_codec.h"
#include <stdint.h>

#define THEME_ROLE_WORDS(X)                                                                                            \
	X(THEME_TEXT, "text")                                                                                          \
	X(THEME_MUTED, "muted")                                                                                        \
	X(THEME_ACCENT, "accent")                                                                                      \
	X(THEME_OK, "ok")                                                                                              \
	X(THEME_WARNING, "warning")                                                                                    \
	X(THEME_DANGER, "danger")                                                                                      \
	X(THEME_SELECTION, "selection")                                                                                \
	X(THEME_BORDER, "border")                                                                                      \
	X(THEME_HEADER, "header")                                                                                      \
	X(THEME_FOOTER, "footer")                                                                                      \
	X(THEME_KEY, "key")                                                                                            \
	X(THEME_TITLE, "title")                                                                                        \
	X(THEME_FIELD, "field")                                                                                        \
	X(THEME_MARK, "mark")                                                                                          \
	X(THEME_MANUAL_REVIEW, "manual_review")                                                                        \
	X(THEME_COMPLETED, "completed")                                                                                \
	X(THEME_PENDING, "pending")                                                                                    \
	X(THEME_REMEDIATION, "remediation")                                                                            \
	X(THEME_INCOMPLETE, "incomplete")                                                                              \
	X(THEME_APPROVED, "approved")                                                                                  \
	X(THEME_REJECTED, "rejected")
#define THEME_ROLE_COUNT WORDS_COUNT(THEME_ROLE_WORDS)
enum theme_role { THEME_ROLE_WORDS(WORDS_MEMBER) };

#define THEME_COLOUR_DEFAULT (-1)
/* One of the terminal's sixteen colours, by number; the terminal defines its appearance. */
#define THEME_COLOUR_ANSI 0x1000000
#define THEME_COLOUR_ANSI_COUNT 16
struct theme_style {
	/* 0xRRGGBB, THEME_COLOUR_ANSI + number, or THEME_COLOUR_DEFAULT (the terminal's default) */
	int32_t foreground, background;
	bool bold, dim, underline, reverse, italic;
};
struct theme {
	const char *name, *title;
	struct theme_style styles[THEME_ROLE_COUNT];
};
/* ERR_INVALID with origin, path and the allowed values. A colour by name, such as "red", is one of the terminal's
 * sixteen colours. */
enum err theme_read(struct arena *arena, const struct json_source *source, struct theme **out, struct error *error);
/* As theme_read(), for a user's own theme: a missing or wrong role becomes a fault with its line, and gets the
 * colours of "text". ERR_INVALID if the file is not a theme at all. */
enum err theme_read_tolerant(struct arena *arena, const struct strbuf *text, struct theme **out,
			     struct line_faults *faults, struct error *error);

#endif
