/*
 * `load <address> <packets> <payload bytes>`: sends UDP packets that come back, some under way at a time, until so many have.
 * A packet that is not back in 10 s ends it.
 */
#include <arpa/inet.h>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <vector>

/** Fewer than the queue of a TUN device (500) and the buffer of a socket hold. */
constexpr unsigned WINDOW = 128;
constexpr unsigned BATCH = 32;

int main(int count, char **arguments)
{
    if (count != 4) return 2;
    long wanted = atol(arguments[2]);
    std::vector<char> payload(static_cast<size_t>(atol(arguments[3])));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(9);
    inet_pton(AF_INET, arguments[1], &address.sin_addr);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    timeval patience{10, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0) {
        perror("connect");
        return 1;
    }
    iovec parts[BATCH];
    mmsghdr messages[BATCH] = {};
    for (unsigned i = 0; i < BATCH; i++) {
        parts[i] = {payload.data(), payload.size()};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    long sent = 0;
    long back = 0;
    while (back < wanted) {
        while (sent < wanted && sent - back + BATCH <= WINDOW) {
            int now = sendmmsg(fd, messages, BATCH, 0);
            if (now <= 0) {
                perror("sendmmsg");
                return 1;
            }
            sent += now;
        }
        int now = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, nullptr);
        if (now <= 0) {
            fprintf(stderr, "%ld of %ld packets are lost\n", sent - back, sent);
            return 1;
        }
        back += now;
    }
}
