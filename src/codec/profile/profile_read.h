/* Private to the codec: functions that read the parts of a profile, by file. */
#ifndef KYBDESK_SRC_CODEC_PROFILE_READ_H
#define KYBDESK_SRC_CODEC_PROFILE_READ_H

#include "reader.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/* Expects an object that has only the keys of this section (domain/profile_keys.h). */
bool expect_section(struct reader *reader, const struct node *node, const char *section);
/* Checks a name that programs use: only lower-case letters, digits and `marks` are allowed. */
void expect_name(struct reader *reader, const struct node *object, const char *key, const char *marks);
/* Gets the section with this name; false if it is absent or refused. */
bool open_section(struct reader *reader, const struct node *root, const char *key, struct node *section);

/* Refuses a document type that the profile does not have. */
void refuse_document_type(struct reader *reader, const struct node *node, const struct profile *profile,
			  const char *type);
/* Refuses text i of a list if an earlier text is the same. */
void expect_distinct_text(struct reader *reader, const struct node *element, const char *const *texts, size_t i);
/* Refuses an element if its name is also the name of the earlier element. */
void expect_new_name(struct reader *reader, const struct node *item, const char *key, const char *name,
		     const char *earlier, size_t earlier_index);

/* profile_fields.c */
struct field_scope {
	bool allows_party; /* `from` may name members of the party */
	bool is_public;	   /* whether the surrounding object or list is public */
	unsigned depth;	   /* 1: outermost */
};
void fields_read(struct reader *reader, const struct node *object, const char *key, struct field_spec **fields,
		 size_t *count, struct field_scope place);
void conditions_read(struct reader *reader, const struct node *object, const char *key,
		     struct rule_condition **conditions, size_t *count);
void steps_and_documents_read(struct reader *reader, const struct node *root, struct profile *profile);
void rules_read(struct reader *reader, const struct node *root, const struct reasons *reasons, struct profile *profile);

#endif
