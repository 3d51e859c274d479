#include "demo_serve.h"
#include "../webhook/serve_delivery.h"
#include "kybdesk/desk/sandbox.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/domain/permission.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static enum err make_key(struct cli *cli, const char *merchant, bool first, struct error *error)
{
	struct strbuf key = STRBUF_INIT;
	struct use_out out;
	enum err err = desk_do(
		cli->desk, &cli->arena,
		&(const struct use_in){
			.verb = VERB_MERCHANT_KEY, .part = merchant, .permissions = PERMISSIONS_ALL, .into = &key },
		&out, error);

	if (!err)
		out_line(&cli->out, "%-16s api_code %s  api_key %s", merchant, out.api_code, key.buf);
	if (!err && first)
		out_line(&cli->out, "    curl -H \"Authorization: Bearer %s\" http://%s/kyc/sessions", key.buf,
			 *cli_text(cli, "listen") ? cli_text(cli, "listen") : "127.0.0.1:8080");
	strbuf_wipe(&key);
	return err;
}

enum err demo_keys(struct cli *cli, struct error *error)
{
	struct merchant_info *items;
	size_t count;
	enum err err = desk_merchants(cli->desk, &cli->arena, &items, &count, error);

	out_line(&cli->out, "KYBDESK_STORE=%s", settings_text(&cli->settings, SETTING_STORE));
	for (size_t i = 0; !err && i < count; i++)
		err = make_key(cli, items[i].name, i == 0, error);
	return err ? err : out_finish(&cli->out, error);
}

struct serving {
	struct cli *cli;
	struct serve_delivery *delivery; /* NULL: not started */
};

static void report_ready(void *context, const char *url, const char *metrics_url)
{
	struct serving *serving = context;
	struct cli *cli = serving->cli;
	struct error late = { 0 };

	(void)metrics_url;
	out_line(&cli->out, "Listening on %s", url);
	if (out_finish(&cli->out, &late) || serve_delivery_start(cli, NULL, &serving->delivery, &late))
		cli_error_print(cli, &late);
	error_release(&late);
}

/* announces: this process also sends webhooks; otherwise the workbench sends them. */
static enum err run(struct cli *cli, bool announces, struct error *error)
{
	struct serving serving = { .cli = cli };
	enum err err;
	const struct cli_server request = { .settings = &cli->settings,
					    .world = cli->world,
					    .log = { .level = LOG_QUIET, .fd = announces ? STDERR_FILENO : -1 },
					    .sandbox_delay_ms = SANDBOX_DELAY_DEFAULT_MS,
					    .address_limit = -1,
					    .key_limit = -1,
					    .link_limit = -1,
					    .connection_limit = -1,
					    .listen = parsed_text(&cli->parsed, "listen"),
					    .ready = announces ? report_ready : NULL,
					    .context = &serving };

	err = cli->front_ends->serve(&request, error);
	serve_delivery_stop(serving.delivery);
	return err;
}

enum err demo_serve(struct cli *cli, struct error *error)
{
	return run(cli, true, error);
}

enum err demo_serve_start(struct cli *cli, pid_t *pid, struct error *error)
{
	*pid = fork();
	if (*pid < 0) {
		*pid = 0;
		return error_set(error, ERR_INTERNAL, "The server cannot be started: %s", strerror(errno));
	}
	if (*pid == 0) {
		struct error quiet = { 0 };

		/* This process must end with the parent, which removes the demo's folder. */
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		_exit(run(cli, false, &quiet) ? EXIT_FAILURE : EXIT_SUCCESS);
	}
	return ERR_OK;
}

void demo_serve_end(pid_t pid)
{
	if (!pid)
		return;
	(void)kill(pid, SIGTERM);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}
