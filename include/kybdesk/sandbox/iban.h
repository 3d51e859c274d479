/* IBANs of a made-up bank of the sandbox, with valid check digits (ISO 13616, ISO/IEC 7064 mod 97-10). Pure. */
#ifndef KYBDESK_SANDBOX_IBAN_H
#define KYBDESK_SANDBOX_IBAN_H

#include <stdint.h>

#define SANDBOX_IBAN_SIZE 32
#define SANDBOX_IBAN_NUMBERS INT64_C(100000000000) /* account numbers: 0 to this minus 1 */

/* Writes an IBAN: LT, two check digits, bank 99999, eleven digits of the account's number. */
void sandbox_iban(int64_t number, char out[SANDBOX_IBAN_SIZE]);

#endif
