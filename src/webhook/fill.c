#include "fill.h"

#include <stdlib.h>

enum err fill_links(struct store *store, struct transfer *transfer, struct error *error)
{
	struct strbuf body = STRBUF_INIT;
	struct link_key key;
	enum err err;
	if (!*transfer->link_mark)
		return ERR_OK;
	err = store_key(store, false, &key, error);
	if (!err)
		err = link_placeholders_fill(
			&body, transfer->body, transfer->body_length,
			&(struct link_places){ transfer->link_mark, &key, transfer->session_id }, error);
	secret_wipe(&key, sizeof key);
	if (err) {
		strbuf_wipe(&body);
		return err;
	}
	free(transfer->body);
	transfer->body_length = body.len;
	transfer->body = strbuf_detach(&body);
	transfer->link_mark[0] = '\0';
	return ERR_OK;
}
