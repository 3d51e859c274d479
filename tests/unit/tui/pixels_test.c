/* Tests that a converter's output is read only if it is exactly one picture. */
#include "tui_support.h"

#include "kybdesk/base/digest.h"
#include "model/pixels.h"

static struct pixels pixels;

static bool reads_ppm(const char *text, size_t length)
{
	struct strbuf file = STRBUF_INIT;
	strbuf_add(&file, text, length);
	bool read = pixels_read_ppm(&pixels, &file);
	strbuf_release(&file);
	return read;
}
#define READS_PPM(text) reads_ppm((text), sizeof(text) - 1)

static bool reads_kitty(const char *text)
{
	struct strbuf output = STRBUF_INIT;
	strbuf_adds(&output, text);
	bool read = pixels_read_kitty(&pixels, &output);
	strbuf_release(&output);
	return read;
}

Test(pixels, a_pixmap_is_read_to_the_byte)
{
	cr_assert(READS_PPM("P6\n2 1\n255\nabcdef"));
	cr_expect_eq(pixels.width, 2);
	cr_expect_eq(pixels.height, 1);
	cr_expect_arr_eq(pixels.rgb.buf, "abcdef", 6);
	cr_expect_not(READS_PPM("P6\n2 1\n255\nabcde"));
	cr_expect_not(READS_PPM("P6\n2 1\n255\nabcdefg"));
	cr_expect_not(READS_PPM("P6\n0 1\n255\n"));
	cr_expect_not(READS_PPM("P6\n2 1\n65535\nabcdef"));
	cr_expect_not(READS_PPM("P6\n# \033[2J\n2 1\n255\nabcdef"));
	cr_expect_not(READS_PPM("P5\n2 1\n255\nab"));
	cr_expect_not(READS_PPM("P6\n99999 99999\n255\nabcdef"));
	cr_expect_not(READS_PPM("P6\n18446744073709551615 1\n255\nabc"));
	cr_expect_not(READS_PPM("P6\n-1 1\n255\nabc"));
	cr_expect_not(READS_PPM(""));
	pixels_wipe(&pixels);
	NO_LEAKS();
}

#define TWO "\033_Ga=T,f=32,s=2,v=1,c=1,r=1,m=1\033\\"
/* FIRST: a red pixel; SECOND: a blue pixel, half transparent. */
#define FIRST "\033_Gm=1;/wAA/w==\033\\"
#define SECOND "\033_Gm=1;AAD/gA==\033\\\033_Gm=0\033\\"

Test(pixels, the_pixels_of_chafa_are_read_on_white)
{
	cr_assert(reads_kitty(TWO FIRST SECOND));
	cr_expect_eq(pixels.width, 2);
	cr_expect_eq(pixels.height, 1);
	cr_expect_arr_eq(pixels.rgb.buf, "\xff\0\0\x7f\x7f\xff", 6);
	cr_expect(reads_kitty("\033[?25l" TWO FIRST SECOND "\n\033[?25h"), "what is around it is left out");
	pixels_wipe(&pixels);
	NO_LEAKS();
}

Test(pixels, other_output_is_refused)
{
	static const char *const others[] = {
		"",
		"\033[2J",
		TWO,
		TWO FIRST,			      /* too few */
		TWO FIRST SECOND FIRST,		      /* too many */
		TWO FIRST "\033_Gm=1;AAD/\033]0;x\a", /* another sequence */
		TWO FIRST "\033_Gm=1;AA!/gA==\033\\",
		TWO FIRST "\033_Ga=d\033\\" SECOND,
		TWO "\033_Gm=1;/wAA/w==",
		TWO "\033_Gm=1;",
		"\033_Ga=T,f=24,s=2,v=1,m=1\033\\" FIRST SECOND,
		"\033_Ga=T,f=100,s=2,v=1,m=1\033\\" FIRST SECOND,
		"\033_Ga=T,f=32,t=f,s=2,v=1;/wAA/w==\033\\",
		"\033_Ga=T,f=32,s=20000,v=20000,m=1\033\\" FIRST,
		"\033_Ga=T,f=32,s=99999,v=1,m=1\033\\" FIRST,
		"\033_Ga=T,f=32,s=0,v=1,m=1\033\\",
		"\033_Ga=T,f=32,s=18446744073709551617,v=1,m=1\033\\" FIRST,
		"\033_Ga=",
		"\033_G",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		cr_expect_not(reads_kitty(others[i]), "%zu", i);
	NO_LEAKS();
}

static unsigned pixel(size_t x, size_t y)
{
	return (unsigned char)pixels.rgb.buf[(y * pixels.width + x) * 3];
}

Test(pixels, a_part_is_cut_and_made_smaller_or_larger)
{
	struct pixels whole = { .width = 4, .height = 4 };
	strbuf_init(&whole.rgb);
	for (size_t i = 0; i < 16; i++)
		strbuf_addn(&whole.rgb, (char)(10 * i), 3);
	pixels_scale(&pixels, &whole, &(struct pixels_part){ 1, 2, 2, 2 }, 2, 2);
	cr_expect_eq(pixel(0, 0), 90);
	cr_expect_eq(pixel(1, 1), 140);
	pixels_scale(&pixels, &whole, &(struct pixels_part){ 0, 0, 4, 4 }, 2, 2);
	cr_expect_eq(pixel(0, 0), (0 + 10 + 40 + 50) / 4);
	cr_expect_eq(pixel(1, 1), (100 + 110 + 140 + 150) / 4);
	pixels_scale(&pixels, &whole, &(struct pixels_part){ 3, 3, 1, 1 }, 3, 2);
	cr_expect_eq(pixel(2, 1), 150);
	pixels_scale(&pixels, &whole, &(struct pixels_part){ 0, 0, 4, 4 }, 1, 8);
	cr_expect_eq(pixels.rgb.len, 24);
	cr_expect_eq(pixel(0, 7), (120 + 130 + 140 + 150) / 4);
	pixels_wipe(&pixels);
	pixels_wipe(&whole);
	NO_LEAKS();
}
