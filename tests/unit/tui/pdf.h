/* Minimal PDF files for tests, with as few bytes as the PDF readers accept. */
#ifndef KYB_TESTS_TUI_PDF_H
#define KYB_TESTS_TUI_PDF_H

#include "kybdesk/base/strbuf.h"

struct pdf {
	const char *box;	    /* of every page: "0 0 595 842" */
	size_t pages, filled;	    /* number of pages; the only page with content, from 1 on */
	const char *content;	    /* content of page `filled`; its font is /F1, its picture /I1 */
	const struct strbuf *greys; /* pixels of the picture; NULL: no picture */
	unsigned picture_cols, picture_rows;
};
void pdf_write(struct strbuf *out, const struct pdf *pdf);

#endif
