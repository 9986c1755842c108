#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "data/rec.h"
#include "data/target.h"

#define LIST_MAX 48000 /* bytes of a list of networks */
#define ENTRY_LEN (2 * MIPO_ADDR_LEN)

static bool
is_label(const char *s, size_t len)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

	return len >= 1 && len <= 63 && strspn(s, good) >= len &&
	    s[0] != '-' && s[len - 1] != '-';
}

/* RFC 1123 with underscores; the last label is no number or range. */
static bool
is_name(const char *s)
{
	size_t len = strlen(s), label = 0, at = 0;

	if (len == 0 || len > 253)
		return false;
	for (; at < len; at += label + 1) {
		label = strcspn(s + at, ".");
		if (!is_label(s + at, label))
			return false;
	}
	at -= label + 1;
	if (s[at] == '0' && (s[at + 1] == 'x' || s[at + 1] == 'X'))
		return false; /* resolvers take 0x7f000001 for an address */
	return strspn(s + at, "0123456789-") < label;
}

/* The last address: in full, or the last octet where first is IPv4. */
static int
parse_last(const char *s, const struct mipo_addr *first,
    struct mipo_addr *ret_last)
{
	struct mipo_addr last = *first;
	uint64_t octet;

	if (mipo_addr_parse(s, ret_last, NULL) == 0)
		return ret_last->family == first->family ? 0 : -1;
	if (first->family != 4 || mipo_text_u64(s, 0, 255, &octet, NULL) != 0)
		return -1;
	last.b[3] = (uint8_t)octet;
	*ret_last = last;
	return 0;
}

/* 1 when s is a range, 0 when it may be something else, -1 on error. */
static int
parse_range(const char *s, struct mipo_range *ret_range, struct mipo_err *err)
{
	const char *dash = strchr(s, '-');
	struct mipo_range range;

	if (dash == NULL ||
	    mipo_addr_parse_n(s, (size_t)(dash - s), &range.first) != 0 ||
	    parse_last(dash + 1, &range.first, &range.last) != 0)
		return 0;
	if (mipo_addr_cmp(&range.first, &range.last) > 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "range \"%.100s\" runs backwards", s);
	*ret_range = range;
	return 1;
}

/* 1 when s names addresses, 0 when it is a host name, -1 on error. */
static int
parse(const char *s, struct mipo_range *ret_range, struct mipo_err *err)
{
	int r;

	if (strchr(s, '/') != NULL) {
		r = mipo_addr_parse_cidr(
		    s, &ret_range->first, &ret_range->last, err);
		return r == 0 ? 1 : -1;
	}
	if (mipo_addr_parse(s, &ret_range->first, NULL) == 0) {
		ret_range->last = ret_range->first;
		return 1;
	}
	r = parse_range(s, ret_range, err);
	if (r != 0 || is_name(s))
		return r;
	if (strchr(s, '%') != NULL)
		return mipo_addr_parse(s, &ret_range->first, err);
	return mipo_err_set(err, MIPO_E_USAGE,
	    "\"%.100s\" is not an address, a network, a range or a name", s);
}

/* The largest network that begins at addr and ends at last or before. */
static unsigned
widest(const struct mipo_addr *addr, const struct mipo_addr *last,
    struct mipo_addr *ret_end)
{
	unsigned bits = 8 * (unsigned)mipo_addr_size(addr);
	struct mipo_addr first, end;

	*ret_end = *addr;
	for (; bits > 0; bits--) {
		mipo_addr_network(addr, bits - 1, &first, &end);
		if (mipo_addr_cmp(&first, addr) != 0 ||
		    mipo_addr_cmp(&end, last) > 0)
			break;
		*ret_end = end;
	}
	return bits;
}

/* ::ffff:a.b.c.d: packets to it are of IPv4, and fences think of it as IPv6. */
static bool
is_mapped(const struct mipo_addr *addr)
{
	static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

	return addr->family == 6 &&
	    memcmp(addr->b, prefix, sizeof(prefix)) == 0;
}

static void
unmap(const struct mipo_addr *addr, struct mipo_addr *ret_addr)
{
	memset(ret_addr, 0, sizeof(*ret_addr));
	ret_addr->family = 4;
	memcpy(ret_addr->b, addr->b + 12, 4);
}

/* Names the word that is meant. */
static int
refuse_mapped(const char *token, const struct mipo_range *range,
    struct mipo_err *err)
{
	struct mipo_addr first, last, end;
	char from[MIPO_ADDR_LEN], to[MIPO_ADDR_LEN], bits[12] = "";
	unsigned n;

	unmap(&range->first, &first);
	unmap(&range->last, &last);
	(void)mipo_addr_format(&first, from);
	(void)mipo_addr_format(&last, to);
	n = widest(&first, &last, &end);
	if (mipo_addr_cmp(&end, &last) != 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%.100s\" is IPv4 in the form of IPv6: write %s-%s",
		    token, from, to);
	if (n < 32)
		(void)snprintf(bits, sizeof(bits), "/%u", n);
	return mipo_err_set(err, MIPO_E_USAGE,
	    "\"%.100s\" is IPv4 in the form of IPv6: write %s%s", token, from,
	    bits);
}

int
mipo_target_parse(const char *token, struct mipo_range *ret_range,
    bool *ret_is_name, struct mipo_err *err)
{
	struct mipo_range range = {{0}, {0}};
	int r = parse(token, &range, err);

	if (r < 0)
		return -1;
	if (r > 0 && is_mapped(&range.first) && is_mapped(&range.last))
		return refuse_mapped(token, &range, err);
	if (r > 0)
		*ret_range = range;
	if (r == 0 && ret_is_name == NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%.100s\" is a name where an address must be", token);
	if (ret_is_name != NULL)
		*ret_is_name = r == 0;
	return 0;
}

int
mipo_targets_add(struct mipo_targets *targets, const char *token,
    bool *ret_is_name, struct mipo_err *err)
{
	struct mipo_range range;
	bool is_name = false;

	if (mipo_target_parse(token, &range,
		ret_is_name == NULL ? NULL : &is_name, err) != 0)
		return -1;
	if (!is_name && mipo_targets_add_range(targets, &range, err) != 0)
		return mipo_err_prefix(err, "\"%.100s\"", token);
	if (ret_is_name != NULL)
		*ret_is_name = is_name;
	return 0;
}

/* Where a canonical list goes: counted first, put when it fits. */
struct list {
	struct mipo_rec *rec; /* NULL: count only */
	const char *key;
	size_t bytes;
};

static void
list_add(struct list *list, const char *entry)
{
	list->bytes += strlen(entry) + 3; /* quotes and comma */
	if (list->rec != NULL)
		mipo_rec_add_str(list->rec, list->key, entry);
}

static void
list_networks(struct list *list, const struct mipo_range *range)
{
	struct mipo_addr at = range->first, end;
	char entry[ENTRY_LEN];
	unsigned bits;
	size_t len;

	do {
		bits = widest(&at, &range->last, &end);
		len = mipo_addr_format(&at, entry);
		if (bits < 8 * mipo_addr_size(&at))
			(void)snprintf(
			    entry + len, sizeof(entry) - len, "/%u", bits);
		list_add(list, entry);
		at = end;
	} while (mipo_addr_add(&at, 1) &&
	    mipo_addr_cmp(&at, &range->last) <= 0);
}

static void
list_range(struct list *list, const struct mipo_range *range)
{
	char entry[ENTRY_LEN];
	size_t len = mipo_addr_format(&range->first, entry);

	if (mipo_addr_cmp(&range->first, &range->last) != 0) {
		entry[len] = '-';
		(void)mipo_addr_format(&range->last, entry + len + 1);
	}
	list_add(list, entry);
}

int
mipo_targets_put(const struct mipo_targets *targets, struct mipo_rec *rec,
    const char *key, struct mipo_err *err)
{
	void (*const forms[])(struct list *, const struct mipo_range *) = {
	    list_networks, list_range};
	const size_t most[] = {LIST_MAX, MIPO_REC_MAX_SCOPE};
	struct list list = {.key = key};
	const struct mipo_range *r;
	size_t n;

	r = mipo_targets_ranges(targets, &n);
	for (size_t form = 0; form < 2; form++) {
		list.bytes = 0;
		for (size_t i = 0; i < n && list.bytes <= most[form]; i++)
			forms[form](&list, &r[i]);
		if (list.bytes > most[form])
			continue;
		list.rec = rec;
		mipo_rec_put_list(rec, key);
		for (size_t i = 0; i < n; i++)
			forms[form](&list, &r[i]);
		return mipo_rec_ok(rec, err);
	}
	return mipo_err_set(err, MIPO_E_USAGE,
	    "%zu ranges of %s take more than %d MiB of text: split the scan",
	    n, key, MIPO_REC_MAX_SCOPE >> 20);
}

/* What was scanned stays what it was, in whatever form. */
static int
add_recorded(struct mipo_targets *targets, const char *token,
    struct mipo_err *err)
{
	struct mipo_range range;

	if (parse(token, &range, err) == 1)
		return mipo_targets_add_range(targets, &range, err) == 0
		    ? 0
		    : mipo_err_prefix(err, "\"%.100s\"", token);
	return mipo_targets_add(targets, token, NULL, err);
}

int
mipo_targets_get(struct mipo_targets *targets, const struct mipo_rec *rec,
    const char *key, struct mipo_err *err)
{
	struct mipo_targets *all = mipo_targets_new(err);
	size_t n = mipo_rec_len(rec, key);
	char path[96];
	int r = all == NULL ? -1 : 0;

	if (r == 0 && mipo_rec_kind(rec, key) != MIPO_K_LIST)
		r = mipo_err_set(err, MIPO_E_INPUT, "no list \"%s\"", key);
	for (size_t i = 0; i < n && r == 0; i++) {
		const char *s;

		(void)snprintf(path, sizeof(path), "%.64s.%zu", key, i);
		s = mipo_rec_str(rec, path);
		r = s == NULL ? mipo_err_set(err, MIPO_E_INPUT,
				    "\"%s\" is not text", path)
			      : add_recorded(all, s, err);
	}
	if (r == 0)
		r = mipo_targets_add_all(targets, all, err);
	mipo_targets_free(all);
	return r;
}
