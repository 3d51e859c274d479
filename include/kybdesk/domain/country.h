/* Countries (data/countries.json, ISO 3166-1): accepted as alpha-2, alpha-3 or English name, stored as alpha-3. */
#ifndef KYBDESK_DOMAIN_COUNTRY_H
#define KYBDESK_DOMAIN_COUNTRY_H

#include "kybdesk/base/arena.h"

struct country {
	const char *alpha2, *alpha3, *name;
	const char **other_names; /* "Brasil", "UK" … */
	size_t other_name_count;
	const char *subdivisions; /* ISO 3166-2 codes without the country, separated by spaces; NULL or "": none */
};
struct countries {
	struct country *items; /* sorted by alpha3 */
	size_t count;
};
const struct country *country_find(const struct countries *countries, const char *text); /* by code or name */

#endif
