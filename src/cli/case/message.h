/* cmd_template.c: the message of a template for a case. */
#ifndef KYBDESK_CLI_MESSAGE_H
#define KYBDESK_CLI_MESSAGE_H

#include "../cli_internal.h"

struct message_use {
	const char *template, *session;
	const char *language;	  /* NULL: the client's language, if the template has it */
	const char *const *types; /* document types for the variable {document}; none: the rejected documents */
	size_t type_count;
};
/* ERR_NOT_FOUND: the template does not exist, or has no text in this language. */
enum err cli_message(struct cli *cli, const struct message_use *use, const char **out,
		     struct error *error) KYB_MUST_USE;

#endif
