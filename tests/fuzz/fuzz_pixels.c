/* Output of an image converter that a hostile file controls: it is a picture within the limits, or it is refused. */
#include "fuzz.h"
#include "model/pixels.h"

static void take(bool read, struct pixels *pixels)
{
	if (read) {
		PROMISE(pixels->width && pixels->height);
		PROMISE(pixels->width <= PIXELS_SIDE_MAX && pixels->height <= PIXELS_SIDE_MAX);
		PROMISE(pixels->width * pixels->height <= PIXELS_ACCEPTED_MAX);
		PROMISE(pixels->rgb.len == pixels->width * pixels->height * 3);
	}
	pixels_wipe(pixels);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf output = STRBUF_INIT;
	struct pixels pixels = { 0 };
	strbuf_add(&output, data, size);
	take(pixels_read_ppm(&pixels, &output), &pixels);
	take(pixels_read_kitty(&pixels, &output), &pixels);
	strbuf_release(&output);
	return 0;
}
