/*
 * campaign_template.h - a template of WhatsApp as a message has it: {"name","language","parameters":["Ana",…],"only":true where there is no text beside it}.
 */
#ifndef LP_CAMPAIGN_CAMPAIGN_TEMPLATE_H
#define LP_CAMPAIGN_CAMPAIGN_TEMPLATE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* template_shown(t): for people: "Template 'intro' (en_US)" and a line for each of its places. The caller frees; NULL for NULL. */
char *template_shown(const cJSON *);
/* template_alone(json): the message's body just shows it, and is never sent. */
bool template_alone(const char *json);

#endif
