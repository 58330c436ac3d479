/*
 * Speaks to a Unix socket, whatever anybody wants to say there:
 *
 *     messages SOCKET      sends each message of standard input over a connection of its own, and writes what is answered. Messages and
 *                          answers are preceded by their lengths, 4 bytes each, big-endian
 *     hold SOCKET NUMBER   keeps so many connections open, each with the beginning of a message, until standard input ends; one that is
 *                          closed is opened anew
 *     flood SOCKET         opens one connection after the other, each with the beginning of a message, until standard input ends
 *
 * The last two say "ready" once they have begun.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LONGEST = 1 << 20, MOST_HELD = 256 };

static const unsigned char beginning[] = { 1, 0, 0, 0 };

static void die(const char *what)
{
    fprintf(stderr, "unix_client: %s: %s\n", what, strerror(errno));
    exit(2);
}

static int connected(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0 || connect(connection, (struct sockaddr *)&address, sizeof address) != 0)
        die(path);
    return connection;
}

/* Whoever answers may have hung up already. */
static void say(int connection, const unsigned char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(connection, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent, length -= (size_t)sent;
    }
}

static size_t heard(int connection, unsigned char *bytes)
{
    size_t length = 0;
    for (ssize_t got; length < LONGEST && (got = recv(connection, bytes + length, LONGEST - length, 0)) > 0;)
        length += (size_t)got;
    return length;
}

static bool read_length(size_t *length)
{
    unsigned char bytes[4];
    if (fread(bytes, 1, sizeof bytes, stdin) != sizeof bytes)
        return false;
    *length = (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
    return *length <= LONGEST;
}

static void write_answer(const unsigned char *answer, size_t length)
{
    unsigned char bytes[] = { length >> 24 & 255, length >> 16 & 255, length >> 8 & 255, length & 255 };
    fwrite(bytes, 1, sizeof bytes, stdout);
    fwrite(answer, 1, length, stdout);
}

static void send_messages(const char *path)
{
    static unsigned char message[LONGEST], answer[LONGEST];
    for (size_t length; read_length(&length);) {
        if (fread(message, 1, length, stdin) != length)
            die("standard input");
        int connection = connected(path);
        say(connection, message, length);
        shutdown(connection, SHUT_WR);
        write_answer(answer, heard(connection, answer));
        close(connection);
    }
}

static int begun(const char *path)
{
    int connection = connected(path);
    say(connection, beginning, sizeof beginning);
    return connection;
}

static bool is_over(void)
{
    struct pollfd input = { STDIN_FILENO, POLLIN, 0 };
    return poll(&input, 1, 0) > 0;
}

static void ready(void)
{
    puts("ready");
    fflush(stdout);
}

static void hold(const char *path, size_t number)
{
    struct pollfd held[MOST_HELD];
    if (number == 0 || number > MOST_HELD)
        die("NUMBER");
    for (size_t i = 0; i < number; i++)
        held[i] = (struct pollfd){ begun(path), POLLIN, 0 };
    ready();
    while (!is_over()) {
        poll(held, number, 50);
        for (size_t i = 0; i < number; i++) {
            if (held[i].revents == 0)
                continue;
            close(held[i].fd);
            held[i] = (struct pollfd){ begun(path), POLLIN, 0 };
        }
    }
}

static void flood(const char *path)
{
    ready();
    while (!is_over())
        close(begun(path));
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "messages") == 0)
        send_messages(argv[2]);
    else if (argc == 4 && strcmp(argv[1], "hold") == 0)
        hold(argv[2], strtoul(argv[3], NULL, 10));
    else if (argc == 3 && strcmp(argv[1], "flood") == 0)
        flood(argv[2]);
    else
        die("usage");
    return 0;
}
