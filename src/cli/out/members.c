#include "../cli_internal.h"

struct json_value *json_set_members(struct json_value *object, const struct object_member *members)
{
	for (const struct object_member *m = members; m->key; m++)
		switch (m->kind) {
		case MEMBER_TEXT:
			json_set_text(object, m->key, m->text);
			break;
		case MEMBER_TEXT_OR_NULL:
			json_set_text_or_null(object, m->key, m->text);
			break;
		case MEMBER_INT:
			json_set_int(object, m->key, m->number);
			break;
		case MEMBER_BOOL:
			json_set_bool(object, m->key, m->number);
			break;
		case MEMBER_TIME:
			json_set_time(object, m->key, m->number);
			break;
		case MEMBER_VALUE:
			json_set(object, m->key, m->value);
			break;
		case MEMBER_NULL:
			json_set_null(object, m->key);
			break;
		}
	return object;
}
