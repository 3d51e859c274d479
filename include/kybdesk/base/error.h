/* The error type of all modules. A function that can fail returns an `enum err` (which the caller must use) and, only
 * on failure, fills its last parameter `struct error *`. error_code_name() and error_exit_status() map codes to
 * `error.code` in JSON and to exit statuses.
 *
 * Ownership: a struct error owns its strings (malloc); error_release() frees them and accepts a zeroed struct.
 * error_set() replaces the content of a filled error. All functions accept a NULL error pointer, which discards the
 * details. Bugs abort the program (BUG()); failures of input, SQL and I/O are returned. */
#ifndef KYBDESK_BASE_ERROR_H
#define KYBDESK_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#define KYB_MUST_USE __attribute__((warn_unused_result))
#ifdef __clang__
#define KYB_MUST_USE_TYPE KYB_MUST_USE
#else
#define KYB_MUST_USE_TYPE [[nodiscard]] /* gcc accepts it before C23, and has no other attribute for a type */
#endif
#define KYB_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define KYB_NORETURN __attribute__((noreturn))

/* The compiler refuses a call if its enum err is not used, also through a pointer; but not with a cast to void. */
__extension__ enum KYB_MUST_USE_TYPE err {
	ERR_OK = 0,
	ERR_INTERNAL,  /* exit 1 "internal": unexpected failure */
	ERR_USAGE,     /* exit 2 "usage" */
	ERR_PARTIAL,   /* exit 3 "partial": some input lines were refused */
	ERR_BLOCKED,   /* exit 4 "blocked": a rule does not allow the action; blockers are listed */
	ERR_CONFLICT,  /* exit 5 "conflict": another actor changed or holds the case */
	ERR_NOT_FOUND, /* exit 6 "not_found" */
	ERR_FORBIDDEN, /* exit 7 "forbidden": not allowed for this role */
	ERR_STORE,     /* exit 8 "store": the store is missing, locked, full, damaged or newer than the program */
	ERR_INVALID    /* exit 9 "invalid": a value or file is not valid */
};

/* One reason why a decision is not possible, in a form that every front end can print. */
struct error_blocker {
	char *code;    /* "document_missing" */
	char *message; /* a plain sentence */
	char *ref;     /* id or path of the blocking part; "": none */
};

struct error {
	enum err code;
	/* one sentence: what is wrong, where, and how to fix it; sanitised with text_display() when printed */
	char *message;
	char *field; /* path of the invalid input value; NULL: none */
	struct error_blocker *blockers;
	size_t blocker_count;
};

/* Sets code and message; returns code, so `return error_set(...)` works. */
enum err error_set(struct error *error, enum err code, const char *format, ...) KYB_PRINTF(3, 4);
/* As error_set(), with the path of the invalid input value. */
enum err error_set_field(struct error *error, enum err code, const char *field, const char *format, ...)
	KYB_PRINTF(4, 5);
/* As error_set_field(), with the code ERR_INVALID. */
enum err error_invalid(struct error *error, const char *field, const char *format, ...) KYB_PRINTF(3, 4);
/* Puts "PREFIX: " before the message, to add context from a caller. */
void error_prefix(struct error *error, const char *format, ...) KYB_PRINTF(2, 3);
void error_add_blocker(struct error *error, const char *code, const char *message, const char *ref);
void error_release(struct error *error);
void error_move(struct error *to, struct error *from);

/* True: the store or the program failed, so the next input would fail, too. False: the input has the fault. */
bool error_is_system_failure(enum err code);
/* Call it with the result of a trial that may fail. Moves a system failure from `trial` to `error` and returns its
 * code. Drops any other failure and returns ERR_OK. */
enum err error_move_system_failure(enum err code, struct error *trial, struct error *error);
const char *error_code_name(enum err code); /* "blocked" */
int error_exit_status(enum err code);	    /* 4 */

/* For a broken contract between functions of this program: prints the source line and the text, then aborts. */
KYB_NORETURN void report_bug_at(const char *file, int line, const char *format, ...) KYB_PRINTF(3, 4);
#define BUG(...) report_bug_at(__FILE__, __LINE__, __VA_ARGS__)

#endif
