#include "keys.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

void key_reader_open(struct key_reader *reader, const struct world *world, enum text_mode mode)
{
	*reader = (struct key_reader){ .world = world };
	decoder_init(&reader->decoder, mode);
}

void key_reader_close(struct key_reader *reader)
{
	decoder_release(&reader->decoder);
	reader->at = reader->count = 0;
}

static bool refill(struct key_reader *reader)
{
	struct pollfd ready = { .fd = STDIN_FILENO, .events = POLLIN };
	if (poll(&ready, 1, 0) <= 0 || !(ready.revents & POLLIN))
		return false;
	ssize_t got = read(STDIN_FILENO, reader->bytes, sizeof reader->bytes);
	if (got <= 0)
		return false;
	reader->at = 0;
	reader->count = (size_t)got;
	reader->read_ms = world_monotonic_ms(reader->world);
	return true;
}

/* A timeout counts only after all input is read: a busy program must not split a sequence. */
bool key_reader_next(struct key_reader *reader, struct key *key)
{
	while (!decoder_take(&reader->decoder, key)) {
		if (reader->at < reader->count || refill(reader)) {
			decoder_feed(&reader->decoder, reader->bytes[reader->at++], reader->read_ms);
			continue;
		}
		decoder_time_out(&reader->decoder, world_monotonic_ms(reader->world));
		return decoder_take(&reader->decoder, key);
	}
	return true;
}

int key_reader_wait(const struct key_reader *reader)
{
	return decoder_wait(&reader->decoder, world_monotonic_ms(reader->world));
}

void key_reader_drop(struct key_reader *reader)
{
	tcflush(STDIN_FILENO, TCIFLUSH);
	reader->at = reader->count = 0;
	decoder_drop(&reader->decoder);
}
