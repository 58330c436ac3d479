/*
 * A PAM module that does the least that a durable sign-in can: it writes a few bytes to the file that its argument names, and
 * flushes them to the disk. The file keeps its length, so that a flush is one write of data.
 */
#include <fcntl.h>
#include <unistd.h>

#include <security/pam_modules.h>

int pam_sm_authenticate(pam_handle_t *handle, int flags, int argc, const char **argv)
{
    (void)handle, (void)flags;
    if (argc != 1)
        return PAM_SERVICE_ERR;
    int file = open(argv[0], O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return PAM_SYSTEM_ERR;
    pid_t number = getpid();
    int done = pwrite(file, &number, sizeof number, 0) == sizeof number && fdatasync(file) == 0;
    close(file);
    return done ? PAM_SUCCESS : PAM_SYSTEM_ERR;
}

int pam_sm_setcred(pam_handle_t *handle, int flags, int argc, const char **argv)
{
    (void)handle, (void)flags, (void)argc, (void)argv;
    return PAM_SUCCESS;
}
