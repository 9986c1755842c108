/*
 * Any bytes as a captured packet: the first says which link type. Nothing is
 * read beyond them (the sanitizer sees it), a shorter piece of the packet
 * never says more, and what is told can be true.
 */
#include "fuzz.h"

#include <pcap/dlt.h>

#include "net/decode.h"

static const int links[] = {DLT_EN10MB, DLT_RAW, DLT_IPV4, DLT_IPV6, DLT_NULL,
    DLT_LOOP, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_IEEE802_11};

/* On the heap and exact, so that a read behind it is found. */
static struct mipo_reply
decode(int link, const uint8_t *data, size_t size, size_t len)
{
	struct mipo_packet packet = {
	    .link_type = link, .caplen = size, .len = len};
	struct mipo_reply reply;
	uint8_t *copy = malloc(size == 0 ? 1 : size);

	must(copy != NULL);
	if (size > 0)
		memcpy(copy, data, size);
	packet.bytes = copy;
	mipo_decode(&packet, &reply);
	if (reply.kind == MIPO_REPLY_UDP)
		must(reply.payload >= copy &&
		    reply.payload + reply.payload_len <= copy + size);
	free(copy);
	return reply;
}

static void
check_addr(const struct mipo_addr *addr)
{
	char text[MIPO_ADDR_LEN];

	must(addr->family == 4 || addr->family == 6);
	must(mipo_addr_format(addr, text) < sizeof(text));
}

static void
check(const struct mipo_reply *reply)
{
	if (reply->kind == MIPO_REPLY_NONE)
		return;
	check_addr(&reply->target);
	if (reply->kind == MIPO_REPLY_NEIGHBOR)
		return;
	check_addr(&reply->us);
	must(reply->us.family == reply->target.family);
	if (reply->kind != MIPO_REPLY_ICMP)
		return;
	check_addr(&reply->from);
	must(reply->from.family == reply->us.family);
	if (reply->us.family == 4)
		must(reply->icmp_type == 3 || reply->icmp_type == 11 ||
		    reply->icmp_type == 12);
	else
		must(reply->icmp_type >= 1 && reply->icmp_type <= 4);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mipo_reply reply, shorter;
	int link;

	if (size == 0)
		return 0;
	link = links[data[0] % (sizeof(links) / sizeof(*links))];
	reply = decode(link, data + 1, size - 1, size - 1);
	check(&reply);
	must(link != DLT_IEEE802_11 || reply.kind == MIPO_REPLY_NONE);
	for (size_t n = size - 1; n > 0; n -= n / 4 + 1) {
		/* Sent so, or captured in part. */
		shorter = decode(
		    link, data + 1, n - 1, n % 2 == 0 ? n - 1 : size - 1);
		check(&shorter);
		must(shorter.kind == MIPO_REPLY_NONE ||
		    shorter.kind == reply.kind);
	}
	return 0;
}
