/* data/lists.json: classes of watchlists by name, such as sanctions for "OFAC SDN" (domain/list_class.h). */
#ifndef KYBDESK_CODEC_LISTS_CODEC_H
#define KYBDESK_CODEC_LISTS_CODEC_H

#include "kybdesk/codec/json.h"
#include "kybdesk/domain/list_class.h"
#include "kybdesk/domain/session.h"

/* ERR_INVALID with the path and the reason. */
enum err lists_read(struct arena *arena, const struct json_source *source, struct list_rules *out, struct error *error);
/* The rules that ship with the program: names of lists, and phrases that tell a client of lists, hits, suspicions and
 * reports (data/phrases.json). A user's files do not override them. They are read once and never freed. */
enum shipped_table { TABLE_LISTS, TABLE_PHRASES, TABLE_COUNT };
const struct list_rules *shipped_rules(enum shipped_table table);
#define shipped_list_rules() shipped_rules(TABLE_LISTS)
#define shipped_phrases() shipped_rules(TABLE_PHRASES)
/* The class of a hit by these rules: of its list and, as a provider may name only itself as the list, its programme. */
enum hit_class hit_classify(struct arena *arena, enum check_kind check, const struct hit *hit);

#endif
