/*
 * train.c - train FILE: counts what the texts of replies.tsv are recognised by, and prints the tables that lib/llm/classify_model.c includes.
 * Run by make: there is nothing to train at run time.  The counts are whole numbers, the same on every machine.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "llm/classify_int.h"

static uint8_t counts[MODEL_CELLS][CLASSES];
static uint32_t totals[CLASSES];

static size_t
class_of(const char *name)
{
	size_t c = 0;

	while (c < CLASSES && strcmp(reply_classes[c], name) != 0)
		c++;
	return c;
}

/* "\\n" stands for a line feed. */
static void
unescape(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++)
		*to++ = (char)(s[0] == '\\' && s[1] == 'n' ? (s++, '\n') : *s);
	*to = '\0';
}

static void
count(size_t class, const char *text)
{
	static struct words w;
	static uint32_t f[FEATURES_MAX];
	size_t n;

	words_split(&w, text, strlen(text));
	n = features_of(&w, f);
	for (size_t i = 0; i < n; i++)
		if (counts[f[i]][class] < UINT8_MAX) {
			counts[f[i]][class]++;
			totals[class]++;
		}
	words_free(&w);
}

static void
print(void)
{
	unsigned cells = 0;

	printf("static const uint8_t counts[MODEL_CELLS][CLASSES] = {\n");
	for (size_t i = 0; i < MODEL_CELLS; i++) {
		size_t last = CLASSES;

		while (last > 0 && counts[i][last - 1] == 0)
			last--;
		if (last == 0)
			continue;
		cells++;
		printf("[%zu]={", i);
		for (size_t c = 0; c < last; c++)
			printf("%u,", counts[i][c]);
		printf("},\n");
	}
	printf("};\nstatic const uint32_t totals[CLASSES] = { ");
	for (size_t c = 0; c < CLASSES; c++)
		printf("%" PRIu32 ", ", totals[c]);
	printf("};\nstatic const unsigned cells = %u;\n", cells);
}

int
main(int argc, char *argv[])
{
	static char line[65536];
	FILE *f = argc == 2 ? fopen(argv[1], "r") : NULL;
	size_t n = 0;

	if (f == NULL) {
		fprintf(stderr, "usage: train replies.tsv\n");
		return 64;
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		char *lang = strchr(line, '\t'), *text = lang != NULL ? strchr(lang + 1, '\t') : NULL;
		size_t class;

		n++;
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (text != NULL)
			*lang = '\0';
		if (text == NULL || (class = class_of(line)) == CLASSES) {
			fprintf(stderr, "%s:%zu: a class, a language and a text are needed, parted by tabs\n", argv[1], n);
			return 65;
		}
		text[1 + strcspn(text + 1, "\n")] = '\0';
		unescape(text + 1);
		count(class, text + 1);
	}
	fclose(f);
	print();
	return fflush(stdout) == EOF ? 74 : 0;
}
