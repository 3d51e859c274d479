#include "kybdesk/base/log.h"
#include "kybdesk/base/locale.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* One write for a line, so that lines of several threads do not mix. */
static void put_line(const struct log *log, const char *label, const char *format, va_list args) KYB_PRINTF(3, 0);
static void put_line(const struct log *log, const char *label, const char *format, va_list args)
{
	struct strbuf text = STRBUF_INIT;
	struct strbuf line = STRBUF_INIT;
	strbuf_vaddf(&text, format, args);
	strbuf_adds(&line, label);
	text_display(&line, text.buf, text.len, text_mode_of_locale());
	strbuf_addch(&line, '\n');
	size_t at = 0;
	while (at < line.len) {
		ssize_t done = write(log->fd, line.buf + at, line.len - at);
		if (done < 0 && errno == EINTR)
			continue;
		/* The log cannot be written, so the failure cannot be reported. */
		if (done < 0)
			break;
		at += (size_t)done;
	}
	strbuf_release(&line);
	strbuf_release(&text);
}

void log_warn(const struct log *log, const char *format, ...)
{
	if (log->fd < 0 || log->level == LOG_QUIET)
		return;
	va_list args;
	va_start(args, format);
	put_line(log, "kybdesk: warning: ", format, args);
	va_end(args);
}

void log_info(const struct log *log, const char *format, ...)
{
	if (log->fd < 0 || log->level != LOG_VERBOSE)
		return;
	va_list args;
	va_start(args, format);
	put_line(log, "kybdesk: ", format, args);
	va_end(args);
}
