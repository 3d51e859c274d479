/*
 * Converts a document's bytes into text, or a picture made of characters, for a terminal. The programs that read the
 * formats run confined (base/confine.h); their output is as untrusted as the input and passes text_display_lines().
 */
#ifndef KYBDESK_TUI_CONVERT_H
#define KYBDESK_TUI_CONVERT_H

#include "kybdesk/base/world.h"
#include "jobs/job.h"

/* Fills job->viewer from job->bytes; cancels when cancel_fd becomes readable. Text recognition takes longer: for a
 * picture, or a file without text, the function returns a second response for convert_scan() to fill; else NULL. */
struct job *convert_document(const struct world *world, struct job *job, int cancel_fd);
void convert_scan(const struct world *world, struct job *scan, int cancel_fd);
/* Appends the text of an Office file's XML, one line per paragraph and row; of broken XML, only the readable
 * part. */
void office_text(struct strbuf *out, const char *xml, size_t length);

/* A thread that converts one document at a time; calls `give` on that thread with each response (one or two). */
struct converter;
typedef void converter_callback(void *context, struct job *job);
enum err converter_start(converter_callback *give, void *context, struct converter **out,
			 struct error *error) KYB_MUST_USE;
/* Takes ownership of job (NULL: none); drops the waiting and the running job. */
void converter_request(struct converter *converter, struct job *job);
void converter_stop(struct converter *converter); /* accepts NULL */

#endif
