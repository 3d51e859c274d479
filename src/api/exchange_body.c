/* Processes the body of a request: each piece when it arrives, and then the whole body. */
#include "exchange.h"
#include "kybdesk/base/text.h"
#include "kybdesk/base/file.h"
#include "kybdesk/desk/import.h"
#include "shape.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define IGNORED_NAMES_STOP_BYTES 512

/* Appends bytes to the uploaded file. The file is created in the folder of the store's key and has no name.
 * ERR_STORE: the file cannot be written. */
static enum err append_file_part(struct request *r, const struct desk *desk, const void *bytes, size_t length,
				 struct error *error)
{
	const char *at = bytes;

	r->file.is_present = true;
	if (r->file.fd < 0)
		r->file.fd = file_make_unnamed(&r->arena, desk_temporary_folder(desk, &r->arena));
	if (r->file.fd < 0)
		return error_set(error, ERR_STORE, "A file cannot be accepted: %s", strerror(errno));
	if (length > BODY_READ_MAX - r->file.length)
		r->file.is_too_large = true;
	while (length && !r->file.is_too_large) {
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

/* Maps the complete file into r->file.bytes. */
static enum err map_file_part(struct request *r, struct error *error)
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

static bool names_include(const char *names, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = names ? names : ""; *at; at += strcspn(at, " "), at += strspn(at, " "))
		if (strcspn(at, " ") == length && !strncmp(at, name, length))
			return true;
	return false;
}

/* --- names that are ignored, in the query, a form or a JSON body --- */

/* Adds the first 64 bytes of a path to a header's value; "?" replaces each character except letters, digits, "_",
 * "-" and ".". */
static void add_ignored_name(struct strbuf *out, const char *path)
{
	if (out->len > IGNORED_NAMES_STOP_BYTES)
		return;
	strbuf_adds(out, out->len ? ", " : "");
	for (size_t i = 0; path[i] && i < 64; i++) {
		char c = path[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
			     c == '-' || c == '.';

		strbuf_addch(out, plain ? c : '?');
	}
}

static void list_ignored_members(struct request *r, const struct shape *shape, const struct json_value *object,
				 const char *prefix, struct strbuf *out)
{
	for (const char *key = json_first_key(object); key; key = json_next_key(object, key)) {
		const char *path = *prefix ? arena_printf(&r->arena, "%s.%s", prefix, key) : key;
		const struct shape *inner;
		struct json_member member;

		if (shape_member_find(shape, key, &member)) {
			inner = shape_find(member.type, member.type_length);
			if (inner && inner->members && json_is_object(json_get(object, key)))
				list_ignored_members(r, inner, json_get(object, key), path, out);
		} else if (!names_include(r->route->extra_members, path)) {
			add_ignored_name(out, path);
		}
	}
}

/* Of a repeated name, the first value is used. */
static void list_ignored_pairs(const struct shape *shape, const struct pair *pairs, size_t count, struct strbuf *out)
{
	for (size_t i = 0; i < count; i++) {
		struct json_member member;
		size_t first = 0;

		while (strcmp(pairs[first].name, pairs[i].name) != 0)
			first++;
		if (first < i || !shape_member_find(shape, pairs[i].name, &member))
			add_ignored_name(out, pairs[i].name);
	}
}

/* Lists what the request names in vain, for the response header; refuses it with --strict. A browser shows its user no
 * headers, so the page is left out. A repeated member of a JSON body was refused before. */
static enum err list_ignored_names(struct exchange *x, struct error *error)
{
	static const struct shape none;
	struct request *r = &x->request;
	const char *name = r->route->body == BODY_UPLOAD && r->body ? "UploadText" : r->route->body_shape;
	const struct shape query = { .members = r->route->query }, *body = name ? shape_find(name, strlen(name)) : NULL;
	struct strbuf names = STRBUF_INIT;

	if (route_dialect(r->route) == DIALECT_PAGE)
		return ERR_OK;
	list_ignored_pairs(&query, r->query, r->query_count, &names);
	list_ignored_pairs(body ? body : &none, r->fields, r->field_count, &names);
	list_ignored_members(r, body ? body : &none, r->body, "", &names);
	x->ignored_members = strbuf_finish(&names, &r->arena);
	if (!r->strict || !*x->ignored_members)
		return ERR_OK;
	return error_set(error, ERR_INVALID, "The request has unknown or repeated names: %s", x->ignored_members);
}

/* Parses r->raw_body into r->body. */
static enum err parse_body(struct request *r, struct error *error)
{
	enum err err;

	if (!r->raw_body.len)
		return ERR_OK;
	err = limits_check_json(r, r->raw_body.buf, r->raw_body.len, error);
	if (!err)
		err = json_read(r->raw_body.buf, r->raw_body.len, &r->body, error);
	return err || json_is_object(r->body) ? err : error_set(error, ERR_INVALID, "The body is not a JSON object");
}

static void add_upload_field(struct request *r, const char *name, const char *value)
{
	if (value)
		r->fields[r->field_count++] = (struct pair){ name, value };
}

/* Derives a file name from the detected format, because a JSON upload has no file name. */
static const char *upload_file_name(struct request *r, const struct strbuf *bytes)
{
	const char *media_type;
	enum file_format format = desk_detect_format(bytes->buf, bytes->len, &media_type);

	return format == FILE_FORMAT_COUNT ? "document"
					   : arena_printf(&r->arena, "document.%s", file_format_text(format));
}

/* Converts a BODY_UPLOAD in JSON to the fields and the file of a form. The content is strict base64. */
static enum err json_upload_read(struct request *r, const struct desk *desk, struct error *error)
{
	const char *type = body_require_text(r, "document_type"), *side = body_text(r, "side");
	const char *content = body_require_text(r, "content"), *document = body_text(r, "document");
	struct strbuf bytes = STRBUF_INIT;
	enum err err = request_check_faults(r, error);

	if (!err && !base64_decode(&bytes, content, strlen(content)))
		err = error_set_field(
			error, ERR_INVALID, "content",
			"content must be base64 in the standard alphabet with padding, without other characters");
	if (!err) {
		add_upload_field(r, "type", type);
		add_upload_field(r, "side", side);
		add_upload_field(r, "document", document);
		r->file.name = upload_file_name(r, &bytes);
		err = append_file_part(r, desk, bytes.buf, bytes.len, error);
	}
	strbuf_wipe(&bytes);
	return err ? err : map_file_part(r, error);
}

/* Adds a piece of a form field: the value of a field may arrive in several consecutive pieces. */
static enum err add_field(struct request *r, const char *key, const char *data, size_t size, bool more,
			  struct error *error)
{
	struct pair *pair = more && r->field_count ? &r->fields[r->field_count - 1] : NULL;
	size_t before = pair ? strlen(pair->value) : 0;
	char *value;

	if (!text_is_valid(key, strlen(key)) || !text_is_valid(data, size))
		return error_set(error, ERR_INVALID, "A form field is not UTF-8");
	if (!pair && r->field_count == FIELDS_MAX)
		return error_set(error, ERR_INVALID, "The form has more than %d fields", FIELDS_MAX);
	if (size > VALUE_MAX - before)
		return error_set(error, ERR_INVALID, "A form field has more than %d bytes", VALUE_MAX);
	value = arena_alloc(&r->arena, before + size + 1);
	if (before)
		memcpy(value, pair->value, before);
	if (size)
		memcpy(value + before, data, size);
	if (!pair)
		pair = &r->fields[r->field_count++];
	*pair = (struct pair){ arena_strdup(&r->arena, key), value };
	return ERR_OK;
}

enum MHD_Result exchange_body_field(void *context, enum MHD_ValueKind kind, const char *key, const char *file_name,
				    const char *content_type, const char *encoding, const char *data, uint64_t offset,
				    size_t size)
{
	struct exchange *x = context;
	struct request *r = &x->request;
	enum err err = ERR_OK;

	(void)kind;
	(void)content_type;
	(void)encoding;
	if (x->failed)
		return MHD_YES;
	/* The key is NULL if the part has no name. */
	if (!key) {
		err = error_set(&x->error, ERR_INVALID, "A part of the multipart body has no name");
	} else if (!file_name) {
		err = add_field(r, key, data, size, offset > 0, &x->error);
	} else if (strcmp(key, "file") != 0) {
		err = error_set_field(&x->error, ERR_INVALID, "file", "Send the file in the field \"file\"");
	} else if (!offset && r->file.is_present) {
		err = error_set_field(&x->error, ERR_INVALID, "file", "The form has more than one file");
	} else {
		if (!offset && text_is_valid(file_name, strlen(file_name)))
			r->file.name = arena_strdup(&r->arena, file_name);
		err = append_file_part(r, x->server->desks[0], data, size, &x->error);
	}
	(void)exchange_record_error(x, err);
	return MHD_YES;
}

static enum err append_json(struct request *r, const char *data, size_t size, struct error *error)
{
	size_t most = body_limits_of_route(r->route)->bytes;

	if (size > most - r->raw_body.len)
		return request_refuse(r, 413, "too_large", error, "The body has more than %zu bytes", most);
	strbuf_add(&r->raw_body, data, size);
	return ERR_OK;
}

/* After a failure, the rest of the body is still read and dropped: a client misses a response that arrives while
 * the client sends the body. */
void exchange_body_append(struct exchange *x, const char *data, size_t size)
{
	struct request *r = &x->request;

	if (x->failed)
		return;
	if (head_has_form_type(r)) {
		if (microhttpd.post_process(x->form, data, size) != MHD_YES && !x->failed)
			(void)exchange_record_error(
				x, error_set(&x->error, ERR_INVALID, "The form is not valid multipart/form-data"));
		return;
	}
	switch (r->route->body) {
	case BODY_NONE:
		if (x->received_bytes > body_limits_of_route(r->route)->bytes)
			(void)exchange_record_error(
				x, request_refuse(r, 413, "too_large", &x->error,
						  "This address needs no body, and the sent body has more than %zu "
						  "bytes",
						  body_limits_of_route(r->route)->bytes));
		break;
	case BODY_FORM:
		break;
	case BODY_JSON:
	case BODY_UPLOAD:
		(void)exchange_record_error(x, append_json(r, data, size, &x->error));
		break;
	case BODY_FILE:
		(void)exchange_record_error(x, append_file_part(r, x->server->desks[0], data, size, &x->error));
		break;
	}
}

enum err exchange_body_end(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	bool whole = !x->form || microhttpd.destroy_post_processor(x->form) == MHD_YES;
	enum err err;

	x->form = NULL;
	if (x->failed)
		return ERR_OK;
	if (!whole)
		return error_set(error, ERR_INVALID, "The multipart body ended early; send the request again");
	if (r->file.is_too_large)
		return request_refuse(r, 413, "too_large", error, "The file has more than %d bytes", BODY_READ_MAX);
	err = parse_body(r, error);
	if (!err)
		err = list_ignored_names(x, error);
	if (!err && r->route->body == BODY_UPLOAD && r->body)
		return json_upload_read(r, x->server->desks[0], error);
	return err ? err : map_file_part(r, error);
}
