#include "../cli_internal.h"

#include <unistd.h>

#define UPDATE_INTERVAL_MS 200

void progress_begin(struct progress *progress, const struct cli *cli, bool wanted)
{
	*progress = (struct progress){ .world = cli->world, .wanted = wanted };
	out_init(&progress->messages, STDERR_FILENO, cli->mode);
}

void progress_show(struct progress *progress, const char *format, ...)
{
	struct strbuf text = STRBUF_INIT;
	int64_t now = world_monotonic_ms(progress->world);
	va_list args;

	if (!progress->wanted || now - progress->shown_at < UPDATE_INTERVAL_MS)
		return;
	strbuf_adds(&text, "\r\033[K");
	va_start(args, format);
	strbuf_vaddf(&text, format, args);
	va_end(args);
	out_bytes(&progress->messages, text.buf, text.len);
	(void)!out_finish(&progress->messages, NULL);
	strbuf_release(&text);
	progress->shown_at = now;
	progress->shown = true;
}

void progress_clear(struct progress *progress)
{
	if (progress->shown)
		out_bytes(&progress->messages, "\r\033[K", 4);
	progress->shown = false;
}

void progress_end(struct progress *progress)
{
	progress_clear(progress);
	(void)!out_finish(&progress->messages, NULL);
	out_release(&progress->messages);
}
