/* Makes the errors with which verbs are refused. */
#include "use/use.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/session_codec.h"

#define LABEL_ID_LENGTH 8

const char *session_label(struct arena *arena, const struct session *session)
{
	if (*session->external_ref)
		return session->external_ref;
	return arena_strndup(arena, session->id, strnlen(session->id, LABEL_ID_LENGTH));
}

const char *time_or_unknown_text(struct arena *arena, int64_t at)
{
	char date[16];

	if (at == TIME_NONE)
		return "an unknown time";
	date_format(at, date);
	return arena_printf(arena, "%s %s UTC", date, time_clock_text(arena, at, 0));
}

enum err refuse(const char *verb, const struct session *session, const struct blockers *blockers, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const struct blocker *first = &blockers->items[0];
	const char *label = session_label(&arena, session);
	enum err code = ERR_BLOCKED;

	/* Reports a conflict first, since the other blockers may change once the conflict is resolved. */
	for (size_t i = 0; i < blockers->count; i++) {
		if (!blocker_traits(blockers->items[i].code).is_conflict)
			continue;
		if (code == ERR_BLOCKED)
			first = &blockers->items[i];
		code = ERR_CONFLICT;
	}
	/* A verb of several words gets the case in brackets: "approve RAL-1", but "add a party (RAL-1)". */
	const char *what = arena_printf(&arena, strchr(verb, ' ') ? "%s (%s)" : "%s %s", verb, label);
	code = error_set(error, code, blockers->count == 1 ? "Cannot %s: %s" : "Cannot %s: %s (and %zu more)", what,
			 first->message, blockers->count - 1);
	for (size_t i = 0; i < blockers->count; i++)
		error_add_blocker(error, blocker_code_text(blockers->items[i].code), blockers->items[i].message,
				  blockers->items[i].ref);
	arena_release(&arena);
	return code;
}

enum err refuse_with_blocker(enum err code, const char *blocker, const char *ref, struct error *error,
			     const char *format, ...)
{
	struct strbuf message = STRBUF_INIT;
	va_list args;

	va_start(args, format);
	strbuf_vaddf(&message, format, args);
	va_end(args);
	code = error_set(error, code, "%s", message.buf);
	error_add_blocker(error, blocker, message.buf, ref);
	strbuf_release(&message);
	return code;
}

const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

enum err text_check(const char *field, const char *what, const char *text, bool needed, struct error *error)
{
	size_t length = strlen(text);

	if (needed && !text[strspn(text, " \t\r\n")])
		return error_invalid(error, field, "%s is empty; enter a text", what);
	if (length > SESSION_VALUE_MAX)
		return error_invalid(error, field, "%s has %zu bytes; the maximum is %d", what, length,
				     SESSION_VALUE_MAX);
	if (!text_is_valid(text, length))
		return error_invalid(error, field, "%s is not valid UTF-8", what);
	return ERR_OK;
}
