/* A row of pieces; a piece that does not fit is dropped completely. */
#include "kybdesk/tui/surface.h"

static size_t width_of(struct surface *surface, const struct piece *pieces, size_t count)
{
	size_t total = 0;
	for (size_t i = 0; i < count; i++)
		if (pieces[i].text[0])
			total += surface_width(surface, pieces[i].text) +
				 (total ? surface_width(surface, pieces[i].gap) : 0);
	return total;
}

size_t pieces_fit(struct surface *surface, struct piece *pieces, size_t count, size_t cells)
{
	for (;;) {
		size_t total = width_of(surface, pieces, count), first = count;
		for (size_t i = 0; i < count; i++)
			if (pieces[i].text[0] && pieces[i].leave &&
			    (first == count || pieces[i].leave > pieces[first].leave))
				first = i;
		if (total <= cells || first == count)
			return total;
		pieces[first].text = "";
	}
}

void pieces_put(struct pen *pen, const struct piece *pieces, size_t count)
{
	bool any = false;
	for (size_t i = 0; i < count; i++) {
		if (!pieces[i].text[0])
			continue;
		if (any)
			pen_put(pen, pieces[i].role, pieces[i].gap);
		pen_put(pen, pieces[i].role, pieces[i].text);
		any = true;
	}
}

#define SENTENCE_ROWS_MAX 4

void surface_sentence(struct surface *surface, size_t last, enum theme_role role, const char *mark,
		      const char *text)
{
	struct arena arena = ARENA_INIT;
	size_t count = 0, width = surface->cols > 8 ? surface->cols - 4 : 4;
	char **lines = text_wrap(&arena, text_safe(&arena, text, surface->mode), width, &count);
	size_t rows = count < SENTENCE_ROWS_MAX ? count : SENTENCE_ROWS_MAX;
	rows = rows > last ? last : rows;
	for (size_t i = 0; i < rows; i++) {
		size_t row = last + 1 - rows + i;
		surface_fill(surface, (struct box){ row, 0, 1, surface->cols }, role);
		surface_put(surface, row, 1, 1, role, i ? " " : mark);
		surface_put(surface, row, 3, width, role, lines[i]);
	}
	arena_release(&arena);
}

void surface_lines(struct surface *surface, struct box box, enum theme_role role, const char *text)
{
	struct arena arena = ARENA_INIT;
	size_t count = 0;
	char **lines = text_wrap(&arena, text_safe(&arena, text, surface->mode), box.cols, &count);
	for (size_t i = 0; i < count && i < box.rows; i++)
		surface_put(surface, box.row + i, box.col, box.cols, role, lines[i]);
	arena_release(&arena);
}
