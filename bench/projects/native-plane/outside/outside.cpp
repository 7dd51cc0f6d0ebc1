/* The same data plane in a program of its own, outside vpnext: `outside <name of the TUN device>`. */
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <thread>

#include "../entry/src/main/cpp/plane.h"

int main(int count, char **arguments)
{
    int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    ifreq request{};
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    strncpy(request.ifr_name, count > 1 ? arguments[1] : "outside", IFNAMSIZ - 1);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &request) != 0) {
        perror("the TUN device");
        return 1;
    }
    puts("ready");
    fflush(stdout);
    std::thread(RunPlane, fd).join();
}
