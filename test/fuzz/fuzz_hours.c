/* A line of `lp-config hours --batch`, and the words of schedules and durations. */
#include <stdint.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hours.h"
#include "base/json.h"
#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = xstrndup((const char *)data, n), out[DURATION_SIZE];
	cJSON *in = json_object((const char *)data, n, NULL), *answer;
	struct duration d, again;
	unsigned days;
	int minute;

	if (in != NULL) {
		answer = hours_judge(in, 0, NULL);
		/* what says open opens at once; what says closed later */
		if (answer != NULL && json_bool(answer, "open", false) && json_str(answer, "next_open") == NULL)
			abort();
		cJSON_Delete(answer);
	}
	if (duration_parse(text, &d, NULL) == 0 &&
	    (duration_parse(duration_print(&d, out), &again, NULL) == -1 || duration_ms(&d) != duration_ms(&again)))
		abort();
	hours_days(text, &days, NULL);
	hours_time(text, &minute, NULL);
	cJSON_Delete(in);
	free(text);
	return 0;
}
