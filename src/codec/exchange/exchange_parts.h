/* Common parts of the writers of src/codec/exchange. */
#ifndef KYBDESK_EXCHANGE_PARTS_H
#define KYBDESK_EXCHANGE_PARTS_H

#include "kybdesk/codec/exchange.h"

#define PERCENT_DECIMAL_PLACES 20 /* decimal places of a share, as in an import */

/* A UUID derived from these parts. */
const char *exchange_derive_id(struct arena *arena, const char *kind, const char *a, const char *b);
/* An address as one line, "4 Harbour Lane, Bristol", with separate members for the postal code and the country. */
struct exchange_address {
	const char *line, *post_code;
	const struct country *country; /* NULL: the country is unknown */
};
/* Reads an address. Returns false if the object has neither a line nor a country. */
bool exchange_read_address(struct arena *arena, const struct json_value *object, const struct countries *countries,
			   struct exchange_address *out);
/* The JSON text of a column as a value; NULL if it is not an array or object. */
struct json_value *exchange_parse_json(const char *text);
/* Whether the party owns or controls the subject or another party, or is owned by another party. */
bool exchange_has_interest(const struct case_file *file, size_t party);
/* The percentage or range (domain/percent_range.h) without needless zeros, such as "60.5" for "060.50"; in the arena.
 * NULL: neither. */
const char *exchange_format_percent(struct arena *arena, const char *percent);
/* The share of the subject that the party owns through other companies, without its direct shares. NULL: no such
 * share, or not computable. */
const char *exchange_indirect_percent(struct arena *arena, const struct party *party);

#endif
