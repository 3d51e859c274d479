#include "kybdesk/base/not_found.h"
#include "kybdesk/base/text.h"

enum err not_found(struct error *error, const char *kind, const char *name, const char *hint)
{
	return not_found_among(error, NULL, kind, name, NULL, 0, hint);
}

enum err not_found_among(struct error *error, const char *field, const char *kind, const char *name,
			 const char *const *names, size_t count, const char *hint)
{
	const char *nearest = count ? text_nearest(name, names, count) : NULL;

	if (nearest)
		return error_set_field(error, ERR_NOT_FOUND, field, "Unknown %s \"%s\". Did you mean \"%s\"?", kind,
				       name, nearest);
	return error_set_field(error, ERR_NOT_FOUND, field, "Unknown %s \"%s\"%s%s", kind, name, hint ? ". " : "",
			       hint ? hint : "");
}
