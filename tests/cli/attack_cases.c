#define EXPECT_BOX (*box)
#include "expect.h"
#include "attack_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make_sandbox(void)
{
	cr_assert_eq(box_shell(&box, "\"$K\" init --sandbox && \"$K\" reviewer add rita --role reviewer && "
				     "\"$K\" reviewer add lea --role lead"),
		     0, "%s", box.last.err);
}

void attack_open(struct box *box)
{
	box_world(box, "attack", make_sandbox);
	box_write_files(box);
}

static void make_production(void)
{
	box_init_production(&box);
	cr_assert_eq(box_shell(&box, "\"$K\" merchant add shop && "
				     "\"$K\" store set public_url https://desk.example && "
				     "\"$K\" reviewer add " BOX_COLLEAGUE " --role intake"),
		     0, "%s", box.last.err);
}

void attack_in_production(struct box *box)
{
	box_close(box);
	box_world(box, "attack-production", make_production);
	box_write_files(box);
}

/* Returns `line` with `to` in place of the first `from`. */
static char *with(const char *line, const char *from, const char *to)
{
	const char *at = strstr(line, from);

	cr_assert(at, "%s is not in the line", from);
	return test_text("%.*s%s%s", (int)(at - line), line, to, at + strlen(from));
}

char *attack_line(const char *from, const char *to)
{
	char *line = company_line("RAL-1"), *out = with(line, from, to);

	return out;
}

void attack_import(struct box *box, const char *from, const char *to)
{
	box_import(box, attack_line(from, to));
}

void attack_ready_with(struct box *box, const char *from, const char *to)
{
	attack_import(box, from, to);
	box_clear(box, "RAL-1");
}

void attack_ready(struct box *box)
{
	attack_ready_with(box, WITHOUT_MORE, WITHOUT_MORE);
}

static char *updated_at(struct box *box)
{
	cr_assert_eq(box_json(box, "show", "RAL-1", "--reveal", NULL), 0);
	return test_keep(strdup(json_path_text(box->json, "updated_at")));
}

void attack_import_is_refused(struct box *box, const char *from, const char *to)
{
	char *line = attack_line(from, to), *before = updated_at(box);

	box_write(box, "again.ndjson", line);
	cr_expect_eq(RUN("import", "again.ndjson"), 3, "%s", box->last.err);
	char *after = updated_at(box);
	cr_expect_str_eq(after, before);
}

char *attack_id_of(struct box *box, const char *list, const char *path)
{
	cr_assert_eq(box_json(box, list, "list", "RAL-1", NULL), 0, "%s", box->last.err);
	char *id = test_keep(strdup(json_path_text(box->json, path)));
	cr_assert(*id, "no %s in %s", path, box->last.out);
	return id;
}

void attack_replace_owner(struct box *box, const char *who)
{
	DONE("party", "add", "RAL-1", "--kind", "individual", "--name", "Rui Falso", "--role", "ubo", "--country", "PT",
	     "--birth", "1984-02-11", AS(who));
	DONE("party", "remove", "RAL-1", "Ines Duarte", "--reason", "sold the shares last month", AS(who));
}

void attack_reject_kyc(struct box *box, const char *who)
{
	char *kyc = attack_id_of(box, "subsession", "data[0].id");

	DONE("reject", kyc, "--reason", "suspected_fraud", "--grace", "0", AS(who));
}

void attack_import_kyc_rejected(struct box *box)
{
	attack_import(box, WITHOUT_MORE, WITHOUT_MORE);
	attack_reject_kyc(box, "rita");
}

void attack_two_owners(struct box *box, const char *first, const char *second, const char *side)
{
	cr_assert_eq(box_shell(box, "cp '" KYB_SOURCE_DIR "/data/samples/files/identity.png' ."), 0);
	char *line = test_text(
		"{\"external_ref\":\"RAL-1\",\"workflow\":\"avenia-kyb-level-1\",\"kind\":\"kyb\","
		"\"merchant\":\"shop\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"a1\",\"kind\":"
		"\"business\",\"name\":\"SOLUCOES\",\"country\":\"BRA\"},\"documents\":[{\"id\":"
		"\"" ID_DOCUMENT "\",\"category\":\"IDENTIFICATION\",\"type\":\"ID\",\"side\":\"%s\",\"file_name\":"
		"\"identity.png\","
		"\"file\":\"identity.png\",\"upload\":\"ready\"}],\"parties\":[{\"kind\":\"individual\","
		"\"name\":\"Ana Luz\",\"roles\":[\"ubo\"],\"country\":\"BRA\",\"fields\":{%s}},{\"kind\":"
		"\"individual\",\"name\":\"Rui Sol\",\"roles\":[\"ubo\"],\"country\":\"BRA\",\"fields\":"
		"{%s}}]}\n",
		side, first, second);
	box_import(box, line);
	if (*side)
		ENDS(4, "document", "accept", "RAL-1", ID_DOCUMENT);
	else
		DONE("document", "accept", "RAL-1", ID_DOCUMENT);
}

char *attack_decided_line(void)
{
	char *line = person_line("RAL-1", "Ines Duarte");
	char *out = with(line, "\"manual_review\"",
			 "\"completed\",\"processing_results\":{\"final_decision\":\"approved\"}");

	return out;
}
