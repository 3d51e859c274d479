/* Request bodies: JSON text, form fields and files, raw files. */
#ifndef KYBDESK_SRC_API_FORM_H
#define KYBDESK_SRC_API_FORM_H

#include "request.h"

/* Appends to the file, which is created on disk in the store's folder without a name. ERR_STORE: cannot be written. */
enum err file_part_add(struct request *r, const struct desk *desk, const void *bytes, size_t length,
		       struct error *error) KYB_MUST_USE;
/* For a BODY_UPLOAD sent as JSON: fills the fields and the file as a form would. The content is strict base64. */
enum err upload_read(struct request *r, const struct desk *desk, struct error *error) KYB_MUST_USE;
/* Makes r->file.bytes readable. */
enum err file_part_end(struct request *r, struct error *error) KYB_MUST_USE;
void file_part_release(struct file_part *file);
/* Parses r->text into r->body. *ignored: names of unused members for the response header, "" none. ERR_INVALID. */
enum err body_read(struct request *r, const char **ignored, struct error *error) KYB_MUST_USE;

#endif
