/* The names are made up. */
#include "kybdesk/domain/identity.h"
#include "kybdesk/base/arena.h"

#include <criterion/criterion.h>

static struct arena arena = ARENA_INIT;

static void release(void)
{
	arena_release(&arena);
}
TestSuite(identity, .fini = release);

struct names {
	const char *left, *right;
};

static void expect_names(enum party_kind kind, const struct names *pairs, size_t count, bool agree)
{
	for (size_t i = 0; i < count; i++) {
		cr_expect_eq(identity_names_agree(&arena, kind, pairs[i].left, pairs[i].right), agree, "%s, %s",
			     pairs[i].left, pairs[i].right);
		cr_expect_eq(identity_names_agree(&arena, kind, pairs[i].right, pairs[i].left), agree, "%s, %s",
			     pairs[i].right, pairs[i].left);
	}
}

#define EXPECT_NAMES(kind, pairs, agree) expect_names(kind, pairs, sizeof(pairs) / sizeof *(pairs), agree)

Test(identity, spellings_of_one_company_agree)
{
	static const struct names pairs[] = {
		{ "Lark & Wren Limited", "LARK AND WREN LTD." },
		{ "Gross Handel GmbH", "Groß Handel Gesellschaft mit beschränkter Haftung" },
		{ "Kuehn Druck GmbH", "Kühn Druck GmbH" },
		{ "Kuhn Druck GmbH", "Kühn Druck GmbH" },
		{ "Wisla Meble Sp. z o.o.", "WISŁA MEBLE SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ" },
		{ "Sol y Mar, S.L.", "SOL Y MAR SOCIEDAD LIMITADA" },
		{ "Lume S.p.A.", "LUME SOCIETA' PER AZIONI" },
		{ "Harbour Mill PLC", "HARBOUR MILL P.L.C." },
		{ "AB Norrvik", "Norrvik AB" },
		{ "Norrvik Aktiebolag", "AB Norrvik" },
		{ "Brücke & Söhne GmbH & Co. KG", "BRUECKE UND SOEHNE GMBH & CO.KG" },
		{ "Sørensen Fisk AS", "Sorensen Fisk A/S" },
		{ "Trail  Ltd ", "TRAIL LTD." },
		{ "Dupont et Fils Société Anonyme", "Dupont & Fils S.A." },
		{ "Ærø Bådværft ApS", "AERO BADVAERFT Anpartsselskab" },
	};

	EXPECT_NAMES(PARTY_COMPANY, pairs, true);
}

Test(identity, names_of_other_companies_do_not_agree)
{
	static const struct names pairs[] = {
		{ "Lark & Wren Limited", "Lark & Robin Limited" },
		{ "Maße und Gewichte GmbH", "Masse GmbH" },
		{ "Alpha One Ltd", "Alpha One PLC" },
		{ "Alpha One Ltd", "Alpha Two Ltd" },
		{ "Co Ltd", "KG Ltd" },
		{ "Lume S.p.A.", "Lume S.r.l." },
		{ "Norrvik AB", "Norrvik AS" },
		{ "Limited", "" },
		{ "", "" },
	};

	EXPECT_NAMES(PARTY_COMPANY, pairs, false);
}

Test(identity, names_of_persons)
{
	static const struct names same[] = {
		{ "Ana Lima", "LIMA, Ana" },
		{ "Łukasz Wiśnia", "Lukasz Wisnia" },
		{ "Jörg Müller-Vogt", "Joerg Mueller Vogt" },
	};
	static const struct names other[] = {
		{ "Ana Lima", "Ana Lime" },
		{ "Ana Lima", "Ana Maria Lima" },
		{ "Ana y Lima", "Ana and Lima" },
	};

	EXPECT_NAMES(PARTY_INDIVIDUAL, same, true);
	EXPECT_NAMES(PARTY_INDIVIDUAL, other, false);
}

#define PERSON(name_, birth, tax)                                                                                      \
	{                                                                                                              \
		.kind = PARTY_INDIVIDUAL, .name = name_, .country = "PRT", .date_of_birth = birth,                     \
		.registration_number = "", .lei = "", .tax_id = tax                                                    \
	}
#define COMPANY(name_, country_, number, lei_)                                                                         \
	{                                                                                                              \
		.kind = PARTY_COMPANY, .name = name_, .country = country_, .date_of_birth = "",                        \
		.registration_number = number, .lei = lei_, .tax_id = ""                                               \
	}

/* A contradiction never counts as agreement; beside an equal number it makes a person ask. */
Test(identity, answers)
{
	static const struct {
		struct identity left, right;
		enum identity_answer answer;
	} rows[] = {
		{ PERSON("Ana Lima", "1984-05-26", ""), PERSON("LIMA Ana", "1984-05-26", ""), IDENTITY_SAME },
		{ PERSON("Ana Lima", "1984-05-26", ""), PERSON("Ana Lima", "1984-05", ""), IDENTITY_UNSURE },
		{ PERSON("Ana Lima", "1984-05-26", ""), PERSON("Ana Lima", "", ""), IDENTITY_UNSURE },
		{ PERSON("Ana Lima", "1984-05-26", ""), PERSON("Ana Lima", "1985", ""), IDENTITY_OTHER },
		{ PERSON("Ana Lima", "1984-05-26", ""), PERSON("Ana Lima", "1984-06", ""), IDENTITY_OTHER },
		{ PERSON("Ana Lima", "1984-05-26", "123"), PERSON("Ana Lima", "1984-05-25", "123"), IDENTITY_UNSURE },
		{ PERSON("Ana Lima", "1984-05-26", "123"), PERSON("Ana Lima", "1984-05-26", "124"), IDENTITY_OTHER },
		{ PERSON("Ana Lima", "", "123"), PERSON("Ana Lima", "1984", "0123"), IDENTITY_SAME },
		{ PERSON("Ana Lima", "", "123"), PERSON("Bea Reis", "", "123"), IDENTITY_UNSURE },
		{ PERSON("Ana Lima", "1984-05-26", ""), PERSON("Bea Reis", "1984-05-26", ""), IDENTITY_OTHER },
		{ COMPANY("Quay Ltd", "GBR", "0123", ""), COMPANY("QUAY LIMITED", "GBR", "123", ""), IDENTITY_SAME },
		{ COMPANY("Quay Ltd", "GBR", "0123", ""), COMPANY("Quay Ltd", "GBR", "124", ""), IDENTITY_OTHER },
		{ COMPANY("Quay Ltd", "GBR", "0123", ""), COMPANY("Quay Ltd", "GBR", "", ""), IDENTITY_UNSURE },
		{ COMPANY("Quay Ltd", "GBR", "0123", ""), COMPANY("Pier Ltd", "GBR", "123", ""), IDENTITY_UNSURE },
		{ COMPANY("Quay Ltd", "GBR", "", ""), COMPANY("Quay Ltd", "IRL", "", ""), IDENTITY_OTHER },
		{ COMPANY("Quay Ltd", "GBR", "123", ""), COMPANY("Quay Ltd", "IRL", "123", ""), IDENTITY_OTHER },
		{ COMPANY("Quay Ltd", "GBR", "123", "L1"), COMPANY("Quay Ltd", "GBR", "124", "L1"), IDENTITY_UNSURE },
		{ PERSON("Quay", "", ""), COMPANY("Quay", "PRT", "", ""), IDENTITY_OTHER },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect_eq(identity_compare(&arena, &rows[i].left, &rows[i].right), rows[i].answer, "row %zu", i);
		cr_expect_eq(identity_compare(&arena, &rows[i].right, &rows[i].left), rows[i].answer, "row %zu", i);
	}
}
