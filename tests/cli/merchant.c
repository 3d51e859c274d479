#include "merchant.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void merchant_open(struct merchant_end *merchant, struct box *box, const char *name)
{
	*merchant = (struct merchant_end){ .box = box, .receiver = receiver_start() };
	(void)box_run(box, "merchant", "add", name, NULL);
	cr_assert_eq(box_json(box, "endpoint", "add", "--merchant", name, "--url",
			      receiver_url(merchant->receiver, "/hook"), "--event", "*", NULL),
		     0, "%s", box->last.out);
	merchant->secret = test_keep(strdup(json_path_text(box->json, "secret")));
}

void merchant_close(struct merchant_end *merchant)
{
	receiver_stop(merchant->receiver);
}

/* The length of this shape at the start of `text`, or 0: x is a hexadecimal digit, 9 a digit, the rest is literal. */
static size_t shape_length(const char *text, const char *shape)
{
	size_t i = 0;
	for (; shape[i]; i++) {
		char c = text[i];
		bool fits = shape[i] == 'x'   ? (isdigit((unsigned char)c) || (c >= 'a' && c <= 'f'))
			    : shape[i] == '9' ? isdigit((unsigned char)c) != 0
					      : c == shape[i];
		if (!fits)
			return 0;
	}
	return i;
}

static size_t time_length(const char *text)
{
	size_t length = shape_length(text, "9999-99-99T99:99:99");
	if (!length)
		return 0;
	if (text[length] == '.')
		for (length++; isdigit((unsigned char)text[length]);)
			length++;
	return text[length] == 'Z' ? length + 1 : 0;
}

static size_t token_length(const char *text)
{
	size_t length = 0;
	if (strncmp(text, "/s/", 3) != 0)
		return 0;
	for (length = 3; isalnum((unsigned char)text[length]) || text[length] == '-' || text[length] == '_';)
		length++;
	return length;
}

char *normalised(const char *body)
{
	static const char uuid[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	char *out = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&out, &length);
	cr_assert(stream);
	while (*body) {
		size_t skip;
		if ((skip = shape_length(body, uuid)))
			fputs("ID", stream);
		else if ((skip = time_length(body)))
			fputs("TIME", stream);
		else if ((skip = token_length(body)))
			fputs("/s/TOKEN", stream);
		else
			fputc(body[0], stream);
		body += skip ? skip : 1;
	}
	fclose(stream);
	return test_keep(out);
}

void merchant_expect(struct merchant_end *merchant, ...)
{
	struct box *box = merchant->box;
	va_list args;
	cr_assert_eq(box_json(box, "webhook", "deliver", "--drain", NULL), 0, "%s", box->last.err);
	va_start(args, merchant);
	for (const char *expected; (expected = va_arg(args, const char *));) {
		cr_assert(receiver_wait(merchant->receiver, merchant->seen + 1, 60000), "nothing came for %s",
			  expected);
		const struct receiver_request *request = receiver_request(merchant->receiver, merchant->seen++);
		char *body = normalised(request->body), *wanted = test_keep(strdup(expected));
		for (char *quote = wanted; (quote = strchr(quote, '\''));)
			*quote = '"';
		cr_expect_str_eq(body, wanted);
		cr_expect(request_is_signed(request, merchant->secret));
	}
	va_end(args);
	cr_expect_eq(receiver_count(merchant->receiver), merchant->seen, "too many: %s",
		     receiver_request(merchant->receiver, receiver_count(merchant->receiver) - 1)->body);
	merchant->seen = receiver_count(merchant->receiver);
}

char *filled(const char *text, ...)
{
	const char *values[9] = { 0 };
	va_list args;
	char *out = NULL;
	size_t length = 0, count = 0;
	FILE *stream = open_memstream(&out, &length);
	cr_assert(stream);
	va_start(args, text);
	for (const char *value; count < 9 && (value = va_arg(args, const char *));)
		values[count++] = value;
	va_end(args);
	for (; *text; text++) {
		if (*text == '$' && text[1] >= '1' && text[1] <= '9' && values[text[1] - '1'])
			fputs(values[*++text - '1'], stream);
		else
			fputc(*text, stream);
	}
	fclose(stream);
	return test_keep(out);
}

char *kept(const struct box *box, const char *path)
{
	const char *text = json_path_text(box->json, path);
	cr_assert(*text, "nothing at %s in %s", path, box->last.out);
	return test_keep(strdup(text));
}

struct merchant_end shop;

void shop_set_up(void)
{
	box_set_up_files();
	merchant_open(&shop, &box, "shop");
}

void shop_tear_down(void)
{
	merchant_close(&shop);
	box_close(&box);
}
