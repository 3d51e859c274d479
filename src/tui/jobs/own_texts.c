#include "own_texts.h"
#include "kybdesk/desk/own_text.h"

static const char *const kinds[] = { [OWN_VIEWS] = "view", [OWN_DRAFTS] = "draft" };

static enum err get(void *desk, enum own_kind kind, struct strbuf *out, struct error *error)
{
	return desk_own_text(desk, kinds[kind], out, error);
}

static enum err put(void *desk, enum own_kind kind, const struct own_change *change, struct error *error)
{
	return desk_own_text_set(desk, kinds[kind], change->before, change->after, error);
}

struct own_store own_texts_of(struct desk *desk)
{
	return (struct own_store){ get, put, desk };
}
