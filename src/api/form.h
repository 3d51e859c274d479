/* Bodies as they come in: JSON text, fields and files of forms, files as they are. */
#ifndef KYBDESK_SRC_API_FORM_H
#define KYBDESK_SRC_API_FORM_H

#include "request.h"

/* Appends to the file on disk, which is made beside the store and has no name. ERR_STORE when it cannot be written. */
enum err file_part_add(struct request *r, const struct desk *desk, const void *bytes, size_t length,
		       struct error *error) KYB_MUST_USE;
/* Of BODY_UPLOAD that came as JSON: makes the fields and the file of a form of it; the content is strict base64. */
enum err upload_read(struct request *r, const struct desk *desk, struct error *error) KYB_MUST_USE;
/* Makes r->file.bytes readable. */
enum err file_part_end(struct request *r, struct error *error) KYB_MUST_USE;
void file_part_release(struct file_part *file);
/* Reads r->text into r->body; the members that nobody reads, as the answer names them: "" none. ERR_INVALID. */
enum err body_read(struct request *r, const char **ignored, struct error *error) KYB_MUST_USE;

#endif
