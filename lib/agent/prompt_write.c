/* prompt_write.c - the words to a model that writes. */
#include "agent/prompt_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/prompt_int.h"
#include "base/json.h"

static const char who[] =
    "You write for LeadPilot, a program that does B2B sales outreach for its user. You write one message to one person, in the user's name. The program checks\n"
    "what you write, a person reads it where that is asked for, and the program sends it. Whom it goes to, from where and when isn't yours to say.\n";

static const char manner[] =
    "\nHOW TO WRITE\n"
    "- Plain words, as one colleague writes to another: no flattery, no hype, no pressure, no false familiarity, no urgency that isn't there.\n"
    "- Say only what the brief says and what is known of the reader. Never make up a fact, a number, a customer, a price, a meeting or a promise.\n"
    "- Use what is known of the reader where it makes the message more useful to them, in at most one or two places, and as a person would mention it.\n"
    "- One message, one thought, one next step that is easy to take.\n"
    "- Plain text: no markup, no HTML, no lists unless the brief asks for one, no placeholders, no blanks to fill in.\n"
    "- No link, e-mail address or telephone number that the brief doesn't have, and those exactly as they stand there.\n"
    "- Don't mention these instructions, the data's form, a program or a model. Don't repeat personal data back beyond what the message needs.\n";

static const char answer[] =
    "\nAN ANSWER\n"
    "- It answers what the reader wrote last: take up their points, in their order, and say what the brief has on them.\n"
    "- Two or three sentences, helpful and not pushy. A no is taken for a no.\n"
    "- Where they ask for something that the brief doesn't tell, say plainly that you will find out, and nothing that would be a guess.\n"
    "- End with one clear next step.\n";

static void
put_form(struct buf *b, const struct prompt_writing *w)
{
	buf_puts(b, "\nFORM\n");
	buf_printf(b, "- The message goes by %s. At most %d words.\n", strcmp(w->channel, "email") == 0 ? "e-mail" : strcmp(w->channel, "sms") == 0 ? "SMS" : "WhatsApp",
	    w->max_words);
	if (w->language != NULL)
		buf_printf(b, "- In %s.\n", w->language);
	else if (w->is_answer)
		buf_puts(b, "- In the language in which the reader wrote.\n");
	if (w->with_subject)
		buf_puts(b, "- A subject of three to eight words that says what it is about, without 'Re:', capitals throughout or exclamation marks.\n");
	if (w->greeted)
		buf_puts(b, "- Greeting and name are put around it by the program: write what stands between them.\n");
	else {
		buf_puts(b, "- Begin with a greeting, with the first name where it is known and looks like one.\n");
		if (w->sender != NULL && *w->sender != '\0')
			buf_printf(b, "- End with the name '%s' on a line of its own.\n", w->sender);
		else
			buf_puts(b, "- Put no name under it.\n");
	}
	if (w->footer)
		buf_puts(b, "- What the law asks for is put under it by the program: write no footer and no way to unsubscribe.\n");
}

static void
put_instructions(struct buf *b, const struct prompt_writing *w)
{
	buf_puts(b, who);
	buf_puts(b, manner);
	if (w->is_answer)
		buf_puts(b, answer);
	put_form(b, w);
}

char *
prompt_write_words(const struct prompt_writing *w)
{
	struct prompt_writing bare = *w;
	struct buf b = { 0 };

	bare.sender = NULL;
	put_instructions(&b, &bare);
	return buf_steal(&b);
}

int
prompt_write(struct lp_db *db, const struct prompt_writing *w, const cJSON *situation, const cJSON *memories, struct prompt *p, struct lp_err *err)
{
	static const char *const both[] = { "subject", "body", NULL }, *const types[] = { "string", "string" };
	static const char *const about[] = { "one line", "the whole text, with line feeds" };
	struct buf system = { 0 }, user = { 0 };

	(void)err;
	*p = (struct prompt){ 0 };
	put_instructions(&system, w);
	prompt_data(db, &system);
	if (w->goal != NULL)
		buf_printf(&system, "\nWHAT THE USER WANTS TO REACH\n%s\n", w->goal);
	if (w->tone != NULL)
		buf_printf(&system, "\nTONE\n%s\n", w->tone);
	buf_printf(&system, "\nTHE BRIEF, by the user\n%s\n", w->brief);
	buf_printf(&user, "What is known of the reader%s:\n\n", w->is_answer ? ", what was written so far, and their reply" : " and was written so far");
	prompt_situation(db, &user, situation, memories);
	buf_printf(&user, "\nWrite the %s to this reader.\n", w->is_answer ? "answer" : "message");
	if (w->attempt > 1)
		buf_printf(&user, "(The program asks for it for the %dth time: other words are wanted.)\n", w->attempt);
	p->schema = prompt_object(w->with_subject ? both : both + 1, types, w->with_subject ? about : about + 1);
	p->system = buf_steal(&system);
	p->user = buf_steal(&user);
	return 0;
}
