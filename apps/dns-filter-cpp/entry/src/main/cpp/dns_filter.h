#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <thread>

#include "minidns.h"
#include "rules.h"

/** Answers the DNS questions that come out of a TUN device: blocked ones itself, others with the help of a resolver. */
class DnsFilter {
public:
    using OnBlocked = std::function<void(const std::string &name)>;

    Rules rules;
    std::atomic<uint32_t> blocked{0};
    std::atomic<uint32_t> forwarded{0};
    std::atomic<uint32_t> answered{0};

    void Start(int tunFd, int upstreamFd, OnBlocked onBlocked);
    void Stop();

private:
    struct Asker {
        minidns_datagram datagram;
        uint16_t id;
    };

    void Run();
    void OnPacket(uint8_t *packet, size_t length);
    void OnAnswer(uint8_t *message, size_t length);
    void Reply(const minidns_datagram &question, const uint8_t *message, size_t length);

    std::thread thread_;
    std::atomic<bool> running_{false};
    std::map<uint16_t, Asker> askers_;
    uint16_t nextId_ = 1;
    int tunFd_ = -1;
    int upstreamFd_ = -1;
    OnBlocked onBlocked_;
};
