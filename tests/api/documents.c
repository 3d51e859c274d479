#include "documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char jpeg_bytes[] = "\xff\xd8\xff\xe0 JFIF front of an identity card \xff\xd9";

size_t jpeg_length(void)
{
	return sizeof jpeg_bytes - 1;
}

int document_put(struct api *api, const char *url, const struct document *document, bool only_once)
{
	const char *token = api->token;
	int status;

	cr_assert(strstr(url, "/uploads/"), "%s", url);
	char *headers =
		test_text("Content-Type: %s\r\n%s", document->type, only_once ? "If-None-Match: *\r\n" : "");
	api->token = NULL;
	status = api_send(api, "PUT", strstr(url, "/uploads/"), headers, document->bytes, document->length);
	api->token = token;
	return status;
}

char *document_record(struct api *api, const char *account, const char *type, bool two, char **url)
{
	char *body = test_text("{\"documentType\":\"%s\",\"isDoubleSided\":%s}", type, two ? "true" : "false");
	cr_assert_eq(api_callf(api, "POST", body, "/v2/documents?subAccountId=%s", account), 201, "%s",
		     api->last.body);
	*url = api_keep(api, "uploadURLFront");
	return api_keep(api, "id");
}
