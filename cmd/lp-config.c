/* lp-config - set up, look at and change what LeadPilot goes by. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/hours.h"
#include "base/cli.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/prog.h"

static const char usage[] = "lp-config hours --batch";
static const char help[] = "  hours --batch   judge schedules given as JSON Lines: open now? next opening?\n";

/* One line of `hours --batch`. */
static int
batch_line(const char *s, size_t n, int64_t now, struct lp_err *err)
{
	cJSON *in = json_object(s, n, err), *out;
	const cJSON *at;
	struct hours h;
	char iso[LP_ISO_SIZE];
	int64_t ms = now, next;
	int open = -1;

	if (in == NULL)
		return -1;
	if (hours_from_json(in, &h, err) == -1)
		goto done;
	at = json_get(in, "at");
	if (at != NULL && !cJSON_IsNull(at) && !cJSON_IsString(at)) {
		lp_fail(err, LP_DATA, "'at' is not a string");
		goto freed;
	}
	if (cJSON_IsString(at) && lp_iso_parse(at->valuestring, &ms, err) == -1) {
		lp_err_prefix(err, "'at'");
		goto freed;
	}
	open = hours_open(&h, ms, err);
	if (open == -1 || hours_next_open(&h, ms, &next, err) == -1) {
		open = -1;
		goto freed;
	}
	out = cJSON_CreateObject();
	json_set_bool(out, "open", open);
	/* years of five digits have no place in ISO 8601 */
	json_set_str(out, "next_open", next < lp_days_from_civil(10000, 1, 1) * LP_DAY ? lp_iso(next, iso) : NULL);
	jsonl_put(out);
	cJSON_Delete(out);
freed:
	hours_free(&h);
done:
	cJSON_Delete(in);
	return open == -1 ? -1 : 0;
}

static int
batch(int64_t now)
{
	struct lines in;
	struct lp_err err;
	const char *s;
	size_t n;
	int r, status = LP_OK;

	lp_no_terminal(usage);
	lines_init(&in, 0, "-");
	while ((r = lines_next(&in, &s, &n, &err)) != 0) {
		if (r == 1 && batch_line(s, n, now, &err) == 0)
			continue;
		if (err.kind != LP_DATA)
			lp_die(&err);
		lp_warn("stdin:%zu: %s", in.number, err.msg);
		status = LP_DATA;
	}
	lines_free(&in);
	return status;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "hours", NULL };
	struct lp_opts o = { 0 };
	bool as_batch = false;
	const struct lp_opt own[] = { { .name = "batch", .flag = &as_batch }, { 0 } };
	int i;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "nodb at", own, usage, help);
	lp_verb(argv[i], verbs, usage);
	if (!as_batch || argv[i + 1] != NULL)
		lp_usage(usage);
	return batch(o.now);
}
