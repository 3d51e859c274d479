/* Request bodies of the dialects of Avenia and Atelio, and uploads of Avenia: a document is first a record, then a file
 * that is sent to the record's upload address. */
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
/* Uploads a file; returns the status. The address needs no token, so none is sent. only_once: with If-None-Match. */
int document_put(struct api *api, const char *url, const struct document *document, bool only_once);
/* Creates a record of the account; returns its id. two: with two sides. *url: the upload address of the front. */
char *document_record(struct api *api, const char *account, const char *type, bool two, char **url);

/* Bodies of the seed's steps 3 and 4, with valid tax numbers. note: the second line of the street; ubos:
 * "\"ID\",\"ID\"". */
char *avenia_owner(const char *name, const char *tax, const char *percent, const char *identification,
		   const char *note);
char *avenia_company(const char *name, const char *ubos, const char *certificate, const char *tax);

/* The examples of Atelio's seed: an owner, and the start of the owner's KYC. */
#define ATELIO_ADDRESS                                                                                                 \
	"{\"address_type\":\"PHYSICAL\",\"street\":\"5 California Ave.\",\"street2\":\"Suite 770\","                   \
	"\"city\":\"San Francisco\",\"state\":\"CA\",\"zip_code\":\"12345-1234\",\"country\":\"US\","                  \
	"\"is_primary\":true}"
#define ATELIO_OWNER                                                                                                   \
	"{\"addresses\":[" ATELIO_ADDRESS "],\"dob\":\"1992-03-23\",\"first_name\":\"Boris\","                         \
	"\"middle_name\":\"Jim\",\"last_name\":\"Pasakovitch\"}"
#define ATELIO_PROGRAM "72585109-8222-4221-b15b-48e87ffed790"
#define ATELIO_START                                                                                                   \
	"{\"program_id\":\"" ATELIO_PROGRAM "\",\"ssn\":\"123-45-6789\",\"phone\":\"555-111-2222\","                   \
	"\"phone_country_code\":\"1\",\"email\":\"james@atelio.com\",\"ip\":\"192.168.1.139\","                        \
	"\"kyc_retry_request\":false}"

#endif
