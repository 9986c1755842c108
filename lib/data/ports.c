#include "data/ports.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/catalog.h"

#define PORT_MAX 65535

struct mipo_ports {
	bool has[PORT_MAX + 1];
	uint16_t list[PORT_MAX];
	size_t n;
};

struct mipo_ports *
mipo_ports_new(struct mipo_err *err)
{
	return mipo_calloc(1, sizeof(struct mipo_ports), err);
}

void
mipo_ports_free(struct mipo_ports *ports)
{
	free(ports);
}

static void
relist(struct mipo_ports *ports)
{
	ports->n = 0;
	for (unsigned p = 1; p <= PORT_MAX; p++)
		if (ports->has[p])
			ports->list[ports->n++] = (uint16_t)p;
}

static const struct {
	const struct mipo_service *rows;
	const size_t *n;
} catalogs[MIPO_PROTO_N] = {[MIPO_TCP] = {mipo_catalog, &mipo_catalog_n},
    [MIPO_UDP] = {mipo_catalog_udp, &mipo_catalog_udp_n}};

static const char *
nearest(enum mipo_proto proto, const char *name)
{
	size_t n;
	const struct mipo_service *rows = mipo_service_table(proto, &n);
	const char **names, *near;

	names = mipo_calloc(n + 1, sizeof(*names), NULL);
	if (names == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		names[i] = rows[i].name;
	near = mipo_text_nearest(name, names);
	free(names);
	return near;
}

/* A number, a range or a service's name. */
static int
parse(const char *s, enum mipo_proto proto, uint64_t *ret_first,
    uint64_t *ret_last)
{
	const struct mipo_service *service;
	const char *dash = strchr(s, '-');
	char first[6] = "";

	if (*s < '0' || *s > '9') {
		service = mipo_service_find(proto, s);
		*ret_first = *ret_last = service == NULL ? 0 : service->port;
		return service == NULL ? -1 : 0;
	}
	if (dash == NULL) {
		dash = s + strlen(s);
	} else if (mipo_text_u64(dash + 1, 1, PORT_MAX, ret_last, NULL) != 0) {
		return -1;
	}
	if (dash - s >= (ptrdiff_t)sizeof(first))
		return -1;
	memcpy(first, s, (size_t)(dash - s));
	if (mipo_text_u64(first, 1, PORT_MAX, ret_first, NULL) != 0)
		return -1;
	if (*dash == '\0')
		*ret_last = *ret_first;
	return *ret_first <= *ret_last ? 0 : -1;
}

static bool
is_port(const char *s)
{
	uint64_t n;

	return mipo_text_u64(s, 1, PORT_MAX, &n, NULL) == 0;
}

/* Nobody means a service by a number that is wrong. */
static int
refuse(const char *token, enum mipo_proto proto, struct mipo_err *err)
{
	const bool number = *token >= '0' && *token <= '9';
	const char *near = number ? NULL : nearest(proto, token);
	const size_t zeros = strspn(token, "0");
	char *end;
	const unsigned long first = strtoul(token, &end, 10);

	if (zeros > 0 && is_port(token + zeros))
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%s\" is not a port: write %s", token, token + zeros);
	if (number && *end == '-' && is_port(end + 1) &&
	    first > strtoul(end + 1, NULL, 10))
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%s\" is not a port or a range: it runs backwards",
		    token);
	return mipo_err_set(err, MIPO_E_USAGE,
	    "\"%s\" is not a port (1 to 65535), a range such as 8000-8100 or "
	    "a service's name%s%s%s", token,
	    near == NULL ? "" : " (did you mean ", near == NULL ? "" : near,
	    near == NULL ? "" : "?)");
}

static int
add_token(const char *s, size_t len, enum mipo_proto proto, bool *has,
    struct mipo_err *err)
{
	uint64_t first, last;
	char token[64];

	if (len >= sizeof(token)) {
		len = sizeof(token) - 1;
		memcpy(token, s, len);
		token[len] = '\0';
		return refuse(token, proto, err);
	}
	memcpy(token, s, len);
	token[len] = '\0';
	if (parse(token, proto, &first, &last) != 0)
		return refuse(token, proto, err);
	for (uint64_t p = first; p <= last; p++)
		has[p] = true;
	return 0;
}

static int
add_spec(struct mipo_ports *ports, const char *spec,
    enum mipo_proto proto, struct mipo_err *err)
{
	bool has[PORT_MAX + 1];

	memcpy(has, ports->has, sizeof(has));
	for (;;) {
		size_t len = strcspn(spec, ",");

		if (add_token(spec, len, proto, has, err) != 0)
			return -1;
		spec += len;
		if (*spec == '\0')
			break;
		spec++;
	}
	memcpy(ports->has, has, sizeof(has));
	relist(ports);
	return 0;
}

int
mipo_ports_add(
    struct mipo_ports *ports, const char *spec, struct mipo_err *err)
{
	return add_spec(ports, spec, MIPO_TCP, err);
}

int
mipo_ports_add_proto(struct mipo_ports *ports, enum mipo_proto proto,
    const char *spec, struct mipo_err *err)
{
	return add_spec(ports, spec, proto, err);
}

int
mipo_ports_add_top(
    struct mipo_ports *ports, uint64_t n, struct mipo_err *err)
{
	if (n < 1 || n > mipo_catalog_n)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "the catalog ranks %zu ports, so that the top may be "
		    "1 to %zu of them, not %llu", mipo_catalog_n,
		    mipo_catalog_n, (unsigned long long)n);
	for (size_t i = 0; i < mipo_catalog_n; i++)
		if (mipo_catalog[i].rank <= n)
			ports->has[mipo_catalog[i].port] = true;
	relist(ports);
	return 0;
}

size_t
mipo_ports_count(const struct mipo_ports *ports)
{
	return ports->n;
}

uint16_t
mipo_ports_at(const struct mipo_ports *ports, size_t i)
{
	return ports->list[i];
}

bool
mipo_ports_has(const struct mipo_ports *ports, uint16_t port)
{
	return ports->has[port];
}

int
mipo_ports_index(const struct mipo_ports *ports, uint16_t port)
{
	size_t low = 0, high = ports->n;

	if (!ports->has[port])
		return -1;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ports->list[mid] < port)
			low = mid + 1;
		else
			high = mid;
	}
	return (int)low;
}

void
mipo_ports_format(const struct mipo_ports *ports, struct mipo_buf *buf)
{
	for (size_t i = 0, end; i < ports->n; i = end + 1) {
		unsigned first = ports->list[i], last;

		end = i;
		while (end + 1 < ports->n &&
		    ports->list[end + 1] == ports->list[end] + 1)
			end++;
		last = ports->list[end];
		if (i > 0)
			mipo_buf_putc(buf, ',');
		mipo_buf_put_u64(buf, first);
		if (last != first) {
			mipo_buf_putc(buf, '-');
			mipo_buf_put_u64(buf, last);
		}
	}
}

const struct mipo_service *
mipo_service_of(enum mipo_proto proto, uint16_t port)
{
	size_t low = 0, n, high;
	const struct mipo_service *rows = mipo_service_table(proto, &n);

	high = n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (rows[mid].port < port)
			low = mid + 1;
		else
			high = mid;
	}
	return low == n || rows[low].port != port ? NULL : &rows[low];
}

const struct mipo_service *
mipo_service_find(enum mipo_proto proto, const char *name)
{
	size_t n;
	const struct mipo_service *rows = mipo_service_table(proto, &n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

const struct mipo_service *
mipo_service_table(enum mipo_proto proto, size_t *ret_n)
{
	*ret_n = *catalogs[proto].n;
	return catalogs[proto].rows;
}
