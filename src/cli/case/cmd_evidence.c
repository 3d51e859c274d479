/* evidence, evidence verify: a case as one archive for an auditor. */
#include "../cli_internal.h"
#include "kybdesk/desk/evidence.h"

#define SIGNERS_BYTES_MAX ((size_t)1024 * 1024)
#define ARCHIVE_MAX ((size_t)4 * 1024 * 1024 * 1024 - 1)

/* --- export --- */

static void print_archive(struct cli *cli, const struct evidence_result *made, const char *path)
{
	if (cli_is_json(cli)) {
		out_json(&cli->out,
			 JSON_NEW(JSON_TEXT("session", made->session), JSON_TEXT("saved_as", cli_safe_text(cli, path)),
				  JSON_TEXT("sha256", made->sha256), JSON_INT("members", made->members),
				  JSON_INT("records", made->records), JSON_INT("decisions", made->decisions),
				  JSON_INT("documents", made->documents),
				  JSON_INT("documents_by_hash_only", made->absent_count),
				  JSON_INT("checkpoint_size", made->tree_size)));
		return;
	}
	out_line(&cli->out, "%s: %zu files, with %zu decisions, %zu documents and %zu audit records", path,
		 made->members, made->decisions, made->documents, made->records);
	if (made->absent_count)
		out_line(&cli->out, "%zu documents are listed by SHA-256 only", made->absent_count);
	out_line(&cli->out, "sha256 %s, recorded in the audit log", made->sha256);
}

static enum err write_archive(struct cli *cli, const struct evidence_request *request, const char *path,
			      struct error *error)
{
	struct strbuf archive = STRBUF_INIT;
	struct evidence_result made;
	enum err err = desk_evidence(cli->desk, &cli->arena, request, &archive, &made, error);

	if (!err && !strcmp(path, "-"))
		out_bytes(&cli->out, archive.buf, archive.len);
	else if (!err && !(err = file_write_synced(path, archive.buf, archive.len, error)))
		print_archive(cli, &made, path);
	strbuf_wipe(&archive);
	return err;
}

static enum err run_export(struct cli *cli, struct error *error)
{
	const char *path = cli_option_text(cli, "output"), *key_path = cli_option_text(cli, "key");
	struct checkpoint_input checkpoints = { 0 };
	struct signed_note_key key = { .name = "" };
	enum err err = cli_check_output_path(cli, path, "the archive itself", error);

	if (!err)
		err = cli_read_checkpoints(cli, &checkpoints, error);
	if (!err && *key_path)
		err = cli_read_key(cli, key_path, &key, error);
	if (!err && *key_path && !key.can_sign)
		err = error_invalid(
			error, "key",
			"%s is a public key and cannot sign; use a signing key, which begins with PRIVATE+KEY",
			key_path);
	if (!err)
		err = write_archive(
			cli,
			&(const struct evidence_request){
				.session = parsed_argument(&cli->command_line, 0),
				.checkpoint = checkpoints.count ? &checkpoints.items[0] : NULL,
				.key = *key_path ? &key : NULL,
				.omit_documents = parsed_has_option(&cli->command_line, "without-documents") },
			path, error);
	signed_note_key_wipe(&key);
	return err;
}

/* --- verify --- */

static const char *signer_text(const char *by, bool is_signed)
{
	return by ? by : is_signed ? "signer not verified: --key is missing" : "not signed";
}

static void print_verdict(struct cli *cli, const struct evidence_verdict *found, bool own_signers)
{
	if (cli_is_json(cli)) {
		out_json(&cli->out,
			 JSON_NEW(JSON_BOOL("sound", true), JSON_TEXT("session", found->session),
				  JSON_TEXT("origin", found->origin), JSON_INT("checkpoint_size", found->tree_size),
				  JSON_OR_NULL("checkpoint_signed_by",
					       found->checkpoint_signer ? found->checkpoint_signer : ""),
				  JSON_OR_NULL("signed_by", found->signed_by ? found->signed_by : ""),
				  JSON_INT("members", found->members), JSON_INT("records", found->records),
				  JSON_INT("decisions", found->decisions),
				  JSON_INT("signed_decisions", found->signed_decisions),
				  JSON_INT("documents", found->documents),
				  JSON_INT("by_hash_only", found->absent_count),
				  JSON_INT("values", found->matched_value_count)));
		return;
	}
	out_line(&cli->out, "all %zu files of the archive of session %s are intact (%s)", found->members,
		 found->session, signer_text(found->signed_by, found->is_signed));
	out_line(&cli->out, "%zu audit records are among the first %lld records of %s (checkpoint: %s)", found->records,
		 (long long)found->tree_size, found->origin,
		 signer_text(found->checkpoint_signer, found->is_checkpoint_signed));
	out_line(&cli->out, "the evidence of %zu decisions matches the audit records; %zu documents", found->decisions,
		 found->documents);
	if (found->signed_decisions)
		out_line(&cli->out, "%zu decisions are signed by their reviewers (keys: %s)", found->signed_decisions,
			 own_signers ? "from --signers" : "from the archive; compare them with: kybdesk access list");
	if (found->absent_count)
		out_line(&cli->out, "%zu files are listed by SHA-256 only", found->absent_count);
	if (found->matched_value_count)
		out_line(&cli->out, "%zu values and texts match the seals of the audit records",
			 found->matched_value_count);
	for (size_t i = 0; i < found->sealed_sentence_count; i++)
		out_line(&cli->out, "%s", text_safe_copy(&cli->arena, found->sealed_sentences[i], cli->mode));
	if (!found->is_signed)
		out_line(&cli->out, "the current state of the case and the page index.html are not proved: compare "
				    "the SHA-256 of the archive with the audit record session.evidence");
}

static enum err run_verify(struct cli *cli, struct error *error)
{
	const char *path = parsed_argument(&cli->command_line, 0);
	struct checkpoint_input checkpoints = { 0 };
	const char *signers_path = cli_option_text(cli, "signers");
	struct strbuf bytes = STRBUF_INIT, signers = STRBUF_INIT;
	struct evidence_verdict found;
	size_t value_count = 0;
	const char **values = parsed_option_values(&cli->command_line, &cli->arena, "value", &value_count);
	enum err err = cli_read_keys(cli, &checkpoints, error);

	if (!err)
		err = cli_read_checkpoints(cli, &checkpoints, error);
	if (!err)
		err = file_read_input(path, ARCHIVE_MAX, &bytes, error);
	if (!err && *signers_path)
		err = file_read(signers_path, SIGNERS_BYTES_MAX, &signers, error);
	if (!err)
		err = evidence_verify(
			&cli->arena,
			&(const struct evidence_input){ .bytes = bytes.buf,
							.length = bytes.len,
							.checkpoint = checkpoints.count ? &checkpoints.items[0] : NULL,
							.keys = checkpoints.keys,
							.key_count = checkpoints.key_count,
							.signers = *signers_path ? signers.buf : NULL,
							.values = values,
							.value_count = value_count },
			&found, error);
	if (!err)
		print_verdict(cli, &found, *signers_path);
	strbuf_wipe(&bytes);
	strbuf_release(&signers);
	return err;
}

static const struct command rows[] = {
	{ .name = "evidence",
	  .summary = "Writes all evidence of a case to one archive; the audit log records it",
	  .details = "The archive (tar) contains the case, the sessions of its parties, the evidence of each "
		     "decision, the documents, the rules, the audit records with proofs against a checkpoint, and "
		     "a readable page, index.html. It contains personal data. Verify it without a store: evidence "
		     "verify. docs/evidence.md describes the format. Audit records after the --checkpoint are left "
		     "out.",
	  .verbs = { { VERB_EVIDENCE_EXPORT, "" } },
	  .example = "evidence RAL-2032 --output RAL-2032.tar",
	  .run = run_export,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "output", "FILE", OPTION_REQUIRED | OPTION_PATH | PATH_STREAM,
			 "the archive to write; - is standard output", NULL, 'o' },
		       { "force", NULL, 0, "overwrite FILE" },
		       { "checkpoint", "FILE", OPTION_PATH | PATH_STREAM,
			 "prove the records against this signed checkpoint (audit checkpoint); default: an "
			 "unsigned checkpoint of the current log" },
		       { "key", "FILE", OPTION_PATH,
			 "sign the archive's list of files with this key (audit key --new)" },
		       { "without-documents", NULL, 0, "list documents by SHA-256 only" } } },
	{ .name = "evidence verify",
	  .summary = "Verifies an evidence archive, without a store; exit code 8 if the archive was changed",
	  .flags = COMMAND_NO_STORE | COMMAND_IN_SSH_SESSION,
	  .example = "evidence verify RAL-2032.tar --key signing.pub",
	  .run = run_verify,
	  .arguments = { { "FILE", ARGUMENT_PATH | PATH_STREAM, "the archive; - is standard input" } },
	  .options = { { "key", "FILE", OPTION_REPEATABLE | OPTION_PATH,
			 "a public key (audit key): the archive and its checkpoint must be signed by one of these "
			 "keys" },
		       { "checkpoint", "FILE", OPTION_PATH,
			 "verify the archive against this checkpoint, which was kept elsewhere" },
		       { "value", "RECORD:PATH=VALUE", OPTION_REPEATABLE,
			 "check that audit record RECORD sealed VALUE as the value of PATH, before or after a "
			 "change; see docs/evidence.md" },
		       { "signers", "FILE", OPTION_PATH,
			 "the reviewers' keys, a file of allowed signers for ssh-keygen; default: the keys in the "
			 "archive" } } },
};
const struct command_chapter commands_evidence = { COMMAND_CHAPTER("Evidence of a case", rows) };
