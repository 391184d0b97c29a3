/* idna.c - libidn2 does it, loaded when the first such name comes along: most lists have none, and each program would pay for it at its start. */
#include "base/idna.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define NFC_INPUT 1      /* idn2.h */
#define NONTRANSITIONAL 8

static int (*to_ascii)(const char *, char **, int);
static void (*release)(void *);

static bool
load(void)
{
	static bool tried;
	void *lib, *f;

	if (tried)
		return to_ascii != NULL;
	tried = true;
	if ((lib = dlopen("libidn2.so.0", RTLD_NOW | RTLD_LOCAL)) == NULL)
		return false;
	if ((f = dlsym(lib, "idn2_free")) == NULL)
		return false;
	memcpy(&release, &f, sizeof(f));
	if ((f = dlsym(lib, "idn2_to_ascii_8z")) == NULL)
		return false;
	memcpy(&to_ascii, &f, sizeof(f));
	return true;
}

char *
idna_ascii(const char *domain)
{
	char *out = NULL, *copy;
	const char *s = domain;

	while (*s != '\0' && (unsigned char)*s < 0x80)
		s++;
	if (*s == '\0')
		copy = xstrdup(domain);
	else {
		if (!load() || to_ascii(domain, &out, NFC_INPUT | NONTRANSITIONAL) != 0)
			return NULL;
		copy = xstrdup(out);
		release(out);
	}
	for (char *p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p | 0x20);
	return copy;
}
