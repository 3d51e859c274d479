/* Importing with progress, a rejects file and a clean stop: for import and demo. */
#ifndef KYBDESK_CLI_IMPORT_FILE_H
#define KYBDESK_CLI_IMPORT_FILE_H

#include "cli_internal.h"
#include "kybdesk/desk/import.h"

/* path "-" is standard input. Prints the result; sets cli->status when lines were refused. */
enum err cli_import(struct cli *cli, const char *path, const char *rejects_path, struct error *error) KYB_MUST_USE;

#endif
