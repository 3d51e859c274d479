/*
 * From a document's bytes to what a terminal can show: text, or a picture of characters (workbench.md "Evidence on the
 * screen"). The programs that read formats run confined (base/confine.h); what comes out is as untrusted as what went
 * in, and goes through text_display_lines().
 */
#ifndef KYBDESK_TUI_CONVERT_H
#define KYBDESK_TUI_CONVERT_H

#include "kybdesk/base/world.h"
#include "kybdesk/tui/job.h"

/* Fills work->document from work->bytes; a readable cancel_fd ends it. A picture, and a file without text, can be shown before
 * the letters in it are read, which takes longer: then there is a second answer, which convert_scan() fills. Else NULL. */
struct job *convert_document(const struct world *world, struct job *job, int cancel_fd);
void convert_scan(const struct world *world, struct job *scan, int cancel_fd);
/* The text of an Office file's XML: a line for each paragraph and row. Broken XML gives what can be read. */
void office_text(struct strbuf *out, const char *xml, size_t length);

/* A thread that converts one document at a time; what it is done with goes to `give`, on that thread: one answer
 * or two. */
struct converter;
typedef void converter_give(void *context, struct job *job);
enum err converter_start(converter_give *give, void *context, struct converter **out,
			 struct error *error) KYB_MUST_USE;
void converter_ask(struct converter *converter, struct job *job); /* takes work; what it had before is dropped */
void converter_cancel(struct converter *converter);		  /* drops what waits and what runs */
void converter_stop(struct converter *converter);		  /* accepts NULL */

#endif
