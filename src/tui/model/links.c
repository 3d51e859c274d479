/* Recognises texts that are addresses. */
#include "kybdesk/tui/surface.h"

#include <string.h>

/* Whether only a host is between scheme and path: a user before the host, as in "https://bank.example@elsewhere",
 * would mislead. */
static bool host_is_plain(const char *host)
{
	size_t length = strcspn(host, "/?#");
	return length && !memchr(host, '@', length);
}

bool surface_is_link(const char *address)
{
	static const char *const schemes[] = { "https://", "http://" };
	const char *host = NULL;
	for (size_t i = 0; !host && i < sizeof schemes / sizeof schemes[0]; i++)
		if (!strncmp(address, schemes[i], strlen(schemes[i])))
			host = address + strlen(schemes[i]);
	if (!host || !host_is_plain(host) || strnlen(address, LINK_BYTES_MAX + 1) > LINK_BYTES_MAX)
		return false;
	for (const char *c = address; *c; c++)
		if (*c <= ' ' || *c >= 0x7f || strchr("\"<>\\^`{|}", *c))
			return false;
	return true;
}

void surface_link(struct surface *surface, struct box box, const char *address)
{
	if (!surface_is_link(address) || !box.cols || box.row >= surface->rows || box.col >= surface->cols ||
	    box.cols > surface->cols - box.col)
		return;
	if (surface->link_count == surface->link_capacity) {
		surface->link_capacity = surface->link_capacity ? surface->link_capacity * 2 : 16;
		surface->links = xrealloc_array(surface->links, surface->link_capacity, sizeof *surface->links);
	}
	box.rows = 1;
	surface->links[surface->link_count++] =
		(struct surface_link){ box, arena_strdup(&surface->link_texts, address) };
}
