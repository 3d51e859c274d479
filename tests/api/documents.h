/* Documents in the dialect of Avenia: a record, then its bytes at the address that came with it. */
#ifndef KYB_TESTS_API_DOCUMENTS_H
#define KYB_TESTS_API_DOCUMENTS_H

#include "client.h"

extern const char jpeg_bytes[];
size_t jpeg_length(void);

struct document {
	const char *type; /* Content-Type */
	const void *bytes;
	size_t length;
};
/* Without a token: the address is the permission. only_once: with If-None-Match. The status. */
int document_put(struct api *api, const char *url, const struct document *document, bool only_once);
/* A record of the account; the address for its front in *url. */
char *document_record(struct api *api, const char *account, const char *type, bool two, char **url);

#endif
