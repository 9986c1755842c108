#include "store/scope.h"

#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "data/addr.h"
#include "data/cover.h"
#include "data/ports.h"
#include "data/rec.h"
#include "data/target.h"

int
mipo_scope_init(struct mipo_scope *scope, const struct mipo_rec *start,
    struct mipo_err *err)
{
	memset(scope, 0, sizeof(*scope));
	if (mipo_cover_new(start, &scope->cover, err) != 0)
		return -1;
	scope->targets = mipo_cover_targets(scope->cover);
	scope->ports = mipo_cover_portset(scope->cover);
	scope->proto = mipo_proto_number(mipo_cover_proto(scope->cover));
	return 0;
}

int
mipo_scope_load(struct mipo_scope *scope, const void *start, size_t len,
    struct mipo_err *err)
{
	struct mipo_rec *rec = NULL;
	int r;

	memset(scope, 0, sizeof(*scope));
	r = mipo_rec_parse_max(start, len, MIPO_REC_MAX_SCOPE, &rec, err);
	if (r == 0)
		r = mipo_scope_init(scope, rec, err);
	mipo_rec_free(rec);
	if (r == 0)
		return 0;
	(void)mipo_err_stored(err);
	return mipo_err_prefix(err, "the index of a scan");
}

void
mipo_scope_release(struct mipo_scope *scope)
{
	mipo_cover_free(scope->cover);
	memset(scope, 0, sizeof(*scope));
}

bool
mipo_scope_key(const struct mipo_scope *scope, const struct mipo_addr *ip,
    uint16_t port, uint64_t *ret_key)
{
	uint64_t i;

	if (!mipo_ports_has(scope->ports, port) ||
	    !mipo_targets_find(scope->targets, ip, &i))
		return false;
	*ret_key = i << 16 | port;
	return true;
}

void
mipo_ipkey_set(struct mipo_ipkey *ret_key, const struct mipo_addr *ip)
{
	size_t size = mipo_addr_size(ip);

	memset(ret_key, 0, sizeof(*ret_key));
	ret_key->b[0] = ip->family;
	memcpy(ret_key->b + 1, ip->b, size);
	ret_key->len = (uint8_t)(1 + size);
}

bool
mipo_ipkey_get(const void *p, size_t len, struct mipo_addr *ret_ip)
{
	const uint8_t *b = p;

	if (!(len == 5 && b[0] == 4) && !(len == 17 && b[0] == 6))
		return false;
	memset(ret_ip, 0, sizeof(*ret_ip));
	ret_ip->family = b[0];
	memcpy(ret_ip->b, b + 1, len - 1);
	return true;
}
