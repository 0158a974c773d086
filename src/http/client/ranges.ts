/** Where clouds hand out a machine's credentials, and other link-local services of the machine: never dialled, whatever EGRESS_ALLOW has. */
export const metadata = [
  '169.254.0.0/16', // AWS, Azure, Google and others at 169.254.169.254; Amazon ECS and EKS at 169.254.170.2 and .23
  '100.100.100.200/32', // Alibaba
  '168.63.129.16/32', // Azure's own host agent, on an address that looks public
  'fd00:ec2::254/128', // AWS
  'fd00:ec2::23/128', // Amazon EKS
  'fd20:ce::254/128', // Google
] as const;

/**
 * What is no public address, by IANA's registries of special-purpose addresses and ../shared/WEBHOOKS.md. IPv4-mapped addresses
 * (`::ffff:0:0/96`) are judged by the IPv4 inside, before these lists are asked. For the others that carry one, see `embeddedIpv4`.
 */
export const notPublic = {
  ipv4: [
    '0.0.0.0/8', // "this network": 0.0.0.0 dials loopback
    '10.0.0.0/8',
    '100.64.0.0/10', // carriers' NAT
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4', // and broadcast
  ],
  ipv6: [
    // Public addresses are given out of 2000::/3 alone. What is left of it: ::, ::1 and IPv4 inside ::/96, NAT64 (64:ff9b::/96,
    // 64:ff9b:1::/48), 100::/64, 5f00::/16, fc00::/7, fe80::/10, fec0::/10, ff00::/8, and what nobody has been given.
    '::/3',
    '4000::/2',
    '8000::/1',
    '2001::/23', // protocols' own, Teredo's IPv4 inside among them
    '2001:db8::/32',
    '2002::/16', // 6to4: an IPv4 inside
    '3fff::/20',
  ],
} as const;
