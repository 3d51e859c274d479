/* PDF files as a test wants them, as few bytes as their readers accept. */
#ifndef KYB_TESTS_TUI_PDF_H
#define KYB_TESTS_TUI_PDF_H

#include "kybdesk/base/strbuf.h"

struct pdf {
	const char *box;	    /* of every page: "0 0 595 842" */
	size_t pages, filled;	    /* how many, and which of them, from 1 on, is not empty */
	const char *content;	    /* of that one; font /F1, picture /I1 */
	const struct strbuf *greys; /* the picture's, or NULL */
	unsigned picture_cols, picture_rows;
};
void pdf_write(struct strbuf *out, const struct pdf *pdf);

#endif
