#include "net/payload.h"

/* RFC 1035, 4.1: the name servers of the root, recursion not desired. */
static const uint8_t dns[] = {
    0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1};

/* RFC 1350, 5: a read request; without such a file an error comes. */
static const uint8_t tftp[] = "\0\1mipo-scan-asks\0octet";

/* RFC 5531, 9, of RFC 1833: procedure 0 of the port mapper, version 2. */
static const uint8_t portmap[40] = {
    [11] = 2, [13] = 1, [14] = 0x86, [15] = 0xa0, [19] = 2};

/* The same of NFS (RFC 1813, 3.3.0), version 3. */
static const uint8_t nfs[40] = {
    [11] = 2, [13] = 1, [14] = 0x86, [15] = 0xa3, [19] = 3};

/* RFC 5905, 7.3: a client's packet, version 4; its time comes back. */
static const uint8_t ntp[48] = {0x23};

/* RFC 1002, 4.2.17: the status of the node. */
static const uint8_t netbios[] =
    "\0\0\0\0\0\1\0\0\0\0\0\0 CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0\0\x21\0\1";

/* X.Org's XDMCP, version 1: Query, without names of authentication. */
static const uint8_t xdmcp[] = {0, 1, 0, 2, 0, 1, 0};

/* RFC 1157, 4.1.2: sysUpTime.0 by the community public. */
static const uint8_t snmp1[] = {0x30, 0x29, 2, 1, 0, 4, 6, 'p', 'u', 'b', 'l',
    'i', 'c', 0xa0, 0x1c, 2, 4, 0x41, 0, 0, 0, 2, 1, 0, 2, 1, 0, 0x30, 0xe,
    0x30, 0xc, 6, 8, 0x2b, 6, 1, 2, 1, 1, 3, 0, 5, 0};

/* RFC 3416, 4.2.1, in RFC 1901: the same in version 2c. */
static const uint8_t snmp2[] = {0x30, 0x29, 2, 1, 1, 4, 6, 'p', 'u', 'b', 'l',
    'i', 'c', 0xa0, 0x1c, 2, 4, 0x41, 0, 0, 0, 2, 1, 0, 2, 1, 0, 0x30, 0xe,
    0x30, 0xc, 6, 8, 0x2b, 6, 1, 2, 1, 1, 3, 0, 5, 0};

/* RFC 3414, 4: discovery of the engine, which needs no name of a user. */
static const uint8_t snmp3[] = {0x30, 0x3e, 2, 1, 3, 0x30, 0x11, 2, 4, 0x41,
    0, 0, 0, 2, 3, 0, 0xff, 0xe3, 4, 1, 4, 2, 1, 3, 4, 0x10, 0x30, 0xe, 4, 0,
    2, 1, 0, 2, 1, 0, 4, 0, 4, 0, 4, 0, 0x30, 0x14, 4, 0, 4, 0, 0xa0, 0xe, 2,
    4, 0x41, 0, 0, 0, 2, 1, 0, 2, 1, 0, 0x30, 0};

/* RFC 4511, 4.5.1, over UDP (MS-ADTS, 6.3.3): the root entry. */
static const uint8_t ldap[] = {0x30, 0x28, 2, 4, 0x41, 0, 0, 0, 0x63, 0x20, 4,
    0, 0xa, 1, 0, 0xa, 1, 0, 2, 1, 1, 2, 1, 0, 1, 1, 0, 0x87, 0xb, 'o', 'b',
    'j', 'e', 'c', 't', 'C', 'l', 'a', 's', 's', 0x30, 0};

/*
 * RFC 9000, 6.1: a version that is none is answered by those that are known,
 * where it came in as many bytes as a first packet must have (14.1).
 */
static const uint8_t quic[1200] = {0xc0, 0x1a, 0x2a, 0x3a, 0x4a, 8, 'm', 'i',
    'p', 'o', 's', 'c', 'a', 'n', 8, 0, 0, 0, 0, 'm', 'i', 'p', 'o'};

/*
 * RFC 7296, 1.2: IKE_SA_INIT with one proposal (AES-CBC-128, SHA2-256, group
 * 14), behind the mark of four zeros that port 4500 wants (RFC 3948, 2.2).
 * The key exchange is 2, the public value of 1: nothing is to be agreed on.
 */
static const uint8_t ike2[380] = {
    0, 0, 0, 0,				/* not ESP */
    0, 0, 0, 0, 'm', 'i', 'p', 'o',	/* SPI */
    [20] = 33, 0x20, 34, 8, 0, 0, 0, 0, 0, 0, 0x1, 0x78,
    34, 0, 0, 0x30, 0, 0, 0, 0x2c, 1, 1, 0, 4, /* SA */
    3, 0, 0, 0xc, 1, 0, 0, 0xc, 0x80, 0xe, 0, 0x80,
    3, 0, 0, 8, 2, 0, 0, 5,
    3, 0, 0, 8, 3, 0, 0, 0xc,
    0, 0, 0, 8, 4, 0, 0, 0xe,
    40, 0, 0x1, 0x8, 0, 0xe, 0, 0,	/* KE */
    [343] = 2,
    0, 0, 0, 0x24,			/* nonce */
    'm', 'i', 'p', 'o', 's', 'c', 'a', 'n', 'm', 'i', 'p', 'o', 's', 'c',
    'a', 'n'};

/* RFC 2409, 5, in RFC 2408, 3: main mode with AES-128, SHA-1, group 14. */
static const uint8_t ike1[] = {0, 0, 0, 0, 'm', 'i', 'p', 'o', 0, 0, 0, 0, 0,
    0, 0, 0, 1, 0x10, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0x54,
    0, 0, 0, 0x38, 0, 0, 0, 1, 0, 0, 0, 1,	/* SA */
    0, 0, 0, 0x2c, 1, 1, 0, 1,			/* proposal */
    0, 0, 0, 0x24, 1, 1, 0, 0,			/* transform */
    0x80, 1, 0, 7, 0x80, 0xe, 0, 0x80, 0x80, 2, 0, 2, 0x80, 4, 0, 0xe,
    0x80, 3, 0, 1, 0x80, 0xb, 0, 1, 0x80, 0xc, 0x70, 0x80};

/* RFC 2453, 3.9.1: the whole table. */
static const uint8_t rip[24] = {1, 2, [23] = 16};

/* DMTF DSP0136 (ASF 2.0), 3.2.4.2: Presence Ping. */
static const uint8_t rmcp[] = {6, 0, 0xff, 6, 0, 0, 0x11, 0xbe, 0x80, 0, 0, 0};

/* OpenVPN's P_CONTROL_HARD_RESET_CLIENT_V2, key 0, no acknowledgement. */
static const uint8_t openvpn[] = {
    0x38, 0, 0, 0, 0, 'm', 'i', 'p', 'o', 0, 0, 0, 0, 0};

/* MC-SQLR, 2.2.2: CLNT_UCAST_EX. */
static const uint8_t mssql[] = {3};

/* UPnP Device Architecture 1.1, 1.3.2: a search for root devices. */
static const uint8_t ssdp[] = "M-SEARCH * HTTP/1.1\r\n"
    "HOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
    "ST: upnp:rootdevice\r\n\r\n";

/* 3GPP TS 29.060, 7.2.1, and TS 29.281, 7.2.1: Echo Request. */
static const uint8_t gtp[] = {0x32, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0};

/* RFC 8489, 5: Binding request. */
static const uint8_t stun[] = {0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0,
    'm', 'i', 'p', 'o', 's', 'c', 'a', 'n'};

/* RFC 3261, 11, and RFC 3581: what the next server is capable of. */
#define SIP_HEAD                                                        \
	"OPTIONS sip:mipo@mipo.invalid SIP/2.0\r\n"                     \
	"Via: SIP/2.0/UDP mipo.invalid;branch=z9hG4bK"
static const uint8_t sip[] = SIP_HEAD
    "00000000;rport\r\nMax-Forwards: 0\r\n"
    "From: <sip:mipo@mipo.invalid>;tag=mipo\r\n"
    "To: <sip:mipo@mipo.invalid>\r\nCall-ID: mipo@mipo.invalid\r\n"
    "CSeq: 1 OPTIONS\r\nContact: <sip:mipo@mipo.invalid>\r\n"
    "Content-Length: 0\r\n\r\n";

/* RFC 6886, 3.2: the external address. */
static const uint8_t nat_pmp[] = {0, 0};

/* RFC 6763, 9, by RFC 6762, 5.5 and 6.7: the kinds of service, unicast. */
static const uint8_t mdns[] = "\0\0\0\0\0\1\0\0\0\0\0\0\x09_services\x07_dns-sd"
    "\x04_udp\x05local\0\0\x0c\x80\1";

/* RFC 7252, 3: GET /.well-known/core, confirmable. */
static const uint8_t coap[] = "\x40\1\0\0\xbb.well-known\4core";

/* memcached's protocol.txt: the UDP frame, and "version". */
static const uint8_t memcached[] = "\0\0\0\0\0\1\0\0version\r\n";

#define BYTES(a) sizeof(a), (a)
#define TEXT(a)	 sizeof(a) - 1, (a)

const struct mipo_payload mipo_payload_rows[] = {
    {"nothing", 0, 0, NULL, 0, 0, 0, false, false, 0},
    {"DNS", 53, BYTES(dns), 0, 2, 0, false, false, 0},
    {"TFTP", 69, BYTES(tftp), 0, 0, 0, false, true,
	1 << 3 | 1 << 5 | 1 << 6},
    {"RPC port mapper", 111, BYTES(portmap), 0, 4, 0, false, false, 0},
    {"NTP", 123, BYTES(ntp), 40, 4, 24, false, false, 0},
    {"NetBIOS-NS", 137, TEXT(netbios), 0, 2, 0, false, false, 0},
    {"SNMPv1", 161, BYTES(snmp1), 18, 3, MIPO_ANYWHERE, false, false, 0},
    {"SNMPv3", 161, BYTES(snmp3), 10, 3, MIPO_ANYWHERE, false, false, 0},
    {"SNMPv2c", 161, BYTES(snmp2), 18, 3, MIPO_ANYWHERE, false, false, 0},
    {"XDMCP", 177, BYTES(xdmcp), 0, 0, 0, false, false, 0},
    {"LDAP", 389, BYTES(ldap), 5, 3, MIPO_ANYWHERE, false, false, 0},
    {"QUIC", 443, BYTES(quic), 15, 4, 6, false, false, 0},
    {"IKEv2", 500, sizeof(ike2) - 4, ike2 + 4, 0, 4, 0, false, false, 0},
    {"IKEv1", 500, BYTES(ike1), 0, 4, 0, false, false, 0},
    {"RIP", 520, BYTES(rip), 0, 0, 0, false, false, 0},
    {"RMCP", 623, BYTES(rmcp), 0, 0, 0, false, false, 0},
    {"OpenVPN", 1194, BYTES(openvpn), 1, 4, 14, false, false, 0},
    {"SQL Server Browser", 1434, BYTES(mssql), 0, 0, 0, false, false, 0},
    {"SSDP", 1900, TEXT(ssdp), 0, 0, 0, false, false, 0},
    {"NFS", 2049, BYTES(nfs), 0, 4, 0, false, false, 0},
    {"GTP-C", 2123, BYTES(gtp), 8, 2, 8, false, false, 0},
    {"GTP-U", 2152, BYTES(gtp), 8, 2, 8, false, false, 0},
    {"STUN", 3478, BYTES(stun), 8, 4, 8, false, false, 0},
    {"IKEv2", 4500, BYTES(ike2), 4, 4, 4, false, false, 0},
    {"SIP", 5060, TEXT(sip), sizeof(SIP_HEAD) - 1, 8, MIPO_ANYWHERE, true,
	false, 0},
    {"NAT-PMP", 5351, BYTES(nat_pmp), 0, 0, 0, false, false, 0},
    {"mDNS", 5353, TEXT(mdns), 0, 2, 0, false, false, 0},
    {"CoAP", 5683, TEXT(coap), 2, 2, 2, false, false, 0},
    {"memcached", 11211, TEXT(memcached), 0, 2, 0, false, false, 0},
};

const size_t mipo_payload_n =
    sizeof(mipo_payload_rows) / sizeof(*mipo_payload_rows);
