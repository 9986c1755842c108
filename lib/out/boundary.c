#include "out/boundary.h"

#include <string.h>

#include "base/buf.h"

const char mipo_boundary_title[] = "What this shows, and what it does not";

const char *const mipo_boundary[] = {
	"This evidence shows what the named scanners saw of the named "
	"addresses and ports, from the named vantage, at the times given, "
	"and in what order it was recorded, acknowledged and approved.",

	"It does not show what was not looked at: other addresses, ports, "
	"protocols, vantages and times. Where a look was missed, cut short or "
	"lossy, the state is unknown, which is not closed.",

	"An open port shows that something answered, not what it is, who may "
	"use it or whether it is safe. A service name here is only what the "
	"port number is commonly used for.",

	"Signatures and the log show that records were not changed after they "
	"were sealed. They cannot show that a scanner or a host was honest "
	"while it recorded, nor that no other log exists.",

	"mipo supports the collection of evidence. It certifies nothing: no "
	"compliance with any framework, and no security, follows from it "
	"without a person's judgement.",

	NULL,
};

/* How many bytes of s, which has no double blanks, fit in width columns. */
static size_t
fit(const char *s, size_t width)
{
	size_t n = 0;

	if (strlen(s) <= width)
		return strlen(s);
	for (size_t i = 0; i <= width; i++)
		if (s[i] == ' ')
			n = i;
	return n > 0 ? n : strcspn(s, " ");
}

static void
put_wrapped(struct mipo_buf *buf, const char *s, size_t width)
{
	while (*s != '\0') {
		size_t n = fit(s, width);

		mipo_buf_put(buf, s, n);
		mipo_buf_putc(buf, '\n');
		s += n;
		s += *s == ' ';
	}
}

void
mipo_boundary_put(struct mipo_buf *buf, size_t width)
{
	if (width > 0)
		mipo_buf_putf(buf, "%s\n\n", mipo_boundary_title);
	for (size_t i = 0; mipo_boundary[i] != NULL; i++) {
		if (i > 0)
			mipo_buf_putc(buf, width > 0 ? '\n' : ' ');
		if (width > 0)
			put_wrapped(buf, mipo_boundary[i], width);
		else
			mipo_buf_puts(buf, mipo_boundary[i]);
	}
}
