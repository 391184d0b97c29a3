#include "mail/mime.h"

#include <gmime/gmime.h>
#include <stdbool.h>

void
mail_init(void)
{
	static bool done;

	if (!done)
		g_mime_init();
	done = true;
}
