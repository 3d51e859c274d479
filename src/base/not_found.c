#include "kybdesk/base/not_found.h"
#include "kybdesk/base/text.h"

enum err error_not_found(struct error *error, const char *kind, const char *name, const char *hint)
{
	return error_unknown_word(error, ERR_NOT_FOUND,
				  &(struct unknown_name){ .kind = kind, .name = name, .hint = hint });
}

enum err error_unknown_word(struct error *error, enum err code, const struct unknown_name *what)
{
	const char *nearest = what->count ? text_find_nearest(what->name, what->names, what->count) : NULL;

	if (nearest)
		return error_set_field(error, code, what->field, "Unknown %s \"%s\". Did you mean \"%s\"?", what->kind,
				       what->name, nearest);
	return error_set_field(error, code, what->field, "Unknown %s \"%s\"%s%s", what->kind, what->name,
			       what->hint ? ". " : "", what->hint ? what->hint : "");
}
