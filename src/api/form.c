#include "form.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/file.h"
#include "kybdesk/desk/import.h"
#include "limits.h"
#include "shape.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define IGNORED_MAX 512

enum err file_part_add(struct request *r, const struct desk *desk, const void *bytes, size_t length,
		       struct error *error)
{
	const char *at = bytes;

	r->file.came = true;
	if (r->file.fd < 0)
		r->file.fd = file_make_unnamed(&r->arena, desk_temporary_folder(desk, &r->arena));
	if (r->file.fd < 0)
		return error_set(error, ERR_STORE, "A file cannot be accepted: %s", strerror(errno));
	if (length > BODY_READ_MAX - r->file.length)
		r->file.too_large = true;
	while (length && !r->file.too_large) {
		ssize_t done = write(r->file.fd, at, length);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return error_set(error, ERR_STORE, "A file cannot be accepted: %s", strerror(errno));
		at += done;
		length -= (size_t)done;
		r->file.length += (size_t)done;
	}
	return ERR_OK;
}

enum err file_part_end(struct request *r, struct error *error)
{
	void *bytes;

	if (!r->file.length || r->file.bytes)
		return ERR_OK;
	bytes = mmap(NULL, r->file.length, PROT_READ, MAP_PRIVATE, r->file.fd, 0);
	if (bytes == MAP_FAILED)
		return error_set(error, ERR_STORE, "A file cannot be read: %s", strerror(errno));
	r->file.bytes = bytes;
	return ERR_OK;
}

void file_part_release(struct file_part *file)
{
	if (file->bytes)
		(void)munmap((void *)(uintptr_t)file->bytes, file->length);
	if (file->fd >= 0)
		(void)close(file->fd);
	*file = (struct file_part){ .fd = -1, .name = "" };
}

static bool is_named(const char *names, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = names ? names : ""; *at; at += strcspn(at, " "), at += strspn(at, " ")) {
		if (strcspn(at, " ") == length && !strncmp(at, name, length))
			return true;
	}
	return false;
}

/* The result goes into a header: "?" replaces each character not allowed there. */
static void add_ignored(struct strbuf *out, const char *path)
{
	if (out->len > IGNORED_MAX)
		return;
	strbuf_adds(out, out->len ? ", " : "");
	for (size_t i = 0; path[i] && i < 64; i++) {
		char c = path[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			     c == '_' || c == '-' || c == '.';

		strbuf_addch(out, plain ? c : '?');
	}
}

static void find_ignored(struct request *r, const struct shape *shape, const struct json_value *object,
			 const char *prefix, struct strbuf *out)
{
	for (const char *key = json_first_key(object); key; key = json_next_key(object, key)) {
		const char *path = *prefix ? arena_printf(&r->arena, "%s.%s", prefix, key) : key;
		const struct shape *inner;
		struct json_member member;

		if (shape && shape_member_find(shape, key, &member)) {
			inner = shape_find(member.type, member.type_length);
			if (inner && inner->members && json_is_object(json_get(object, key)))
				find_ignored(r, inner, json_get(object, key), path, out);
		} else if (!is_named(r->route->also, path)) {
			add_ignored(out, path);
		}
	}
}

enum err body_read(struct request *r, const char **ignored, struct error *error)
{
	const char *takes = r->route->takes ? r->route->takes : "";
	struct strbuf names = STRBUF_INIT;
	enum err err;

	*ignored = "";
	if (!r->text.len)
		return ERR_OK;
	err = limits_check_json(r, r->text.buf, r->text.len, error);
	if (!err)
		err = json_read(r->text.buf, r->text.len, &r->body, error);
	if (err)
		return err;
	if (!json_is_object(r->body))
		return error_set(error, ERR_INVALID, "The body is not a JSON object");
	find_ignored(r, shape_find(takes, strlen(takes)), r->body, "", &names);
	*ignored = strbuf_finish(&names, &r->arena);
	if (r->strict && **ignored)
		return error_set(error, ERR_INVALID, "The body has unknown members: %s", *ignored);
	return ERR_OK;
}

static void add_upload_field(struct request *r, const char *name, const char *value)
{
	if (value)
		r->fields[r->field_count++] = (struct pair){ name, value };
}

/* The JSON upload has no file name: derives one from the detected format. */
static const char *name_of(struct request *r, const struct strbuf *bytes)
{
	const char *media_type;
	enum file_format format = desk_sniff(bytes->buf, bytes->len, &media_type);

	return format == FILE_FORMAT_COUNT ? "document"
					   : arena_printf(&r->arena, "document.%s", file_format_text(format));
}

enum err upload_read(struct request *r, const struct desk *desk, struct error *error)
{
	const char *type = body_need(r, "document_type"), *side = body_text(r, "side");
	const char *content = body_need(r, "content");
	struct strbuf bytes = STRBUF_INIT;
	enum err err = request_check(r, error);

	if (!err && !base64_decode(&bytes, content, strlen(content)))
		err = error_set_field(
			error, ERR_INVALID, "content",
			"content is not base64; use the standard alphabet with padding, without other characters");
	if (!err) {
		add_upload_field(r, "type", type);
		add_upload_field(r, "side", side);
		r->file.name = name_of(r, &bytes);
		err = file_part_add(r, desk, bytes.buf, bytes.len, error);
	}
	strbuf_wipe(&bytes);
	return err ? err : file_part_end(r, error);
}
