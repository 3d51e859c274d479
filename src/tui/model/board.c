#include "kybdesk/tui/board.h"

#include <stdlib.h>
#include <string.h>

struct board *board_new(const struct board_spec *spec, const char *ref)
{
	struct board *board = xcalloc(1, sizeof *board);
	board->spec = spec;
	board->page = page_new(&spec->page, ref);
	board->page->title = spec->title;
	return board;
}

void board_free(struct board *board)
{
	while (board) {
		struct board *under = board->under;
		page_free(board->page);
		job_free(board->answer);
		free(board->problem);
		free(board);
		board = under;
	}
}

struct job *board_request(struct board *board, uint64_t ticket)
{
	struct job *job = job_new(JOB_BOARD);
	job->board = board->spec;
	job->in.part = arena_strdup(&job->arena, board->page->ref);
	job->ticket = board->ticket = ticket;
	return job;
}

bool board_answer(struct board *board, struct job *answer, const struct frame *frame)
{
	free(board->problem);
	board->problem = answer->status ? xstrdup(answer->error.message) : NULL;
	if (answer->status)
		return false;
	const struct grid_row *row = page_row(board->page);
	enum row_kind kind = row ? row->kind : ROW_PLAIN;
	char *ref = xstrdup(row ? row->ref : "");
	page_fill(board->page, answer, frame);
	/* Rows may have come before it. */
	board->page->cursor = grid_find(&board->page->grid, kind, ref, board->page->cursor);
	free(ref);
	job_free(board->answer);
	board->answer = answer;
	return true;
}

const struct board_spec *board_of_row(const struct grid_row *row)
{
#define ADDRESS(name) &name##_board,
	static const struct board_spec *const boards[] = { BOARDS(ADDRESS) };
#undef ADDRESS
	for (size_t i = 0; i < sizeof boards / sizeof boards[0]; i++)
		if (boards[i]->kind != ROW_PLAIN && boards[i]->kind == row->kind && row->ref[0])
			return boards[i];
	return NULL;
}

const char *board_item(const struct board *board, enum row_kind kind)
{
	const struct grid_row *row = board->problem ? NULL : page_row(board->page);
	if (row && row->kind == kind)
		return row->ref;
	return board->spec->kind == kind ? board->page->ref : "";
}
