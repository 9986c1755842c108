/* The interfaces, and the method of scanning that works on each. */
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "bin/mipo/doctor.h"

static const struct {
	int type;
	const char *name;
	bool syn;
} layers[] = {{ARPHRD_ETHER, "ethernet", true},
    {ARPHRD_LOOPBACK, "loopback", true}, {ARPHRD_NONE, "no link layer", true},
    {ARPHRD_PPP, "point to point", true}, {ARPHRD_TUNNEL, "tunnel", true},
    {ARPHRD_TUNNEL6, "tunnel", true}, {ARPHRD_SIT, "tunnel", true},
    {ARPHRD_IPGRE, "tunnel", true}, {-1, "unknown link layer", false}};

/* Appends the addresses of one interface. */
static size_t
put_addresses(const struct ifaddrs *all, const char *name, char *text,
    size_t size)
{
	size_t n = 0;

	for (; all != NULL; all = all->ifa_next) {
		char host[64];
		size_t len = strlen(text);
		socklen_t slen;

		if (all->ifa_addr == NULL || strcmp(all->ifa_name, name) != 0)
			continue;
		if (all->ifa_addr->sa_family != AF_INET &&
		    all->ifa_addr->sa_family != AF_INET6)
			continue;
		slen = all->ifa_addr->sa_family == AF_INET
		    ? sizeof(struct sockaddr_in)
		    : sizeof(struct sockaddr_in6);
		if (getnameinfo(all->ifa_addr, slen, host, sizeof(host), NULL,
			0, NI_NUMERICHOST) != 0)
			continue;
		(void)snprintf(text + len, size - len, " %s", host);
		n++;
	}
	return n;
}

static void
say_interface(struct doctor *doctor, const struct ifaddrs *all,
    const struct ifaddrs *one, bool raw)
{
	const struct sockaddr_ll *link =
	    (const struct sockaddr_ll *)(const void *)one->ifa_addr;
	bool up = (one->ifa_flags & IFF_UP) != 0;
	char addresses[200] = "";
	size_t n, i = 0;

	while (layers[i].type != -1 && layers[i].type != link->sll_hatype)
		i++;
	n = put_addresses(all, one->ifa_name, addresses, sizeof(addresses));
	doctor_say(doctor, DOCTOR_OK, NULL, "%s: %s, %s,%s: %s", one->ifa_name,
	    layers[i].name, up ? "up" : "down",
	    n == 0 ? " no address" : addresses,
	    !up || n == 0		? "nothing to scan from"
		: raw && layers[i].syn ? "syn and connect work"
					: "connect works");
}

void
doctor_interfaces(struct doctor *doctor)
{
	struct ifaddrs *all;
	bool raw = doctor_raw();
	size_t n = 0;

	if (getifaddrs(&all) != 0) {
		doctor_say(doctor, DOCTOR_BROKEN, NULL,
		    "the interfaces cannot be listed");
		return;
	}
	for (const struct ifaddrs *one = all; one != NULL;
	     one = one->ifa_next) {
		if (one->ifa_addr == NULL ||
		    one->ifa_addr->sa_family != AF_PACKET)
			continue;
		say_interface(doctor, all, one, raw);
		n++;
	}
	freeifaddrs(all);
	if (n == 0)
		doctor_say(doctor, DOCTOR_LIMITED, NULL,
		    "the kernel names no interface here");
}
