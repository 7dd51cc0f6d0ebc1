#include "plane.h"

#include <cstdint>
#include <cstring>
#include <unistd.h>

namespace {
constexpr ssize_t IP_AND_PORTS = 24;

/** Swapping the ends leaves the checksums as they are. */
void TurnAround(uint8_t *packet)
{
    uint8_t address[4];
    memcpy(address, packet + 12, 4);
    memcpy(packet + 12, packet + 16, 4);
    memcpy(packet + 16, address, 4);
    uint8_t port[2];
    memcpy(port, packet + 20, 2);
    memcpy(packet + 20, packet + 22, 2);
    memcpy(packet + 22, port, 2);
}
} // namespace

void RunPlane(int tunFd)
{
    uint8_t packet[65536];
    for (;;) {
        ssize_t length = read(tunFd, packet, sizeof packet);
        if (length <= 0) {
            return;
        }
        if (length < IP_AND_PORTS || packet[0] != 0x45) {
            continue;
        }
        TurnAround(packet);
        if (write(tunFd, packet, static_cast<size_t>(length)) < 0) {
            return;
        }
    }
}
