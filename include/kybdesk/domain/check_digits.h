/*
 * Identification numbers with check digits that a public standard defines; detects mistyped and invented numbers.
 * Pure. The schemes cover the shipped workflows and the example in docs/profiles.md; for other numbers a profile uses
 * a pattern (rule "pattern").
 *
 * A scheme accepts the usual separators ("390.533.447-05", "GB29 NWBK 6016 1331 9268 19"). A valid number need not
 * have been issued.
 */
#ifndef KYBDESK_DOMAIN_CHECK_DIGITS_H
#define KYBDESK_DOMAIN_CHECK_DIGITS_H

#include "kybdesk/domain/types.h"

enum check_scheme {
	SCHEME_CPF,	    /* Brazil, persons: Receita Federal, two digits mod 11 */
	SCHEME_CNPJ,	    /* Brazil, companies: also the letters of 2026 */
	SCHEME_NINE_DIGITS, /* USA, SSN or EIN: nine digits, no check digit exists */
	SCHEME_IBAN,	    /* ISO 13616 */
	SCHEME_PT_NIF	    /* Portugal: NIF and NIPC */
};
#define CHECK_SCHEME_COUNT (SCHEME_PT_NIF + 1)
TYPES_DECLARE(check_scheme); /* "cpf", "cnpj", … as a profile writes them */

/* "a CPF: 11 digits, the last two of them check digits" */
const char *check_scheme_title(enum check_scheme scheme);
bool check_digits_valid(enum check_scheme scheme, const char *text);

#endif
