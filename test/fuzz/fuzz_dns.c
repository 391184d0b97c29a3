#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "net/dns.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The first byte is the type that was asked for; the rest an answer for ours.example. What is taken from it is bounded and printable. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const int types[] = { 1, 12, 15, 16, 28, 33 };
	struct dns_answer a;
	char alias[DNS_NAME_SIZE];
	int rcode;
	enum dns r;

	if (len == 0)
		return 0;
	r = dns_read(data + 1, len - 1, "ours.example", types[data[0] % 6], &a, alias, &rcode);
	if ((r == DNS_OK) != (a.n > 0) || a.n > DNS_MOST || strlen(alias) >= DNS_NAME_SIZE || (r == DNS_OK && rcode != 0 && rcode != 3) ||
	    (*alias != '\0' && r != DNS_NONE))
		__builtin_trap();
	for (size_t i = 0; i < a.n; i++) {
		if (strlen(a.list[i].text) > 4 * len)
			__builtin_trap();
		for (const char *s = a.list[i].text; *s != '\0'; s++)
			if (*s < 0x20 || *s > 0x7e)
				__builtin_trap();
	}
	dns_answer_clear(&a);
	return 0;
}
