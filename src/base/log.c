#include "kybdesk/base/log.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/locale.h"
#include "kybdesk/base/timefmt.h"

#include <inttypes.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>

/* Writes each line with one call, so that lines of several threads do not mix. */
static void flush_line(const struct log *log, struct strbuf *line)
{
	static _Atomic unsigned lost_count;
	struct pollfd item = { .fd = log->fd, .events = POLLOUT };
	unsigned lost;

	strbuf_addch(line, '\n');
	/* A failure to write the log can only be reported in later lines. After one line, no line waits for the reader. */
	if ((atomic_load(&lost_count) && poll(&item, 1, 0) <= 0) || !file_write_all(log->fd, line->buf, line->len))
		atomic_fetch_add(&lost_count, 1);
	else if ((lost = atomic_exchange(&lost_count, 0)) != 0)
		log_warn(log, "Nobody read the log: lines lost: %u", lost);
}

static void add_json_text(struct strbuf *line, const char *text)
{
	struct strbuf safe = STRBUF_INIT;

	text_display(&safe, text, strlen(text), TEXT_UTF8);
	strbuf_addch(line, '"');
	for (const char *at = safe.buf; *at; at++) {
		if (*at == '"' || *at == '\\')
			strbuf_addch(line, '\\');
		if ((unsigned char)*at < ' ')
			strbuf_addf(line, "\\u%04x", (unsigned)*at);
		else
			strbuf_addch(line, *at);
	}
	strbuf_addch(line, '"');
	strbuf_release(&safe);
}

static void put_json(const struct log *log, const char *level, const char *message, const struct log_field *fields,
		     size_t count)
{
	struct strbuf line = STRBUF_INIT;
	char time[TIME_TEXT_SIZE];

	time_format(world_now_ms(log->json_clock), time);
	strbuf_addf(&line, "{\"time\":\"%s\",\"level\":\"%s\",\"message\":", time, level);
	add_json_text(&line, message);
	for (size_t i = 0; i < count; i++) {
		if (fields[i].text && !*fields[i].text)
			continue;
		strbuf_addf(&line, ",\"%s\":", fields[i].name);
		if (fields[i].text)
			add_json_text(&line, fields[i].text);
		else
			strbuf_addf(&line, "%" PRId64, fields[i].number);
	}
	strbuf_addch(&line, '}');
	flush_line(log, &line);
	strbuf_release(&line);
}

static void put_text(const struct log *log, const char *label, const struct strbuf *text)
{
	struct strbuf line = STRBUF_INIT;

	strbuf_adds(&line, label);
	text_display(&line, text->buf, text->len, text_mode_of_locale());
	flush_line(log, &line);
	strbuf_release(&line);
}

static void put_line(const struct log *log, const char *level, const char *format, va_list args) KYB_PRINTF(3, 0);
static void put_line(const struct log *log, const char *level, const char *format, va_list args)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_vaddf(&text, format, args);
	if (log->json_clock)
		put_json(log, level, text.buf, NULL, 0);
	else
		put_text(log, strcmp(level, "info") ? "kybdesk: warning: " : "kybdesk: ", &text);
	strbuf_release(&text);
}

void log_warn(const struct log *log, const char *format, ...)
{
	if (log->fd < 0 || log->level == LOG_QUIET)
		return;
	va_list args;
	va_start(args, format);
	put_line(log, "warning", format, args);
	va_end(args);
}

void log_info(const struct log *log, const char *format, ...)
{
	if (log->fd < 0 || log->level != LOG_VERBOSE)
		return;
	va_list args;
	va_start(args, format);
	put_line(log, "info", format, args);
	va_end(args);
}

void log_record(const struct log *log, const char *kind, const char *message, const struct log_field *fields,
		size_t count)
{
	struct strbuf text = STRBUF_INIT;

	if (log->fd < 0 || (log->level == LOG_QUIET && strcmp(kind, "error") != 0))
		return;
	if (log->json_clock) {
		put_json(log, kind, message, fields, count);
		return;
	}
	strbuf_adds(&text, message);
	for (size_t i = 0; i < count; i++) {
		if (!fields[i].text)
			strbuf_addf(&text, " %s=%" PRId64, fields[i].name, fields[i].number);
		else if (*fields[i].text)
			strbuf_addf(&text, " %s=%s", fields[i].name, fields[i].text);
	}
	put_text(log, "kybdesk: ", &text);
	strbuf_release(&text);
}
