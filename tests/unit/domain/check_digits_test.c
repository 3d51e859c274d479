/* Numbers from documentation of the schemes: valid, and nobody's. */
#include <criterion/criterion.h>

#include "kybdesk/domain/check_digits.h"
#include <string.h>

static const struct {
	enum check_scheme scheme;
	const char *valid[4];
	const char *invalid[6];
} numbers[] = {
	{ SCHEME_CPF,
	  { "390.533.447-05", "39053344705" },
	  { "231.002.999-00", "00000000000", "390.533.447=05", "3905334470" } },
	{ SCHEME_CNPJ,
	  { "16.727.230/0001-97", "16727230000197", "12.ABC.345/01DE-35" },
	  { "16.727.230.0001-98", "12.ABC.345/01DE-36", "12.abc.345/01DE-35", "1672723000019A" } },
	{ SCHEME_NINE_DIGITS,
	  { "123456789", "000000000" },
	  { "12345678", "1234567890", "123-45-6789", "12345678O" } },
	{ SCHEME_IBAN,
	  { "GB29 NWBK 6016 1331 9268 19", "ES9121000418450200051332", "BR1800360305000010009795493C1",
	    "NO9386011117947" },
	  { "GB29NWBK60161331926818", "GB29NWBK601613319268", "XX29NWBK60161331926819", "gb29nwbk60161331926819",
	    "DE8937040044053201300A", "GB2ANWBK60161331926819" } },
	{ SCHEME_LEI,
	  { "213800KUD8LAJWSQ9D15" },
	  { "213800KUD8LXJWSQ9D15", "213800KUD8LAJWSQ9D1", "213800KUD8LAJWSQ9DAB" } },
	{ SCHEME_LUHN, { "78949", "4242 4242 4242 4242" }, { "78948", "7", "7894A" } },
	{ SCHEME_AR_CUIT, { "20-05536168-2", "20267565393" }, { "20267565392", "21267565393" } },
	{ SCHEME_AU_ABN, { "83 914 571 673", "51824753556" }, { "99 999 999 999", "83914571674" } },
	{ SCHEME_BE_ENTERPRISE, { "0428.759.497", "BE0428759497" }, { "0431150351", "2428759497" } },
	{ SCHEME_CA_SIN, { "123-456-782" }, { "999-999-999", "12345678Z" } },
	{ SCHEME_CH_UID, { "CHE-100.155.212", "CHE100155212" }, { "CHE-100.155.213", "CHF-100.155.212" } },
	{ SCHEME_CL_RUT, { "76086428-5", "12.531.909-2" }, { "12531909-3", "76086A28-5" } },
	{ SCHEME_CN_USCC,
	  { "91110000600037341L" },
	  { "A1110000600037341L", "91110000600037341I", "911100006000373410" } },
	{ SCHEME_CO_NIT, { "213.123.432-1" }, { "2131234325", "213123" } },
	{ SCHEME_DE_STEUER_ID, { "36 574 261 809" }, { "36574261890", "36554266806", "06574261809" } },
	{ SCHEME_DE_VAT, { "DE136695976", "136695976" }, { "DE136695978", "DE036695976" } },
	{ SCHEME_DK_CVR, { "DK 13585628", "13585628" }, { "13585627" } },
	{ SCHEME_ES_NIF,
	  { "54362315K", "X-5253868-R", "B64717838", "J99216582" },
	  { "54362315Z", "B64717839", "O1234567L", "I1234567L", "54362315k" } },
	{ SCHEME_FI_Y_TUNNUS, { "2077474-0" }, { "2077474-1" } },
	{ SCHEME_FR_SIREN, { "404 833 048" }, { "404833047", "000000000" } },
	{ SCHEME_FR_SIRET, { "732 829 320 00074", "35600000000048" }, { "73282932000079", "73272032000074" } },
	{ SCHEME_GB_VAT, { "GB 980780684", "980780684" }, { "802311781", "9807806840" } },
	{ SCHEME_IN_AADHAAR, { "2341 2341 2346" }, { "234123412347", "123412341234" } },
	{ SCHEME_IT_PARTITA_IVA, { "IT00743110157", "00743110157" }, { "00743110158", "00000000000" } },
	{ SCHEME_JP_CORPORATE, { "5-8356-7825-6246" }, { "2-8356-7825-6246" } },
	{ SCHEME_MX_CLABE, { "032180000118359719" }, { "032180000118359718" } },
	{ SCHEME_NL_BSN, { "111222333" }, { "111252333", "000000000" } },
	{ SCHEME_NO_ORGNR, { "988 077 917" }, { "988 077 918" } },
	{ SCHEME_PL_NIP, { "856-734-62-15", "PL8567346215" }, { "8567346216" } },
	{ SCHEME_PL_PESEL, { "44051401359", "02122401358" }, { "44051401358", "02381307589" } },
	{ SCHEME_PT_NIF, { "501 964 843", "PT501964843" }, { "501964842", "001964843" } },
	{ SCHEME_SE_ORGNR, { "123456-7897" }, { "123456-7891" } },
	{ SCHEME_TR_TCKN, { "17291716060" }, { "17291716050", "07291716092" } },
	{ SCHEME_ZA_ID, { "750330 5044089" }, { "8503305044089", "7513305044089" } },
};

Test(check_digits, published_numbers_are_valid_and_their_typing_errors_are_not)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		for (size_t v = 0; v < 4 && numbers[i].valid[v]; v++)
			cr_expect(check_digits_valid(numbers[i].scheme, numbers[i].valid[v]), "%s %s",
				  check_scheme_text(numbers[i].scheme), numbers[i].valid[v]);
		for (size_t v = 0; v < 6 && numbers[i].invalid[v]; v++)
			cr_expect_not(check_digits_valid(numbers[i].scheme, numbers[i].invalid[v]), "%s %s",
				      check_scheme_text(numbers[i].scheme), numbers[i].invalid[v]);
	}
}

Test(check_digits, every_scheme_is_tried)
{
	bool tried[CHECK_SCHEME_COUNT] = { false };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		tried[numbers[i].scheme] = true;
	for (size_t i = 0; i < CHECK_SCHEME_COUNT; i++)
		cr_expect(tried[i], "%s", check_scheme_text((enum check_scheme)i));
}

/* What a check digit promises: one wrong digit never passes. */
Test(check_digits, every_single_wrong_digit_is_found)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		char number[64];
		size_t length = strlen(numbers[i].valid[0]);

		if (numbers[i].scheme == SCHEME_NINE_DIGITS)
			continue;
		for (size_t at = 0; at < length; at++) {
			size_t passed = 0;

			if (numbers[i].valid[0][at] < '0' || numbers[i].valid[0][at] > '9')
				continue;
			for (char c = '0'; c <= '9'; c++) {
				memcpy(number, numbers[i].valid[0], length + 1);
				number[at] = c;
				passed += check_digits_valid(numbers[i].scheme, number);
			}
			/* Two remainders share a digit in the schemes that are modulo 11 with ten digits. */
			cr_expect_leq(passed, 2, "%s at %zu", check_scheme_text(numbers[i].scheme), at);
			cr_expect_geq(passed, 1, "%s at %zu", check_scheme_text(numbers[i].scheme), at);
		}
	}
}

Test(check_digits, separators_stand_between_characters_only)
{
	static const char *const texts[] = { "-39053344705",
					     "39053344705-",
					     "390..533.447-05",
					     "39053344705\n",
					     " 39053344705",
					     "390 533 447 05",
					     "" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cr_expect_not(check_digits_valid(SCHEME_CPF, texts[i]), "'%s'", texts[i]);
}

Test(check_digits, the_longest_text_is_no_number)
{
	char text[20001];

	memset(text, '1', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	for (size_t i = 0; i < CHECK_SCHEME_COUNT; i++)
		cr_expect_not(check_digits_valid((enum check_scheme)i, text), "%s",
			      check_scheme_text((enum check_scheme)i));
}
