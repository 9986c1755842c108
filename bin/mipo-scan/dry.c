#include "bin/mipo-scan/plan.h"

#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "data/addr.h"
#include "data/line.h"
#include "net/order.h"

static int
put_binary(void *arg, const void *bytes, size_t len)
{
	mipo_out_put(arg, bytes, len);
	return 0;
}

static int
put_text(void *arg, const struct mipo_addr *addr, uint16_t port)
{
	char line[MIPO_ADDR_LEN + 8];
	size_t len = mipo_addr_format(addr, line), digits = 1;

	line[len++] = ' ';
	for (uint16_t left = port; left >= 10; left /= 10)
		digits++;
	for (size_t i = digits; i > 0; i--, port /= 10)
		line[len + i - 1] = (char)('0' + port % 10);
	mipo_out_line(arg, line, len + digits);
	return 0;
}

static int
put_host(void *arg, const struct mipo_addr *addr, uint16_t port)
{
	char line[MIPO_ADDR_LEN];

	(void)port;
	mipo_out_line(arg, line, mipo_addr_format(addr, line));
	return 0;
}

int
run_dry(struct plan *plan)
{
	const struct mipo_scanner_hooks none = {0};
	struct mipo_scanner *scan = NULL;
	struct mipo_out *out = NULL;
	struct mipo_err err = {0};
	int status = 0;

	if (mipo_scanner_new(&plan->config, &none, plan->targets, plan->ports,
		&scan, &err) != 0)
		return mipo_log_fail(&err, "dry run");
	out = mipo_out_new(STDOUT_FILENO, plan_output(plan), &err);
	if (out != NULL && plan->opts->dry_run[0] == 'b' &&
	    !plan->opts->discover)
		(void)mipo_scanner_order_bytes(scan, put_binary, out);
	else if (out != NULL)
		(void)mipo_scanner_order(
		    scan, plan->opts->discover ? put_host : put_text, out);
	if (out == NULL || mipo_out_flush(out, &err) != 0)
		status = mipo_log_fail(&err, "dry run");
	mipo_out_free(out);
	mipo_scanner_free(scan);
	return status;
}
