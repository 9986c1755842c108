#include "net/mark-rows.h"

/*
 * RFC 1945: without Host, which Redis takes for an attack from a browser,
 * and without a body in the answer.
 */
static const uint8_t http[] =
    "HEAD / HTTP/1.0\r\nUser-Agent: mipo-scan\r\n\r\n";

static const uint8_t redis[] = "PING\r\n";
static const uint8_t memcached[] = "version\r\n";

/* PostgreSQL's SSLRequest: S or N is the answer. */
static const uint8_t postgresql[] = {0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f};

/* RFC 4511, 4.5.1: the root entry, without its attributes. */
static const uint8_t ldap[] = {0x30, 0x25, 2, 1, 1, 0x63, 0x20, 4, 0, 0xa, 1,
    0, 0xa, 1, 0, 2, 1, 1, 2, 1, 0, 1, 1, 0, 0x87, 0xb, 'o', 'b', 'j', 'e',
    'c', 't', 'C', 'l', 'a', 's', 's', 0x30, 0};

/* MS-SMB2, 2.2.3: NEGOTIATE of the dialects 2.0.2 and 2.1. */
static const uint8_t smb[108] = {0, 0, 0, 0x68, 0xfe, 'S', 'M', 'B', 64,
    [18] = 31, [68] = 36, [70] = 2, [72] = 1, [80] = 'm', 'i', 'p', 'o',
    [104] = 2, 2, 0x10, 2};

/* MS-RDPBCGR, 2.2.1.1: TLS or CredSSP. */
static const uint8_t rdp[] = {
    3, 0, 0, 0x13, 0xe, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0};

/* RFC 7766, 8: the name servers of the root, behind a length. */
static const uint8_t dns[] = {
    0, 17, 'm', 'i', 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1};

/* MQTT 3.1.1, 3.1: a clean session without a name. */
static const uint8_t mqtt[] = {
    0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 0};

/* AMQP 0-9-1, 4.2.2: the header of the protocol. */
static const uint8_t amqp[] = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

/* RFC 2326, 10.1. */
static const uint8_t rtsp[] = "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n";

#define TEXT(name) {#name, name, sizeof(name) - 1}
#define BYTES(name) {#name, name, sizeof(name)}

const struct mipo_question mipo_questions[MIPO_ASK_N] = {
    [MIPO_ASK_HTTP] = TEXT(http),
    [MIPO_ASK_TLS] = {.name = "tls"},
    [MIPO_ASK_REDIS] = TEXT(redis),
    [MIPO_ASK_MEMCACHED] = TEXT(memcached),
    [MIPO_ASK_POSTGRESQL] = BYTES(postgresql),
    [MIPO_ASK_LDAP] = BYTES(ldap),
    [MIPO_ASK_SMB] = BYTES(smb),
    [MIPO_ASK_RDP] = BYTES(rdp),
    [MIPO_ASK_DNS] = BYTES(dns),
    [MIPO_ASK_MQTT] = BYTES(mqtt),
    [MIPO_ASK_AMQP] = BYTES(amqp),
    [MIPO_ASK_RTSP] = TEXT(rtsp),
};

const struct mipo_hint mipo_hint_rows[] = {
    {53, MIPO_ASK_DNS},
    {80, MIPO_ASK_HTTP},
    {139, MIPO_ASK_SMB},
    {389, MIPO_ASK_LDAP},
    {443, MIPO_ASK_TLS},
    {445, MIPO_ASK_SMB},
    {465, MIPO_ASK_TLS},
    {554, MIPO_ASK_RTSP},
    {631, MIPO_ASK_HTTP},
    {636, MIPO_ASK_TLS},
    {853, MIPO_ASK_TLS},
    {990, MIPO_ASK_TLS},
    {993, MIPO_ASK_TLS},
    {995, MIPO_ASK_TLS},
    {1883, MIPO_ASK_MQTT},
    {2375, MIPO_ASK_HTTP},
    {2376, MIPO_ASK_TLS},
    {2379, MIPO_ASK_HTTP},
    {3000, MIPO_ASK_HTTP},
    {3268, MIPO_ASK_LDAP},
    {3269, MIPO_ASK_TLS},
    {3389, MIPO_ASK_RDP},
    {4443, MIPO_ASK_TLS},
    {5000, MIPO_ASK_HTTP},
    {5061, MIPO_ASK_TLS},
    {5432, MIPO_ASK_POSTGRESQL},
    {5671, MIPO_ASK_TLS},
    {5672, MIPO_ASK_AMQP},
    {5985, MIPO_ASK_HTTP},
    {5986, MIPO_ASK_TLS},
    {6379, MIPO_ASK_REDIS},
    {6443, MIPO_ASK_TLS},
    {8000, MIPO_ASK_HTTP},
    {8008, MIPO_ASK_HTTP},
    {8080, MIPO_ASK_HTTP},
    {8081, MIPO_ASK_HTTP},
    {8443, MIPO_ASK_TLS},
    {8554, MIPO_ASK_RTSP},
    {8883, MIPO_ASK_TLS},
    {8888, MIPO_ASK_HTTP},
    {9090, MIPO_ASK_HTTP},
    /* Printers print whatever comes. */
    {9100, MIPO_ASK_LISTEN},
    {9101, MIPO_ASK_LISTEN},
    {9102, MIPO_ASK_LISTEN},
    {9103, MIPO_ASK_LISTEN},
    {9104, MIPO_ASK_LISTEN},
    {9105, MIPO_ASK_LISTEN},
    {9106, MIPO_ASK_LISTEN},
    {9107, MIPO_ASK_LISTEN},
    {9200, MIPO_ASK_HTTP},
    {9443, MIPO_ASK_TLS},
    {10250, MIPO_ASK_TLS},
    {11211, MIPO_ASK_MEMCACHED},
};
const size_t mipo_hint_n = sizeof(mipo_hint_rows) / sizeof(*mipo_hint_rows);

#define IS(s) .is = s, .len = sizeof(s) - 1
#define BINARY .text = -1

const struct mipo_mark mipo_mark_rows[] = {
    {"ssh", IS("SSH-")},
    {"http", IS("HTTP/")},
    {"rtsp", IS("RTSP/1.")},
    {"smtp", IS("220"), .with = "SMTP"},
    {"smtp", IS("421"), .with = "SMTP"},
    {"smtp", IS("554"), .with = "SMTP"},
    {"ftp", IS("220"), .with = "FTP"},
    {"ftp", IS("421"), .with = "FTP"},
    {"ftp", IS("530"), .with = "FTP"},
    {"pop3", IS("+OK")},
    {"imap", IS("* OK")},
    {"imap", IS("* PREAUTH")},
    {"imap", IS("* BYE")},
    {"nntp", IS("200 "), .with = "NNTP"},
    {"nntp", IS("201 "), .with = "NNTP"},
    {"nntp", IS("200 "), .with = "NNRP"},
    {"nntp", IS("201 "), .with = "NNRP"},
    {"irc", IS(":"), .with = " NOTICE "},
    {"vnc", IS("RFB 0")},
    {"rsync", IS("@RSYNCD:")},
    {"svn", IS("( success (")},
    {"telnet", IS("\xff\xfb"), BINARY},
    {"telnet", IS("\xff\xfc"), BINARY},
    {"telnet", IS("\xff\xfd"), BINARY},
    {"telnet", IS("\xff\xfe"), BINARY},
    {"mysql", IS("???\0\x0a\x35."), .text = 5},
    {"mysql", IS("???\0\x0a\x38."), .text = 5},
    {"mysql", IS("???\0\x0a\x39."), .text = 5},
    {"mysql", IS("???\0\x0a\x31?."), .text = 5},
    {"mysql", IS("???\0\xff"), .with = "Host", .text = 7},
    {"redis", IS("+PONG\r\n")},
    {"redis", IS("-NOAUTH ")},
    {"redis", IS("-DENIED Redis")},
    {"redis", IS("-ERR unknown command")},
    {"memcached", .asked = MIPO_ASK_MEMCACHED, IS("VERSION ")},
    {"memcached", .asked = MIPO_ASK_HTTP, IS("ERROR\r\nERROR\r\n")},
    {"postgresql", .asked = MIPO_ASK_POSTGRESQL, IS("S"), BINARY,
	.whole = true},
    {"postgresql", .asked = MIPO_ASK_POSTGRESQL, IS("N"), BINARY,
	.whole = true},
    {"postgresql", IS("E????SFATAL"), BINARY},
    {"smb", IS("\0???\xfeSMB"), BINARY},
    {"smb", IS("\0???\xffSMB"), BINARY},
    {"rdp", .asked = MIPO_ASK_RDP, IS("\3\0\0??\xd0"), BINARY},
    {"ldap", .asked = MIPO_ASK_LDAP, IS("0?\2\1\1d"), BINARY},
    {"ldap", .asked = MIPO_ASK_LDAP, IS("0?\2\1\1e"), BINARY},
    {"ldap", .asked = MIPO_ASK_LDAP, IS("0\x81?\2\1\1d"), BINARY},
    {"ldap", .asked = MIPO_ASK_LDAP, IS("0\x82??\2\1\1d"), BINARY},
    {"ldap", .asked = MIPO_ASK_LDAP, IS("0\x84????\2\1\1d"), BINARY},
    {"ldap", .asked = MIPO_ASK_LDAP, IS("0\x84????\2\1\1e"), BINARY},
    {"dns", .asked = MIPO_ASK_DNS, IS("??mi\x80"), BINARY},
    {"dns", .asked = MIPO_ASK_DNS, IS("??mi\x81"), BINARY},
    {"dns", .asked = MIPO_ASK_DNS, IS("??mi\x84"), BINARY},
    {"dns", .asked = MIPO_ASK_DNS, IS("??mi\x85"), BINARY},
    {"mqtt", .asked = MIPO_ASK_MQTT, IS("\x20\2"), BINARY},
    {"amqp", IS("\1\0\0????\0\x0a\0\x0a"), BINARY},
    {"amqp", IS("AMQP"), BINARY},
    {"tls", IS("\x16\3"), BINARY},
    {"tls", IS("\x15\3\0"), BINARY},
    {"tls", IS("\x15\3\1"), BINARY},
    {"tls", IS("\x15\3\2"), BINARY},
    {"tls", IS("\x15\3\3"), BINARY},
};
const size_t mipo_mark_n = sizeof(mipo_mark_rows) / sizeof(*mipo_mark_rows);
