/* Whether a PDF opens without a password (ISO 32000-2, 7.6: the standard security handler, revisions 2 to 6). A file
 * that has only an owner's password opens for everybody. Reads the trailer and one dictionary, nothing else. */
#ifndef KYBDESK_BASE_PDF_LOCK_H
#define KYBDESK_BASE_PDF_LOCK_H

#include <stdbool.h>
#include <stddef.h>

/* True: the file is encrypted, and the empty password does not open it, or it has another security handler. */
bool pdf_needs_password(const void *bytes, size_t length);

#endif
