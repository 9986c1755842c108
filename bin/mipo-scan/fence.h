/*
 * The fence: scope files that say which addresses may be scanned. A line
 * has addresses, networks and ranges that are allowed; "!" before one, or
 * the word exclude before all of a line, refuses them, and a refusal wins
 * over every allowance. What is neither is outside.
 */
#ifndef MIPO_SCAN_FENCE_H
#define MIPO_SCAN_FENCE_H

struct fence;
struct mipo_err;
struct mipo_list;
struct mipo_rec;
struct mipo_targets;

/* Reads all of the files; *ret_fence is NULL where there is none. */
int fence_load(const struct mipo_list *files, struct fence **ret_fence,
    struct mipo_err *err);
void fence_free(struct fence *fence);

/*
 * Keeps a word that targets were given by, for the error; path is NULL for
 * the command line and else stays the caller's.
 */
int fence_note(struct fence *fence, const char *path, unsigned line,
    const char *word, struct mipo_err *err);

/*
 * -1 unless every target may be scanned: the error names the first that may
 * not, the word that it was given by and the line that refuses it, or the
 * nearest. names is {names: [{name, ips}]}.
 */
int fence_check(const struct fence *fence, const struct mipo_targets *targets,
    const struct mipo_rec *names, struct mipo_err *err);

/* Puts the digests of the files into rec, a scan.start. */
void fence_put(const struct fence *fence, struct mipo_rec *rec);

#endif
