#ifndef PACKET_PUMP_H
#define PACKET_PUMP_H

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

/** Carries packets between a TUN descriptor and a UDP server on a thread of its own. */
class PacketPump {
public:
    struct Statistics {
        std::atomic<uint64_t> packetsOut{0};
        std::atomic<uint64_t> packetsIn{0};
        std::atomic<uint64_t> bytesOut{0};
        std::atomic<uint64_t> bytesIn{0};
    };
    /** Answers whether the socket stays out of the tunnel. Called on the pump's thread. */
    using Protect = std::function<bool(int socketFd)>;
    using OnState = std::function<void(const std::string &state)>;

    ~PacketPump();
    /** Takes a copy of the descriptor of its own. False when it runs already. */
    bool Start(int tunFd, const std::string &server, uint16_t port, Protect protect, OnState onState);
    /** Waits until the thread has ended. */
    void Stop();
    const Statistics &GetStatistics() const { return statistics_; }

private:
    void Run();
    int Connect();
    bool CopyToServer();
    bool CopyToTun();

    std::thread thread_;
    std::string server_;
    uint16_t port_ = 0;
    Protect protect_;
    OnState onState_;
    Statistics statistics_;
    int tunFd_ = -1;
    int socketFd_ = -1;
    int wakeFd_ = -1;
};

#endif // PACKET_PUMP_H
