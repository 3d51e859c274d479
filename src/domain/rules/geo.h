/* Places as forms write them: subdivisions of countries (ISO 3166-2, data/subdivisions.json), US states and ZIP
 * codes (USPS Publication 28), PO boxes. Pure. */
#ifndef KYBDESK_DOMAIN_GEO_H
#define KYBDESK_DOMAIN_GEO_H

#include "kybdesk/domain/country.h"

/* Whether the country has this subdivision: "SP" or "BR-SP", in capitals as the standard writes the codes. */
bool country_has_subdivision(const struct country *country, const char *code);
/* Whether the subdivisions of the country are known. If not, any text is accepted. */
bool country_has_subdivisions(const struct country *country);
/* The first `most` codes, for example "AC, AL, AM and 24 more". */
const char *country_subdivisions_text(struct arena *arena, const struct country *country, size_t most);

bool us_state_is_known(const char *code); /* two capitals: the states, DC, territories, armed forces */
const char *const *us_state_codes(size_t *count);
bool us_zip_is_valid(const char *text); /* "94104" or "94104-2657" */
/* Whether an address line names a post office box, in common languages and spellings: "P.O. Box 7", "Post Office
 * Box 12", "Postfach 10 01", "Caixa Postal 55", "Apartado 4", "BP 33". */
bool has_po_box(const char *line);

#endif
