#include "kybdesk/base/error.h"
#include "kybdesk/base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *name;
	int exit_status;
} codes[] = {
	[ERR_OK] = { "", 0 },
	[ERR_INTERNAL] = { "internal", 1 },
	[ERR_USAGE] = { "usage", 2 },
	[ERR_PARTIAL] = { "partial", 3 },
	[ERR_BLOCKED] = { "blocked", 4 },
	[ERR_CONFLICT] = { "conflict", 5 },
	[ERR_NOT_FOUND] = { "not_found", 6 },
	[ERR_FORBIDDEN] = { "forbidden", 7 },
	[ERR_STORE] = { "store", 8 },
	[ERR_INVALID] = { "invalid", 9 },
};

static char *format_text(const char *format, va_list args) KYB_PRINTF(1, 0);
static char *format_text(const char *format, va_list args)
{
	struct strbuf text = STRBUF_INIT;
	strbuf_vaddf(&text, format, args);
	return strbuf_detach(&text);
}

/* Formats the new message before the old message is freed, since the new message may contain the old message. */
static enum err replace_error(struct error *error, enum err code, const char *field, const char *format, va_list args)
	KYB_PRINTF(4, 0);
static enum err replace_error(struct error *error, enum err code, const char *field, const char *format, va_list args)
{
	if (!error)
		return code;
	struct error filled = { .code = code };
	filled.message = format_text(format, args);
	filled.field = field ? xstrdup(field) : NULL;
	error_release(error);
	*error = filled;
	return code;
}

enum err error_set(struct error *error, enum err code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)replace_error(error, code, NULL, format, args);
	va_end(args);
	return code;
}

enum err error_set_field(struct error *error, enum err code, const char *field, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)replace_error(error, code, field, format, args);
	va_end(args);
	return code;
}

enum err error_invalid(struct error *error, const char *field, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)replace_error(error, ERR_INVALID, field, format, args);
	va_end(args);
	return ERR_INVALID;
}

bool error_is_system_failure(enum err code)
{
	return code == ERR_STORE || code == ERR_INTERNAL;
}

void error_prefix(struct error *error, const char *format, ...)
{
	if (!error)
		return;
	struct strbuf text = STRBUF_INIT;
	va_list args;
	va_start(args, format);
	strbuf_vaddf(&text, format, args);
	va_end(args);
	strbuf_addf(&text, ": %s", error->message ? error->message : "");
	free(error->message);
	error->message = strbuf_detach(&text);
}

void error_add_blocker(struct error *error, const char *code, const char *message, const char *ref)
{
	if (!error)
		return;
	error->blockers = xrealloc_array(error->blockers, error->blocker_count + 1, sizeof *error->blockers);
	struct error_blocker *blocker = &error->blockers[error->blocker_count++];
	blocker->code = xstrdup(code);
	blocker->message = xstrdup(message);
	blocker->ref = xstrdup(ref);
}

void error_release(struct error *error)
{
	if (!error)
		return;
	for (size_t i = 0; i < error->blocker_count; i++) {
		free(error->blockers[i].code);
		free(error->blockers[i].message);
		free(error->blockers[i].ref);
	}
	free(error->blockers);
	free(error->field);
	free(error->message);
	*error = (struct error){ 0 };
}

void error_move(struct error *to, struct error *from)
{
	if (!from || to == from)
		return;
	if (!to) {
		error_release(from);
		return;
	}
	error_release(to);
	*to = *from;
	*from = (struct error){ 0 };
}

enum err error_move_system_failure(enum err code, struct error *trial, struct error *error)
{
	bool fails = error_is_system_failure(code);

	if (fails)
		error_move(error, trial);
	error_release(trial);
	return fails ? code : ERR_OK;
}

const char *error_code_name(enum err code)
{
	if ((size_t)code >= sizeof codes / sizeof codes[0])
		BUG("%d is not an error code", (int)code);
	return codes[code].name;
}

int error_exit_status(enum err code)
{
	if ((size_t)code >= sizeof codes / sizeof codes[0])
		BUG("%d is not an error code", (int)code);
	return codes[code].exit_status;
}

void report_bug_at(const char *file, int line, const char *format, ...)
{
	va_list args;
	(void)fprintf(stderr, "kybdesk: bug at %s:%d: ", file, line);
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputc('\n', stderr);
	abort();
}
