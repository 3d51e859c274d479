/* The names are made up. */
#include "kybdesk/domain/identity.h"

#include <criterion/criterion.h>

struct names {
	const char *left, *right;
};

static void expect_names(enum party_kind kind, const struct names *pairs, size_t count, bool agree)
{
	for (size_t i = 0; i < count; i++) {
		cr_expect_eq(identity_names_agree(kind, pairs[i].left, pairs[i].right), agree, "%s, %s", pairs[i].left,
			     pairs[i].right);
		cr_expect_eq(identity_names_agree(kind, pairs[i].right, pairs[i].left), agree, "%s, %s", pairs[i].right,
			     pairs[i].left);
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
		{ "ΛΙΜΑΝΙ ΤΡΟΦΙΜΑ ΑΝΩΝΥΜΗ ΕΤΑΙΡΕΙΑ", "Λιμάνι Τρόφιμα Α.Ε." },
		{ "Λιμάνι Τρόφιμα Εταιρεία Περιορισμένης Ευθύνης", "ΛΙΜΑΝΙ ΤΡΟΦΙΜΑ Ε.Π.Ε." },
		{ "Lindhof Mühle GmbH und Co. Kommanditgesellschaft", "LINDHOF MUEHLE GMBH & CO KG" },
		{ "Публичное акционерное общество «Северный Причал»", "ПАО Северный Причал" },
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
		{ "Norrvik AB", "Norrvik" },
		{ "Limited", "" },
		{ "", "" },
	};

	EXPECT_NAMES(PARTY_COMPANY, pairs, false);
}

/* 41 pairs of a typed name and one of a register: of one company in two spellings, or of two companies. */
Test(identity, names_of_registers)
{
	static const struct names same[] = {
		{ "Thornbeck Joinery Ltd", "THORNBECK JOINERY LIMITED" },
		{ "Moor & Fen Surveyors LLP", "MOOR AND FEN SURVEYORS LLP" },
		{ "St. Olave's Press Ltd.", "ST OLAVES PRESS LIMITED" },
		{ "Harrow-Weald Motors Plc", "HARROW WEALD MOTORS PUBLIC LIMITED COMPANY" },
		{ "Glasbau Körner GmbH", "Glasbau Koerner Gesellschaft mit beschränkter Haftung" },
		{ "Weiß & Roth OHG", "WEISS UND ROTH OFFENE HANDELSGESELLSCHAFT" },
		{ "Hafenkontor Stüve GmbH & Co. KG", "HAFENKONTOR STUEVE GMBH & CO KG" },
		{ "Optik Lindwurm UG (haftungsbeschränkt)", "Optik Lindwurm UG haftungsbeschraenkt" },
		{ "Naranjas Belluga SL", "NARANJAS BELLUGA, SOCIEDAD LIMITADA" },
		{ "Talleres Peñarrubia S.A.", "TALLERES PENARRUBIA SOCIEDAD ANONIMA" },
		{ "Caves de l'Ormoy SARL", "CAVES DE L’ORMOY SOCIETE A RESPONSABILITE LIMITEE" },
		{ "Imprimerie Fauvel & Cie SAS", "IMPRIMERIE FAUVEL ET CIE S.A.S." },
		{ "Pastificio Orsolano Srl", "PASTIFICIO ORSOLANO SOCIETA' A RESPONSABILITA' LIMITATA" },
		{ "Vetreria Lombarina SpA", "Vetreria Lombarina Società per Azioni" },
		{ "AB Sjövik Rederi", "Sjövik Rederi Aktiebolag" },
		{ "Fjellheim Kraft AS", "FJELLHEIM KRAFT A/S" },
		{ "Mejeriet Sønderbæk ApS", "MEJERIET SOENDERBAEK ANPARTSSELSKAB" },
		{ "Huvilaranta Oy", "Oy Huvilaranta" },
		{ "Piekarnia Złotokłos sp. z o.o.", "PIEKARNIA ZLOTOKLOS SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ" },
		{ "Hostinec Lhoták s.r.o.", "Hostinec Lhotak spol. s r. o." },
		{ "Houthandel Wiersel B.V.", "HOUTHANDEL WIERSEL BV" },
		{ "Pesqueira Três Ilhas Lda", "PESQUEIRA TRES ILHAS, LIMITADA" },
		{ "Copperline Freight Inc.", "COPPERLINE FREIGHT INCORPORATED" },
		{ "Elderbrook Ranch L.L.C.", "Elderbrook Ranch Limited Liability Company" },
		{ "Αφοί Καραντώνη Α.Ε.", "ΑΦΟΙ ΚΑΡΑΝΤΩΝΗ ΑΕ" },
		{ "ООО «Полярный Вымпел»", "OOO POLYARNYY VYMPEL" },
		{ "株式会社ミナトヤ", "ミナトヤ 株式会社" },
	};
	static const struct names other[] = {
		{ "Thornbeck Joinery Ltd", "THORNBECK JOINERS LIMITED" },
		{ "Thornbeck Joinery Ltd", "THORNBECK JOINERY (NORTH) LIMITED" },
		{ "Moor & Fen Surveyors LLP", "MOOR & FEN SURVEYORS LIMITED" },
		{ "Glasbau Körner GmbH", "Glasbau Korn GmbH" },
		{ "Glasbau Körner GmbH", "Glasbau Körner Holding GmbH" },
		{ "Naranjas Belluga SL", "NARANJAS BELLUGA SA" },
		{ "Caves de l'Ormoy SARL", "CAVES DE L'ORMOIS SARL" },
		{ "Fjellheim Kraft AS", "FJELLHEIM KRAFT ANS" },
		{ "Mejeriet Sønderbæk ApS", "MEJERIET NØRREBÆK ApS" },
		{ "Piekarnia Złotokłos sp. z o.o.", "PIEKARNIA ZLOTOKLOS 2 SP. Z O.O." },
		{ "Copperline Freight Inc.", "COPPERLINE FREIGHT II INC" },
		{ "Elderbrook Ranch LLC", "ELDERBROOK RANCHES LLC" },
		{ "ООО «Полярный Вымпел»", "ООО «Полярный Вымысел»" },
		{ "株式会社ミナトヤ", "株式会社ミナトラ" },
	};

	EXPECT_NAMES(PARTY_COMPANY, same, true);
	EXPECT_NAMES(PARTY_COMPANY, other, false);
}

Test(identity, names_of_persons)
{
	static const struct names same[] = {
		{ "Ana Lima", "LIMA, Ana" },
		{ "Łukasz Wiśnia", "Lukasz Wisnia" },
		{ "Jörg Müller-Vogt", "Joerg Mueller Vogt" },
		{ "Lee Min-a", "YI MINA" },
		{ "Lee Min-a", "이민아" },
		{ "Park Hyunwoo", "박현우" },
		{ "PARK HYUN WOO", "Bak Hyeon-U" },
		{ "Choi Su-a", "Choe Su-A" },
		{ "Fyodor Semyonov", "FEDOR SEMENOV" },
		{ "Артём Соловьёв", "Artem Solovyov" },
		{ "ศิริพงษ์ จันทร์งาม", "SIRIPHONG CHANNGAM" },
		{ "Omar Bin Salim", "OMAR BENSALIM" },
	};
	static const struct names other[] = {
		{ "Ana Lima", "Ana Lime" },	  { "Carlo Lima", "Carla Lima" },   { "Hassan Lima", "Hussein Lima" },
		{ "Ana Lima", "Ana Maria Lima" }, { "Ana y Lima", "Ana and Lima" }, { "Antonio Lima", "Antone Lima" },
		{ "Park Min-a", "Parker Min-a" }, { "Lee Min-a", "Lim Min-a" },	    { "Ben Lima", "Lima" },
		{ "ศิริพงษ์ งาม", "SIRIPHAN NGAM" },
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
		{ PERSON("Ana Lima", "", "PT501964843"), PERSON("Ana Lima", "", "501 964 843"), IDENTITY_SAME },
		{ PERSON("Ana Lima", "", "EL501964843"), PERSON("Ana Lima", "", "PT501964843"), IDENTITY_OTHER },
		{ PERSON("Mohamed Haddad", "1984-05-26", ""), PERSON("Muhammad Haddad", "1984-05-26", ""),
		  IDENTITY_SAME },
		{ PERSON("Юрий Лужин", "1984-05-26", ""), PERSON("LUZHIN Iurii", "1984-05-26", ""), IDENTITY_SAME },
		{ PERSON("Carlo Lima", "1984-05-26", ""), PERSON("Carla Lima", "1984-05-26", ""), IDENTITY_UNSURE },
		{ PERSON("Hassan Lima", "1984-05-26", ""), PERSON("Hussein Lima", "1984-05-26", ""), IDENTITY_UNSURE },
		{ PERSON("Ana Lima", "1984-05-26", ""), PERSON("Bea Reis", "1984-05-26", ""), IDENTITY_OTHER },
		{ COMPANY("Quay Ltd", "GBR", "0123", ""), COMPANY("QUAY LIMITED", "GBR", "123", ""), IDENTITY_SAME },
		{ COMPANY("Quay Ltd", "GBR", "0123", ""), COMPANY("Quay Ltd", "GBR", "124", ""), IDENTITY_OTHER },
		{ COMPANY("Quay Ltd", "GBR", "123", ""), COMPANY("Quay", "GBR", "123", ""), IDENTITY_SAME },
		{ COMPANY("Quay II Ltd", "GBR", "123", ""), COMPANY("Quay III", "GBR", "123", ""), IDENTITY_UNSURE },
		{ COMPANY("Quay Ltd", "GBR", "123", ""), COMPANY("Quay PLC", "GBR", "123", ""), IDENTITY_UNSURE },
		{ COMPANY("Quay Ltd", "GBR", "123", ""), COMPANY("Quay", "GBR", "", ""), IDENTITY_OTHER },
		{ COMPANY("Quay Ltd", "GBR", "0123", ""), COMPANY("Quay Ltd", "GBR", "", ""), IDENTITY_UNSURE },
		{ COMPANY("Quay Ltd", "GBR", "0123", ""), COMPANY("Pier Ltd", "GBR", "123", ""), IDENTITY_UNSURE },
		{ COMPANY("Quay Ltd", "GBR", "", ""), COMPANY("Quay Ltd", "IRL", "", ""), IDENTITY_OTHER },
		{ COMPANY("Quay Ltd", "GBR", "123", ""), COMPANY("Quay Ltd", "IRL", "123", ""), IDENTITY_OTHER },
		{ COMPANY("Quay Ltd", "GBR", "123", "L1"), COMPANY("Quay Ltd", "GBR", "124", "L1"), IDENTITY_UNSURE },
		{ PERSON("Quay", "", ""), COMPANY("Quay", "PRT", "", ""), IDENTITY_OTHER },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect_eq(identity_compare(&rows[i].left, &rows[i].right), rows[i].answer, "row %zu", i);
		cr_expect_eq(identity_compare(&rows[i].right, &rows[i].left), rows[i].answer, "row %zu", i);
	}
}
