/* Whether a PDF is whole and opens without a password (ISO 32000-2, 7.5.5 and 7.6: the standard security handler,
 * revisions 2 to 6). A file that has only an owner's password opens for everybody. Reads the trailer and one dictionary,
 * nothing else. */
#ifndef KYBDESK_BASE_PDF_LOCK_H
#define KYBDESK_BASE_PDF_LOCK_H

#include <stddef.h>

/* ISO 32000-2, annex I.2.2: readers accept the header anywhere in the first 1,024 bytes. */
#define PDF_HEADER_MAX 1024

/* PDF_LOCKED: encrypted, and the empty password does not open it, or it has another security handler. PDF_BROKEN: no
 * trailer leads to the document. */
enum pdf_state { PDF_OPENS, PDF_LOCKED, PDF_BROKEN };
enum pdf_state pdf_check(const void *bytes, size_t length);

#endif
