/* Imports a file with progress, a rejects file and a clean stop; for the commands import and demo. */
#ifndef KYBDESK_CLI_IMPORT_FILE_H
#define KYBDESK_CLI_IMPORT_FILE_H

#include "../cli_internal.h"
#include "kybdesk/desk/import.h"

#define IMPORT_CASES "cases"
#define IMPORT_BODS "bods"
struct import_input {
	const char *path;    /* "-" is standard input */
	const char *rejects; /* file for refused lines; NULL: none */
	const char *format;  /* IMPORT_CASES, IMPORT_BODS, or the name of a register */
	const char *session; /* IMPORT_BODS: the case of the owners */
	int64_t memory_mib;  /* 0: the minimum */
};
/* Prints the result; sets cli->status when lines were refused. */
enum err cli_import(struct cli *cli, const struct import_input *input, struct error *error) KYB_MUST_USE;

#endif
