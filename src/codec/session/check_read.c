/* Reads one check of a provider, in the form of the session document. */
#include "session_read.h"

enum err check_read(struct arena *arena, const char *text, size_t length, struct check *out, struct error *error)
{
	struct session_document document = { 0 };
	json_t *value = json_parse(text, length, error);
	if (!value)
		return ERR_INVALID;
	json_t *root = json_pack("{s:[o]}", "checks", value);
	struct session_reader session = { .reader = { .arena = arena, .error = error, .origin = "" },
					  .out = &document };
	const struct node node = node_root(root);
	case_file_init(&document.file);
	checks_read(&session, &node, &document.file);
	if (!session.reader.failed)
		*out = document.file.checks[0];
	json_decref(root);
	return session.reader.failed ? ERR_INVALID : ERR_OK;
}
