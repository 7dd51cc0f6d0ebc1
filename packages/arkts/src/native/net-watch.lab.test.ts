import { Rtnetlink, unshare } from '@vpnext/native'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { findBuildTools } from './build-tools.ts'

/** What native code hears of networks, in a program of its own. */
const program = `
#include <network/netmanager/net_connection.h>
#include <stdio.h>
#include <string.h>
#include <net/if.h>
static uint32_t defaultId, vpnId;
static void say(const char *what, NetConn_NetHandle *net) {
    char name[IF_NAMESIZE] = "?";
    if_indextoname((unsigned)net->netId - 100, name);
    printf("%s %s\\n", what, name); fflush(stdout);
}
static void available(NetConn_NetHandle *net) { say("available", net); }
static void lost(NetConn_NetHandle *net) { printf("lost\\n"); fflush(stdout); (void)net; }
static void capabilities(NetConn_NetHandle *net, NetConn_NetCapabilities *caps) { say(caps->netCapsSize > 2 ? "capabilities" : "few", net); }
static void properties(NetConn_NetHandle *net, NetConn_ConnectionProperties *all) {
    say("properties", net);
    for (int i = 0; i < all->netAddrListSize; i++) { printf("address %s\\n", all->netAddrList[i].address); fflush(stdout); }
}
static void unavailable(void) { printf("unavailable %d\\n", OH_NetConn_UnregisterNetConnCallback(vpnId)); fflush(stdout); }
int main(void) {
    char line[16];
    NetConn_NetConnCallback all = {available, capabilities, properties, lost, NULL, NULL}, one = {.onNetUnavailable = unavailable};
    NetConn_NetSpecifier vpn = {.caps = {.bearerTypes = {NETCONN_BEARER_VPN}, .bearerTypesSize = 1}}, wrong = {.caps = {.netCapsSize = 99}};
    printf("%d %d %d", OH_NetConn_RegisterDefaultNetConnCallback(NULL, &defaultId),
           OH_NetConn_RegisterNetConnCallback(&wrong, &one, 0, &vpnId), OH_NetConn_UnregisterNetConnCallback(7));
    printf(" %d", OH_NetConn_RegisterDefaultNetConnCallback(&all, &defaultId));
    printf(" %d\\n", OH_NetConn_RegisterNetConnCallback(&vpn, &one, 50, &vpnId));
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL) return 1;
    printf("unregistered %d", OH_NetConn_UnregisterNetConnCallback(defaultId));
    printf(" %d\\n", OH_NetConn_UnregisterNetConnCallback(defaultId));
    int count = 0;
    while (OH_NetConn_RegisterDefaultNetConnCallback(&one, &defaultId) == 0) count++;
    printf("at most %d\\n", count); fflush(stdout);
    return fgets(line, sizeof line, stdin) == NULL;
}
`

let folder: string
let child: ChildProcess | undefined
beforeAll(() => {
  // The program gets the test's own network.
  unshare({ network: true })
  folder = mkdtempSync(join(tmpdir(), 'vpnext-net-watch-'))
})
afterAll(() => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

test('native code hears of the uplink as it comes, changes and goes, and of none in time', async () => {
  const sdk = fileURLToPath(new URL('../../sdk', import.meta.url))
  writeFileSync(join(folder, 'watch.c'), program)
  const sources = ['net-watch.c', 'net-connection.c', 'route-list.c'].map((name) => join(sdk, 'source', name))
  const flags = [
    '-std=gnu11',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-I',
    join(sdk, 'include'),
    '-I',
    join(sdk, 'source'),
  ]
  const { c } = await findBuildTools('the test')
  execFileSync(c, [...flags, join(folder, 'watch.c'), ...sources, '-pthread', '-o', join(folder, 'watch')])
  child = spawn(join(folder, 'watch'), { stdio: ['pipe', 'pipe', 'inherit'] })
  let text = ''
  child.stdout?.on('data', (piece: Buffer) => (text += piece.toString()))
  const heard = async (lines: RegExp): Promise<void> => {
    await expect.poll(() => text, { timeout: 20_000 }).toMatch(lines)
    text = ''
  }
  await heard(/401 401 2101007 0 0\n(.*\n)*unavailable 0\n/)

  using netlink = Rtnetlink.open()
  netlink.apply([{ op: 'addLink', kind: 'veth', name: 'up0', peer: { name: 'up1' } }])
  const indexOf = (name: string): number => netlink.links().find((link) => link.name === name)?.index ?? 0
  const index = indexOf('up0')
  netlink.apply([
    { op: 'setLink', index: indexOf('up1'), up: true },
    { op: 'setLink', index, up: true },
    { op: 'addAddress', index, address: '192.0.2.5', prefixLength: 24 },
    {
      op: 'addRoute',
      route: {
        family: 4,
        destination: '0.0.0.0/0',
        table: 254,
        type: 'unicast',
        index,
        gateway: '192.0.2.1',
      },
    },
  ])
  await heard(/^available up0\ncapabilities up0\nproperties up0\n(.*\n)*address 192\.0\.2\.5\n/)
  netlink.apply([{ op: 'addAddress', index, address: '192.0.2.6', prefixLength: 24 }])
  await heard(/properties up0\n(.*\n)*address 192\.0\.2\.6\n/)
  netlink.apply([{ op: 'deleteLink', index }])
  await heard(/lost\n$/)
  child.stdin?.write('next\n')
  await heard(/unregistered 0 2101007\nat most 32\n/)
})
