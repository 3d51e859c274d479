/* Records that a reviewer ran a command of their own on a case (docs/own-files.md): the command's name, never its
 * output. */
#include "use/use.h"

#define NAME_MAX_BYTES 64
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

/* Reads in->part: the command's name. The workbench starts the command after the record is written. */
enum err use_command_run(struct use *use, struct error *error)
{
	const char *name = use->in->part;
	size_t length = strlen(name);

	if (!length || length > NAME_MAX_BYTES || name[strspn(name, NAME_CHARACTERS)])
		return error_invalid(error, "part",
				     "The name of a command can have only letters, digits and hyphens, at most %d",
				     NAME_MAX_BYTES);
	json_set_text(use->detail, "command", name);
	return ERR_OK;
}
