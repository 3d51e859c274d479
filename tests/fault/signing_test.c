/*
 * Signed decisions, with a real ssh-agent in place of the agent that a reviewer forwards over SSH. The signature is
 * verified by the program, by ssh-keygen, and by the auditor's script.
 */
#include "fault/cases.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define AUDITOR KYB_SOURCE_DIR "/tests/stranger/evidence.py"

struct signing {
	struct site *site;
	char *socket, *variable; /* SSH_AUTH_SOCK=… */
	struct process *agent;
};

static void call(const char *const *environment, int status, const char *program, const char *one, const char *two,
		 const char *three)
{
	const char *const argv[] = { program, one, two, three, NULL };
	const struct process_options options = { .argv = argv, .environment = environment };
	struct process_result result;

	process_run(&options, &result);
	cr_assert_eq(result.status, status, "%s %s: %d: %s%s", program, one, result.status, result.out, result.err);
}

/* A new key pair NAME, NAME.pub in the site's folder. */
static char *api_key_make(const struct signing *signing, const char *name)
{
	char *path = site_path(signing->site, name);
	const char *const argv[] = { "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path, NULL };
	struct process_result result;

	process_run(&(const struct process_options){ .argv = argv }, &result);
	cr_assert_eq(result.status, 0, "%s", result.err);
	return path;
}

static void agent_start(struct signing *signing)
{
	const char *const argv[] = { "ssh-agent", "-D", "-a", signing->socket, NULL };

	signing->agent = process_start(&(const struct process_options){ .argv = argv, .timeout_ms = 600000 });
	for (int i = 0; i < 500 && access(signing->socket, F_OK) != 0; i++)
		test_sleep_ms(20);
	cr_assert_eq(access(signing->socket, F_OK), 0, "the agent has no socket");
}

/* The desk knows ann's key, but the agent does not have it yet; from now on decisions must be signed. */
static struct signing signing_make(void)
{
	struct signing out = { .site = site_make() };

	out.socket = site_path(out.site, "agent");
	out.variable = test_text("SSH_AUTH_SOCK=%s", out.socket);
	cases_bring(out.site, 1, 3);
	agent_start(&out);
	(void)api_key_make(&out, "ann");
	site_expect(out.site, 0, "access", "add", "ann", site_path(out.site, "ann.pub"), NULL);
	site_expect(out.site, 0, "store", "set", "signed_decisions", "required", NULL);
	return out;
}

/* Adds this key to the agent, and lets the programs of the site use the agent. */
static void bring_agent(struct signing *signing, const char *name)
{
	const char *const environment[] = { signing->variable, NULL };
	call(environment, 0, "ssh-add", "-q", site_path(signing->site, name), NULL);
	site_environment(signing->site, signing->variable);
}

static void signing_free(struct signing *signing)
{
	process_signal(signing->agent, 15);
	(void)process_wait(signing->agent, 5000, NULL);
	process_free(signing->agent);
	(void)unlink(signing->socket);
	site_free(signing->site);
}

static void refused(const struct signing *signing, int status, const char *text, const char *verb,
		    const char *reference)
{
	site_says(signing->site, status, text, verb, reference, NULL);
}

Test(signing, needs_the_agent_with_the_key_of_the_reviewer)
{
	struct signing signing = signing_make();

	(void)api_key_make(&signing, "other");
	refused(&signing, 9, "forward your agent with ssh -A", "approve", "CASE-1");
	bring_agent(&signing, "other");
	refused(&signing, 9, "cannot sign with this key", "approve", "CASE-1");
	cr_expect_eq(site_number(signing.site, "SELECT count(*) FROM decision"), 0);
	bring_agent(&signing, "ann");
	site_expect(signing.site, 0, "approve", "CASE-1", NULL);
	char *output = site_output(signing.site, "show", "CASE-1", "--decision", "1", NULL);
	cr_expect(strstr(output, "signed   by ssh-ed25519 "), "%s", output);
	/* A lead without a key in the desk cannot decide. */
	site_expect(signing.site, 0, "reviewer", "add", "lea", "--role", "lead", NULL);
	site_environment(signing.site, "KYBDESK_REVIEWER=lea");
	refused(&signing, 7, "kybdesk access add lea KEYFILE", "approve", "CASE-2");
	site_is_sound(signing.site);
	signing_free(&signing);
}

Test(signing, is_of_every_decision_of_a_person)
{
	struct signing signing = signing_make();

	bring_agent(&signing, "ann");
	site_expect(signing.site, 0, "approve", "CASE-1", NULL);
	site_expect(signing.site, 0, "undo", "CASE-1", NULL);
	site_expect(signing.site, 0, "reject", "CASE-2", "--reason", "duplicate_application", "--note",
		    "explained in full", "--grace", "0", NULL);
	site_expect(signing.site, 0, "reopen", "CASE-2", "--reason", "opened by mistake", NULL);
	site_expect(signing.site, 0, "corrections", "CASE-3", "--step", "company_info", "--message", "Write it out",
		    NULL);
	cr_expect_eq(site_number(signing.site, "SELECT count(*) FROM decision AS d WHERE kind <> 'undo' AND NOT EXISTS "
					       "(SELECT 1 FROM decision_signature AS s WHERE s.session_id = "
					       "d.session_id AND s.number = d.number)"),
		     0);
	cr_expect_eq(site_number(signing.site, "SELECT count(*) FROM decision_signature"), 4);
	site_expect(signing.site, 0, "store", "set", "signed_decisions", "no", NULL);
	site_expect(signing.site, 0, "approve", "CASE-1", NULL);
	cr_expect_eq(site_number(signing.site, "SELECT count(*) FROM decision_signature"), 4);
	site_is_sound(signing.site);
	signing_free(&signing);
}

struct archive {
	char *key, *public_key, *checkpoint, *path;
};

static struct archive archive_make(const struct signing *signing)
{
	const struct site *site = signing->site;
	struct archive out = { .key = site_path(site, "signing.key"), .path = site_path(site, "case.tar") };

	out.public_key = site_keep(site, "public.key", site_output(site, "audit", "key", out.key, "--new", NULL));
	out.checkpoint = site_keep(site, "kept", site_output(site, "audit", "checkpoint", "--key", out.key, NULL));
	site_expect(site, 0, "evidence", "CASE-1", "-o", out.path, "--key", out.key, "--checkpoint", out.checkpoint,
		    NULL);
	return out;
}

static void verify(const struct signing *signing, const struct archive *archive, const char *signers, int status,
		   const char *text)
{
	site_says(signing->site, status, text, "evidence", "verify", archive->path, "--key", archive->public_key,
		  signers ? "--signers" : NULL, signers, NULL);
}

static void audit(const struct signing *signing, const struct archive *archive, int status, const char *text)
{
	struct process_result result;

	process_call(&result, signing->site->environment, NULL, "python3", AUDITOR, archive->path, archive->public_key,
		     archive->checkpoint, NULL);
	result_says(&result, status, text);
}

Test(signing, is_proved_by_the_archive_and_the_keys_of_the_reviewers)
{
	struct signing signing = signing_make();
	struct archive archive;
	char *signers = site_path(signing.site, "signers"), *public = site_path(signing.site, "ann.pub");
	char line[512];

	bring_agent(&signing, "ann");
	site_expect(signing.site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	archive = archive_make(&signing);
	verify(&signing, &archive, NULL, 0, "1 decisions are signed by their reviewers (keys: from the archive");
	audit(&signing, &archive, 0, "proved\n");
	char *text = temp_read(public, NULL);
	(void)snprintf(line, sizeof line, "ann %s", text);
	temp_write(signers, line, strlen(line));
	verify(&signing, &archive, signers, 0, "(keys: from --signers)");
	/* The auditor has another key in the name of ann. */
	api_key_make(&signing, "other");
	public = site_path(signing.site, "other.pub");
	text = temp_read(public, NULL);
	(void)snprintf(line, sizeof line, "ann %s", text);
	temp_write(signers, line, strlen(line));
	verify(&signing, &archive, signers, 8, "The signature is not valid");
	signing_free(&signing);
}

/* The signed text or the signature of a decision is changed in the store. */
Test(signing, of_another_key_or_text_is_found)
{
	struct signing signing = signing_make();
	struct archive archive;

	bring_agent(&signing, "ann");
	site_expect(signing.site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	site_change(signing.site,
		    "UPDATE decision_signature SET signed_text = replace(signed_text, 'by ann', 'by bob')");
	archive = archive_make(&signing);
	verify(&signing, &archive, NULL, 8, "it is about another decision");
	audit(&signing, &archive, 1, "is about another decision");
	site_change(signing.site,
		    "UPDATE decision_signature SET signed_text = replace(signed_text, 'by bob', 'by ann'), "
		    "signature = replace(signature, 'A', 'B')");
	refused(&signing, 8, "", "audit", "verify");
	signing_free(&signing);
}
