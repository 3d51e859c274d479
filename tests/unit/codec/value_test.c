#include "codec_support.h"
#include "kybdesk/codec/value_codec.h"
#include <string.h>

static const struct value *reading(const char *text)
{
	return value_read(&arena, text, strlen(text), &error);
}

SPEC(value_codec, every_kind_of_value_is_kept)
{
	const struct value *root =
		reading("{\"t\":\"é\",\"i\":12345678901,\"r\":0.5,\"b\":true,\"n\":null,\"l\":[1,{}],"
			"\"o\":{\"k\":\"v\"}}");
	cr_assert_not_null(root);
	cr_expect_eq(root->count, 7);
	cr_expect_str_eq(value_text(value_member(root, "t")), "é");
	cr_expect_str_eq(value_member(root, "i")->text, "12345678901");
	cr_expect_str_eq(value_member(root, "r")->text, "0.5");
	cr_expect(value_member(root, "b")->boolean);
	cr_expect_eq(value_member(root, "n")->kind, VALUE_NULL);
	cr_expect_eq(value_member(root, "l")->count, 2);
	cr_expect_eq(value_member(root, "l")->items[1].kind, VALUE_OBJECT);
	cr_expect_str_eq(value_text(value_member(value_member(root, "o"), "k")), "v");
	cr_expect_null(value_member(root, "x"));
}

SPEC(value_codec, what_is_no_json_gives_nothing)
{
	cr_expect_null(reading("{"));
	cr_expect_eq(error.code, ERR_INVALID);
}

SPEC(value_codec, a_value_that_was_read_already_is_taken_over)
{
	struct json_value *json = json_new_object();
	json_set_text(json, "a", "1");
	const struct value *value = value_of_json(&arena, json);
	json_free(json);
	cr_expect_str_eq(value_text(value_member(value, "a")), "1");
}

SPEC(value_codec, a_case_is_parsed_whole)
{
	struct case_file file;
	struct step step;
	struct party party;
	case_file_init(&file);
	step_init(&step);
	party_init(&party);
	file.steps = &step;
	file.step_count = 1;
	file.parties = &party;
	file.party_count = 1;
	file.session.subject.address_json = "{\"city\":\"Porto\"}";
	step.fields_json = "{\"a\":\"1\"}";
	party.fields_json = "{\"b\":\"2\"}";
	party.addresses_json = "[{\"city\":\"Faro\"}]";
	cr_expect_null(step.values);
	case_values_parse(&arena, &file);
	cr_expect_str_eq(value_text(value_member(file.session.subject.address, "city")), "Porto");
	cr_expect_str_eq(value_text(value_member(step.values, "a")), "1");
	cr_expect_str_eq(value_text(value_member(party.values, "b")), "2");
	cr_expect_str_eq(value_text(value_member(&party.addresses->items[0], "city")), "Faro");
}

SPEC(value_codec, empty_fields_are_an_object_without_members)
{
	struct case_file file;
	struct step step;
	case_file_init(&file);
	step_init(&step);
	file.steps = &step;
	file.step_count = 1;
	case_values_parse(&arena, &file);
	cr_assert_not_null(step.values);
	cr_expect_eq(step.values->kind, VALUE_OBJECT);
	cr_expect_eq(step.values->count, 0);
}
