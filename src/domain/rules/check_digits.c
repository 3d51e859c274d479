/* The table of schemes, and how a number is laid bare before it is computed. */
#include "kybdesk/domain/check_digits.h"
#include "check_digits_parts.h"

#include <string.h>

struct scheme {
	const char *separators; /* may stand between characters */
	const char *prefix;	/* may stand before the number; "" none */
	size_t shortest, longest;
	bool letters;
	check_function *check;
	const char *title;
};

static const struct scheme schemes[CHECK_SCHEME_COUNT] = {
	[SCHEME_CPF] = { ".-", "", 11, 11, false, check_cpf,
			 "a CPF: 11 digits, the last two of them check digits" },
	[SCHEME_CNPJ] = { ".-/", "", 14, 14, true, check_cnpj,
			  "a CNPJ: 14 characters, the last two of them check digits" },
	[SCHEME_NINE_DIGITS] = { "", "", 9, 9, false, check_nine, "nine digits" },
	[SCHEME_IBAN] = { " ", "", 15, 34, true, check_iban, "an IBAN with its check digits" },
	[SCHEME_LEI] = { "", "", 20, 20, true, check_lei, "an LEI: 20 characters, the last two check digits" },
	[SCHEME_LUHN] = { " -", "", 2, 34, false, check_luhn, "digits, the last a Luhn check digit" },
	[SCHEME_AR_CUIT] = { "-", "", 11, 11, false, check_ar_cuit, "a CUIT: 11 digits, the last a check digit" },
	[SCHEME_AU_ABN] = { " ", "", 11, 11, false, check_au_abn, "an ABN: 11 digits, the first two check digits" },
	[SCHEME_BE_ENTERPRISE] = { ". ", "BE", 10, 10, false, check_be_enterprise,
				   "a Belgian enterprise number: 10 digits, the last two check digits" },
	[SCHEME_CA_SIN] = { " -", "", 9, 9, false, check_luhn, "a SIN: nine digits, the last a check digit" },
	[SCHEME_CH_UID] = { ".- ", "CHE", 9, 9, false, check_ch_uid,
			    "a UID: CHE and nine digits, the last a check digit" },
	[SCHEME_CL_RUT] = { ".-", "", 8, 9, true, check_cl_rut, "a RUT: up to 8 digits and a check digit or K" },
	[SCHEME_CN_USCC] = { "", "", 18, 18, true, check_cn_uscc,
			     "a unified social credit code: 18 characters, the last a check character" },
	[SCHEME_CO_NIT] = { ".- ", "", 8, 16, false, check_co_nit, "a NIT with its check digit" },
	[SCHEME_DE_STEUER_ID] = { " ", "", 11, 11, false, check_de_steuer_id,
				  "a Steuer-ID: 11 digits, the last a check digit" },
	[SCHEME_DE_VAT] = { " ", "DE", 9, 9, false, check_de_vat,
			    "a USt-IdNr.: DE and nine digits, the last a check digit" },
	[SCHEME_DK_CVR] = { " ", "DK", 8, 8, false, check_dk_cvr,
			    "a CVR number: eight digits, the last a check digit" },
	[SCHEME_ES_NIF] = { "-", "", 9, 9, true, check_es_nif, "a NIF: nine characters with a check character" },
	[SCHEME_FI_Y_TUNNUS] = { "-", "", 8, 8, false, check_fi_y_tunnus,
				 "a Y-tunnus: seven digits, a hyphen and a check digit" },
	[SCHEME_FR_SIREN] = { " ", "", 9, 9, false, check_fr_siren,
			      "a SIREN: nine digits, the last a check digit" },
	[SCHEME_FR_SIRET] = { " ", "", 14, 14, false, check_fr_siret,
			      "a SIRET: 14 digits, the last a check digit" },
	[SCHEME_GB_VAT] = { " ", "GB", 9, 12, false, check_gb_vat,
			    "a VAT number: GB and nine digits, the last two check digits" },
	[SCHEME_IN_AADHAAR] = { " ", "", 12, 12, false, check_in_aadhaar,
				"an Aadhaar number: 12 digits, the last a check digit" },
	[SCHEME_IT_PARTITA_IVA] = { "", "IT", 11, 11, false, check_it_partita_iva,
				    "a partita IVA: 11 digits, the last a check digit" },
	[SCHEME_JP_CORPORATE] = { "-", "", 13, 13, false, check_jp_corporate,
				  "a corporate number: 13 digits, the first a check digit" },
	[SCHEME_MX_CLABE] = { " ", "", 18, 18, false, check_mx_clabe,
			      "a CLABE: 18 digits, the last a check digit" },
	[SCHEME_NL_BSN] = { ". ", "", 9, 9, false, check_nl_bsn, "a BSN: nine digits that pass the eleven test" },
	[SCHEME_NO_ORGNR] = { " ", "", 9, 9, false, check_no_orgnr,
			      "an organisasjonsnummer: nine digits, the last a check digit" },
	[SCHEME_PL_NIP] = { "-", "PL", 10, 10, false, check_pl_nip, "a NIP: 10 digits, the last a check digit" },
	[SCHEME_PL_PESEL] = { "", "", 11, 11, false, check_pl_pesel, "a PESEL: 11 digits, the last a check digit" },
	[SCHEME_PT_NIF] = { " ", "PT", 9, 9, false, check_pt_nif,
			    "a NIF or NIPC: nine digits, the last a check digit" },
	[SCHEME_SE_ORGNR] = { "-", "", 10, 10, false, check_luhn,
			      "an organisationsnummer: 10 digits, the last a check digit" },
	[SCHEME_TR_TCKN] = { "", "", 11, 11, false, check_tr_tckn,
			     "a T.C. Kimlik No: 11 digits, the last two check digits" },
	[SCHEME_ZA_ID] = { " ", "", 13, 13, false, check_za_id, "an ID number: 13 digits, the last a check digit" },
};

static const struct scheme *scheme_at(enum check_scheme scheme)
{
	if ((size_t)scheme >= CHECK_SCHEME_COUNT)
		BUG("%u is no scheme", (unsigned)scheme);
	return &schemes[scheme];
}

const char *check_scheme_title(enum check_scheme scheme)
{
	return scheme_at(scheme)->title;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Separators may stand between two characters only: not before, not behind, no two in a row. */
static bool lay_bare(const struct scheme *scheme, const char *text, char number[CHECK_NUMBER_MAX + 1],
		     size_t *length)
{
	size_t prefix = strlen(scheme->prefix), count = 0;
	bool separated = false;

	if (prefix && !strncmp(text, scheme->prefix, prefix)) {
		text += prefix;
		if (*text && strchr(scheme->separators, *text))
			text++;
	}
	for (const char *c = text; *c; c++) {
		if (strchr(scheme->separators, *c)) {
			if (separated || !count)
				return false;
			separated = true;
			continue;
		}
		if (!is_digit(*c) && !(scheme->letters && *c >= 'A' && *c <= 'Z'))
			return false;
		if (count == CHECK_NUMBER_MAX)
			return false;
		number[count++] = *c;
		separated = false;
	}
	number[count] = '\0';
	*length = count;
	return !separated;
}

bool check_digits_valid(enum check_scheme scheme, const char *text)
{
	const struct scheme *found = scheme_at(scheme);
	char number[CHECK_NUMBER_MAX + 1];
	size_t length;

	return lay_bare(found, text, number, &length) && length >= found->shortest && length <= found->longest &&
	       found->check(number, length);
}

int check_sum(const char *number, const int *weights, size_t count)
{
	int sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += weights[i] * (number[i] - '0');
	return sum;
}

bool check_all_digits(const char *number, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!is_digit(number[i]))
			return false;
	}
	return true;
}

bool check_luhn(const char *number, size_t length)
{
	int sum = 0;

	for (size_t i = 0; i < length; i++) {
		int digit = number[length - 1 - i] - '0';

		if (i % 2)
			digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
		sum += digit;
	}
	return sum % 10 == 0;
}

int check_mod97(const char *text, size_t length, int remainder)
{
	for (size_t i = 0; i < length; i++) {
		if (is_digit(text[i]))
			remainder = (remainder * 10 + (text[i] - '0')) % 97;
		else
			remainder = (remainder * 100 + (text[i] - 'A' + 10)) % 97;
	}
	return remainder;
}
