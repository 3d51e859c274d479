#include "pdf.h"

#include <string.h>

static void add_stream(struct strbuf *out, const char *about, const void *bytes, size_t length)
{
	strbuf_addf(out, "<< %s /Length %zu >>\nstream\n", about, length);
	strbuf_add(out, bytes, length);
	strbuf_adds(out, "\nendstream\nendobj\n");
}

void pdf_write(struct strbuf *out, const struct pdf *pdf)
{
	strbuf_adds(out, "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages "
			 "/Kids [");
	for (size_t page = 1; page <= pdf->pages; page++)
		strbuf_adds(out, page == pdf->filled ? "3 0 R " : "5 0 R ");
	strbuf_addf(out,
		    "] /Count %zu >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R "
		    "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> %s >> "
		    ">>\nendobj\n5 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [%s] >>\nendobj\n4 0 obj\n",
		    pdf->pages, pdf->box, pdf->greys ? "/XObject << /I1 6 0 R >>" : "", pdf->box);
	add_stream(out, "", pdf->content, strlen(pdf->content));
	if (pdf->greys) {
		struct strbuf about = STRBUF_INIT;
		strbuf_addf(&about,
			    "/Type /XObject /Subtype /Image /Width %u /Height %u /ColorSpace /DeviceGray "
			    "/BitsPerComponent 8",
			    pdf->picture_cols, pdf->picture_rows);
		strbuf_adds(out, "6 0 obj\n");
		add_stream(out, about.buf, pdf->greys->buf, pdf->greys->len);
		strbuf_release(&about);
	}
	strbuf_adds(out, "trailer\n<< /Root 1 0 R >>\n%%EOF\n");
}
