/* Identification numbers with check digits that a public standard defines; detects mistyped and invented numbers.
 * Pure.
 * For a number without a scheme, a profile uses a pattern (rule "pattern").
 *
 * A scheme accepts the usual separators ("390.533.447-05", "GB29 NWBK 6016 1331 9268 19"). A valid number may
 * belong to nobody. */
#ifndef KYBDESK_DOMAIN_CHECK_DIGITS_H
#define KYBDESK_DOMAIN_CHECK_DIGITS_H

#include "kybdesk/domain/types.h"

#define CHECK_SCHEME_WORDS(X)                                                                                          \
	X(SCHEME_CPF, "cpf")		     /* Brazil, persons: Receita Federal, two digits mod 11 */                 \
	X(SCHEME_CNPJ, "cnpj")		     /* Brazil, companies: also numbers with letters (issued since 2026) */    \
	X(SCHEME_NINE_DIGITS, "nine_digits") /* USA, SSN or EIN: nine digits, no check digit exists */                 \
	X(SCHEME_IBAN, "iban")		     /* ISO 13616 */                                                           \
	X(SCHEME_PT_NIF, "pt_nif")	     /* Portugal: NIF and NIPC */
#define CHECK_SCHEME_COUNT WORDS_COUNT(CHECK_SCHEME_WORDS)
WORDS_DECLARE(check_scheme, CHECK_SCHEME_WORDS);

bool check_digits_are_valid(enum check_scheme scheme, const char *text);

#endif
