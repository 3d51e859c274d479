/* Templates of messages to clients: a name, the reason that the template is for, and a text in one or more
 * languages, with variables such as {subject}. Leads keep the templates in the store (desk/admin.h). A
 * reviewer picks a template; the message is sent and stored with the values of the variables filled in. */
#ifndef KYBDESK_DOMAIN_MESSAGE_H
#define KYBDESK_DOMAIN_MESSAGE_H

#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/reason.h"
#include "kybdesk/domain/session.h"

#define TEMPLATE_NAME_MAX 40   /* bytes */
#define TEMPLATE_TEXT_MAX 2000 /* bytes of one text, so that the text with its values fits into a message */
#define TEMPLATES_MAX 500      /* in a store */
#define TEMPLATE_ALL "all"     /* used in place of a reason: the template is for all reasons */

struct message_template {
	int64_t row;
	const char *name;
	const char *reason;		   /* a code of session or document reasons; "": all reasons */
	const char *texts[LANGUAGE_COUNT]; /* "": none */
	int64_t changed_at;
	const char *changed_by;
};
struct message_templates {
	struct message_template *items; /* by name */
	size_t count;
};

/* Letters, digits, '-' and '_'. ERR_INVALID, field "name". */
enum err template_name_check(const char *name, struct error *error);
/* ERR_INVALID, field "text": it is empty or too long, has an unknown variable (the error names the nearest), or a
 * brace without a variable. */
enum err template_text_check(struct arena *arena, const char *text, struct error *error);

/* Values of the variables. If a value is "", its variable remains in the text. */
struct message_values {
	const char *subject, *reference, *merchant, *document, *link_end_day;
};
/* Sets the values, in the arena. {document}: the titles of the rejected documents. {due}: the day on which the
 * client's link ends; "" if the link has ended. */
void message_values_fill(struct arena *arena, const struct case_file *file, const struct profile *profile, int64_t now,
			 struct message_values *out);
const char *message_fill(struct arena *arena, const char *text, const struct message_values *values);
/* The first variable in a text, such as "{due}"; "": none. In the arena. */
const char *message_find_variable(struct arena *arena, const char *text);
/* Refuses a message to a client that still contains a variable, which was not filled in. ERR_INVALID, field
 * "message". */
enum err message_check_filled(const char *message, struct error *error);

/* The language that clients of a country (ISO 3166-1 alpha-3) are likely to read. */
enum language language_of_country(const char *alpha3);
/* The languages of a template in the order of use: the client's, then English, then the others. Returns the count. */
size_t template_languages(const struct message_template *of, enum language client, enum language out[LANGUAGE_COUNT]);

#endif
