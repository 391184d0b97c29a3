/* bench_rules.c - bench_rules [SECONDS]: 50 rules judged on situations of 40 fields; prints judgements a second, one line.
 * Each situation is walked anew, as the gate does; compiling is not counted. peer_rules.js does the same with the code of a usual agent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "rules/cond.h"

enum { RULES = 50, SITUATIONS = 64 };

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The same rules and situations as in peer_rules.js, line for line. */
static char *
rule(int i)
{
	switch (i % 5) {
	case 0:
		return xasprintf("{\"field\":\"lead.custom.f%d\",\"operator\":\"contains\",\"value\":\"Globex%d\"}", i % 30, i);
	case 1:
		return xasprintf("{\"field\":\"counts.n%d\",\"operator\":\"greater_than\",\"value\":%d}", i % 10, 100 + i);
	case 2:
		return xasprintf("{\"operator\":\"and\",\"conditions\":[{\"field\":\"lead.custom.f%d\",\"operator\":\"equals\",\"value\":\"x\"},"
		    "{\"field\":\"counts.n1\",\"operator\":\"less_than\",\"value\":5}]}", i % 30);
	case 3:
		return xasprintf("{\"field\":\"lead.custom.f%d\",\"operator\":\"in\",\"value\":[\"a\",\"b\",\"c\",\"d\"]}", i % 30);
	default:
		return xasprintf("{\"operator\":\"or\",\"conditions\":[{\"field\":\"counts.n2\",\"operator\":\"greater_than\",\"value\":900},"
		    "{\"field\":\"lead.custom.f%d\",\"operator\":\"exists\"}]}", i % 40);
	}
}

static cJSON *
situation(int n)
{
	cJSON *s = cJSON_CreateObject(), *lead = cJSON_CreateObject(), *custom = cJSON_CreateObject(), *counts = cJSON_CreateObject();
	char key[16], value[64];

	json_set(s, "lead", lead);
	json_set(lead, "custom", custom);
	json_set(s, "counts", counts);
	for (int i = 0; i < 30; i++) {
		snprintf(key, sizeof(key), "f%d", i);
		snprintf(value, sizeof(value), "Some Company %d of %d Ltd", i * n, i);
		json_set_str(custom, key, value);
	}
	for (int i = 0; i < 10; i++) {
		snprintf(key, sizeof(key), "n%d", i);
		json_set_num(counts, key, (i * 37 + n) % 120);
	}
	return s;
}

int
main(int argc, char *argv[])
{
	double limit = argc > 1 ? strtod(argv[1], NULL) : 1, start, now;
	struct condset *set = condset_new(NULL);
	struct cond *rules[RULES];
	cJSON *situations[SITUATIONS];
	struct facts *f = facts_new(set);
	struct lp_err err;
	unsigned long done = 0, matched = 0;

	for (int i = 0; i < RULES; i++) {
		char *text = rule(i);
		cJSON *j = json_parse(text, strlen(text), &err);

		if (j == NULL || (rules[i] = cond_compile(set, j, COND_OPEN, &err)) == NULL) {
			fprintf(stderr, "%s\n", err.msg);
			return 70;
		}
		free(text);
		cJSON_Delete(j);
	}
	for (int i = 0; i < SITUATIONS; i++)
		situations[i] = situation(i);
	start = now = seconds();
	while (now - start < limit) {
		for (int n = 0; n < SITUATIONS; n++) {
			facts_load(f, situations[n], 0);
			for (int i = 0; i < RULES; i++)
				matched += cond_eval(rules[i], f) == TRI_TRUE;
		}
		done += SITUATIONS * RULES;
		now = seconds();
	}
	/* how many matched, of one round: the peer must say the same */
	printf("%.0f judgements/s (%.1f ns each), %lu matched a round\n", (double)done / (now - start), (now - start) * 1e9 / (double)done,
	    matched / (done / (SITUATIONS * RULES)));
	for (int i = 0; i < SITUATIONS; i++)
		cJSON_Delete(situations[i]);
	facts_free(f);
	condset_free(set);
	return 0;
}
