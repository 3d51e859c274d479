/* Made-up cases, as lines of JSON for an import. */
#ifndef KYB_TESTS_FAULT_CASES_H
#define KYB_TESTS_FAULT_CASES_H

#include "fault/site.h"

/* A ralio-kyb case in review without blockers: its approval moves the user from LIGHT to REGULAR. Reference CASE-N,
 * user biz-N, merchant northwind-pay; the file of its documents is paper.pdf beside the imported file. */
void cases_approvable(struct lines *lines, unsigned number);
/* A case with status, country, risk, script and merchant derived from its number; reference PLAIN-N. */
void cases_plain(struct lines *lines, unsigned number);

/* Writes the lines and paper.pdf into the site's folder, and imports the lines. */
void cases_import(const struct site *site, const struct lines *lines, int expected_status);
/* Makes and imports CASE-first … CASE-(first + count - 1). */
void cases_bring(const struct site *site, unsigned first, unsigned count);
/* For a store with CASE-1 to CASE-3: runs commands as ann on CASE-1 and CASE-2, up to 13 audit records in all. */
void cases_history(const struct site *site);
#define CASES_HISTORY_RECORDS 13
/* "CASE-N" in static memory: valid until the eighth call after this one. */
const char *cases_reference(unsigned number);
/* Subscribes to all events of northwind-pay; returns the endpoint's secret. */
char *cases_endpoint(const struct site *site, const char *url);
/* Writes a small, valid PDF. */
void cases_write_pdf(const char *path);

#endif
