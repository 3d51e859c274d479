/* Countries (data/countries.json: ISO 3166-1, and XKX for Kosovo): accepted as alpha-2, alpha-3 or English name, stored as alpha-3. */
#ifndef KYBDESK_DOMAIN_COUNTRY_H
#define KYBDESK_DOMAIN_COUNTRY_H

#include "kybdesk/base/arena.h"

struct country {
	const char *alpha2, *alpha3, *name;
	const char **other_names; /* "Brasil", "UK" … */
	size_t other_name_count;
	const char *subdivisions; /* ISO 3166-2 codes without the country, separated by spaces; NULL or "": none */
	/* A code of ICAO 9303 (part 3, section 5) that a travel document has in place of a country: a stateless person, a
	 * refugee, a British overseas citizen. Only persons have it. */
	bool is_of_persons;
};
struct countries {
	struct country *items; /* sorted by alpha3 */
	size_t count;
};
const struct country *country_find(const struct countries *countries, const char *text); /* by code or name */
/* Also finds the codes of ICAO 9303. */
const struct country *country_find_of_person(const struct countries *countries, const char *text);

#endif
