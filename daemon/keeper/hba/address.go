package hba

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// parseAddress reads the address field and, for an address without a prefix length, the mask after it; used is how many
// fields that took.
func parseAddress(f [][]Token) (a Address, used int, reason, hint string) {
	if len(f) == 0 {
		return a, 0, "end-of-line before IP address specification", ""
	}
	if len(f[0]) > 1 {
		return a, 0, "multiple values specified for host address", "Specify one address range per line."
	}
	tok := f[0][0]
	switch {
	case tok.keyword("all"):
		return Address{Kind: AddrAll}, 1, "", ""
	case tok.keyword("samehost"):
		return Address{Kind: AddrSameHost}, 1, "", ""
	case tok.keyword("samenet"):
		return Address{Kind: AddrSameNet}, 1, "", ""
	}
	text, prefix, slash := strings.Cut(tok.Text, "/")
	ip, err := netip.ParseAddr(text)
	if err != nil {
		if slash {
			return a, 0, fmt.Sprintf(`specifying both host name and CIDR mask is invalid: "%s"`, tok.Text), ""
		}
		if !hostName(text) {
			return a, 0, fmt.Sprintf(`invalid IP address "%s"`, text), ""
		}
		return Address{Kind: AddrName, Name: text}, 1, "", ""
	}
	if ip.Zone() != "" {
		return a, 0, fmt.Sprintf(`invalid IP address "%s": zones are not supported`, text), ""
	}
	a = Address{Kind: AddrMask, IP: ip}
	if slash {
		bits, err := strconv.ParseUint(prefix, 10, 8)
		if err != nil || int(bits) > ip.BitLen() {
			return a, 0, fmt.Sprintf(`invalid CIDR mask in address "%s"`, tok.Text), ""
		}
		a.Mask = maskOf(ip, int(bits))
		return a, 1, "", ""
	}
	if len(f) < 2 {
		return a, 0, "end-of-line before netmask specification",
			"Specify an address range in CIDR notation, or provide a separate netmask."
	}
	if len(f[1]) > 1 {
		return a, 0, "multiple values specified for netmask", ""
	}
	mask, err := netip.ParseAddr(f[1][0].Text)
	if err != nil {
		return a, 0, fmt.Sprintf(`invalid IP mask "%s": Name or service not known`, f[1][0].Text), ""
	}
	if mask.BitLen() != ip.BitLen() {
		return a, 0, "IP address and mask do not match", ""
	}
	a.Mask = mask
	return a, 2, "", ""
}

// hostName is loose on purpose: names a resolver does not know simply never match. What can only be meant as an address is none.
func hostName(s string) bool {
	if s == "" || len(s) > 255 || strings.Trim(s, "0123456789.") == "" {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c == 0x7f || c == ':' {
			return false
		}
	}
	return true
}

func maskOf(ip netip.Addr, bits int) netip.Addr {
	b := make([]byte, ip.BitLen()/8)
	for i := 0; i < bits; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	m, _ := netip.AddrFromSlice(b)
	return m
}

// contains compares under the mask, which need not be contiguous. Families must be equal, as in PostgreSQL.
func (a Address) contains(ip netip.Addr) bool {
	if ip.BitLen() != a.IP.BitLen() {
		return false
	}
	x, y, m := ip.AsSlice(), a.IP.AsSlice(), a.Mask.AsSlice()
	for i := range x {
		if (x[i]^y[i])&m[i] != 0 {
			return false
		}
	}
	return true
}

// String gives the address as the file had it, in CIDR form where the mask has one.
func (a Address) String() string {
	switch a.Kind {
	case AddrSameHost:
		return "samehost"
	case AddrSameNet:
		return "samenet"
	case AddrName:
		return a.Name
	case AddrMask:
		for bits := 0; bits <= a.IP.BitLen(); bits++ {
			if maskOf(a.IP, bits) == a.Mask {
				return a.IP.String() + "/" + strconv.Itoa(bits)
			}
		}
		return a.IP.String() + " " + a.Mask.String()
	}
	return "all"
}
