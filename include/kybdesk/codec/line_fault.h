/* Faults of single lines in a user's file, one sentence each. The other lines of the file are used. */
#ifndef KYBDESK_CODEC_LINE_FAULT_H
#define KYBDESK_CODEC_LINE_FAULT_H

#include "kybdesk/base/arena.h"

struct line_fault {
	unsigned line; /* 0: the whole file, which the sentence names */
	const char *what;
};
struct line_faults {
	struct line_fault *items; /* in the order of the lines */
	size_t count, capacity;
};

/* Adds a fault; borrows the sentence. */
void line_fault_add(struct arena *arena, struct line_faults *faults, unsigned line, const char *what);
/* "/home/ana/.config/kybdesk/keys.json, line 4: …" */
char *line_fault_text(struct arena *arena, const char *path, const struct line_fault *fault);

#endif
