#ifndef MINIDNS_H
#define MINIDNS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MINIDNS_MAX_NAME 254
#define MINIDNS_IP_UDP_BYTES 28

/** An IPv4 packet with a UDP datagram in it; the pointers point into the packet. */
struct minidns_datagram {
    uint32_t source;      /* network order, as are all numbers here */
    uint32_t destination;
    uint16_t source_port;
    uint16_t destination_port;
    const uint8_t *payload;
    size_t length;
};

/** 0 when the packet is an unfragmented IPv4 packet with UDP in it. */
int minidns_parse_packet(const uint8_t *packet, size_t length, struct minidns_datagram *datagram);
/** Writes headers and payload; returns the length of the packet. `packet` has room for the payload and MINIDNS_IP_UDP_BYTES. */
size_t minidns_write_packet(uint8_t *packet, const struct minidns_datagram *datagram);
/** The first question's name in lower case and dotted, and where the question ends; 0 on success. */
int minidns_parse_question(const uint8_t *message, size_t length, char name[MINIDNS_MAX_NAME], size_t *end);
/** The answer 0.0.0.0 to a question, which is turned into it; returns its length. `message` has room for 16 bytes more. */
size_t minidns_write_blocked(uint8_t *message, size_t question_end);

#ifdef __cplusplus
}
#endif

#endif
