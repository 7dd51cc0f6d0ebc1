/**
 * Where C libraries look up the numbers of services (`https`) and of protocols (`udp`), and what is there on a machine that has
 * no such file: a part of the registries of IANA.
 */
export const networkNames: Readonly<Record<string, string>> = {
  '/etc/services': `
ftp 21/tcp
ssh 22/tcp
telnet 23/tcp
smtp 25/tcp mail
domain 53/tcp
domain 53/udp
bootps 67/udp
bootpc 68/udp
http 80/tcp www
http 80/udp
kerberos 88/tcp
kerberos 88/udp
pop3 110/tcp
ntp 123/udp
imap2 143/tcp imap
ldap 389/tcp
https 443/tcp
https 443/udp
isakmp 500/udp
syslog 514/udp
submission 587/tcp
ldaps 636/tcp
domain-s 853/tcp
domain-s 853/udp
imaps 993/tcp
pop3s 995/tcp
socks 1080/tcp
openvpn 1194/tcp
openvpn 1194/udp
radius 1812/udp
ipsec-nat-t 4500/udp
mdns 5353/udp
http-alt 8080/tcp
`.trimStart(),
  '/etc/protocols': `
ip 0 IP
icmp 1 ICMP
igmp 2 IGMP
tcp 6 TCP
udp 17 UDP
ipv6 41 IPv6
gre 47 GRE
esp 50 ESP
ah 51 AH
ipv6-icmp 58 IPv6-ICMP
sctp 132 SCTP
udplite 136 UDPLite
`.trimStart(),
}
