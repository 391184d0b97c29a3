#include "llm/llm.h"

#include <stdlib.h>

void
brain_answer_clear(struct brain_answer *a)
{
	free(a->reasoning);
	cJSON_Delete(a->data);
	*a = (struct brain_answer){ 0 };
}
