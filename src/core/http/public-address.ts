/** Which IP addresses are on the internet. */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The only part of IPv6 that is assigned: https://www.iana.org/assignments/ipv6-address-space */
const assignedIPv6 = ipaddr.parse('2000::')
const assignedIPv6Bits = 3

/** False for private, local and reserved addresses. An IPv4 address inside an IPv6 address counts as that IPv4 address. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false
  const parsed = ipaddr.process(address)
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(assignedIPv6, assignedIPv6Bits))
}
