/* What the files of a scan share. */
#ifndef MIPO_NET_SCANNER_IMPL_H
#define MIPO_NET_SCANNER_IMPL_H

#include <pthread.h>
#include <stdatomic.h>

#include "net/caps.h"
#include "net/capture.h"
#include "net/neighbor.h"
#include "net/pace.h"
#include "net/rate.h"
#include "net/route.h"
#include "net/scanner.h"
#include "net/space.h"
#include "net/tally.h"
#include "net/timelog.h"
#include "net/watch.h"
#include "trust/cookie.h"
#include "trust/perm.h"

struct mipo_connects;
struct mipo_payloads;
struct mipo_reply;
struct mipo_reroute;
struct mipo_resume;
struct mipo_sender;

/* An interface that replies come in on. */
struct mipo_scanner_link {
	unsigned ifindex;
	char ifname[16];
	bool loopback, ether;
	struct mipo_capture *capture;
	int64_t at_us; /* when the last packet that was read had arrived */
	bool empty;    /* there was no other behind it */
};

/* Rounds of asking for neighbours that go on while others are probed. */
struct mipo_sweep {
	bool on;
	bool beside;	   /* it was, and what it found is to be taken */
	unsigned rounds;   /* to come */
	bool asking;	   /* one is under way, */
	uint64_t entry;	   /* and this is next */
	uint64_t until_ns; /* answers are waited for */
};

struct mipo_scanner {
	struct mipo_scanner_config config;
	struct mipo_scanner_hooks hooks;
	struct mipo_space *space;
	struct mipo_perm *perm;
	uint64_t segments;	   /* of the order */
	struct mipo_interval part; /* of the order, that it is to walk, */
	struct mipo_interval window; /* and now: its pairs are at hand */
	struct mipo_pairs pairs;
	struct mipo_pace pace;
	struct mipo_tally tally;
	uint8_t perm_key[MIPO_PERM_KEY_LEN];
	bool wall_set; /* by --now: it is not the clock of captures */
	atomic_bool stopped;
	bool cut; /* it was, before all pairs were looked at */
	atomic_bool spent;	  /* a probe was due, and none was left */
	_Atomic uint64_t allowed; /* probes left of config.max_probes */
	bool udp, echo; /* that is the method */
	unsigned pass;
	unsigned fades; /* percent that answered less towards the end */
	uint64_t shut;	/* hosts that did not at all from some time on */
	bool unseen;	/* that could not be told */
	uint64_t last_send_ns;
	uint32_t max_rtt_us, min_rtt_us; /* that were measured; 0: none */
	const char *phase;
	struct mipo_resume *resume; /* resume.h; NULL: no journal */

	/* where the scan chooses its rate */
	struct mipo_rate rate;
	struct mipo_caps *caps;
	struct mipo_rate_seen seen; /* up to the last look */
	uint64_t looked_ns, heard, late, lacking;
	uint64_t sent_before; /* not to be counted in what caps see */
	uint64_t sent_first;  /* when the second pass began */

	/* syn, udp */
	struct mipo_sender *senders;
	unsigned n_senders;
	_Atomic uint64_t pps; /* of all of them; 0: no limit */
	struct mipo_watch watch;
	_Atomic uint64_t heeded_ns; /* when all that had come was read */
	pthread_mutex_t refusals; /* held where the tally counts one */
	struct mipo_sweep sweep;
	bool mending;	/* what was refused, or is late, is being sent */
	bool mended;	/* that was so in pass 0 */
	struct mipo_cookie cookie;
	uint64_t spread; /* multiplier, odd: pair to source port */
	uint16_t sport;
	struct mipo_routes routes;
	struct mipo_reroute *reroute;
	struct mipo_neighbors *neighbors;
	struct mipo_wire *wires[MIPO_MAX_PATHS]; /* not for probes */
	struct mipo_scanner_link links[MIPO_MAX_PATHS];
	size_t n_links;
	int canary_fds[MIPO_MAX_CANARIES];
	size_t canary_paths[MIPO_MAX_CANARIES];
	struct mipo_payloads *payloads; /* udp */
	uint32_t alive; /* bits of paths that an answer came from */

	/* connect */
	struct mipo_connects *connects;
	uint64_t connected; /* places of the order that this pass is past */

	struct mipo_identify *identify; /* NULL: open ports are left alone */
};

#include "net/scanner-part.h"

#endif
