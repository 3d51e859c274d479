/* All HTML is written with these functions: markup is constant text of the program, and every value is escaped. A
 * value cannot end an attribute, open an element, or change the direction of other text. */
#ifndef KYBDESK_BASE_HTML_H
#define KYBDESK_BASE_HTML_H

#include "kybdesk/base/strbuf.h"

/* Appends markup unchanged, with %s (escaped as by html_add_text()), %d, %zu and %%. Attributes must be quoted with
 * ". */
void html_add(struct strbuf *out, const char *markup, ...) KYB_PRINTF(2, 3);
/* Escapes text for display: & < > " ' ` as entities. U+FFFD replaces invalid UTF-8, controls except tab and line
 * feed, and characters that change the text direction (U+202A-E, U+2066-9). */
void html_add_text(struct strbuf *out, const char *bytes, size_t length);
/* Escapes a form's value in an attribute or a textarea, so that the browser sends it back unchanged: as
 * html_add_text(), but keeps direction characters, and writes a carriage return as an entity. */
void html_add_form_value(struct strbuf *out, const char *text);
/* Escapes a path segment or a query value: every byte except letters, digits and - . _ ~ becomes %XX. */
void html_add_url_part(struct strbuf *out, const char *text);

#endif
