#include "net/capture.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <pcap.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/decode.h"

#define SNAPLEN	   192 /* an ICMPv6 error, its quote and our options */
#define TIMEOUT_MS 10  /* after which a block of the ring is handed over */

struct mipo_capture {
	pcap_t *pcap;
	int link_type, fd;
	uint8_t mac[6];
	bool has_mac;
	void (*sink)(void *, const struct mipo_reply *, int64_t);
	void *arg;
	u_int last_received, last_dropped;
	struct mipo_capture_stats stats;
};

static int
fail(struct mipo_capture *capture, const char *what, struct mipo_err *err)
{
	return mipo_err_set(err, MIPO_E_IO, "%s: %s", what,
	    capture->pcap == NULL ? "" : pcap_geterr(capture->pcap));
}

static int
activate(struct mipo_capture *capture, const char *ifname, size_t ring,
    struct mipo_err *err)
{
	pcap_t *pcap = capture->pcap;
	int r;

	if (pcap_set_snaplen(pcap, SNAPLEN) != 0 ||
	    pcap_set_promisc(pcap, 0) != 0 ||
	    pcap_set_timeout(pcap, TIMEOUT_MS) != 0 ||
	    pcap_set_buffer_size(pcap, (int)ring) != 0)
		return fail(capture, ifname, err);
	r = pcap_activate(pcap);
	if (r == PCAP_ERROR_PERM_DENIED)
		return mipo_err_set(err, MIPO_E_PERM,
		    "%s: capturing needs CAP_NET_RAW", ifname);
	return r < 0 ? fail(capture, ifname, err) : 0;
}

/* What we cannot read would look like silence. */
static int
check_link_type(
    struct mipo_capture *capture, const char *ifname, struct mipo_err *err)
{
	const int type = pcap_datalink(capture->pcap);
	const char *name = pcap_datalink_val_to_name(type);

	capture->link_type = type;
	if (mipo_decode_knows(type))
		return 0;
	return mipo_err_set(err, MIPO_E_IO,
	    "%s: packets of link type %s (%d) cannot be read", ifname,
	    name == NULL ? "unknown" : name, type);
}

/*
 * Ours on that link. Without it nothing is refused for being for another;
 * what has none, as most tunnels, shows us nothing that is.
 */
static void
look_at_mac(struct mipo_capture *capture, const char *ifname)
{
	struct ifreq request = {.ifr_flags = 0};
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	(void)snprintf(
	    request.ifr_name, sizeof(request.ifr_name), "%s", ifname);
	if (ioctl(fd, SIOCGIFHWADDR, &request) == 0 &&
	    (request.ifr_hwaddr.sa_family == ARPHRD_ETHER ||
		request.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK)) {
		memcpy(capture->mac, request.ifr_hwaddr.sa_data,
		    sizeof(capture->mac));
		capture->has_mac = true;
	}
	(void)close(fd);
}

static int
set_filter(
    struct mipo_capture *capture, const char *filter, struct mipo_err *err)
{
	struct bpf_program program;
	int r;

	if (pcap_compile(capture->pcap, &program, filter, 1,
		PCAP_NETMASK_UNKNOWN) != 0)
		return fail(capture, filter, err);
	r = pcap_setfilter(capture->pcap, &program);
	pcap_freecode(&program);
	return r != 0 ? fail(capture, "filter", err) : 0;
}

int
mipo_capture_open(const char *ifname, size_t ring, const char *filter,
    struct mipo_capture **ret_capture, struct mipo_err *err)
{
	struct mipo_capture *capture = mipo_calloc(1, sizeof(*capture), err);
	char text[PCAP_ERRBUF_SIZE] = "";

	if (capture == NULL)
		return -1;
	capture->pcap = pcap_create(ifname, text);
	if (capture->pcap == NULL) {
		mipo_err_set(err, MIPO_E_IO, "%s: %s", ifname, text);
		goto fail;
	}
	if (activate(capture, ifname, ring, err) != 0 ||
	    check_link_type(capture, ifname, err) != 0 ||
	    set_filter(capture, filter, err) != 0)
		goto fail;
	if (pcap_setnonblock(capture->pcap, 1, text) != 0 ||
	    pcap_setdirection(capture->pcap, PCAP_D_IN) != 0) {
		fail(capture, ifname, err);
		goto fail;
	}
	look_at_mac(capture, ifname);
	capture->fd = pcap_get_selectable_fd(capture->pcap);
	*ret_capture = capture;
	return 0;
fail:
	mipo_capture_free(capture);
	return -1;
}

void
mipo_capture_free(struct mipo_capture *capture)
{
	if (capture == NULL)
		return;
	if (capture->pcap != NULL)
		pcap_close(capture->pcap);
	free(capture);
}

int
mipo_capture_fd(const struct mipo_capture *capture)
{
	return capture->fd;
}

int
mipo_capture_link_type(const struct mipo_capture *capture)
{
	return capture->link_type;
}

static void
take(u_char *arg, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct mipo_capture *capture = (struct mipo_capture *)arg;
	const struct mipo_packet packet = {.link_type = capture->link_type,
	    .mac = capture->has_mac ? capture->mac : NULL,
	    .bytes = bytes,
	    .caplen = header->caplen,
	    .len = header->len};
	struct mipo_reply reply;

	mipo_decode(&packet, &reply);
	capture->sink(capture->arg, &reply,
	    (int64_t)header->ts.tv_sec * 1000000 + header->ts.tv_usec);
}

int
mipo_capture_read(struct mipo_capture *capture, int max,
    void (*sink)(void *, const struct mipo_reply *, int64_t), void *arg,
    struct mipo_err *err)
{
	int n;

	capture->sink = sink;
	capture->arg = arg;
	n = pcap_dispatch(capture->pcap, max, take, (u_char *)capture);
	return n < 0 ? fail(capture, "capture", err) : n;
}

int
mipo_capture_count(struct mipo_capture *capture,
    struct mipo_capture_stats *ret_stats, struct mipo_err *err)
{
	struct pcap_stat stat = {0};

	if (pcap_stats(capture->pcap, &stat) != 0)
		return fail(capture, "capture", err);
	capture->stats.received += stat.ps_recv - capture->last_received;
	capture->stats.dropped += stat.ps_drop - capture->last_dropped;
	capture->last_received = stat.ps_recv;
	capture->last_dropped = stat.ps_drop;
	*ret_stats = capture->stats;
	return 0;
}
