#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "kit/conf-part.h"

static const char whole[] =
    "# nightly look\n"
    "profile \"nightly\" {\n"
    "\ttargets = {\"198.18.0.0/24\", '2001:db8::/64', # both\n"
    "\t    198.18.1.1}\n"
    "\tports = \"22,80\"  /* two\n"
    "\t    lines */ rate = max\n"
    "\tretries = 0 wait = 250ms\n"
    "\tmethod = connect\n"
    "\tchannels = {ops} scope = {a, \"b c\"} contact = \"x y\"\n"
    "}\n"
    "expect web { targets = {\"198.18.0.1\",} ports = \"22\\$,443\" }\n"
    "channel \"ops\" {\n"
    "\ttype = exec\n"
    "\tcommand = {\"/bin/page\", \"say \\\"hi\\\"\", '${HOME}'}\n"
    "\tlimit = 5s\n"
    "}\n";

static struct mipo_err err;

static int
parse(const char *text, struct mipo_conf **ret)
{
	return mipo_conf_parse("t.conf", text, strlen(text), ret, &err);
}

static void
refused(const char *text, const char *want)
{
	struct mipo_conf *conf = NULL;
	int r = parse(text, &conf);

	ck_assert_msg(r == -1, "accepted: %s", text);
	ck_assert_msg(strcmp(err.text, want) == 0, "%s\nsaid: %s\nwant: %s",
	    text, err.text, want);
	ck_assert_ptr_null(conf);
	mipo_err_clear(&err);
}

START_TEST(a_whole_file)
{
	const struct mipo_conf_profile *p;
	const struct mipo_conf_channel *c;
	const struct mipo_conf_expect *const *e;
	struct mipo_conf *conf;
	size_t n;

	ck_ok(parse(whole, &conf));
	ck_ok(mipo_conf_profile(conf, "nightly", &p, &err));
	ck_assert_str_eq(p->targets[1], "2001:db8::/64");
	ck_assert_str_eq(p->targets[2], "198.18.1.1");
	ck_assert_ptr_null(p->targets[3]);
	ck_assert_str_eq(p->rate, "max");
	ck_assert_str_eq(p->wait, "250ms");
	ck_assert_ptr_null(p->top);
	ck_assert_ptr_null(p->exclude);
	ck_assert_str_eq(p->scope[1], "b c");
	ck_assert_ptr_null(p->scope[2]);
	ck_assert_str_eq(p->contact, "x y");
	ck_assert_uint_eq(p->at.line, 2);
	ck_ok(mipo_conf_channel(conf, "ops", &c, &err));
	ck_assert_str_eq(c->command[1], "say \"hi\"");
	ck_assert_str_eq(c->command[2], "${HOME}");
	ck_assert_uint_eq(c->limit_ms, 5000);
	e = mipo_conf_expects(conf);
	ck_assert_str_eq(e[0]->ports, "22$,443");
	ck_assert_ptr_null(e[1]);
	ck_fails(mipo_conf_profile(conf, "nihgtly", &p, &err),
	    MIPO_E_NOTFOUND);
	(void)mipo_err_set(&err, MIPO_E_USAGE, "bad");
	(void)mipo_conf_at(&p->at, "method", &err);
	ck_assert_str_eq(err.text, "t.conf:8: method: bad");
	ck_assert_ptr_null(mipo_conf_files(conf, &n));
	mipo_conf_free(conf);
	mipo_err_clear(&err);
	ck_ok(parse("", &conf));
	ck_assert_ptr_null(mipo_conf_profiles(conf)[0]);
	mipo_conf_free(conf);
}
END_TEST

#define CUT "the section that begins here has no end: is the file cut?"
#define NO_ENV "${...} is not expanded here: write the value"

/* The five things that libConfuse 3.3 lets pass or gets wrong. */
START_TEST(five_faults)
{
	refused("# one\n/* two\n * three */\n// four\nnonsense = 1\n",
	    "t.conf:5: no such option 'nonsense'");
	refused("# one\nprofile \"a\" {\n# two\n\n prots = \"1\"\n}\n",
	    "t.conf:5: no such option 'prots'; did you mean ports?");
	refused("\nprofile \"a\" {\n\ttargets = {x}\n", "t.conf:2: " CUT);
	refused("profile \"a\" {\n\ttargets = {x,\n",
	    "t.conf:2: the list that begins here has no end");
	refused("\n\nprofile \"a", "t.conf:3: the string that begins here has "
				   "no end");
	refused("x\n/* never\n", "t.conf:2: the comment that begins here has "
				 "no end");
	refused("expect a {\nports = \"${HOME}\" }",
	    "t.conf:2: " NO_ENV ", or \\${ to mean it");
	refused("expect a {\nports = ${HOME} }", "t.conf:2: " NO_ENV);
	refused("profile a { targets = {x}\nretries = 010 }",
	    "t.conf:2: retries: \"010\" is not a whole number from 0 to 15");
	refused("profile a {\nports = 1\n\nports = 2 }",
	    "t.conf:4: ports is here for the second time; the first is in "
	    "line 2");
	refused("profile a { targets = {x} }\nprofile \"a\" { targets = {y} }",
	    "t.conf:2: profile a is here for the second time; the first is "
	    "in line 1");
	refused("profile a {\n targets += {x} }",
	    "t.conf:2: this character has no meaning here: put the word in "
	    "quotes");
}
END_TEST

START_TEST(bad_values)
{
	refused("profile a {\n}",
	    "t.conf:1: profile \"a\": targets is missing");
	refused("profile a { targets = {} }",
	    "t.conf:1: targets: the list is empty");
	refused("profile a { targets = {\"\"} }",
	    "t.conf:1: targets: the value is empty");
	refused("profile a { targets = {x} rate = 0 }",
	    "t.conf:1: rate: '0' is none of auto, max, 1 to 100000000 probes "
	    "a second, and bits a second, such as 10Mbit");
	refused("profile a { targets = {x} rate = 10mbit }",
	    "t.conf:1: rate: '10mbit' is none of auto, max, 1 to 100000000 "
	    "probes a second, and bits a second, such as 10Mbit");
	refused("profile a { targets = {x}\n\n wait = soon }",
	    "t.conf:3: wait: \"soon\" is not a duration such as 90s, 15m, 4h "
	    "or 7d");
	refused("profile a { targets = {x} method = fast }",
	    "t.conf:1: method: \"fast\" is none of syn|connect|udp");
	refused("profile a { targets = {x} ports = 1\ntop = 2 }",
	    "t.conf:2: top: ports and top contradict each other");
	refused("profile a { targets = {x}\nchannels = {b} }",
	    "t.conf:2: channels: there is no channel \"b\"");
	refused("channel a { type = mail command = {x} }",
	    "t.conf:1: type: \"mail\" is none of exec");
	refused("profile \"a b\" { targets = {x} }",
	    "t.conf:1: the title \"a b\" is not 1 to 64 letters, digits and "
	    ". _ -");
	refused("profile { targets = {x} }",
	    "t.conf:1: missing title for section 'profile'");
	refused("targets = {x}", "t.conf:1: no such option 'targets'");
	refused("subnet x { }", "t.conf:1: no such option 'subnet'");
}
END_TEST

START_TEST(bad_shapes)
{
	refused("profile a { targets = {a b} }",
	    "t.conf:1: in a list there are values and commas only");
	refused("profile a { targets = {,} }",
	    "t.conf:1: in a list there are values and commas only");
	refused("}",
	    "t.conf:1: here a name is expected, of a key or a section; a "
	    "value with a comma in it goes in \"quotes\"");
	refused("profile a b {}", "t.conf:1: after a section's title comes {");
	refused("profile", "t.conf:1: after a name comes = or {");
	refused("x = }", "t.conf:1: there is no value after =");
	refused("a \\x", "t.conf:1: this character has no meaning here: put "
			 "the word in quotes");
	refused("x = \"\\q\"", "t.conf:1: unknown escape in a string; there "
			       "are \\\\ \\\" \\$ \\n and \\t");
	refused("x = http://y", "t.conf:1: a comment begins inside a word: "
				"put the word in quotes");
	refused("x = a\001b", "t.conf:1: there is a control character here");
	refused("x = \"\xff\"", "t.conf:1: the file is not UTF-8 throughout");
	refused("a{b{c{d{e{f{g=1}}}}}}",
	    "t.conf:1: sections are nested too deep");
	refused("profile a { ports = {1} targets = {x} }",
	    "t.conf:1: unexpected token '{'");
}
END_TEST

/* Cut anywhere, the file is whole only where a section just ended. */
START_TEST(every_cut)
{
	struct mipo_conf *conf;
	size_t accepted = 0;

	for (size_t n = 0; n < sizeof(whole) - 1; n++) {
		const char *before = n == 0 ? "\n" : whole + n - 1;

		if (mipo_conf_parse("t", whole, n, &conf, &err) == 0) {
			accepted++;
			ck_assert_msg(*before == '\n' || *before == '}' ||
				n <= 14,
			    "accepted when cut at %zu", n);
			mipo_conf_free(conf);
		}
		mipo_err_clear(&err);
	}
	/* within the comment and after it, and without the last LF */
	ck_assert_uint_eq(accepted, 15 + 1 + 1);
}
END_TEST

static void
put(const char *path, const char *text, mode_t mode)
{
	ck_ok(mipo_file_put(path, mode, 0, text, strlen(text), &err));
	ck_assert_int_eq(chmod(path, mode), 0);
}

START_TEST(layers)
{
	char dir[64], path[128], user[80];
	const struct mipo_conf_channel *c;
	const struct mipo_conf_file *files;
	struct mipo_conf *conf;
	size_t n;

	(void)snprintf(dir, sizeof(dir), "%s/conf", unit_dir);
	ck_assert_int_eq(mkdir(dir, 0700), 0);
	ck_ok(mipo_conf_load_from(dir, "/nonexistent", &conf, &err));
	mipo_conf_free(conf);
	(void)snprintf(user, sizeof(user), "%s/user.conf", dir);
	(void)snprintf(path, sizeof(path), "%s/mipo.conf", dir);
	put(path, "channel a { type = exec command = {main} }", 0644);
	(void)snprintf(path, sizeof(path), "%s/conf.d/50-b.conf", dir);
	ck_ok(mipo_file_mkdirs(dir, 0755, &err));
	*strrchr(path, '/') = '\0';
	ck_ok(mipo_file_mkdirs(path, 0755, &err));
	path[strlen(path)] = '/';
	put(path, "channel b { type = exec command = {b} }", 0644);
	put(user, "channel a { type = exec command = {mine} }", 0644);
	ck_ok(mipo_conf_load_from(dir, user, &conf, &err));
	ck_ok(mipo_conf_channel(conf, "a", &c, &err));
	ck_assert_str_eq(c->command[0], "mine");
	ck_ok(mipo_conf_channel(conf, "b", &c, &err));
	files = mipo_conf_files(conf, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert_str_eq(files[1].path, path);
	ck_assert_uint_eq(files[1].len, 39);
	mipo_conf_free(conf);
	put(path, "channel a { type = exec command = {b} }", 0644);
	ck_fails(mipo_conf_load_from(dir, NULL, &conf, &err), MIPO_E_USAGE);
	put(path, "", 0666);
	ck_fails(mipo_conf_load_from(dir, NULL, &conf, &err), MIPO_E_PERM);
	if (geteuid() == 0) { /* root's own group may, another not */
		put(path, "", 0664);
		ck_ok(mipo_conf_load_from(dir, NULL, &conf, &err));
		mipo_conf_free(conf);
		ck_assert_int_eq(chown(path, 0, 12345), 0);
		ck_fails(mipo_conf_load_from(dir, NULL, &conf, &err),
		    MIPO_E_PERM);
	}
	ck_fails(mipo_conf_load("/nonexistent/x", false, &conf, &err),
	    MIPO_E_NOTFOUND);
	(void)snprintf(path, sizeof(path), "rm -r %s", dir);
	ck_assert_int_eq(system(path), 0);
}
END_TEST

START_TEST(every_allocation_fails_once)
{
	struct mipo_conf *conf;
	unsigned long n = 0;

	for (;;) {
		mipo_mem_fail_at(++n);
		if (parse(whole, &conf) == 0)
			break;
		ck_assert_int_eq(err.code, MIPO_E_NOMEM);
		mipo_err_clear(&err);
	}
	mipo_mem_fail_at(0);
	mipo_conf_free(conf);
	ck_assert_uint_gt(n, 20);
}
END_TEST

UNIT_MAIN("conf", a_whole_file, five_faults, bad_values, bad_shapes,
    every_cut, layers, every_allocation_fails_once);
