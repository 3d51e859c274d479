/* The ownership tree as a picture: SVG for a report, DOT for Graphviz. */
#ifndef KYBDESK_CLI_PARTY_CHART_H
#define KYBDESK_CLI_PARTY_CHART_H

#include "kybdesk/desk/read.h"

struct party_chart {
	struct arena *arena;
	const struct case_view *view; /* personal data is masked unless the caller revealed it */
	const struct ownership_line *lines;
	size_t count;
};
void party_chart_svg(const struct party_chart *chart, struct strbuf *out);
void party_chart_dot(const struct party_chart *chart, struct strbuf *out);

#endif
