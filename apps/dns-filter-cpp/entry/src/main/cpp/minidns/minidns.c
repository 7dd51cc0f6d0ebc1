#include "minidns.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#define DNS_HEADER 12
#define IP_HEADER 20
#define UDP_HEADER 8
#define PROTOCOL_UDP 17

static uint16_t read16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static void write16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static uint32_t sum_of(const uint8_t *bytes, size_t length, uint32_t sum)
{
    for (size_t i = 0; i + 1 < length; i += 2) sum += read16(bytes + i);
    if (length % 2 == 1) sum += (uint32_t)bytes[length - 1] << 8;
    return sum;
}

static uint16_t fold(uint32_t sum)
{
    while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)~sum;
}

int minidns_parse_packet(const uint8_t *packet, size_t length, struct minidns_datagram *datagram)
{
    if (length < IP_HEADER + UDP_HEADER || packet[0] >> 4 != 4 || packet[9] != PROTOCOL_UDP) return -1;
    size_t header = (size_t)(packet[0] & 15) * 4;
    size_t total = read16(packet + 2);
    if (header < IP_HEADER || total > length || total < header + UDP_HEADER || (read16(packet + 6) & 0x3FFF) != 0) return -1;
    const uint8_t *udp = packet + header;
    size_t bytes = read16(udp + 4);
    if (bytes < UDP_HEADER || header + bytes > total) return -1;
    memcpy(&datagram->source, packet + 12, 4);
    memcpy(&datagram->destination, packet + 16, 4);
    memcpy(&datagram->source_port, udp, 2);
    memcpy(&datagram->destination_port, udp + 2, 2);
    datagram->payload = udp + UDP_HEADER;
    datagram->length = bytes - UDP_HEADER;
    return 0;
}

size_t minidns_write_packet(uint8_t *packet, const struct minidns_datagram *datagram)
{
    size_t udp_length = UDP_HEADER + datagram->length;
    uint8_t *udp = packet + IP_HEADER;
    memmove(udp + UDP_HEADER, datagram->payload, datagram->length);
    memset(packet, 0, IP_HEADER + UDP_HEADER);
    packet[0] = 0x45;
    write16(packet + 2, (uint16_t)(IP_HEADER + udp_length));
    packet[8] = 64;
    packet[9] = PROTOCOL_UDP;
    memcpy(packet + 12, &datagram->source, 4);
    memcpy(packet + 16, &datagram->destination, 4);
    write16(packet + 10, fold(sum_of(packet, IP_HEADER, 0)));
    memcpy(udp, &datagram->source_port, 2);
    memcpy(udp + 2, &datagram->destination_port, 2);
    write16(udp + 4, (uint16_t)udp_length);
    uint32_t sum = sum_of(packet + 12, 8, PROTOCOL_UDP + (uint32_t)udp_length);
    uint16_t checksum = fold(sum_of(udp, udp_length, sum));
    write16(udp + 6, checksum == 0 ? 0xFFFF : checksum);
    return IP_HEADER + udp_length;
}

int minidns_parse_question(const uint8_t *message, size_t length, char name[MINIDNS_MAX_NAME], size_t *end)
{
    if (length < DNS_HEADER || read16(message + 4) != 1) return -1;
    size_t at = DNS_HEADER;
    size_t used = 0;
    for (;;) {
        if (at >= length) return -1;
        size_t label = message[at++];
        if (label == 0) break;
        if (label > 63 || at + label > length || used + label + 2 > MINIDNS_MAX_NAME) return -1;
        if (used > 0) name[used++] = '.';
        for (size_t i = 0; i < label; i++) name[used++] = (char)tolower(message[at + i]);
        at += label;
    }
    name[used] = '\0';
    if (at + 4 > length) return -1;
    *end = at + 4;
    return 0;
}

size_t minidns_write_blocked(uint8_t *message, size_t question_end)
{
    static const uint8_t zero[] = {0xC0, DNS_HEADER, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 0, 0, 0, 0};
    int wants_address = read16(message + question_end - 4) == 1;
    write16(message + 2, 0x8180);
    write16(message + 6, wants_address ? 1 : 0);
    write16(message + 8, 0);
    write16(message + 10, 0);
    if (!wants_address) return question_end;
    memcpy(message + question_end, zero, sizeof zero);
    return question_end + sizeof zero;
}
