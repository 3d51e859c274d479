#include "kybdesk/webhook/sign.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SECRET_PREFIX "whsec_"
#define VERSION_PREFIX "v1,"
#define KEY_BYTES_MIN 24
#define KEY_BYTES_MAX 64

/* Decodes the key. The caller wipes the key, even after a failure. */
static bool decode_secret(struct strbuf *key, const char *secret)
{
	if (!text_has_prefix(secret, SECRET_PREFIX))
		return false;
	const char *text = secret + strlen(SECRET_PREFIX);
	/* Allocates the whole size now: a buffer that grows later would leave a copy of the key's start in freed
	 * memory. */
	strbuf_grow(key, KEY_BYTES_MAX + 3);
	if (strnlen(text, 4 * KEY_BYTES_MAX) == 4 * KEY_BYTES_MAX || !base64_decode(key, text, strlen(text)))
		return false;
	return key->len >= KEY_BYTES_MIN && key->len <= KEY_BYTES_MAX;
}

bool webhook_secret_is_valid(const char *secret)
{
	struct strbuf key = STRBUF_INIT;
	bool valid = decode_secret(&key, secret);
	strbuf_wipe(&key);
	return valid;
}

static bool add_signature(struct strbuf *out, const char *secret, const struct strbuf *content)
{
	struct strbuf key = STRBUF_INIT;
	uint8_t digest[SHA256_SIZE];
	bool valid = decode_secret(&key, secret);
	if (valid) {
		hmac_sha256(key.buf, key.len, content->buf, content->len, digest);
		strbuf_adds(out, VERSION_PREFIX);
		base64_encode(out, digest, sizeof digest);
	}
	strbuf_wipe(&key);
	return valid;
}

enum err webhook_sign(struct strbuf *out, const char *secret, const char *old_secret,
		      const struct webhook_message *message, struct error *error)
{
	struct strbuf content = STRBUF_INIT;
	size_t start = out->len;
	strbuf_grow(&content, strlen(message->id) + 24 + message->length);
	strbuf_addf(&content, "%s.%" PRId64 ".", message->id, message->timestamp_s);
	strbuf_add(&content, message->body, message->length);
	bool valid = add_signature(out, secret, &content);
	if (valid && old_secret && *old_secret) {
		strbuf_addch(out, ' ');
		valid = add_signature(out, old_secret, &content);
	}
	strbuf_release(&content);
	if (valid)
		return ERR_OK;
	strbuf_truncate(out, start);
	return error_set(error, ERR_INVALID,
			 "the endpoint's secret cannot be used: it must be %s and base64 of %d to %d bytes",
			 SECRET_PREFIX, KEY_BYTES_MIN, KEY_BYTES_MAX);
}

bool webhook_verify(const char *signatures, const char *secret, const struct webhook_message *message)
{
	struct strbuf wanted = STRBUF_INIT;
	bool found = false;
	if (webhook_sign(&wanted, secret, NULL, message, NULL) == ERR_OK)
		for (const char *at = signatures; *at; at += strspn(at, " ")) {
			size_t part = strcspn(at, " ");
			if (part == wanted.len && secret_equal(at, wanted.buf, part))
				found = true;
			at += part;
		}
	strbuf_release(&wanted);
	return found;
}

/* --- why a received webhook does not verify --- */

/* To find out whether the timestamp of a request was replaced, timestamps up to this many seconds before and after
 * are tried. */
#define TIMESTAMP_SEARCH_S 3600
#define ID_DIGITS 32

struct examination {
	struct arena *arena;
	const struct webhook_request *received;
	struct webhook_verdict *verdict;
	const char *signature;
	struct webhook_message message;
};

const char *webhook_part_name(enum webhook_part part)
{
	static const char *const words[] = { "timestamp", "id", "secret", "body", "signature" };
	return words[part];
}

const char *webhook_header(struct arena *arena, const char *headers, const char *name)
{
	size_t length = strlen(name);
	for (const char *line = headers; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *value = line + length;
		if (strncasecmp(line, name, length) != 0 || *value != ':')
			continue;
		value += 1 + strspn(value + 1, " \t");
		size_t end = strcspn(value, "\r\n");
		while (end && (value[end - 1] == ' ' || value[end - 1] == '\t'))
			end--;
		return arena_strndup(arena, value, end);
	}
	return "";
}

static void add_failure_cause(struct examination *examination, enum webhook_part part, const char *why)
{
	if (!examination->verdict->faults[part])
		examination->verdict->faults[part] = why;
}

static void read_timestamp(struct examination *examination)
{
	const struct webhook_request *received = examination->received;
	const char *text = webhook_header(examination->arena, received->headers, "webhook-timestamp");
	size_t digits = strspn(text, "0123456789");
	if (!*text) {
		add_failure_cause(examination, WEBHOOK_TIMESTAMP, "the header webhook-timestamp is missing");
		return;
	}
	if (text[digits] || digits > 18) {
		add_failure_cause(examination, WEBHOOK_TIMESTAMP,
				  arena_printf(examination->arena,
					       "webhook-timestamp is \"%.40s\", not a number of seconds since 1970",
					       text));
		return;
	}
	int64_t at = strtoll(text, NULL, 10), late = received->now_s - at;
	examination->verdict->timestamp_s = examination->message.timestamp_s = at;
	if (digits >= 13)
		add_failure_cause(examination, WEBHOOK_TIMESTAMP,
				  "webhook-timestamp is in milliseconds; use the seconds as received");
	else if (received->tolerance_s >= 0 && llabs(late) > received->tolerance_s)
		add_failure_cause(
			examination, WEBHOOK_TIMESTAMP,
			arena_printf(examination->arena,
				     "webhook-timestamp is %" PRId64 " seconds %s than now, and at most %" PRId64
				     " are allowed: the message is old, or a clock is wrong",
				     late < 0 ? -late : late, late < 0 ? "later" : "earlier", received->tolerance_s));
}

static bool is_event_id(const char *id)
{
	return text_has_prefix(id, "evt_") && strspn(id + 4, "0123456789abcdef") == ID_DIGITS &&
	       strlen(id) == 4 + ID_DIGITS;
}

static void read_signed_parts(struct examination *examination)
{
	const struct webhook_request *received = examination->received;
	read_timestamp(examination);
	examination->message.id = examination->verdict->id =
		webhook_header(examination->arena, received->headers, "webhook-id");
	if (!*examination->message.id)
		add_failure_cause(examination, WEBHOOK_ID, "the header webhook-id is missing");
	examination->signature = webhook_header(examination->arena, received->headers, "webhook-signature");
	if (!*examination->signature)
		add_failure_cause(examination, WEBHOOK_SIGNATURE, "the header webhook-signature is missing");
	else if (!strstr(examination->signature, "v1,"))
		add_failure_cause(examination, WEBHOOK_SIGNATURE,
				  "webhook-signature has no signature of version 1 (v1,...)");
	if (!webhook_secret_is_valid(received->secret))
		add_failure_cause(examination, WEBHOOK_SECRET,
				  "not a secret: use whsec_ and base64 of 24 to 64 bytes, on one line");
	examination->message.body = received->body;
	examination->message.length = received->length;
}

static bool signature_matches(const struct examination *examination, const void *body, size_t length)
{
	struct webhook_message message = examination->message;
	message.body = body;
	message.length = length;
	return webhook_verify(examination->signature, examination->received->secret, &message);
}

/* Copies the body with `end` in place of \n, and without \r. */
static void copy_with_line_ends(struct strbuf *out, const char *body, size_t length, const char *end)
{
	strbuf_reset(out);
	for (size_t i = 0; i < length; i++)
		if (body[i] == '\n')
			strbuf_adds(out, end);
		else if (body[i] != '\r')
			strbuf_addch(out, body[i]);
}

/* Describes how storing, printing or parsing may have changed the body; NULL: unknown. */
static const char *find_body_fault(const struct examination *examination)
{
	const char *body = examination->received->body, *why = NULL;
	size_t length = examination->received->length, end = length;
	struct strbuf text = STRBUF_INIT;
	struct json_value *value = NULL;
	while (end && (body[end - 1] == '\n' || body[end - 1] == '\r' || body[end - 1] == ' '))
		end--;
	if (end < length && signature_matches(examination, body, end))
		why = "the body ends in white space that was not sent, such as a line end added by an editor";
	if (!why && length > 3 && !memcmp(body, "\xef\xbb\xbf", 3) &&
	    signature_matches(examination, body + 3, length - 3))
		why = "the body begins with a byte order mark that was not sent";
	copy_with_line_ends(&text, body, length, "\n");
	if (!why && signature_matches(examination, text.buf, text.len))
		why = "the line ends of the body were changed";
	copy_with_line_ends(&text, body, length, "");
	if (!why && signature_matches(examination, text.buf, text.len))
		why = "line ends were added to the body";
	if (!why && json_read(body, length, &value, NULL) == ERR_OK) {
		strbuf_reset(&text);
		json_write(&text, value, JSON_COMPACT_LAYOUT, false);
		if (signature_matches(examination, text.buf, text.len))
			why = "the body was parsed and written again: verify the bytes as received";
	}
	json_free(value);
	strbuf_release(&text);
	return why;
}

/* Finds the signed timestamp: the sent one converted from ms, or one within TIMESTAMP_SEARCH_S seconds; 0: none. */
static int64_t find_timestamp(const struct examination *examination)
{
	struct webhook_message message = examination->message;
	int64_t input = message.timestamp_s;
	if (input > INT64_C(100000000000)) {
		message.timestamp_s = input / 1000;
		return webhook_verify(examination->signature, examination->received->secret, &message)
			       ? message.timestamp_s
			       : 0;
	}
	for (int64_t step = 1; step <= TIMESTAMP_SEARCH_S; step++)
		for (int64_t side = -1; side <= 1; side += 2) {
			message.timestamp_s = input + side * step;
			if (webhook_verify(examination->signature, examination->received->secret, &message))
				return message.timestamp_s;
		}
	return 0;
}

/* Finds the fault if all parts of the request are present but the signature differs: a provable cause, else a
 * likely cause. */
static void find_signature_fault(struct examination *examination)
{
	struct webhook_verdict *verdict = examination->verdict;
	struct json_value *value = NULL;
	const char *why = find_body_fault(examination);
	int64_t signed_at;

	verdict->is_fault_proven = true;
	if (why) {
		add_failure_cause(examination, WEBHOOK_BODY, why);
		return;
	}
	signed_at = find_timestamp(examination);
	if (signed_at) {
		verdict->faults[WEBHOOK_TIMESTAMP] = arena_printf(
			examination->arena, "%" PRId64 " was signed, not %" PRId64, signed_at, verdict->timestamp_s);
		return;
	}
	verdict->is_fault_proven = false;
	if (!is_event_id(verdict->id)) {
		add_failure_cause(examination, WEBHOOK_ID, "the id must be evt_ and 32 hexadecimal digits");
	} else if (json_read(examination->received->body, examination->received->length, &value, NULL) != ERR_OK) {
		add_failure_cause(examination, WEBHOOK_BODY, "the body is not JSON");
	} else {
		add_failure_cause(
			examination, WEBHOOK_SECRET,
			"id, timestamp and body are well-formed; the secret is of another endpoint or was rotated "
			"since, or the body was changed but is still JSON");
	}
	json_free(value);
}

void webhook_examine(struct arena *arena, const struct webhook_request *received, struct webhook_verdict *out)
{
	struct examination examination = { .arena = arena, .received = received, .verdict = out };
	*out = (struct webhook_verdict){ .id = "" };
	read_signed_parts(&examination);
	bool complete = *out->id && out->timestamp_s && !out->faults[WEBHOOK_SIGNATURE] && !out->faults[WEBHOOK_SECRET];
	out->is_signed = complete && webhook_verify(examination.signature, received->secret, &examination.message);
	out->is_valid = out->is_signed && !out->faults[WEBHOOK_TIMESTAMP];
	out->is_fault_proven = true;
	if (complete && !out->is_signed)
		find_signature_fault(&examination);
}
