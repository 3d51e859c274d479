#include "kybdesk/base/ssh_signature.h"
#include "kybdesk/base/confine.h"
#include "kybdesk/base/start.h"

#include <string.h>

#define SSH_KEYGEN "ssh-keygen"
#define OUTPUT_MAX ((size_t)64 * 1024)
#define SIGNER "signer" /* name of the only signer in the list of allowed signers */

/* Makes an error from the last line of ssh-keygen's messages, which gives the reason. */
static enum err set_ssh_error(struct error *error, const char *what, const struct strbuf *messages)
{
	size_t end = messages->len;
	const char *line;

	while (end && messages->buf[end - 1] <= ' ')
		end--;
	line = end ? memrchr(messages->buf, '\n', end) : NULL;
	line = line ? line + 1 : messages->len ? messages->buf : "";
	return error_set(error, ERR_INVALID, "%s: %s: %.*s", what, SSH_KEYGEN,
			 end ? (int)(messages->buf + end - line) : (int)strlen("no reason given"),
			 end ? line : "no reason given");
}

static enum err run_keygen(struct program_job *job, struct error *error)
{
	if (!job->words[0])
		return error_set(error, ERR_INVALID,
				 SSH_KEYGEN " is not installed; install it: apt-get install openssh-client");
	job->wait_ms = SSH_SIGN_WAIT_MS;
	job->output_max = OUTPUT_MAX;
	job->cancel_fd = -1;
	return run_and_collect(world_real(), job, error);
}

enum err ssh_sign(const struct world *world, const char *public_key, const char *purpose, const char *text,
		  struct strbuf *out, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *const words[] = {
		confine_find(&arena, SSH_KEYGEN), "-Y", "sign", "-f", START_FILE_1, "-n", purpose, NULL
	};
	const char *agent = world_environment(world, "SSH_AUTH_SOCK");
	struct strbuf messages = STRBUF_INIT, signature = STRBUF_INIT;
	struct program_job job = {
		.words = words, .input = text, .files = { public_key }, .out = &signature, .errors = &messages
	};
	enum err err = ERR_OK;

	if (!agent || !*agent)
		err = error_set(error, ERR_INVALID,
				"No SSH agent is available (SSH_AUTH_SOCK is not set); forward your agent with ssh -A");
	if (!err)
		err = run_keygen(&job, error);
	if (!err && job.outcome != PROGRAM_EXITED)
		err = error_set(error, ERR_INVALID, "The SSH agent did not answer; was its key touched?");
	if (!err && (job.status || strncmp(signature.buf ? signature.buf : "", SSH_SIGNATURE_BEGIN,
					   strlen(SSH_SIGNATURE_BEGIN)) != 0))
		err = set_ssh_error(error, "The SSH agent cannot sign with this key", &messages);
	if (!err)
		strbuf_add(out, signature.buf, signature.len);
	strbuf_release(&signature);
	strbuf_release(&messages);
	arena_release(&arena);
	return err;
}

enum err ssh_signature_check(const struct ssh_signature *signature, const char *public_key, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *const words[] = { confine_find(&arena, SSH_KEYGEN),
				      "-Y",
				      "verify",
				      "-f",
				      START_FILE_1,
				      "-I",
				      SIGNER,
				      "-n",
				      signature->purpose,
				      "-s",
				      START_FILE_2,
				      NULL };
	struct strbuf allowed = STRBUF_INIT, messages = STRBUF_INIT;
	struct program_job job = { .words = words, .input = signature->text, .out = &messages, .errors = &messages };
	enum err err;

	strbuf_addf(&allowed, SIGNER " %s\n", public_key);
	job.files[0] = allowed.buf;
	job.files[1] = signature->armored;
	err = run_keygen(&job, error);
	if (!err && job.status)
		err = set_ssh_error(error, "The signature is not valid", &messages);
	strbuf_release(&allowed);
	strbuf_release(&messages);
	arena_release(&arena);
	return err;
}
