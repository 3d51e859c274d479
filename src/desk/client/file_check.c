#include "client/file_check.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/desk/import.h"
#include "kybdesk/base/text.h"
#include <inttypes.h>

/* "pdf, jpeg or png" */
static void formats_text(struct strbuf *out, unsigned formats)
{
	size_t left = 0;

	for (unsigned i = 0; i < FILE_FORMAT_COUNT; i++)
		left += (formats >> i) & 1u;
	for (unsigned i = 0; i < FILE_FORMAT_COUNT; i++) {
		if (!(formats & (1u << i)))
			continue;
		strbuf_adds(out, file_format_text((enum file_format)i));
		left--;
		strbuf_adds(out, left > 1 ? ", " : left == 1 ? " or " : "");
	}
}

enum err document_file_check(const struct profile *profile, const char *type, const char *file_name,
			     const void *bytes, size_t length, const char **media_type, struct error *error)
{
	const struct document_spec *spec = profile_document(profile, type);
	unsigned formats = spec ? spec->formats : profile->default_formats;
	int64_t max = spec ? spec->max_bytes : profile->default_max_bytes;
	enum file_format found = desk_sniff(bytes, length, media_type);
	enum file_format claimed = format_of_name(file_name);
	struct strbuf allowed = STRBUF_INIT;
	enum err code = ERR_OK;

	formats_text(&allowed, formats);
	if (length == 0)
		code = error_set_field(error, ERR_INVALID, "file", "the file is empty");
	else if (max > 0 && (uint64_t)length > (uint64_t)max)
		code = error_set_field(error, ERR_INVALID, "file",
				       "the file is larger than %" PRId64 " bytes, the limit for %s", max, type);
	else if (found == FILE_FORMAT_COUNT)
		code = error_set_field(error, ERR_INVALID, "file",
				       "the content has none of the formats allowed for %s: %s", type, allowed.buf);
	else if (formats && !(formats & (1u << found)))
		code = error_set_field(error, ERR_INVALID, "file", "the content is %s; allowed for %s: %s",
				       file_format_text(found), type, allowed.buf);
	else if (claimed == FILE_FORMAT_COUNT)
		code = error_set_field(
			error, ERR_INVALID, "file",
			"the file name has no known extension; the content is %s, so end the name in .%s",
			file_format_text(found), file_format_text(found));
	else if (claimed != found)
		code = error_set_field(
			error, ERR_INVALID, "file",
			"the file name claims %s, but the content is %s; correct the name or choose another file",
			file_format_text(claimed), file_format_text(found));
	strbuf_release(&allowed);
	return code;
}
