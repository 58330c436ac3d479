/*
 * A PAM module that stands in for the password's:
 *
 *     set      sets PAM_AUTHTOK to what the variable PASSWORD of the PAM environment holds, if it does
 *     check    takes PAM_AUTHTOK, or asks; the right password is "secret" (use_first_pass: never asks)
 *     note     writes down what PAM_AUTHTOK is now: password TEXT, or: no password
 *
 * Only check decides anything.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

static int set(pam_handle_t *handle)
{
    const char *password = pam_getenv(handle, "PASSWORD");
    if (password != NULL && pam_set_item(handle, PAM_AUTHTOK, password) != PAM_SUCCESS)
        return PAM_SYSTEM_ERR;
    return PAM_IGNORE;
}

static int check(pam_handle_t *handle)
{
    const char *password = NULL;
    if (pam_get_authtok(handle, PAM_AUTHTOK, &password, "Password: ") != PAM_SUCCESS)
        return PAM_AUTH_ERR;
    return strcmp(password, "secret") == 0 ? PAM_SUCCESS : PAM_AUTH_ERR;
}

static void print_escaped(const char *text)
{
    fputs("password ", stdout);
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
        printf(isprint(*c) && *c != '\\' ? "%c" : "\\x%02x", *c);
    putchar('\n');
}

static int note(pam_handle_t *handle)
{
    const void *password = NULL;
    if (pam_get_item(handle, PAM_AUTHTOK, &password) != PAM_SUCCESS || password == NULL)
        puts("no password");
    else
        print_escaped(password);
    return PAM_IGNORE;
}

int pam_sm_authenticate(pam_handle_t *handle, int flags, int argc, const char **argv)
{
    (void)flags;
    if (argc == 0)
        return PAM_SERVICE_ERR;
    if (strcmp(argv[0], "set") == 0)
        return set(handle);
    if (strcmp(argv[0], "check") == 0)
        return check(handle);
    return strcmp(argv[0], "note") == 0 ? note(handle) : PAM_SERVICE_ERR;
}

int pam_sm_setcred(pam_handle_t *handle, int flags, int argc, const char **argv)
{
    (void)handle, (void)flags, (void)argc, (void)argv;
    return PAM_IGNORE;
}
