/* Templates of messages to clients: their variables and languages. */
#include "kybdesk/domain/message.h"
#include "kybdesk/base/text.h"

#include <string.h>

enum { SUBJECT, REFERENCE, MERCHANT, DOCUMENT, DUE, VARIABLE_COUNT };
static const char *const variable_names[VARIABLE_COUNT] = {
	[SUBJECT] = "subject", [REFERENCE] = "reference", [MERCHANT] = "merchant", [DOCUMENT] = "document",
	[DUE] = "due",
};
#define VARIABLE_HINT "{subject}, {reference}, {merchant}, {document} and {due}"

enum err template_name_check(const char *name, struct error *error)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

	if (!length || name[length])
		return error_invalid(error, "name",
				     "\"%s\" is not the name of a template; use letters, digits, - and _", name);
	if (length > TEMPLATE_NAME_MAX)
		return error_invalid(error, "name", "The name of a template has %zu characters; the maximum is %d",
				     length, TEMPLATE_NAME_MAX);
	return ERR_OK;
}

/* The variable that a text begins with, and its length with the braces; VARIABLE_COUNT: none. */
static size_t variable_at(const char *text, size_t *length)
{
	for (size_t i = 0; *text == '{' && i < VARIABLE_COUNT; i++) {
		size_t name = strlen(variable_names[i]);

		if (strncmp(text + 1, variable_names[i], name) != 0 || text[1 + name] != '}')
			continue;
		*length = name + 2;
		return i;
	}
	return VARIABLE_COUNT;
}

static enum err refuse_brace(struct arena *arena, const char *at, struct error *error)
{
	size_t length = *at == '{' ? strcspn(at + 1, "{} \n") : 0;
	const char *name = arena_strndup(arena, at + 1, length), *nearest;

	if (!length || at[1 + length] != '}')
		return error_invalid(error, "text",
				     "A brace in the text is not part of a variable; variables are " VARIABLE_HINT);
	nearest = text_find_nearest(name, variable_names, VARIABLE_COUNT);
	if (nearest)
		return error_invalid(error, "text", "Unknown variable {%s}; did you mean {%s}?", name, nearest);
	return error_invalid(error, "text", "Unknown variable {%s}; variables are " VARIABLE_HINT, name);
}

enum err template_text_check(struct arena *arena, const char *text, struct error *error)
{
	size_t length = strlen(text), bytes;

	if (!text[strspn(text, " \t\r\n")])
		return error_invalid(error, "text", "The text is empty; write the message");
	if (length > TEMPLATE_TEXT_MAX)
		return error_invalid(error, "text", "The text has %zu bytes; the maximum is %d", length,
				     TEMPLATE_TEXT_MAX);
	if (!text_is_valid(text, length))
		return error_invalid(error, "text", "The text is not valid UTF-8");
	for (const char *at = text; *(at += strcspn(at, "{}")); at += bytes) {
		if (variable_at(at, &bytes) == VARIABLE_COUNT)
			return refuse_brace(arena, at, error);
	}
	return ERR_OK;
}

static const char *value_of(const struct message_values *values, size_t variable)
{
	const char *const all[VARIABLE_COUNT] = { [SUBJECT] = values->subject,
						  [REFERENCE] = values->reference,
						  [MERCHANT] = values->merchant,
						  [DOCUMENT] = values->document,
						  [DUE] = values->link_end_day };

	return all[variable] ? all[variable] : "";
}

void message_values_fill(struct arena *arena, const struct case_file *file, const struct profile *profile, int64_t now,
			 struct message_values *out)
{
	const struct session *session = &file->session;

	*out = (struct message_values){ .subject = session->subject.name,
					.reference = session->external_ref,
					.merchant = session->merchant,
					.document = "",
					.link_end_day = "" };
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];

		if (document->replaced || document->review != REVIEW_REJECTED)
			continue;
		out->document = arena_printf(arena, "%s%s%s", out->document, *out->document ? ", " : "",
					     profile_document_title(profile, document->type));
	}
	if (session->expires_at != TIME_NONE && session->expires_at > now)
		out->link_end_day = date_text(arena, session->expires_at);
}

/* Adds the text before the next variable, and returns the position of the variable; NULL: none is left. */
static const char *next_variable(const char *text, struct strbuf *before, size_t *variable, size_t *length)
{
	for (const char *at = text; *(at += strcspn(at, "{")); at++) {
		*variable = variable_at(at, length);
		if (*variable == VARIABLE_COUNT)
			continue;
		strbuf_add(before, text, (size_t)(at - text));
		return at;
	}
	strbuf_adds(before, text);
	return NULL;
}

const char *message_fill(struct arena *arena, const char *text, const struct message_values *values)
{
	struct strbuf out = STRBUF_INIT;
	size_t variable, length;

	for (const char *at; (at = next_variable(text, &out, &variable, &length)); text = at + length) {
		const char *value = value_of(values, variable);

		if (*value)
			strbuf_adds(&out, value);
		else
			strbuf_add(&out, at, length);
	}
	return strbuf_finish(&out, arena);
}

const char *message_find_variable(struct arena *arena, const char *text)
{
	struct strbuf before = STRBUF_INIT;
	size_t variable, length = 0;
	const char *at = next_variable(text, &before, &variable, &length);

	strbuf_release(&before);
	return at ? arena_strndup(arena, at, length) : "";
}

enum err message_check_filled(const char *message, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *variable = message_find_variable(&arena, message);
	enum err err = ERR_OK;

	if (*variable)
		err = error_invalid(error, "message", "The message still has the variable %s; replace it with text",
				    variable);
	arena_release(&arena);
	return err;
}

enum language language_of_country(const char *alpha3)
{
	static const char *const countries[LANGUAGE_COUNT] = {
		[LANGUAGE_DE] = "AUT CHE DEU LIE",
		[LANGUAGE_ES] = "ARG BOL CHL COL CRI CUB DOM ECU ESP GNQ GTM HND MEX NIC PAN PER PRI PRY SLV URY VEN",
		[LANGUAGE_PT] = "AGO BRA CPV GNB MOZ PRT STP TLS",
	};

	for (int i = 0; strlen(alpha3) == 3 && i < LANGUAGE_COUNT; i++)
		if (countries[i] && strstr(countries[i], alpha3))
			return (enum language)i;
	return LANGUAGE_EN;
}

size_t template_languages(const struct message_template *of, enum language client, enum language out[LANGUAGE_COUNT])
{
	size_t count = 0;

	if (*of->texts[client])
		out[count++] = client;
	for (int i = 0; i < LANGUAGE_COUNT; i++)
		if (i != (int)client && *of->texts[i])
			out[count++] = (enum language)i;
	return count;
}
