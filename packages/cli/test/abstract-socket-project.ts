import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ProjectFolder } from './split-project.ts'

export const abstractBundle = 'com.example.abstract'

/** The page listens at an abstract name and is sent the tunnel's descriptor, which it reads packets from. */
const files = {
  'AppScope/app.json5': `{ app: { bundleName: '${abstractBundle}', versionCode: 1, versionName: '1.0.0', label: 'Abstract' } }`,
  'entry/src/main/module.json5': `{
  module: {
    name: 'entry',
    type: 'entry',
    abilities: [{ name: 'Page', srcEntry: './ets/Page.ets' }],
    extensionAbilities: [{ name: 'Vpn', srcEntry: './ets/Vpn.ets', type: 'vpn' }],
  },
}
`,
  'entry/src/main/ets/Page.ets': `import { UIAbility } from '@kit.AbilityKit'
import { vpnExtension } from '@kit.NetworkKit'
import entry from 'libentry.so'

export default class Page extends UIAbility {
  async onCreate(): Promise<void> {
    console.info('listens', entry.listen(), 'again', entry.listen())
    entry.take((text: string) => console.info(text))
    await vpnExtension.startVpnExtensionAbility({ bundleName: '${abstractBundle}', abilityName: 'Vpn' })
  }
}
`,
  'entry/src/main/ets/Vpn.ets': `import { VpnExtensionAbility, vpnExtension } from '@kit.NetworkKit'
import entry from 'libentry.so'

export default class Vpn extends VpnExtensionAbility {
  async onCreate(): Promise<void> {
    const fd = await vpnExtension.createVpnConnection(this.context).create({
      addresses: [{ address: { address: '10.99.0.2', family: 1 }, prefixLength: 24 }],
      routes: [],
      isBlocking: true,
    })
    console.info('given', entry.give(fd))
  }
}
`,
  'entry/src/main/cpp/CMakeLists.txt': `cmake_minimum_required(VERSION 3.5.0)
project(entry)
add_library(entry SHARED entry.cpp)
target_link_libraries(entry PUBLIC libace_napi.z.so)
`,
  'entry/src/main/cpp/entry.cpp': `#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>
#include <thread>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "napi/native_api.h"

static int listening = -1;

static socklen_t Name(sockaddr_un *address, const char *name)
{
    *address = {};
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path + 1, name, strlen(name));
    return offsetof(sockaddr_un, sun_path) + 1 + strlen(name);
}

static napi_value Text(napi_env env, const std::string &text)
{
    napi_value value;
    napi_create_string_utf8(env, text.c_str(), text.size(), &value);
    return value;
}

static napi_value Listen(napi_env env, napi_callback_info)
{
    sockaddr_un address;
    socklen_t length = Name(&address, "example/passing a tunnel on");
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (bind(fd, reinterpret_cast<sockaddr *>(&address), length) != 0 || listen(fd, 1) != 0) return Text(env, strerror(errno));
    listening = fd;
    return Text(env, "yes");
}

static void Accept(napi_threadsafe_function tell)
{
    int fd, from;
    char byte, room[CMSG_SPACE(sizeof fd)] = {};
    iovec bytes = {&byte, 1};
    msghdr message = {};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    message.msg_control = room;
    message.msg_controllen = sizeof room;
    /* Who only asks whether somebody listens is gone again. */
    do {
        from = accept(listening, nullptr, nullptr);
        message.msg_controllen = sizeof room;
    } while (recvmsg(from, &message, 0) != 1 || message.msg_controllen == 0);
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    unsigned char packet[2000];
    do read(fd, packet, sizeof packet);
    while (packet[0] >> 4 != 4);
    auto *text = new std::string("packet to " + std::to_string(packet[16]) + "." + std::to_string(packet[17]));
    napi_call_threadsafe_function(tell, text, napi_tsfn_blocking);
}

static napi_value Take(napi_env env, napi_callback_info info)
{
    size_t argc = 1;
    napi_value callback;
    napi_get_cb_info(env, info, &argc, &callback, nullptr, nullptr);
    napi_threadsafe_function tell;
    napi_create_threadsafe_function(env, callback, nullptr, Text(env, "take"), 0, 1, nullptr, nullptr, nullptr,
        [](napi_env env, napi_value callback, void *, void *data) {
            auto *text = static_cast<std::string *>(data);
            napi_value value = Text(env, *text);
            napi_call_function(env, callback, callback, 1, &value, nullptr);
            delete text;
        }, &tell);
    std::thread(Accept, tell).detach();
    return nullptr;
}

static napi_value Give(napi_env env, napi_callback_info info)
{
    size_t argc = 1;
    napi_value number;
    int fd = -1;
    napi_get_cb_info(env, info, &argc, &number, nullptr, nullptr);
    napi_get_value_int32(env, number, &fd);
    sockaddr_un address;
    socklen_t length = Name(&address, "example/nobody");
    int to = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    std::string nobody = connect(to, reinterpret_cast<sockaddr *>(&address), length) == 0 ? "heard" : strerror(errno);
    length = Name(&address, "example/passing a tunnel on");
    if (connect(to, reinterpret_cast<sockaddr *>(&address), length) != 0) return Text(env, strerror(errno));
    char byte = 1, room[CMSG_SPACE(sizeof fd)] = {};
    iovec bytes = {&byte, 1};
    msghdr message = {};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    message.msg_control = room;
    message.msg_controllen = sizeof room;
    cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    bool sent = sendmsg(to, &message, MSG_NOSIGNAL) == 1;
    /* Datagrams have names of their own, and a plain one stays readable. */
    int own = socket(AF_UNIX, SOCK_DGRAM, 0), other = socket(AF_UNIX, SOCK_DGRAM, 0);
    length = Name(&address, "datagrams");
    auto *name = reinterpret_cast<sockaddr *>(&address);
    bool heard = bind(own, name, length) == 0 && sendto(other, "abc", 3, 0, name, length) == 3 && recv(own, room, 8, 0) == 3;
    return Text(env, std::string(sent ? "yes" : "no") + (heard ? ", datagrams too, " : ", no datagrams, ") + nobody);
}

static napi_value Init(napi_env env, napi_value exports)
{
    napi_property_descriptor properties[] = {
        {"listen", nullptr, Listen, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"take", nullptr, Take, nullptr, nullptr, nullptr, napi_default, nullptr},
        {"give", nullptr, Give, nullptr, nullptr, nullptr, napi_default, nullptr},
    };
    napi_define_properties(env, exports, 3, properties);
    return exports;
}

NAPI_MODULE(entry, Init)
`,
}

export function createAbstractSocketProject(): ProjectFolder {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-abstract-'))
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}
