/* Rules of the seed avenia-kyb-level-1: documents and owners. */
#include "rule_rows.h"

#define OTHER(id, type, rest)                                                                                      \
	"documents[+]=={\"id\":\"00000000-5c9f-4d2e-b847-" id "\",\"type\":\"" type "\"," rest "}"
#define FILE_OF(file) "\"file\":\"files/" file "\",\"review\":\"accepted\""
/* An identification of each type, and a passport without its bytes. */
#define IDENTIFICATIONS                                                                                            \
	OTHER("000000000002", "ID", FILE_OF("identity.png"))                                                       \
	";" OTHER("000000000003", "DRIVERS-LICENSE", FILE_OF("identity.png")) ";" OTHER(                           \
		"000000000004", "RESIDENCE-PERMIT", FILE_OF("bill.jpeg")) ";" OTHER("000000000005", "PASSPORT",    \
										    "\"upload\":\"waiting\"")

#define AT_MINIMUM "At minimum, three documents must be uploaded before KYB Level 1 can be submitted:"
#define SINGLE_SIDED(type, title)                                                                                  \
	{                                                                                                          \
		"L46 " type " single-sided", "All corporate documents are single-sided.", &probe_side,             \
			{ "", "front" }, { "back" },                                                               \
			.path = type, .rule = "double_sided",                                                      \
			.message = title " has a back, but this type is single-sided; remove the back"             \
	}
#define FORMATS                                                                                                    \
	"Corporate documents accept application/pdf; identification documents accept image/png or image/jpeg."
#define CORPORATE_FORMAT(type)                                                                                     \
	{                                                                                                          \
		"L52 " type " format", FORMATS, &probe_format, { "pdf" },                                          \
			{ "png", "jpeg", "docx", "xlsx", "heic", "png named pdf" },                                \
			.path = type, .message = "the content is png; allowed for " type ": pdf"                   \
	}
#define IDENTIFICATION_FORMAT(type)                                                                                \
	{                                                                                                          \
		"L52 " type " format", FORMATS, &probe_format, { "png", "jpeg", "jpg" },                           \
			{ "pdf", "heic", "docx", "gif", "png named jpg" },                                         \
			.path = type, .message = "the content is pdf; allowed for " type ": jpeg or png"           \
	}

static const struct rule_row avenia_owner_rows[] = {
	RULE_MANDATORY("L28", "CERTIFICATE-OF-INCORPORATION", AT_MINIMUM, "Certificate of incorporation"),
	SINGLE_SIDED("CERTIFICATE-OF-INCORPORATION", "Certificate of incorporation"),
	CORPORATE_FORMAT("CERTIFICATE-OF-INCORPORATION"),
	RULE_MANDATORY("L29", "COMPANY-TAX-IDENTIFICATION-DOCUMENT", AT_MINIMUM, "Tax identification document"),
	SINGLE_SIDED("COMPANY-TAX-IDENTIFICATION-DOCUMENT", "Tax identification document"),
	CORPORATE_FORMAT("COMPANY-TAX-IDENTIFICATION-DOCUMENT"),
	IDENTIFICATION_FORMAT("ID"),
	IDENTIFICATION_FORMAT("DRIVERS-LICENSE"),
	IDENTIFICATION_FORMAT("PASSPORT"),
	IDENTIFICATION_FORMAT("RESIDENCE-PERMIT"),
	{ "L46 identification double-sided",
	  "Only identification documents (ID, DRIVERS-LICENSE, PASSPORT, RESIDENCE-PERMIT) support isDoubleSided: "
	  "true.",
	  &probe_two_sided,
	  { "ID", "DRIVERS-LICENSE", "PASSPORT", "RESIDENCE-PERMIT" },
	  { "CERTIFICATE-OF-INCORPORATION", "COMPANY-TAX-IDENTIFICATION-DOCUMENT" },
	  .path = "double_sided",
	  .message = "CERTIFICATE-OF-INCORPORATION has no sides; leave the side out" },
	{ "L65 one UBO",
	  "At least one UBO is required, and at least one UBO must have hasControl set to a valid corporate role.",
	  &probe_owners,
	  { "1" },
	  { "0" },
	  .path = "parties",
	  .rule = "list",
	  .message = "No related party is declared; add the owners and a person with a control role" },
	{ "L112 fifty UBOs",
	  "A single company can register up to 50 UBOs.",
	  &probe_owners,
	  { "50" },
	  { "51" },
	  .path = "parties",
	  .rule = "list",
	  .message = "There are 51 persons among the parties; at most 50 are allowed" },
	{ "L65 hasControl in the set",
	  "at least one UBO must have hasControl set to a valid corporate role.",
	  &probe_control,
	  { "CEO", "Member" },
	  { "-" },
	  .path = "parties",
	  .message = "No natural person has a control role; add the person who controls the company" },
	{ "L87 hasControl values 1",
	  "",
	  &probe_field,
	  { "CEO", "CFO", "COO", "CTO", "President", "Vice President", "Director", "Managing Director",
	    "Managing Partner", "General Partner", "Partner" },
	  { "Janitor", "ceo", "Vice-President" },
	  .path = "parties[0].hasControl",
	  .rule = "one_of",
	  .message =
		  "Ines Duarte: Control role is 'Janitor'; allowed: CEO, CFO, COO, CTO, President, Vice President, "
		  "Director, Managing Director, Managing Partner, General Partner, Partner, Secretary, Treasurer, "
		  "Chairman, Board Member, Authorized Signatory, General Counsel, Owner, Founder, Manager, Member, "
		  "Comptroller or Chief Compliance Officer" },
	{ "L87 hasControl values 2",
	  "",
	  &probe_field,
	  { "Secretary", "Treasurer", "Chairman", "Board Member", "Authorized Signatory", "General Counsel",
	    "Owner", "Founder", "Manager", "Member", "Comptroller" },
	  { "Janitor" },
	  .path = "parties[0].hasControl",
	  .rule = "one_of",
	  .message =
		  "Ines Duarte: Control role is 'Janitor'; allowed: CEO, CFO, COO, CTO, President, Vice President, "
		  "Director, Managing Director, Managing Partner, General Partner, Partner, Secretary, Treasurer, "
		  "Chairman, Board Member, Authorized Signatory, General Counsel, Owner, Founder, Manager, Member, "
		  "Comptroller or Chief Compliance Officer" },
	{ "L87 hasControl values 3",
	  "",
	  &probe_field,
	  { "Chief Compliance Officer" },
	  { "Janitor" },
	  .path = "parties[0].hasControl",
	  .rule = "one_of",
	  .message =
		  "Ines Duarte: Control role is 'Janitor'; allowed: CEO, CFO, COO, CTO, President, Vice President, "
		  "Director, Managing Director, Managing Partner, General Partner, Partner, Secretary, Treasurer, "
		  "Chairman, Board Member, Authorized Signatory, General Counsel, Owner, Founder, Manager, Member, "
		  "Comptroller or Chief Compliance Officer" },
	{ "L71 fullName required",
	  "",
	  &probe_field,
	  { "A" },
	  { "-", "", "=null" },
	  .path = "parties[0].name",
	  .rule = "line",
	  .message = "parties[0].name: is required" },
	{ "L71 fullName length",
	  "Full legal name (max 256 chars).",
	  &probe_field,
	  { "a*256", "é*256" },
	  { "a*257", "é*257" },
	  .path = "parties[0].fullName",
	  .rule = "length",
	  .message = NULL },
	RULE_REQUIRED("L72 dateOfBirth", "parties[0].dateOfBirth", "", "Ines Duarte: Date of birth", "1988-07-22"),
	{ "L72 dateOfBirth format",
	  "YYYY-MM-DD.",
	  &probe_field,
	  { "1988-07-22", "2000-02-29" },
	  { "22-07-1988", "1988-7-22", "1988-02-30", "1999-02-29", "1988-07-22T00:00:00Z", "tomorrow" },
	  .path = "parties[0].dateOfBirth",
	  .rule = "date",
	  .message = "Ines Duarte: Date of birth is '****-**-**'; allowed: a date as YYYY-MM-DD, not after today" },
	{ "L72 dateOfBirth age",
	  "Minimum age 18.",
	  &probe_field,
	  { "2008-11-20", "1930-01-01" },
	  { "2008-11-21", "2026-11-20" },
	  .path = "parties[0].dateOfBirth",
	  .rule = "age",
	  .message = "Ines Duarte: Date of birth means an age of 17 years; allowed: at least 18 years" },
	RULE_REQUIRED("L73 countryOfTaxId", "parties[0].countryOfTaxId", "",
		      "Ines Duarte: Country of the tax number", "BRA"),
	{ "L73 countryOfTaxId alpha-3",
	  "ISO 3166-1 alpha-3 (e.g. BRA, USA).",
	  &probe_field,
	  { "BRA", "PRT" },
	  { "Brazil", "BR", "bra", "BRX", "N/A" },
	  .path = "parties[0].countryOfTaxId",
	  .rule = "country",
	  .message = "Ines Duarte: Country of the tax number is 'Brazil'; allowed: an ISO 3166-1 alpha-3 code such "
		     "as BRA; did you mean 'BRA'?" },
	RULE_REQUIRED("L74 taxIdNumber", "parties[0].taxIdNumber", "", "Ines Duarte: Tax number", "39053344705"),
	{ "L74 taxIdNumber CPF",
	  "For BRA a valid CPF is required",
	  &probe_field,
	  { "39053344705", "390.533.447-05" },
	  { "11182159111", "39053344706", "3905334470", "390533447050", "11111111111", "39053344A05" },
	  .path = "parties[0].taxIdNumber",
	  .rule = "check_digits",
	  .message =
		  "Ines Duarte: Tax number is '*******9111'; allowed: a CPF: 11 digits, the last two of them check "
		  "digits" },
	{ "L74 taxIdNumber USA",
	  "for USA a 9-digit number is required.",
	  &probe_field,
	  { "123456789", "000000000" },
	  { "12345678", "1234567890", "12345678A", "123-45-6789" },
	  .path = "parties[0].taxIdNumber",
	  .rule = "check_digits",
	  .with = "parties[0].countryOfTaxId=USA;parties[0].taxIdNumber=123456789",
	  .message = "Ines Duarte: Tax number is '****5678'; allowed: nine digits" },
	RULE_REQUIRED("L75 percentageOfOwnership", "parties[0].percentageOfOwnership", "",
		      "Ines Duarte: Percentage of ownership", "100"),
	{ "L75 percentageOfOwnership range",
	  "Ownership share as a numeric string between \"0\" and \"100\" (e.g. \"25.5\").",
	  &probe_field,
	  { "0", "100", "25.5", "100.000", "0.0000001" },
	  { "100.0000001", "-1", "25,5", "25.5%", "1e1", "abc" },
	  .path = "parties[0].percentageOfOwnership",
	  .rule = "decimal",
	  .message = "Ines Duarte: Percentage of ownership is '100.0000001'; allowed: a decimal number from 0 to "
		     "100" },
	{ "L75 percentageOfOwnership string",
	  "",
	  &probe_field,
	  { "25.5" },
	  { "=25.5", "=100" },
	  .path = "parties[0].percentageOfOwnership",
	  .rule = "type",
	  .message = "Ines Duarte: Percentage of ownership is a number; allowed: a text" },
	RULE_REQUIRED("L77 uploadedIdentificationId", "parties[0].uploadedIdentificationId", "",
		      "Ines Duarte: Identification", "00000000-5c9f-4d2e-b847-000000000001"),
	{ "L77 uploadedIdentificationId ready",
	  "ID from Step 2 of this UBO's identification document (must have ready: true).",
	  &probe_field,
	  { "00000000-5c9f-4d2e-b847-000000000001", "00000000-5c9f-4d2e-b847-000000000002",
	    "00000000-5c9f-4d2e-b847-000000000003", "00000000-5c9f-4d2e-b847-000000000004" },
	  { "00000000-5c9f-4d2e-b847-000000000005", "00000000-e3a8-4c1f-9e62-00000000000c",
	    "00000000-5c9f-4d2e-b847-000000000009" },
	  .path = "parties[0].uploadedIdentificationId",
	  .rule = "document",
	  .with = IDENTIFICATIONS,
	  .message = "Ines Duarte: Identification names a document whose upload is waiting; allowed: the id of a "
		     "ready document of type ID, DRIVERS-LICENSE, PASSPORT or RESIDENCE-PERMIT" },
	RULE_REQUIRED("L78 documentCountry", "parties[0].documentCountry", "",
		      "Ines Duarte: Country of the identification", "BRA"),
	{ "L78 documentCountry alpha-3",
	  "Country that issued the identification document (ISO alpha-3).",
	  &probe_field,
	  { "USA", "DEU" },
	  { "US", "Germany", "ZZZ" },
	  .path = "parties[0].documentCountry",
	  .rule = "country",
	  .message = "Ines Duarte: Country of the identification is 'US'; allowed: an ISO 3166-1 alpha-3 code such "
		     "as BRA; did you mean 'USA'?" },
	RULE_REQUIRED("L79 streetLine1", "parties[0].streetLine1", "", "Ines Duarte: Street, first line", "R"),
	RULE_AT_MOST_256("L79 streetLine1", "parties[0].streetLine1", "Street address, first line (max 256 chars).",
			 "Ines Duarte: Street, first line"),
	{ "L80 streetLine2 optional",
	  "",
	  &probe_field,
	  { "-", "", "=null", "Apt 4" },
	  { "=4", "=[]" },
	  .path = "parties[0].streetLine2",
	  .rule = "type",
	  .message = "Ines Duarte: Street, second line is a number; allowed: a text" },
	{ "L81 streetLine3 optional",
	  "",
	  &probe_field,
	  { "-", "", "=null", "Apt 4" },
	  { "=4", "=[]" },
	  .path = "parties[0].streetLine3",
	  .rule = "type",
	  .message = "Ines Duarte: Street, third line is a number; allowed: a text" },
	RULE_REQUIRED("L82 city", "parties[0].city", "City of residence.", "Ines Duarte: City", "Y"),
	RULE_REQUIRED("L83 state", "parties[0].state", "", "Ines Duarte: State", "SP"),
	{ "L83 state subdivision",
	  "ISO 3166-2 subdivision code (e.g. SP, NY).",
	  &probe_field,
	  { "SP", "BR-SP", "TO" },
	  { "NY", "US-NY", "sp", "Sao Paulo" },
	  .path = "parties[0].state",
	  .rule = "subdivision",
	  .message = "Ines Duarte: State is '********'; allowed: an ISO 3166-2 subdivision of Brazil: AC, AL, AM, "
		     "AP, BA, CE, DF, "
		     "ES, GO, MA, MG, MS, MT, PA, PB, PE, PI, PR, RJ, RN, RO, RR, RS, SC, SE, SP, TO" },
	{ "L83 state of another country",
	  "ISO 3166-2 subdivision code (e.g. SP, NY).",
	  &probe_field,
	  { "NY", "US-NY", "PR" },
	  { "SP", "XX" },
	  .path = "parties[0].state",
	  .rule = "subdivision",
	  .with = "parties[0].country=USA;parties[0].state=NY",
	  .message = NULL },
	RULE_REQUIRED("L84 zipCode", "parties[0].zipCode", "Postal code.", "Ines Duarte: Postal code", "0"),
	RULE_REQUIRED("L85 country", "parties[0].country", "", "Ines Duarte: Country of residence", "BRA"),
	{ "L85 country alpha-3",
	  "Country of residence (ISO alpha-3).",
	  &probe_field,
	  { "BRA" },
	  { "BR", "Brasil", "Brazil " },
	  .path = "parties[0].country",
	  .rule = "country",
	  .message = "Ines Duarte: Country of residence is 'BR'; allowed: an ISO 3166-1 alpha-3 code such as BRA; "
		     "did you mean 'BRA'?" },
	{ "L88 email not accepted",
	  "email and phone are not accepted by this endpoint.",
	  &probe_field,
	  { "-", "" },
	  { "a@b.example" },
	  .path = "parties[0].email",
	  .rule = "not_accepted",
	  .message = "Ines Duarte: E-mail is not accepted here; leave it out" },
	{ "L88 phone not accepted",
	  "email and phone are not accepted by this endpoint.",
	  &probe_field,
	  { "-", "" },
	  { "a@b.example" },
	  .path = "parties[0].phone",
	  .rule = "not_accepted",
	  .message = "Ines Duarte: Phone is not accepted here; leave it out" },
};
const struct rule_table avenia_owner_table = { "avenia-kyb-level-1", "avenia-kyb-level-1", avenia_owner_rows,
					       sizeof avenia_owner_rows / sizeof *avenia_owner_rows };
