/*
 * The one way into a page: markup is ours and stands in the program, every value is escaped on its way in. What a value
 * holds can end no attribute, open no element, and turn no other text around.
 */
#ifndef KYBDESK_SRC_API_LINK_HTML_H
#define KYBDESK_SRC_API_LINK_HTML_H

#include "kybdesk/base/strbuf.h"

/* Markup as it stands, with %s (escaped as html_text() does), %d, %zu and %%. Attributes are quoted with ". */
void html_add(struct strbuf *out, const char *markup, ...) KYB_PRINTF(2, 3);
/* To be read: & < > " ' ` as entities; what is no UTF-8, controls but tab and line feed, and what turns the direction of the
 * text that follows (U+202A-E, U+2066-9) as U+FFFD. */
void html_text(struct strbuf *out, const char *bytes, size_t length);
/* To be sent back as it came, in an attribute or between the tags of a textarea: the same, but directions stay, and a
 * carriage return is written as one. */
void html_value(struct strbuf *out, const char *text);
/* One part of a path, or a value of a query: all but letters, digits and - . _ ~ as %XX. */
void html_part(struct strbuf *out, const char *text);

#endif
