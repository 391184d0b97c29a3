#include "agent/draft_check.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/language.h"
#include "base/letters.h"
#include "base/mem.h"
#include "base/normal.h"

#define WINDOW 8 /* words in a row that are no chance */

struct judging {
	const struct draft_rules *rules;
	char *why;
	size_t size;
};

static int
no(const struct judging *j, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int
no(const struct judging *j, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(j->why, j->size, fmt, ap);
	va_end(ap);
	return -1;
}

void
draft_text_clear(struct draft_text *t)
{
	free(t->subject);
	free(t->body);
	*t = (struct draft_text){ 0 };
}

/* ---- characters */

/* A control character, also one of Unicode's. */
static bool
controls(const char *s, bool lines)
{
	for (const unsigned char *p = (const unsigned char *)s; *p != '\0'; p++)
		if ((*p < 0x20 && !(lines && (*p == '\n' || *p == '\t' || (*p == '\r' && p[1] == '\n')))) || *p == 0x7f ||
		    (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0))
			return true;
	return false;
}

static int
take(const struct judging *j, const cJSON *json, struct draft_text *t)
{
	const char *subject = json_str(json, "subject"), *body = json_str(json, "body");
	char *s;
	size_t n;

	if (body == NULL || body[strspn(body, " \t\r\n")] == '\0')
		return no(j, "there is no body");
	if (j->rules->with_subject && (subject == NULL || subject[strspn(subject, " \t\r\n")] == '\0'))
		return no(j, "there is no subject");
	if (strlen(body) > DRAFT_BODY_MAX)
		return no(j, "the body is %zu bytes long, and at most %d are wanted", strlen(body), DRAFT_BODY_MAX);
	if (j->rules->with_subject && strlen(subject) > DRAFT_SUBJECT_MAX)
		return no(j, "the subject is %zu bytes long, and at most %d are wanted", strlen(subject), DRAFT_SUBJECT_MAX);
	if (j->rules->with_subject && controls(subject, false))
		return no(j, "the subject has a line end or another control character in it");
	if (controls(body, true))
		return no(j, "the body has a control character in it");
	if (!utf8_ok(body, strlen(body)) || (j->rules->with_subject && !utf8_ok(subject, strlen(subject))))
		return no(j, "it isn't UTF-8");
	/* what nobody can see goes out of it */
	s = normal_block(body);
	for (n = strlen(s); n > 0 && strchr(" \t\n", s[n - 1]) != NULL; n--)
		;
	t->body = xasprintf("%.*s\n", (int)n, s + strspn(s, "\n"));
	free(s);
	if (j->rules->with_subject)
		t->subject = normal_text(subject);
	return strlen(t->body) > 1 && (t->subject == NULL || *t->subject != '\0') ? 0 : no(j, "there is nothing in it that can be seen");
}

/* ---- what is left of a form */

static bool
word_is(const char *s, size_t n, const char *words)
{
	char *one = xasprintf(" %.*s ", (int)n, s);
	bool yes = n > 0 && n < 30 && strstr(words, one) != NULL;

	free(one);
	return yes;
}

/* "[Name]", "<company>", and HTML. */
static const char *
bracket_at(const char *s, char from, char to, int *n)
{
	for (; (s = strchr(s, from)) != NULL; s++) {
		size_t k = strcspn(s, "\n");
		const char *end = memchr(s, to, k < 60 ? k : 60);

		if (end != NULL && (isalpha((unsigned char)s[1]) || s[1] == '/' || s[1] == '!' || (unsigned char)s[1] >= 0x80)) {
			*n = (int)(end - s) + 1;
			return s;
		}
	}
	return NULL;
}

static int
placeholders(const struct judging *j, const char *s)
{
	static const char *const marks[] = { "{{", "}}", "{%", "%}", "<%", "%%", "${", "#{", "___", "lorem ipsum", "Lorem ipsum", "[[" };
	static const char words[] = " TO" "DO TBD FIX" "ME XX" "X xxx Xxx XXXX xxxx PLACEHOLDER FIRSTNAME FIRST_NAME LASTNAME COMPANY_NAME ";
	static const char ends[] = " \t\n.,;:!?\"'()";
	const char *hit;
	size_t k;
	int n;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strstr(s, marks[i]) != NULL)
			return no(j, "a placeholder is left in it: '%s'", marks[i]);
	if ((hit = bracket_at(s, '[', ']', &n)) != NULL || (hit = bracket_at(s, '<', '>', &n)) != NULL)
		return no(j, "a placeholder or markup is left in it: %.*s", n, hit);
	for (hit = s + strspn(s, ends); *hit != '\0'; hit += k + strspn(hit + k, ends))
		if (word_is(hit, k = strcspn(hit, ends), words))
			return no(j, "a placeholder is left in it: '%.*s'", (int)k, hit);
	return 0;
}

/* "Dear X," and "Hi Customer,": nobody's name. */
static int
greeting(const struct judging *j, const char *body)
{
	static const char words[] = " dear hi hello hey hallo liebe lieber bonjour cher hola ciao hej beste ";
	static const char nobody[] = " name firstname first lead prospect customer recipient client contact user company null undefined none nan unknown n/a ";
	static const char ends[] = " \t\n.,;:!?-";
	char *line = xstrndup(body, strcspn(body, "\n")), *flat = utf8_fold(line);
	size_t n = strcspn(flat, ends), gap = n + strspn(flat + n, " \t"), m = strcspn(flat + gap, ends);
	int r = 0;

	if (word_is(flat, n, words) && gap > n && (m == 1 || word_is(flat + gap, m, nobody)))
		r = no(j, "it greets nobody in particular: '%.60s'", line);
	free(flat);
	free(line);
	return r;
}

/* ---- a mail is words alone */

static int
headers(const struct judging *j, const char *body)
{
	static const char words[] = " subject to cc bcc from reply-to content-type mime-version date betreff objet asunto oggetto onderwerp assunto ";

	for (const char *s = body; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		size_t n = strcspn(s, ":\n ");
		char *line = xstrndup(s, n), *flat = utf8_fold(line);
		bool bad = s[n] == ':' && word_is(flat, strlen(flat), words);

		free(flat);
		free(line);
		if (bad)
			return no(j, "a line of the body looks like a header: '%.*s'", (int)(n + 1), s);
	}
	return 0;
}

static int
markup(const struct judging *j, const char *body)
{
	static const char *const marks[] = { "**", "```", "](", "~~", "BEGIN:V" };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strstr(body, marks[i]) != NULL)
			return no(j, "it has markup in it ('%s'), and plain text is wanted", marks[i]);
	for (const char *s = body; s != NULL; s = strchr(s, '\n'), s = s != NULL ? s + 1 : NULL)
		if (*s == '#' && s[strspn(s, "#")] == ' ')
			return no(j, "it has markup in it ('#'), and plain text is wanted");
	return 0;
}

static int
subject(const struct judging *j, const char *s)
{
	static const char words[] = " re aw sv vs antw odp rif res ref fwd fw wg tr vb rv enc ";
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
	char *line, *flat;
	bool bad;

	if (s[n + strspn(s + n, "[]0123456789 ")] != ':')
		return 0;
	line = xstrndup(s, n);
	flat = utf8_fold(line);
	bad = word_is(flat, strlen(flat), words);
	free(flat);
	free(line);
	return bad ? no(j, "the subject claims to be an answer: '%.40s'", s) : 0;
}

/* ---- length */

static size_t
count_words(const char *s)
{
	size_t words = 0;

	for (s += strspn(s, " \t\n"); *s != '\0'; s += strspn(s, " \t\n")) {
		size_t n = strcspn(s, " \t\n");

		/* a dash or a bullet is none */
		for (size_t i = 0; i < n; i++)
			if (isalnum((unsigned char)s[i]) || (unsigned char)s[i] >= 0x80) {
				words++;
				break;
			}
		s += n;
	}
	return words;
}

static size_t
characters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static int
length(const struct judging *j, const char *body)
{
	size_t words = count_words(body), most = (size_t)j->rules->max_words;

	if (words < 4)
		return no(j, "the body is only %zu word%s long", words, words == 1 ? "" : "s");
	if (most > 0 && words > most + most / 5)
		return no(j, "the body is %zu words long, and at most %zu are wanted", words, most);
	if (strcmp(j->rules->channel, "sms") == 0 && characters(body) - 1 > DRAFT_SMS_MAX)
		return no(j, "the body is %zu characters long, and a short message has at most %d", characters(body) - 1, DRAFT_SMS_MAX);
	return 0;
}

/* ---- the prompt isn't for the reader */

/* Words with single blanks between, and round. */
static char *
plain_words(const char *s)
{
	size_t left = strlen(s), n;
	struct buf b = { 0 };
	char out[8];
	uint32_t c;

	buf_putc(&b, ' ');
	for (; left > 0; s += n, left -= n) {
		if ((n = utf8_char(s, left, &c)) == 0)
			n = 1;
		else if (utf8_letter(c))
			buf_add(&b, out, utf8_bare(c, out));
		else if (c != '\'' && c != 0x2019 && b.s[b.len - 1] != ' ')
			buf_putc(&b, ' ');
	}
	if (b.s[b.len - 1] != ' ')
		buf_putc(&b, ' ');
	return buf_steal(&b);
}

static const char *
skip_words(const char *s, int n)
{
	for (; n > 0 && s != NULL; n--)
		s = strchr(s + 1, ' ');
	return s;
}

static int
quotes_prompt(const struct judging *j, const char *text)
{
	char *words = plain_words(text), *told = plain_words(j->rules->instructions != NULL ? j->rules->instructions : "");
	const char *end;
	int r = 0;

	for (const char *s = words; r == 0 && (end = skip_words(s, WINDOW)) != NULL; s = strchr(s + 1, ' ')) {
		char *window = xstrndup(s, (size_t)(end - s) + 1);

		if (strstr(told, window) != NULL)
			r = no(j, "it repeats what you were told: '%.80s'", window + 1);
		free(window);
	}
	free(words);
	free(told);
	return r;
}

static int
talks_of_itself(const struct judging *j, const char *text)
{
	static const char *const signs[] = { " as an ai ", " language model ", " here is the email ", " here is your email ", " here s the email ", " heres the email ",
		" here is a draft ", " heres a draft ", " here is the message ", " heres the message ", " system prompt ", " my instructions ", " ignore previous instructions ",
		" ignore all previous ", " i cannot help with ", " i cant help with ", " i m sorry but i cant ", " im sorry but i cant ", " as requested here " };
	char *words = plain_words(text);
	int r = 0;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]) && r == 0; i++)
		if (strstr(words, signs[i]) != NULL)
			r = no(j, "it speaks of the writing instead of to the reader: '%s'", signs[i] + 1);
	free(words);
	return r;
}

static int
leaks(const struct judging *j, const char *text)
{
	if (j->rules->fence != NULL && *j->rules->fence != '\0' && strstr(text, j->rules->fence) != NULL)
		return no(j, "it has a fence of the data in it");
	return quotes_prompt(j, text) == -1 || talks_of_itself(j, text) == -1 ? -1 : 0;
}

static int
language(const struct judging *j, const char *body)
{
	const char *other = j->rules->language != NULL ? language_other(body, j->rules->language) : NULL;

	return other != NULL ? no(j, "it is in %s, and %s is wanted", other, j->rules->language) : 0;
}

static int
judge(const struct judging *j, const struct draft_text *t)
{
	const char *both[] = { t->subject, t->body };

	for (size_t i = 0; i < 2; i++)
		if (both[i] != NULL && (placeholders(j, both[i]) == -1 || leaks(j, both[i]) == -1 || draft_links(j->rules, both[i], j->why, j->size) == -1))
			return -1;
	return (t->subject != NULL && subject(j, t->subject) == -1) || greeting(j, t->body) == -1 || headers(j, t->body) == -1 || markup(j, t->body) == -1 ||
		length(j, t->body) == -1 || language(j, t->body) == -1 ? -1 : 0;
}

int
draft_check(const struct draft_rules *rules, const cJSON *json, struct draft_text *t, char *why, size_t size)
{
	struct judging j = { rules, why, size };

	*t = (struct draft_text){ 0 };
	*why = '\0';
	if (take(&j, json, t) == 0 && judge(&j, t) == 0)
		return 0;
	draft_text_clear(t);
	return -1;
}
