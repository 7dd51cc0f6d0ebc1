#include <string>
#include <set>

#include "dns_filter.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hilog/log.h"

#undef LOG_TAG
#define LOG_TAG "DnsFilter"

constexpr int POLL_MS = 200;
constexpr size_t MAX_PACKET = 4096;
constexpr size_t MAX_ASKERS = 1024;

void DnsFilter::Start(int tunFd, int upstreamFd, OnBlocked onBlocked)
{
    tunFd_ = tunFd;
    upstreamFd_ = upstreamFd;
    onBlocked_ = std::move(onBlocked);
    running_ = true;
    thread_ = std::thread([this] { Run(); });
}

void DnsFilter::Stop()
{
    running_ = false;
    if (thread_.joinable()) {
        thread_.join();
    }
    if (upstreamFd_ >= 0) {
        close(upstreamFd_);
    }
    upstreamFd_ = -1;
}

void DnsFilter::Run()
{
    OH_LOG_INFO(LOG_APP, "filtering on descriptor %{public}d", tunFd_);
    pollfd fds[2] = {{tunFd_, POLLIN, 0}, {upstreamFd_, POLLIN, 0}};
    while (running_) {
        if (poll(fds, 2, POLL_MS) <= 0) {
            continue;
        }
        uint8_t bytes[MAX_PACKET];
        if ((fds[0].revents & POLLIN) != 0) {
            ssize_t length = read(tunFd_, bytes, sizeof bytes - 64);
            if (length > 0) {
                OnPacket(bytes, static_cast<size_t>(length));
            }
        }
        if ((fds[1].revents & POLLIN) != 0) {
            ssize_t length = recv(upstreamFd_, bytes, sizeof bytes, MSG_DONTWAIT);
            if (length > 0) {
                OnAnswer(bytes, static_cast<size_t>(length));
            }
        }
    }
}

void DnsFilter::OnPacket(uint8_t *packet, size_t length)
{
    minidns_datagram question;
    char name[MINIDNS_MAX_NAME];
    size_t end = 0;
    if (minidns_parse_packet(packet, length, &question) != 0 || ntohs(question.destination_port) != 53 ||
        minidns_parse_question(question.payload, question.length, name, &end) != 0) {
        return;
    }
    uint8_t message[MAX_PACKET];
    memcpy(message, question.payload, question.length);
    if (rules.Matches(name)) {
        blocked++;
        Reply(question, message, minidns_write_blocked(message, end));
        onBlocked_(name);
        return;
    }
    if (askers_.size() > MAX_ASKERS) {
        askers_.clear();
    }
    uint16_t id = nextId_++;
    Asker asker{question, 0};
    memcpy(&asker.id, message, sizeof asker.id);
    askers_[id] = asker;
    memcpy(message, &id, sizeof id);
    send(upstreamFd_, message, question.length, 0);
    forwarded++;
    OH_LOG_DEBUG(LOG_APP, "asked upstream for %{private}s", name);
}

void DnsFilter::OnAnswer(uint8_t *message, size_t length)
{
    uint16_t id = 0;
    memcpy(&id, message, sizeof id);
    auto asker = askers_.find(id);
    if (length < sizeof id || asker == askers_.end()) {
        return;
    }
    memcpy(message, &asker->second.id, sizeof id);
    Reply(asker->second.datagram, message, length);
    askers_.erase(asker);
    answered++;
}

void DnsFilter::Reply(const minidns_datagram &question, const uint8_t *message, size_t length)
{
    minidns_datagram answer = {
        question.destination, question.source, question.destination_port, question.source_port, message, length,
    };
    uint8_t packet[MAX_PACKET + MINIDNS_IP_UDP_BYTES];
    size_t bytes = minidns_write_packet(packet, &answer);
    if (write(tunFd_, packet, bytes) < 0) {
        OH_LOG_WARN(LOG_APP, "an answer was lost: %{public}m");
    }
}
