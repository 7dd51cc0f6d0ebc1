#include "packet_pump.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hilog/log.h"

#undef LOG_DOMAIN
#undef LOG_TAG
#define LOG_DOMAIN 0x0A01
#define LOG_TAG "PacketPump"

namespace {
constexpr size_t MAX_PACKET = 65536;

void CloseAndForget(int &fd)
{
    if (fd >= 0) {
        close(fd);
    }
    fd = -1;
}

void Watch(int poll, int fd)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}
} // namespace

PacketPump::~PacketPump()
{
    Stop();
}

bool PacketPump::Start(int tunFd, const std::string &server, uint16_t port, Protect protect, OnState onState)
{
    if (thread_.joinable()) {
        return false;
    }
    tunFd_ = fcntl(tunFd, F_DUPFD_CLOEXEC, 0);
    if (tunFd_ < 0) {
        OH_LOG_ERROR(LOG_APP, "the descriptor %{public}d cannot be copied: %{public}s", tunFd, strerror(errno));
        return false;
    }
    wakeFd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server_ = server;
    port_ = port;
    protect_ = std::move(protect);
    onState_ = std::move(onState);
    thread_ = std::thread(&PacketPump::Run, this);
    return true;
}

void PacketPump::Stop()
{
    if (!thread_.joinable()) {
        return;
    }
    const uint64_t one = 1;
    if (write(wakeFd_, &one, sizeof one) < 0) {
        OH_LOG_ERROR(LOG_APP, "the thread cannot be woken: %{public}s", strerror(errno));
    }
    thread_.join();
    CloseAndForget(wakeFd_);
    CloseAndForget(tunFd_);
    CloseAndForget(socketFd_);
}

int PacketPump::Connect()
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || !protect_(fd)) {
        OH_LOG_ERROR(LOG_APP, "the socket %{public}d is not protected", fd);
        CloseAndForget(fd);
        return -1;
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    if (inet_pton(AF_INET, server_.c_str(), &address.sin_addr) != 1 ||
        connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0) {
        OH_LOG_ERROR(LOG_APP, "no way to %{public}s: %{public}s", server_.c_str(), strerror(errno));
        CloseAndForget(fd);
        return -1;
    }
    return fd;
}

void PacketPump::Run()
{
    socketFd_ = Connect();
    if (socketFd_ < 0) {
        onState_("failed: no socket");
        return;
    }
    OH_LOG_INFO(LOG_APP, "tun %{public}d, server %{public}s:%{public}hu, secret %{private}s", tunFd_, server_.c_str(),
                port_, "not for the log");
    onState_("connected");
    int poll = epoll_create1(EPOLL_CLOEXEC);
    Watch(poll, tunFd_);
    Watch(poll, socketFd_);
    Watch(poll, wakeFd_);
    for (bool running = true; running;) {
        epoll_event events[3];
        int count = epoll_wait(poll, events, 3, -1);
        for (int i = 0; i < count && running; i++) {
            if (events[i].data.fd == tunFd_) {
                running = CopyToServer();
            } else if (events[i].data.fd == socketFd_) {
                running = CopyToTun();
            } else {
                running = false;
            }
        }
    }
    close(poll);
    onState_("stopped");
}

/** At most a batch, so that the other direction has its turn. False when the TUN device is gone. */
bool PacketPump::CopyToServer()
{
    static thread_local uint8_t packet[MAX_PACKET];
    for (int i = 0; i < TUNNEL_BATCH; i++) {
        ssize_t length = read(tunFd_, packet, sizeof packet);
        if (length < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        if (send(socketFd_, packet, static_cast<size_t>(length), 0) == length) {
            statistics_.packetsOut++;
            statistics_.bytesOut += static_cast<uint64_t>(length);
        }
    }
    return true;
}

bool PacketPump::CopyToTun()
{
    static thread_local uint8_t packet[MAX_PACKET];
    for (int i = 0; i < TUNNEL_BATCH; i++) {
        ssize_t length = recv(socketFd_, packet, sizeof packet, 0);
        if (length <= 0) {
            return true;
        }
        if (write(tunFd_, packet, static_cast<size_t>(length)) == length) {
            statistics_.packetsIn++;
            statistics_.bytesIn += static_cast<uint64_t>(length);
        }
    }
    return true;
}
