/* A document as a form: each value that the document must show, as typed by the applicant, next to the value that a
 * provider extracted, and how alike the two values are. The form helps the reviewer and decides nothing. Pure.
 *
 * Provider values are members of the document's `extracted` data, else of the detail of the case's check
 * `extraction`:
 *   name full_name legal_name company_name holder_name
 *   registration_number company_number; tax_id vat_number tax_number
 *   date_of_birth birth_date dob; incorporated_on incorporation_date date_of_incorporation founded_on
 *   issued_on issue_date date_of_issue; expires_on expiry_date date_of_expiry
 *   members of an address by their own names, also inside "address"
 * Other members follow under their own names. */
#ifndef KYBDESK_DOMAIN_DOCUMENT_FORM_H
#define KYBDESK_DOMAIN_DOCUMENT_FORM_H

#include "kybdesk/domain/agreement.h"

enum form_likeness {
	FORM_LIKENESS_UNKNOWN, /* `typed` or `extracted` is empty */
	FORM_LIKENESS_SAME,    /* same value, in any spelling that doc_search_find_values() finds */
	FORM_LIKENESS_DIFFERENT
};
struct form_row {
	const char
		*label; /* as in struct doc_search_value, or title of a step's field, or name of an extracted member */
	const char *typed, *extracted; /* "": none */
	enum form_likeness likeness;
	bool required; /* the document must show the value */
};
struct document_form {
	struct form_row *rows; /* required values, then fields of the document's step, then other extracted values */
	size_t count;
};

struct form_input {
	const struct case_file *file;  /* its values must be parsed (case_values_parse()) */
	const struct profile *profile; /* NULL: nothing is required */
	const struct document *document;
	const struct value *extracted; /* the document's extracted data, parsed; NULL: not readable */
	int64_t now;
};
/* Texts are in the arena, or borrowed from the case. */
void document_form_make(struct arena *arena, const struct form_input *of, struct document_form *out);

#endif
