#include "mail/absence.h"

#include <string.h>

#include "mail/plain.h"

#define SENTENCES 12   /* that are looked at */
#define FIRST 3        /* of them, in which an absence is told */

static bool
begins(const char *s, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strncmp(s, *list, strlen(*list)) == 0)
			return true;
	return false;
}

bool
mail_absence_subject(const char *subject)
{
	static const char *const heads[] = { "automatic reply", "auto reply", "auto-reply", "autoreply", "automated reply",
		"automatic response", "auto response", "auto-response", "autoresponse", "out of office", "out of the office",
		"out-of-office", "ooo:", "away from", "on vacation", "vacation reply", "automatische antwort", "automatische ruckantwort",
		"abwesenheitsnotiz", "abwesenheitsnachricht", "abwesenheitsmeldung", "abwesenheitsassistent", "abwesenheit:", "abwesend",
		"autom. antwort", "automatische mail", "reponse automatique", "message automatique", "absence du bureau",
		"absent du bureau", "notification d'absence", "message d'absence", "respuesta automatica", "fuera de la oficina",
		"fuera de oficina", "contestacion automatica", "resposta automatica", "fora do escritorio", "ausencia temporaria",
		"ausente do escritorio", "risposta automatica", "fuori sede", "fuori ufficio", "assente", "automatisch antwoord",
		"automatische reactie", "afwezig", "afwezigheid", "niet aanwezig", "odpowiedz automatyczna", "automatyczna odpowiedz",
		"autoodpowiedz", "poza biurem", "nieobecnosc", "autosvar", "automatiskt svar", "automatisk svar", "automatisk besked",
		"franvaro", "fravaer", "ikke til stede", "automaattinen vastaus", "poissa toimistosta", "poissaolo", "автоответ",
		"автоматический ответ", NULL };
	struct buf b = { 0 };
	const char *s;
	bool found;

	mail_plain(&b, subject, strlen(subject));
	s = buf_str(&b);
	s += strspn(s, " [(*");
	if (strncmp(s, "re: ", 4) == 0 || strncmp(s, "aw: ", 4) == 0) /* some put their words behind it */
		s += 4;
	found = begins(s, heads);
	buf_free(&b);
	return found;
}

/* clang-format off */
static const char *const away[] = {
	"i|we|im|ill|were am|are|will|be|currently|presently|now|also|away|travelling|traveling|out ** out ?of ?the|my|from office",
	"i|we|im|ill|were ?am|are|will ?be ?currently|presently|now|also|away|still ?and ?away out of ?the|my office",
	"i|we|im|ill ?am|are|will ?be ?currently|presently|now|away|also|still ?away on ?my|an|a ?extended|annual|parental|maternity|"
	    "paternity|sick|medical|family|summer|well ?deserved vacation|holiday|holidays|leave|sabbatical|pto|paternity|maternity",
	"i|we|im|ill ?am|are|will ?be ?currently|presently|now away|absent|unavailable from|until|on|through|and|at|with|for|till|this|"
	    "all|today|due|$",
	"i|we am|are|will ?be ?currently not ?be ?be ?currently in|at|available|reachable",
	"out of ?the office ?until|from|on|with|for|and|through|today|this|till|$",
	"my|our|the office|offices is|are|will ?currently|be ?be closed",
	"no longer with|work|works|working|employed|at ?for|at|by|with ?the|this company|organisation|organization|firm|business",
	"ich|wir bin|sind|werde|werden|habe ** nicht im|am|in|erreichbar|anwesend|da|verfugbar ** buro|haus|erreichbar|platz|sein|$",
	"bin|sind ?ich|wir ** nicht im|am|erreichbar|anwesend|verfugbar",
	"ich|wir bin|sind|befinde|befinden|werde ?mich|uns ** urlaub|elternzeit|mutterschutz|abwesend|dienstreise|krankgeschrieben|"
	    "ausser|ferien|betriebsferien|geschaftsreise|resturlaub|jahresurlaub",
	"bin|befinde|sind ?ich ?mich ** urlaub|abwesend|elternzeit|ausser|dienstreise|ferien|mutterschutz",
	"unser|das buro ** geschlossen", "nicht mehr fur|bei|im|in ** tatig|beschaftigt|unternehmen",
	"je|nous|j suis|serai|sommes|serons ** absent~|conges|conge|vacances|deplacement|indisponible|injoignable",
	"suis|serai|sommes ** absent~|conges|conge|vacances|indisponible|injoignable",
	"ne suis|serai|sommes ?actuellement pas|plus ** bureau|disponible|joignable|entreprise",
	"actuellement ** conges|absent~|vacances|deplacement|conge", "absent|absente|absents du|jusqu|pour",
	"en conges|conge|vacances du|jusqu|maternite|parental|maladie|annuels|$",
	"bureaux|bureau sont|est|seront|sera ?actuellement fermes|ferme",
	"estoy|estare|estamos|estaremos|encuentro|encontrare|encontramos ** fuera|vacaciones|ausente|viaje|permiso",
	"fuera de ?la|mi oficina", "no estoy|estare|estamos ** oficina|disponible|localizable", "ya no trabajo|forma|formo",
	"estou|estarei|encontro|encontrarei|estamos|estaremos ?me ** ausente|ferias|fora|licenca|viagem", "ausente do|ate|de",
	"de ferias ate|de|do|e|$", "fora do escritorio",
	"sono|saro|siamo|saremo ** assente|assenti|ferie|fuori|malattia|trasferta|maternita", "in ferie dal|fino|e|$",
	"fuori ?dall ufficio|sede", "non sono|saro|siamo ** ufficio|disponibile|raggiungibile|sede",
	"ik|wij|we ben|zijn ** afwezig|vakantie|verlof|ziek|zwangerschapsverlof|ouderschapsverlof|buiten",
	"ben|was|zal ?ik ** afwezig|vakantie|verlof|zwangerschapsverlof|ouderschapsverlof",
	"ik|wij ben|zijn|zal ** niet ?op ?mijn aanwezig|bereikbaar|kantoor|werkzaam|in", "ben ik ** niet aanwezig|bereikbaar|op",
	"jestem|bede|przebywam|jestesmy|bedziemy ** nieobecn~|urlopie|poza|niedostepn~|delegacji|zwolnieniu", "na urlopie do|od|w|i|$",
	"nie ma|bedzie|bede|jestem ** biurze|pracy|dostepny|dostepna", "nieobecny|nieobecna w|do|od", "biuro ** nieczynne|zamkniete",
	"jag|vi ar|kommer|befinner|har ** semester|franvarande|borta|foraldraledig|sjukskriven|tjansteresa|semesterledig",
	"jag|vi ar|kommer|kan ** inte|ej ** kontoret|tillganglig|plats|nas|natt",
	"ar jag ** semester|borta|foraldraledig|franvarande|inte", "pa semester|foraldraledighet|tjansteresa ?till|fran|och|tom",
	"jeg|vi er|holder|har|har ** ferie|fravaerende|bortreist|permisjon|barsel|sykmeldt|orlov|ferielukket|forretningsrejse|"
	    "tjenestereise|feriefri",
	"jeg|vi er|kommer ** ikke ** kontoret|stede|tilgjengelig|traeffes|arbejde|jobb", "er jeg ** ferie|fravaerende|ikke",
	"pa ferie|barsel|permisjon ?til|igen|fra|og", "ude af kontoret",
	"olen|olemme ** lomalla|poissa|matkalla|vapaalla|sairauslomalla|vuosilomalla|kesalomalla|vanhempainvapaalla|tavoittamattomissa",
	"en|emme ole ** paikalla|toissa|tavoitettavissa|toimistolla|toimistossa", "poissa toimistolta|toimistosta|tyopaikalta",
};
/* What only a notice says. */
static const char *const formal[] = {
	"thank|thanks|thankyou ?you ?very ?much for your|the|contacting|reaching|getting|emailing|writing ?email|message|mail|out|in|us",
	"limited|no|little|intermittent|sporadic|restricted ?or|and ?no access to", "will ?not be forwarded|monitored|read",
	"upon|on|after|when|once|as my|i|soon return|am|get|as",
	"urgent|emergency|emergencies|immediate|urgently ** please|contact|call|assistance|matters|matter|reach",
	"please ** contact|reach|email|call|direct ** in|my|or|at|instead", "in my absence",
	"will|ill respond|reply|get|answer ** when|upon|as|after|on|once|return|back|soon",
	"automatic|automated|automatically reply|response|message|generated|email",
	"vielen|herzlichen|danke|besten dank|fur|nachricht fur|ihre|deine ?ihre|deine nachricht|email|mail|e|anfrage",
	("dringenden|dringend|eiligen|wichtigen|dringende|eilige ** fallen|wenden|angelegenheiten|angelegenheit|anliegen|kontaktieren|"
	 "rufen|anfragen"),
	"nicht ** weitergeleitet|gelesen|bearbeitet", "email|emails|nachricht|nachrichten|mail|mails ** weitergeleitet|gelesen|nicht",
	"vertretung|vertritt|vertreter|vertreterin|kollegin|kollege|kollegen", "nach meiner|ruckkehr ** ruckkehr|melden|beantworten",
	"wenden sie sich", "automatisch|automatische|automatisierte generiert|generierte|antwort|erstellt",
	"en|cas cas|d d|de|urgence|urgent ?urgence",
	"votre|vos message|messages|mail|mails|courriel|email ** transfere~|lu|pas|mon|retour|sera",
	"merci|remercie ** pour|de votre|vous ** message|mail|email|courriel", "a|des mon|des retour|mon",
	"contacter|contactez|adresser|joindre ** collegue|mon|ma|absence|urgence", "pendant mon|cette absence", "message automatique",
	"caso|asunto|asuntos ?de urgente|urgentes|urgencia|urgencias", "gracias por su|tu|contactar|escribir ?mensaje|correo",
	"a mi|su vuelta|regreso|retorno", "durante mi|este ausencia|periodo", "acceso limitado",
	"pongase|contacte|contactar|dirijase ** con|a", "caso|assunto|assuntos ?de urgente|urgencia|urgencias|urgentes",
	"obrigado|obrigada|agradeco ** pelo|por|o|a ** contacto|contato|email|mensagem|mail", "acesso limitado",
	"no|ao meu|minha regresso|retorno", "durante ?a|este|minha minha|periodo|ausencia",
	"contacte|contactar|contatar|favor ** com|o|a|meu|colega",
	"urgenze|urgenza|urgenti|urgente|emergenze ** contattare|rivolgersi|prego|scrivere|potete|chiamare",
	"per ** urgenze|urgenza|urgenti|urgente", "grazie per|del|della ** messaggio|email|mail|averci|avermi|contattato",
	"al mio|rientro rientro|ritorno", "rispondero|risponderemo ** al|appena|prima|rientro", "accesso limitato",
	"in mia|durante assenza|la", "dringende|spoed|urgente|dringend ** zaken|gevallen|kunt|contact|kwesties|vragen|bellen",
	"bij|voor|in ?geval|dringende|spoed ?van spoed|zaken", "bedankt|dank ** bericht|mail|email|voor",
	"bij|na mijn|terugkomst terugkomst|terugkeer|vakantie", "niet ** doorgestuurd|gelezen", "beperkt|geen toegang|bereikbaar",
	"sprawach|sprawy|pilnych|pilne ** pilnych|prosze|kontakt|sprawach|sprawy",
	"dziekuje|dziekujemy|dziekuje, za ** wiadomosc|mail|maila|kontakt|email", "po|odpowiem moim|powrocie|po",
	"zastepuje ?mnie ?pani|pan", "ograniczony dostep", "wiadomosc|wiadomosci ** przekazana|automatyczn~",
	"tack for ** mejl|mail|meddelande|ditt", "bradskande|akuta|akut ** arenden|kontakta|fragor|ring", "vid bradskande|akuta",
	"svarar|aterkommer ** nar|efter|sa|tillbaka", "begransad|begransat tillgang|mojlighet",
	"tak|takk for ** mail|mailen|besked|epost|henvendelse|henvendelsen|din|melding",
	"hastende|haster|akutte|viktige ** kontakt|ring|sager|saker|henvendelser|kontakte", "ved hastende|akutte|behov",
	"svarer|vender ** nar|tilbage|tilbake|efter", "begraenset|begrenset adgang|tilgang",
	"kiitos ** viestistasi|viestistanne|sahkopostista~|yhteydenotosta~|viestista",
	"kiireellisissa|kiireelliset|kiireisissa ** asioissa|tapauksissa|asiat", "vastaan ** palattuani|paluuni|kun|jalkeen",
	"poissaoloni|lomani aikana",
};
/* clang-format on */

static struct word_set away_set = { away, sizeof(away) / sizeof(away[0]), { 0 }, NULL };
static struct word_set formal_set = { formal, sizeof(formal) / sizeof(formal[0]), { 0 }, NULL };

static bool
says(const struct words *w, struct word_set *set)
{
	size_t end;

	for (size_t i = 0; i < w->n; i++)
		if (!words_is_mark(w->w[i]) && words_find(w, i, set, &end) != NULL)
			return true;
	return false;
}

bool
mail_absence_says(const char *text, bool alone)
{
	struct buf b = { 0 };
	struct words w = { 0 };
	const char *s;
	bool found = false, notice = !alone, asks = false;
	size_t k = 0, told = 0;

	mail_plain(&b, text, strlen(text));
	for (s = buf_str(&b); k < SENTENCES && (s = words_read(&w, s)) != NULL;) {
		if (w.n == 0)
			continue;
		k++;
		told += w.n > 4; /* "Hi," and "Dear sender" are none */
		found = found || (told <= FIRST && (!alone || w.end != '?') && says(&w, &away_set));
		notice = notice || says(&w, &formal_set);
		asks = asks || w.end == '?';
	}
	plain_words_free(&w);
	buf_free(&b);
	return found && notice && !(alone && asks);
}
