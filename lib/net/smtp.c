/*
 * smtp.c - the mail transaction.  MAIL, RCPT and DATA go out together where the server takes that (PIPELINING), the message once it said 354,
 * and its end with it.  As long as the end isn't wholly handed over, no server can have accepted the message; once it is, only its answer tells.
 */
#include "net/smtp_int.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"

#define FRESH_MS 5000 /* a line that answered so lately isn't asked whether it lives */
#define PIECE ((size_t)64 << 10)
#define ENDING 3 /* bytes: ".\r\n" */

/* What is waited for. */
enum state { IDLE, CONNECTING, NOOP, RESET, MAIL, RCPT, DATA, BODY, END, DRAIN, OVER };

struct smtp {
	struct smtp_line *line;
	int64_t answer_ms, end_ms;
	enum state state;
	bool mailing;                   /* a message is to go, not the line alone to be readied */
	bool reset;                     /* the last transaction ended half way */
	bool fresh;                     /* of this line no message was sent yet */
	bool piped, eight, ending, deaf; /* the end is what is written; it takes nothing more */
	int due;                        /* answers still to come to what went out together */
	char *from, *to;
	struct buf wire, out;           /* the message as it goes; what is being written now */
	size_t written;
	struct smtp_answer answer;
	char in[4096];                  /* read and not yet looked at */
	size_t in_at, in_n;
	int64_t deadline, heard_at;     /* steady clock */
	int64_t body_until;             /* a server that takes a message in drops is not waited for */
	struct smtp_outcome o;
};

struct smtp *
smtp_new(const struct smtp_server *v, struct lp_err *err)
{
	struct smtp_line *line = smtp_line_new(v, err);
	struct smtp *s;

	if (line == NULL)
		return NULL;
	s = xcalloc(1, sizeof(*s));
	s->line = line;
	s->answer_ms = v->answer_ms != 0 ? v->answer_ms : 60 * LP_SECOND;
	s->end_ms = v->end_ms != 0 ? v->end_ms : 5 * LP_MINUTE;
	return s;
}

void
smtp_free(struct smtp *s)
{
	if (s == NULL)
		return;
	if (smtp_line_up(s->line) && s->state == IDLE)
		smtp_line_put(s->line, "QUIT\r\n", 6);
	smtp_line_free(s->line);
	free(s->from);
	free(s->to);
	buf_free(&s->wire);
	buf_free(&s->out);
	free(s);
}

void
smtp_token(struct smtp *s, const char *token)
{
	smtp_line_token(s->line, token);
}

const struct smtp_outcome *
smtp_outcome(const struct smtp *s)
{
	return &s->o;
}

static void
over(struct smtp *s, enum smtp_end end, enum smtp_at at, int code, const char *text)
{
	s->o = (struct smtp_outcome){ .end = end, .at = at, .code = code, .kind = LP_TEMP };
	snprintf(s->o.text, sizeof(s->o.text), "%s", text);
	s->state = OVER;
}

static enum smtp_at
where(enum state state)
{
	return state == MAIL ? SMTP_AT_MAIL : state == RCPT ? SMTP_AT_RCPT : state == DATA || state == BODY ? SMTP_AT_DATA :
	    state == END ? SMTP_AT_END : SMTP_AT_READY;
}

static void
say(struct smtp *s, enum state next, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Begin to write a command, or several; `next` is the answer that is waited for. */
static void
say(struct smtp *s, enum state next, const char *fmt, ...)
{
	va_list ap;

	buf_reset(&s->out);
	s->written = 0;
	va_start(ap, fmt);
	buf_vprintf(&s->out, fmt, ap);
	va_end(ap);
	s->answer = (struct smtp_answer){ 0 };
	s->state = next;
	s->deadline = lp_steady() + s->answer_ms;
}

static void
connect_line(struct smtp *s)
{
	s->in_at = s->in_n = 0;
	s->fresh = true;
	s->reset = s->deaf = false;
	buf_reset(&s->out);
	s->written = 0;
	smtp_line_connect(s->line);
	s->state = CONNECTING;
}

static bool
is_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

/* Can this server take this message at all? */
static bool
fits(struct smtp *s)
{
	const struct smtp_offer *f = smtp_line_offer(s->line);
	char text[200];

	if (!f->utf8 && (!is_ascii(s->from) || !is_ascii(s->to))) {
		over(s, SMTP_CANT, SMTP_AT_READY, 0, "the address isn't ASCII, and this server doesn't take such ones (no SMTPUTF8)");
		return false;
	}
	if (f->size != 0 && s->wire.len > f->size) {
		snprintf(text, sizeof(text), "the message has %zu bytes, and this server takes %llu at most", s->wire.len, (unsigned long long)f->size);
		over(s, SMTP_CANT, SMTP_AT_READY, 0, text);
		return false;
	}
	return true;
}

/* The line is up: begin the transaction. */
static void
mail(struct smtp *s)
{
	const struct smtp_offer *f = smtp_line_offer(s->line);
	char size[40] = "";
	bool utf8;

	if (!s->mailing) {
		over(s, SMTP_TAKEN, SMTP_AT_READY, 0, "");
		return;
	}
	if (!fits(s))
		return;
	utf8 = !is_ascii(s->from) || !is_ascii(s->to);
	if (s->reset) {
		s->reset = false;
		say(s, RESET, "RSET\r\n");
		return;
	}
	if (f->size_known)
		snprintf(size, sizeof(size), " SIZE=%zu", s->wire.len);
	s->piped = f->pipelining;
	s->due = s->piped ? 3 : 0;
	say(s, MAIL, "MAIL FROM:<%s>%s%s%s\r\n", s->from, size, s->eight && f->eightbit ? " BODY=8BITMIME" : "", utf8 ? " SMTPUTF8" : "");
	if (s->piped)
		buf_printf(&s->out, "RCPT TO:<%s>\r\nDATA\r\n", s->to);
}

static void
begin(struct smtp *s)
{
	s->o = (struct smtp_outcome){ 0 };
	/* what it said unasked would be taken for the next answer */
	if (!smtp_line_up(s->line) || s->in_at < s->in_n)
		connect_line(s);
	else if (lp_steady() - s->heard_at > FRESH_MS)
		say(s, NOOP, "NOOP\r\n");
	else
		mail(s);
}

void
smtp_ready(struct smtp *s)
{
	s->mailing = false;
	begin(s);
}

void
smtp_again(struct smtp *s)
{
	begin(s);
}

bool
smtp_is_up(const struct smtp *s)
{
	return smtp_line_up(s->line);
}

void
smtp_send(struct smtp *s, const struct smtp_mail *m)
{
	s->mailing = true;
	free(s->from);
	free(s->to);
	s->from = xstrdup(m->from);
	s->to = xstrdup(m->to);
	buf_reset(&s->wire);
	if (strpbrk(m->from, "\r\n<> ") != NULL || strpbrk(m->to, "\r\n<> ") != NULL || *m->to == '\0') {
		over(s, SMTP_CANT, SMTP_AT_READY, 0, "an address that is none");
		return;
	}
	s->eight = smtp_wire(m->data, m->len, &s->wire);
	begin(s);
}

/* The line is gone, or what comes over it is no SMTP. */
static void
cut(struct smtp *s, const char *why)
{
	enum smtp_at at = where(s->state);
	bool drained = s->state == DRAIN;
	bool again = !s->fresh && (s->state == NOOP || s->state == RESET || s->state == MAIL);
	char text[400];

	smtp_line_drop(s->line);
	if (drained) { /* what it said no to stays as it is */
		s->state = OVER;
		return;
	}
	/* servers hang up between two messages as they like: that is no trouble of this one */
	if (again) {
		connect_line(s);
		return;
	}
	snprintf(text, sizeof(text), "%s %s", at == SMTP_AT_END ? "after the end of the message was sent:" : at == SMTP_AT_READY ? "before the message:" :
	    "before the end of the message was sent:", why);
	over(s, at == SMTP_AT_END ? SMTP_LOST : SMTP_CUT, at, 0, text);
}

/* 4xx or 5xx: what was begun is taken back, so that the line serves the next. */
static void
said_no(struct smtp *s)
{
	int code = s->answer.code;
	enum state was = s->state;
	enum smtp_at at = where(was);

	/* of the line, not of the message; and neither yes nor no to a whole message tells nothing of it */
	if (was == NOOP || was == RESET || (code == 421 && !s->fresh && was == MAIL) || (was == END && code < 400)) {
		cut(s, s->answer.text);
		return;
	}
	over(s, SMTP_SAID_NO, at, code, s->answer.text);
	s->fresh = false;
	s->reset = at != SMTP_AT_END;
	if (code == 421 || code < 400 || was == BODY)
		smtp_line_drop(s->line);
	else if (s->piped && s->due > 0) {
		s->answer = (struct smtp_answer){ 0 };
		s->state = DRAIN;
	}
}

/* Of commands that went out together one was refused; the others have answers too. One that lets the message come is left without a message. */
static void
drain(struct smtp *s)
{
	s->due--;
	if (s->answer.code == 354 || s->answer.code == 421 || s->due == 0)
		s->state = OVER;
	if (s->answer.code == 354 || s->answer.code == 421)
		smtp_line_drop(s->line);
	s->answer = (struct smtp_answer){ 0 };
}

/* The next command where commands go one by one; where they went together, the next answer. */
static void
next(struct smtp *s, enum state state, const char *command)
{
	if (!s->piped) {
		say(s, state, "%s", command);
		return;
	}
	s->answer = (struct smtp_answer){ 0 };
	s->state = state;
	s->deadline = lp_steady() + s->answer_ms;
}

/* An answer is whole. */
static void
answered(struct smtp *s)
{
	int code = s->answer.code;
	char *rcpt;

	s->heard_at = lp_steady();
	if (s->state == DRAIN) {
		drain(s);
		return;
	}
	if (s->piped && s->due > 0)
		s->due--;
	if (s->state == DATA ? code != 354 : code / 100 != 2) {
		said_no(s);
		return;
	}
	switch (s->state) {
	case NOOP:
	case RESET:
		mail(s);
		break;
	case MAIL:
		rcpt = xasprintf("RCPT TO:<%s>\r\n", s->to);
		next(s, RCPT, rcpt);
		free(rcpt);
		break;
	case RCPT:
		next(s, DATA, "DATA\r\n");
		break;
	case DATA:
		s->answer = (struct smtp_answer){ 0 };
		s->written = 0;
		s->ending = false;
		s->state = BODY;
		s->deadline = s->heard_at + s->answer_ms;
		s->body_until = s->deadline + (int64_t)s->wire.len; /* 1 KB/s */
		if (s->in_at < s->in_n)
			cut(s, "it answers what it wasn't asked");
		break;
	case BODY: /* a yes before the end is nonsense, and the message wasn't accepted */
		cut(s, "it answers what it wasn't asked");
		break;
	case END:
		s->fresh = false;
		over(s, SMTP_TAKEN, SMTP_AT_END, code, s->answer.text);
		break;
	case IDLE:
	case CONNECTING:
	case DRAIN:
	case OVER:
		break;
	}
}

/* What is to be written now: s->written of *n bytes are. The end of a message goes alone, once all before it was taken and nothing spoke against it. */
static const char *
writing(const struct smtp *s, size_t *n)
{
	const struct buf *b = s->state == BODY ? &s->wire : &s->out;

	*n = s->state != BODY || s->ending ? b->len : b->len - ENDING;
	return s->state >= NOOP && s->state <= BODY && s->written < *n ? b->s : NULL;
}

/* 1 something moved, 0 nothing now. */
static int
put(struct smtp *s)
{
	size_t len;
	const char *b = writing(s, &len);
	long n;

	if (b == NULL || s->deaf)
		return 0;
	len -= s->written;
	n = smtp_line_put(s->line, b + s->written, len < PIECE ? len : PIECE);
	if (n == -1) { /* it may have said why before it hung up: that is read first */
		s->deaf = true;
		return 0;
	}
	s->written += (size_t)n;
	if (n > 0)
		s->deadline = lp_steady() + s->answer_ms;
	if (s->state == BODY && s->deadline > s->body_until)
		s->deadline = s->body_until;
	if (s->state == BODY && s->written == s->wire.len) {
		s->state = END;
		s->deadline = lp_steady() + s->end_ms;
	}
	return n > 0;
}

static int
get(struct smtp *s)
{
	size_t used;
	long n;
	int r;

	if (s->in_at == s->in_n) {
		n = smtp_line_get(s->line, s->in, sizeof(s->in));
		if (n == -1)
			cut(s, "the line was cut");
		if (n <= 0)
			return n == -1;
		s->in_at = 0;
		s->in_n = (size_t)n;
	}
	r = smtp_answer_add(&s->answer, s->in + s->in_at, s->in_n - s->in_at, &used);
	s->in_at += used;
	if (r == 1)
		answered(s);
	else if (r == -1)
		cut(s, s->answer.text);
	return 1;
}

static void
step_connecting(struct smtp *s)
{
	switch (smtp_line_connecting(s->line, &s->o)) {
	case 1:
		s->heard_at = lp_steady();
		mail(s);
		break;
	case -1:
		s->state = OVER;
		break;
	default:
		break;
	}
}

bool
smtp_step(struct smtp *s)
{
	int moved = 1;

	while (moved && s->state != OVER && s->state != IDLE) {
		if (s->state == CONNECTING) {
			step_connecting(s);
			moved = s->state != CONNECTING;
			continue;
		}
		moved = put(s);
		moved |= get(s);
		if (!moved && s->state == BODY && !s->ending && !s->deaf && s->written + ENDING == s->wire.len)
			moved = s->ending = true;
	}
	if (s->state > CONNECTING && s->state < OVER && lp_steady() >= s->deadline)
		cut(s, "no answer in time");
	if (s->state == OVER)
		s->state = IDLE;
	return s->state == IDLE;
}

int
smtp_fds(struct smtp *s, struct pollfd *fds, int most)
{
	size_t n;

	return smtp_line_fds(s->line, fds, most, !s->deaf && writing(s, &n) != NULL);
}

int
smtp_wait_ms(struct smtp *s)
{
	int64_t left;

	if (s->state == IDLE)
		return 0;
	if (s->state == CONNECTING)
		return smtp_line_wait_ms(s->line);
	left = s->deadline - lp_steady();
	return left < 0 ? 0 : left > 1000 ? 1000 : (int)left;
}
