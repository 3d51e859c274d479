/*
 * Identification numbers whose check digits a public standard defines: a number
 * that was mistyped or invented fails here, before anybody looks it up. Pure.
 *
 * A scheme accepts the separators it is commonly written with ("390.533.447-05", "GB29 NWBK 6016 1331 9268 19").
 * That a number is valid says nothing about whether it was issued.
 */
#ifndef KYBDESK_DOMAIN_CHECK_DIGITS_H
#define KYBDESK_DOMAIN_CHECK_DIGITS_H

#include "kybdesk/domain/types.h"

enum check_scheme {
	SCHEME_CPF,	       /* Brazil, persons: Receita Federal, two digits mod 11 */
	SCHEME_CNPJ,	       /* Brazil, companies: also the letters of 2026 */
	SCHEME_NINE_DIGITS,    /* USA, SSN or EIN: nine digits, no check digit exists */
	SCHEME_IBAN,	       /* ISO 13616 */
	SCHEME_LEI,	       /* ISO 17442 */
	SCHEME_LUHN,	       /* ISO/IEC 7812-1 annex B */
	SCHEME_AR_CUIT,	       /* Argentina */
	SCHEME_AU_ABN,	       /* Australia */
	SCHEME_BE_ENTERPRISE,  /* Belgium */
	SCHEME_CA_SIN,	       /* Canada */
	SCHEME_CH_UID,	       /* Switzerland */
	SCHEME_CL_RUT,	       /* Chile */
	SCHEME_CN_USCC,	       /* China, GB 32100 */
	SCHEME_CO_NIT,	       /* Colombia */
	SCHEME_DE_STEUER_ID,   /* Germany, ISO/IEC 7064 mod 11,10 */
	SCHEME_DE_VAT,	       /* Germany, USt-IdNr., ISO/IEC 7064 mod 11,10 */
	SCHEME_DK_CVR,	       /* Denmark */
	SCHEME_ES_NIF,	       /* Spain: DNI, NIE and companies */
	SCHEME_FI_Y_TUNNUS,    /* Finland */
	SCHEME_FR_SIREN,       /* France */
	SCHEME_FR_SIRET,       /* France */
	SCHEME_GB_VAT,	       /* United Kingdom */
	SCHEME_IN_AADHAAR,     /* India, Verhoeff */
	SCHEME_IT_PARTITA_IVA, /* Italy */
	SCHEME_JP_CORPORATE,   /* Japan */
	SCHEME_MX_CLABE,       /* Mexico, bank accounts */
	SCHEME_NL_BSN,	       /* Netherlands */
	SCHEME_NO_ORGNR,       /* Norway */
	SCHEME_PL_NIP,	       /* Poland */
	SCHEME_PL_PESEL,       /* Poland */
	SCHEME_PT_NIF,	       /* Portugal: NIF and NIPC */
	SCHEME_SE_ORGNR,       /* Sweden */
	SCHEME_TR_TCKN,	       /* Turkey */
	SCHEME_ZA_ID	       /* South Africa */
};
#define CHECK_SCHEME_COUNT 34
TYPES_DECLARE(check_scheme); /* "cpf", "cnpj", … as a profile writes them */

/* "a CPF: 11 digits, the last two of them check digits" */
const char *check_scheme_title(enum check_scheme scheme);
bool check_digits_valid(enum check_scheme scheme, const char *text);

#endif
