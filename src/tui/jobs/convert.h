/* Converts a document's bytes into text, or a picture made of characters, for a terminal. The programs that read the
 * formats run confined (base/confine.h); their output is as untrusted as the input and passes text_display_lines(). */
#ifndef KYBDESK_TUI_CONVERT_H
#define KYBDESK_TUI_CONVERT_H

#include "kybdesk/base/world.h"
#include "jobs/job.h"

/* Fills job->content from job->bytes; stops when cancel_fd becomes readable. Recognising text takes longer: for a
 * picture, or a file without text, may return a job that convert_scan() must fill as a second response; NULL: none. */
struct job *convert_document(const struct world *world, struct job *job, int cancel_fd);
void convert_scan(const struct world *world, struct job *scan, int cancel_fd);
/* Appends the text that an Office file's XML shows, with a line for each paragraph and each row; not what is deleted,
 * moved away or hidden in a Word text, nor formulas, comments, hidden rows and columns of a sheet. If the XML is broken,
 * appends only the part before the fault. Text without a tag is text with entities. False: there is more text than is
 * read. */
bool office_extract_text(struct strbuf *out, const char *xml, size_t length);
/* The part with the workbook or the Word text, which the relationships of the file name (ISO/IEC 29500-2): `usual`
 * if they name none, as a file that only a test writes; NULL: several, or a name of a kind that no program writes. */
const char *office_main_part(struct arena *arena, const char *xml, size_t length, const char *usual);
/* The parts of a file with the sheets that are not hidden, from the XML of the workbook and of its relationships
 * (18.2.19). folder: of the workbook. Returns how many of the first `most` sheets; is_cut: there are more. A workbook
 * that names no sheet: all of the folder. */
size_t office_shown_sheets(struct arena *arena, const char *folder, const char *xml, size_t length, const char **out,
			   size_t most, bool *is_cut);

/* A thread that converts one document at a time. The thread calls the callback with each response; a document has
 * one or two responses. */
struct converter;
typedef void converter_callback(void *context, struct job *job);
enum err converter_start(converter_callback *give, void *context, struct converter **out, struct error *error);
/* Starts the conversion of job, and takes ownership of it; NULL: starts none. Frees the waiting job and cancels the
 * running one. */
void converter_request(struct converter *converter, struct job *job);
void converter_stop(struct converter *converter); /* accepts NULL */

#endif
