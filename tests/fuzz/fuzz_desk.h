/* A sandbox store for targets with a front end: a merchant's business with two parties, waiting for a reviewer. */
#ifndef KYB_TESTS_FUZZ_DESK_H
#define KYB_TESTS_FUZZ_DESK_H

#include "fuzz.h"
#include "kybdesk/desk/desk.h"

#define FUZZ_CASE "FUZZ-1"
#define FUZZ_DRAFT "FUZZ-2" /* the client is still filling in its steps */
#define FUZZ_MERCHANT "northwind-pay"

struct fuzz_desk {
	char folder[256], path[300];
	const struct world *world;
	struct desk *desk; /* opened as "ada", its admin */
};

/* Makes and opens the store in a new folder, which fuzz_desk_close() removes. Errors abort. */
void fuzz_desk_open(struct fuzz_desk *out, const struct world *world);
void fuzz_desk_close(struct fuzz_desk *desk);

#endif
