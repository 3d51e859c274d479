/* The body of a request, piece by piece, and then as a whole. */
#include "exchange.h"
#include "form.h"
#include "kybdesk/base/text.h"
#include "limits.h"

#include <string.h>

/* A value may arrive in several consecutive pieces. */
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

enum MHD_Result exchange_body_form(void *context, enum MHD_ValueKind kind, const char *key, const char *file_name,
				   const char *content_type, const char *encoding, const char *data,
				   uint64_t offset, size_t size)
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
		err = error_set(&x->error, ERR_INVALID, "A part of the form has no name");
	} else if (!file_name) {
		err = add_field(r, key, data, size, offset > 0, &x->error);
	} else if (strcmp(key, "file") != 0) {
		err = error_set_field(&x->error, ERR_INVALID, "file", "Send the file in the field \"file\"");
	} else if (!offset && r->file.came) {
		err = error_set_field(&x->error, ERR_INVALID, "file", "The form has more than one file");
	} else {
		if (!offset && text_is_valid(file_name, strlen(file_name)))
			r->file.name = arena_strdup(&r->arena, file_name);
		err = file_part_add(r, x->server->desks[0], data, size, &x->error);
	}
	(void)exchange_fail(x, err);
	return MHD_YES;
}

static enum err take_json(struct request *r, const char *data, size_t size, struct error *error)
{
	size_t most = limits_of(r->route)->bytes;

	if (size > most - r->text.len)
		return request_refuse(r, 413, "too_large", error, "The body has more than %zu bytes", most);
	strbuf_add(&r->text, data, size);
	return ERR_OK;
}

/* After a failure, reads and drops the rest of the body: a client misses a response that is sent during its body. */
void exchange_body_take(struct exchange *x, const char *data, size_t size)
{
	struct request *r = &x->request;

	if (x->failed)
		return;
	if (head_is_form(r)) {
		if (microhttpd.post_process(x->form, data, size) != MHD_YES && !x->failed)
			(void)exchange_fail(
				x, error_set(&x->error, ERR_INVALID, "The form is not valid multipart/form-data"));
		return;
	}
	switch (r->route->body) {
	case BODY_NONE:
		if (x->received > limits_of(r->route)->bytes)
			(void)exchange_fail(
				x, request_refuse(r, 413, "too_large", &x->error,
						  "This address reads no body; the body has more than %zu bytes",
						  limits_of(r->route)->bytes));
		break;
	case BODY_FORM:
		break;
	case BODY_JSON:
	case BODY_UPLOAD:
		(void)exchange_fail(x, take_json(r, data, size, &x->error));
		break;
	case BODY_FILE:
		(void)exchange_fail(x, file_part_add(r, x->server->desks[0], data, size, &x->error));
		break;
	}
}

enum err exchange_body_end(struct exchange *x, struct error *error)
{
	struct request *r = &x->request;
	bool whole = !x->form || microhttpd.destroy_post_processor(x->form) == MHD_YES;

	x->form = NULL;
	if (x->failed)
		return ERR_OK;
	if (!whole)
		return error_set(error, ERR_INVALID, "The multipart body ended early; send the request again");
	if (r->file.too_large)
		return request_refuse(r, 413, "too_large", error, "The file has more than %d bytes", BODY_READ_MAX);
	if (r->route->body == BODY_JSON)
		return body_read(r, &x->ignored, error);
	if (r->route->body == BODY_UPLOAD && r->text.len) {
		enum err err = body_read(r, &x->ignored, error);

		return err ? err : upload_read(r, x->server->desks[0], error);
	}
	return file_part_end(r, error);
}
