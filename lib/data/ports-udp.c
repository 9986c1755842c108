#include <string.h>

#include "base/text.h"
#include "data/ports.h"

/* UDP services by IANA's names, in ascending order of port. */
static const struct {
	uint16_t port;
	const char *name;
} services[] = {{7, "echo"}, {9, "discard"}, {13, "daytime"},
    {17, "qotd"}, {19, "chargen"}, {37, "time"}, {49, "tacacs"},
    {53, "domain"}, {67, "bootps"}, {68, "bootpc"}, {69, "tftp"},
    {88, "kerberos"}, {111, "rpcbind"}, {123, "ntp"}, {137, "netbios-ns"},
    {138, "netbios-dgm"}, {161, "snmp"}, {162, "snmp-trap"},
    {177, "xdmcp"}, {319, "ptp-event"}, {320, "ptp-general"},
    {389, "ldap"}, {427, "svrloc"}, {443, "https"}, {464, "kpasswd"},
    {500, "isakmp"}, {514, "syslog"}, {520, "rip"}, {521, "ripng"},
    {546, "dhcpv6-client"}, {547, "dhcpv6-server"}, {623, "asf-rmcp"},
    {853, "domain-s"}, {1194, "openvpn"}, {1434, "ms-sql-m"},
    {1645, "radius-old"}, {1646, "radacct-old"}, {1701, "l2tp"},
    {1812, "radius"}, {1813, "radius-acct"}, {1900, "ssdp"},
    {2049, "nfs"}, {2123, "gtp-control"}, {2152, "gtp-user"},
    {3391, "rds"}, {3478, "stun"}, {3702, "ws-discovery"},
    {4500, "ipsec-nat-t"}, {4789, "vxlan"}, {5060, "sip"},
    {5349, "stuns"}, {5351, "nat-pmp"}, {5353, "mdns"}, {5355, "llmnr"},
    {5683, "coap"}, {5684, "coaps"}, {6081, "geneve"}, {6343, "sflow"},
    {10000, "ndmp"}, {11211, "memcache"}, {17185, "wdbrpc"},
    {47808, "bacnet"}, {51820, "wireguard"}};

#define N (sizeof(services) / sizeof(*services))

const char *
mipo_udp_name(uint16_t port)
{
	for (size_t i = 0; i < N; i++)
		if (services[i].port == port)
			return services[i].name;
	return NULL;
}

uint16_t
mipo_udp_find(const char *name)
{
	for (size_t i = 0; i < N; i++)
		if (strcmp(services[i].name, name) == 0)
			return services[i].port;
	return 0;
}

const char *
mipo_udp_nearest(const char *name)
{
	const char *names[N + 1] = {NULL};

	for (size_t i = 0; i < N; i++)
		names[i] = services[i].name;
	return mipo_text_nearest(name, names);
}
