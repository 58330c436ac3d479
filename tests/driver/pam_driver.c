/*
 * Signs in through libpam and writes down, line by line, what happened:
 *
 *     prompt echo_off Verification code:     the module asked (echo_on: the answer may be seen)
 *     info TEXT, error TEXT                  the module said
 *     delay 2000000                          the delay after a refusal that it asked for, in microseconds
 *     authenticate PAM_SUCCESS               what pam_authenticate answered; setcred alike
 *     nanoseconds 512000                     from pam_start to pam_end's return, with --time; nothing is written before
 *
 * The service file is read from a folder of the caller's own (pam_start_confdir), so that any user can run it.
 * Answers are given in order as options; without one, a line is read from standard input at each prompt, so that the
 * caller decides when the answer comes.
 */
#include <ctype.h>
#include <dirent.h>
#include <getopt.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_appl.h>

enum { MOST_ANSWERS = 16, MOST_VARIABLES = 4 };

enum answer_kind { TEXT, NO_TEXT, FAILURE };

struct answer {
    enum answer_kind kind;
    const char *text;
};

struct script {
    struct answer answers[MOST_ANSWERS];
    size_t count, next;
};

struct options {
    const char *service, *user, *confdir, *rhost, *tty;
    const char *variables[MOST_VARIABLES];
    size_t variable_count;
    struct script script;
    bool wait, setcred, time;
    int flags, rounds;
};

static void die(const char *what)
{
    fprintf(stderr, "pam_driver: %s\n", what);
    exit(2);
}

static void print_escaped(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        if (isprint(*c) && *c != '\\')
            putchar(*c);
        else
            printf("\\x%02x", *c);
    }
    putchar('\n');
}

static const char *code_name(int code)
{
    static const char *const names[_PAM_RETURN_VALUES] = {
        [PAM_SUCCESS] = "PAM_SUCCESS",
        [PAM_OPEN_ERR] = "PAM_OPEN_ERR",
        [PAM_SYMBOL_ERR] = "PAM_SYMBOL_ERR",
        [PAM_SERVICE_ERR] = "PAM_SERVICE_ERR",
        [PAM_SYSTEM_ERR] = "PAM_SYSTEM_ERR",
        [PAM_BUF_ERR] = "PAM_BUF_ERR",
        [PAM_PERM_DENIED] = "PAM_PERM_DENIED",
        [PAM_AUTH_ERR] = "PAM_AUTH_ERR",
        [PAM_CRED_INSUFFICIENT] = "PAM_CRED_INSUFFICIENT",
        [PAM_AUTHINFO_UNAVAIL] = "PAM_AUTHINFO_UNAVAIL",
        [PAM_USER_UNKNOWN] = "PAM_USER_UNKNOWN",
        [PAM_MAXTRIES] = "PAM_MAXTRIES",
        [PAM_CRED_UNAVAIL] = "PAM_CRED_UNAVAIL",
        [PAM_CRED_EXPIRED] = "PAM_CRED_EXPIRED",
        [PAM_CRED_ERR] = "PAM_CRED_ERR",
        [PAM_CONV_ERR] = "PAM_CONV_ERR",
        [PAM_AUTHTOK_ERR] = "PAM_AUTHTOK_ERR",
        [PAM_ABORT] = "PAM_ABORT",
        [PAM_MODULE_UNKNOWN] = "PAM_MODULE_UNKNOWN",
        [PAM_IGNORE] = "PAM_IGNORE",
        [PAM_BAD_ITEM] = "PAM_BAD_ITEM",
        [PAM_CONV_AGAIN] = "PAM_CONV_AGAIN",
        [PAM_INCOMPLETE] = "PAM_INCOMPLETE",
    };
    if (code < 0 || code >= _PAM_RETURN_VALUES || names[code] == NULL)
        die("a PAM code without a name");
    return names[code];
}

static struct answer read_answer(void)
{
    static char line[8192];
    if (fgets(line, sizeof line, stdin) == NULL)
        return (struct answer){ FAILURE, NULL };
    line[strcspn(line, "\n")] = '\0';
    return (struct answer){ TEXT, line };
}

static struct answer next_answer(struct script *script)
{
    if (script->count == 0)
        return read_answer();
    if (script->next == script->count)
        die("more prompts than answers");
    return script->answers[script->next++];
}

static int reply(const struct pam_message *message, struct pam_response *response, struct script *script)
{
    printf("prompt %s ", message->msg_style == PAM_PROMPT_ECHO_ON ? "echo_on" : "echo_off");
    print_escaped(message->msg);
    struct answer answer = next_answer(script);
    if (answer.kind == FAILURE)
        return PAM_CONV_ERR;
    if (answer.kind == TEXT && (response->resp = strdup(answer.text)) == NULL)
        die("no memory");
    return PAM_SUCCESS;
}

static int take(const struct pam_message *message, struct pam_response *response, struct script *script)
{
    switch (message->msg_style) {
    case PAM_PROMPT_ECHO_OFF:
    case PAM_PROMPT_ECHO_ON:
        return reply(message, response, script);
    case PAM_TEXT_INFO:
    case PAM_ERROR_MSG:
        fputs(message->msg_style == PAM_TEXT_INFO ? "info " : "error ", stdout);
        print_escaped(message->msg);
        return PAM_SUCCESS;
    default:
        die("a message of an unknown style");
        return PAM_CONV_ERR;
    }
}

static int converse(int count, const struct pam_message **messages, struct pam_response **responses, void *script)
{
    struct pam_response *list = calloc((size_t)count, sizeof *list);
    if (list == NULL)
        die("no memory");
    for (int i = 0; i < count; i++) {
        int code = take(messages[i], &list[i], script);
        if (code != PAM_SUCCESS) {
            for (int j = 0; j < i; j++)
                free(list[j].resp);
            free(list);
            return code;
        }
    }
    *responses = list;
    return PAM_SUCCESS;
}

/* Called by libpam in place of sleeping. */
static void note_delay(int code, unsigned microseconds, void *script)
{
    (void)script;
    if (code != PAM_SUCCESS && microseconds != 0)
        printf("delay %u\n", microseconds);
}

static void set_item(pam_handle_t *handle, int item, const void *value)
{
    if (value != NULL && pam_set_item(handle, item, value) != PAM_SUCCESS)
        die("pam_set_item failed");
}

static long long nanoseconds(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        die("no clock");
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void sign_in(struct options *options)
{
    long long start = nanoseconds();
    struct pam_conv conversation = { converse, &options->script };
    pam_handle_t *handle = NULL;
    if (pam_start_confdir(options->service, options->user, &conversation, options->confdir, &handle) != PAM_SUCCESS)
        die("pam_start_confdir failed");
    void (*delay)(int, unsigned, void *) = note_delay;
    set_item(handle, PAM_FAIL_DELAY, (const void *)delay);
    set_item(handle, PAM_RHOST, options->rhost);
    set_item(handle, PAM_TTY, options->tty);
    for (size_t i = 0; i < options->variable_count; i++)
        if (pam_putenv(handle, options->variables[i]) != PAM_SUCCESS)
            die("pam_putenv failed");
    if (options->wait) {
        puts("ready");
        read_answer();
    }
    int code = pam_authenticate(handle, options->flags);
    printf("authenticate %s\n", code_name(code));
    if (options->setcred)
        printf("setcred %s\n", code_name(pam_setcred(handle, PAM_ESTABLISH_CRED | options->flags)));
    if (pam_end(handle, code) != PAM_SUCCESS)
        die("pam_end failed");
    if (options->time)
        printf("nanoseconds %lld\n", nanoseconds() - start);
}

static int open_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL)
        die("/proc/self/fd can't be read");
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count - 1; /* the folder's own */
}

static size_t mapped_pages(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    size_t pages;
    if (file == NULL || fscanf(file, "%zu", &pages) != 1)
        die("/proc/self/statm can't be read");
    fclose(file);
    return pages;
}

/* What a process holds on to: descriptors, bytes in use on the heap, and pages of memory that are mapped. */
struct holdings {
    int descriptors;
    size_t heap, mapped;
};

static struct holdings holdings(void)
{
    size_t mapped = mapped_pages();
    return (struct holdings){ open_descriptors(), mallinfo2().uordblks, mapped };
}

static void add_answer(struct script *script, enum answer_kind kind, const char *text)
{
    if (script->count == MOST_ANSWERS)
        die("too many answers");
    script->answers[script->count++] = (struct answer){ kind, text };
}

static void add_variable(struct options *options, const char *variable)
{
    if (options->variable_count == MOST_VARIABLES)
        die("too many variables");
    options->variables[options->variable_count++] = variable;
}

static void usage(void)
{
    fputs("usage: pam_driver [OPTION]... SERVICE USER CONFDIR\n"
          "  --answer TEXT    answers a prompt (again for the next one)\n"
          "  --null-answer    answers a prompt with no text at all\n"
          "  --fail           fails the conversation at a prompt\n"
          "  --wait           says \"ready\" after pam_start and waits for a line\n"
          "  --rhost HOST, --tty TTY\n"
          "  --variable NAME=VALUE  of the PAM environment\n"
          "  --silent         PAM_SILENT\n"
          "  --setcred        calls pam_setcred, too\n"
          "  --time           says how long it took; a delay after a refusal is told, never slept, so it is no part of it\n"
          "  --deadline N     ends after N seconds, whatever hangs\n"
          "  --rounds N       signs in N times and says what is held after the first and the last time: descriptors, bytes on the\n"
          "                   heap, mapped pages\n",
          stderr);
    exit(2);
}

static void take_option(int option, struct options *options)
{
    switch (option) {
    case 'a': add_answer(&options->script, TEXT, optarg); break;
    case 'n': add_answer(&options->script, NO_TEXT, NULL); break;
    case 'f': add_answer(&options->script, FAILURE, NULL); break;
    case 'w': options->wait = true; break;
    case 'r': options->rhost = optarg; break;
    case 't': options->tty = optarg; break;
    case 'v': add_variable(options, optarg); break;
    case 's': options->flags = PAM_SILENT; break;
    case 'c': options->setcred = true; break;
    case 'T': options->time = true; break;
    case 'N': options->rounds = atoi(optarg); break;
    case 'd': alarm((unsigned)atoi(optarg)); break;
    default: usage();
    }
}

static struct options parse(int argc, char **argv)
{
    static const struct option known[] = {
        { "answer", required_argument, NULL, 'a' }, { "null-answer", no_argument, NULL, 'n' },
        { "fail", no_argument, NULL, 'f' },         { "wait", no_argument, NULL, 'w' },
        { "rhost", required_argument, NULL, 'r' },  { "tty", required_argument, NULL, 't' },
        { "variable", required_argument, NULL, 'v' },
        { "silent", no_argument, NULL, 's' },       { "setcred", no_argument, NULL, 'c' },
        { "time", no_argument, NULL, 'T' },         { "rounds", required_argument, NULL, 'N' },
        { "deadline", required_argument, NULL, 'd' }, { NULL, 0, NULL, 0 },
    };
    struct options options = { 0 };
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;)
        take_option(option, &options);
    if (argc - optind != 3)
        usage();
    options.service = argv[optind];
    options.user = argv[optind + 1];
    options.confdir = argv[optind + 2];
    return options;
}

int main(int argc, char **argv)
{
    struct options options = parse(argc, argv);
    setvbuf(stdout, NULL, options.time ? _IOFBF : _IOLBF, 0);
    sign_in(&options);
    if (options.rounds == 0)
        return 0;
    struct holdings first = holdings();
    for (int round = 1; round < options.rounds; round++) {
        options.script.next = 0;
        sign_in(&options);
    }
    struct holdings last = holdings();
    printf("descriptors %d %d\n", first.descriptors, last.descriptors);
    printf("heap %zu %zu\n", first.heap, last.heap);
    printf("mapped %zu %zu\n", first.mapped, last.mapped);
    return 0;
}
