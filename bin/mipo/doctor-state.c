/* What mipo keeps: programs, configuration, the state and its disk. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "bin/mipo/doctor.h"
#include "bin/mipo/mipo.h"
#include "kit/conf.h"
#include "store/state.h"

void
doctor_programs(struct doctor *doctor)
{
	static const char *const names[] = {
	    "scan", "diff", "audit", "alarm", "export", "store"};
	char missing[200] = "", *path;
	size_t n = sizeof(names) / sizeof(*names), found = 0;

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(missing);

		if (find_program(names[i], &path, NULL) == 0) {
			free(path);
			found++;
		} else {
			(void)snprintf(missing + len, sizeof(missing) - len,
			    " mipo-%s", names[i]);
		}
	}
	if (found == n)
		doctor_say(doctor, DOCTOR_OK, NULL, "all %zu are here", n);
	else
		doctor_say(doctor, DOCTOR_LIMITED,
		    "make install puts them beside mipo", "not found:%s",
		    missing);
}

void
doctor_config(struct doctor *doctor)
{
	struct mipo_err err = {0};
	struct mipo_conf *conf;
	size_t files, profiles = 0;

	if (mipo_conf_load(
		NULL, doctor_common(doctor)->system, &conf, &err) != 0) {
		doctor_say(doctor, DOCTOR_BROKEN, "see mipo.conf(5)", "%s",
		    err.text);
		return;
	}
	(void)mipo_conf_files(conf, &files);
	while (mipo_conf_profiles(conf)[profiles] != NULL)
		profiles++;
	doctor_say(doctor, DOCTOR_OK,
	    profiles == 0 ? "mipo run wants a profile: see mipo.conf(5)" : NULL,
	    "%zu %s read, %zu %s", files, files == 1 ? "file" : "files",
	    profiles, profiles == 1 ? "profile" : "profiles");
	mipo_conf_free(conf);
}

/* Where the state is. *ret_path: caller's; NULL and err where it is not. */
static char *
find_state(struct doctor *doctor, struct mipo_err *err)
{
	const struct mipo_common *common = doctor_common(doctor);
	char *path = NULL;

	if (mipo_state_find(common->state, common->system, &path, err) != 0)
		return NULL;
	return path;
}

static bool
may(const char *path, const char *name, int mode)
{
	char full[4096];

	(void)snprintf(full, sizeof(full), "%s/%s", path, name);
	return access(full, mode) == 0;
}

/* What nobody else may do to parts of the state. */
static const struct guarded {
	const char *name;
	mode_t type, never; /* bits of the mode that must not be set */
} guarded[] = {{"", S_IFDIR, 022}, {"mipo.db", S_IFREG, 026},
    {"objects", S_IFDIR, 022}, {"keys", S_IFDIR, 077},
    {"keys/log.key", S_IFREG, 077}, {"keys/ratchet", S_IFREG, 077},
    {"keys/scanner.key", S_IFREG, 077}};

/* Why one of them is not kept; NULL: it is. */
static const char *
not_kept(const struct guarded *part, const struct stat *st, uid_t owner)
{
	if ((st->st_mode & S_IFMT) != part->type)
		return "it is of another kind";
	if (st->st_uid != owner && st->st_uid != 0)
		return "it belongs to somebody else than the state";
	if ((st->st_mode & part->never & 022) != 0)
		return "others may write it";
	if ((st->st_mode & part->never) != 0)
		return "others may read it";
	return NULL;
}

/* Says what others may do that only the owner should. */
static void
say_modes(struct doctor *doctor, const char *path)
{
	char full[4096];
	struct stat st;
	uid_t owner = stat(path, &st) == 0 ? st.st_uid : geteuid();

	if (owner != 0 && owner != geteuid() && geteuid() != 0)
		doctor_say(doctor, DOCTOR_LIMITED, NULL,
		    "%s: it belongs to uid %u", path, (unsigned)owner);
	for (size_t i = 0; i < sizeof(guarded) / sizeof(*guarded); i++) {
		const char *why = NULL;

		(void)snprintf(full, sizeof(full), "%s%s%s", path,
		    *guarded[i].name == '\0' ? "" : "/", guarded[i].name);
		if ((*guarded[i].name == '\0' ? stat : lstat)(full, &st) == 0)
			why = not_kept(&guarded[i], &st, owner);
		if (why != NULL)
			doctor_say(doctor, DOCTOR_LIMITED,
			    "take the rights away with chmod and chown, and "
			    "ask who had them",
			    "%s: %s (mode %04o, uid %u)", full, why,
			    (unsigned)st.st_mode & 07777,
			    (unsigned)st.st_uid);
	}
}

static void
say_state(struct doctor *doctor, const char *path)
{
	struct mipo_err err = {0};
	struct mipo_state *state;

	if (mipo_state_open(path, false, &state, &err) != 0) {
		doctor_say(doctor, DOCTOR_BROKEN,
		    "act as the state's owner, or name another by MIPO_STATE",
		    "%s: %s", path, err.text);
		return;
	}
	mipo_state_close(state);
	say_modes(doctor, path);
	if (!may(path, "mipo.db", W_OK))
		doctor_say(doctor, DOCTOR_LIMITED,
		    "act as the state's owner to record and acknowledge",
		    "%s: can be read, not written", path);
	else if (!may(path, "keys/log.key", R_OK))
		doctor_say(doctor, DOCTOR_BROKEN,
		    "restore keys/ from its backup, or see mipo-audit(1), "
		    "recover",
		    "%s: the log key cannot be read: nothing can be signed",
		    path);
	else
		doctor_say(doctor, DOCTOR_OK, NULL,
		    "%s: readable, writable, with its log key", path);
}

void
doctor_state(struct doctor *doctor)
{
	struct mipo_err err = {0};
	char *path = find_state(doctor, &err);

	if (path != NULL)
		say_state(doctor, path);
	else
		doctor_say(doctor, DOCTOR_LIMITED,
		    "scan, diff, alarm, export and verify work without one",
		    "%s", err.text);
	free(path);
}

static const struct {
	unsigned long magic;
	const char *name;
	enum verdict verdict;
	const char *advice;
} kinds[] = {{0xef53, "ext4", DOCTOR_OK, NULL},
    {0x58465342, "xfs", DOCTOR_OK, NULL},
    {0x9123683e, "btrfs", DOCTOR_OK, NULL},
    {0x2fc12fc1, "zfs", DOCTOR_OK, NULL},
    {0xf2f52010, "f2fs", DOCTOR_OK, NULL},
    {0x01021994, "tmpfs", DOCTOR_LIMITED,
	"the state will be gone at the next boot: move it to a disk"},
    {0x794c7630, "overlay", DOCTOR_LIMITED,
	"the state will go with the container: put it on a volume"},
    {0x6969, "nfs", DOCTOR_BROKEN, "the state needs a local disk"},
    {0x517b, "smb", DOCTOR_BROKEN, "the state needs a local disk"},
    {0xff534d42, "cifs", DOCTOR_BROKEN, "the state needs a local disk"},
    {0xfe534d42, "smb2", DOCTOR_BROKEN, "the state needs a local disk"},
    {0x01021997, "9p", DOCTOR_BROKEN, "the state needs a local disk"},
    {0x65735546, "fuse", DOCTOR_LIMITED,
	"make sure that this file system locks and syncs as a disk does"},
    {0, "unknown", DOCTOR_LIMITED,
	"make sure that this file system locks and syncs as a disk does"}};

/* Milliseconds that a durable write takes, the middle of three; -1: none. */
static double
sync_ms(const char *dir)
{
	char path[4096], block[4096] = "mipo doctor";
	double ms[3];
	int fd, n = 0;

	(void)snprintf(path, sizeof(path), "%s/.doctor-XXXXXX", dir);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return -1;
	(void)unlink(path);
	for (; n < 3; n++) {
		uint64_t began = mipo_clock_mono_ns();

		if (pwrite(fd, block, sizeof(block), 0) < 0 || fsync(fd) != 0)
			break;
		ms[n] = (double)(mipo_clock_mono_ns() - began) / 1e6;
	}
	(void)close(fd);
	if (n < 3)
		return -1;
	if ((ms[0] <= ms[1]) == (ms[1] <= ms[2]))
		return ms[1];
	return (ms[1] <= ms[0]) == (ms[0] <= ms[2]) ? ms[0] : ms[2];
}

static void
say_filesystem(struct doctor *doctor, const char *path)
{
	struct statfs fs;
	unsigned long long mib;
	char speed[64] = "a durable write was not tried (not writable)";
	double ms;
	size_t i = 0;

	if (statfs(path, &fs) != 0) {
		doctor_say(doctor, DOCTOR_BROKEN, NULL, "%s: %s", path,
		    strerror(errno));
		return;
	}
	while (kinds[i].magic != 0 &&
	    kinds[i].magic != ((unsigned long)fs.f_type & 0xffffffffUL))
		i++;
	mib = (unsigned long long)fs.f_bavail *
	    (unsigned long long)fs.f_bsize >> 20;
	ms = sync_ms(path);
	if (ms >= 0)
		(void)snprintf(speed, sizeof(speed),
		    "a durable write takes %.2f ms", ms);
	doctor_say(doctor, kinds[i].verdict, kinds[i].advice,
	    "%s: %s, %llu MiB free, %s", path, kinds[i].name, mib, speed);
	if (mib < 256)
		doctor_say(doctor, DOCTOR_LIMITED,
		    "make room: what cannot be written is not recorded",
		    "only %llu MiB are free", mib);
}

void
doctor_filesystem(struct doctor *doctor)
{
	char *path = find_state(doctor, NULL);

	if (path != NULL)
		say_filesystem(doctor, path);
	free(path);
}
