package hba

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"time"
)

// Conn is what is known of a connection before anyone has proven who they are.
type Conn struct {
	Local       bool // Unix socket
	TLS         bool
	Remote      netip.Addr
	Database    string
	User        string
	Replication bool // asks for physical replication
	// MemberOf tells whether a role is a member of another, directly or not; being superuser does not count. A role that
	// does not exist is a member of nothing.
	MemberOf func(role, group string) bool
	// Network answers what lines with names and samenet ask of the host; nil is the host's own resolver and interfaces.
	Network Network
}

// Network is what matching asks of the host.
type Network interface {
	// LookupAddr gives the names of an address, LookupHost the addresses of a name.
	LookupAddr(ip netip.Addr) []string
	LookupHost(name string) []netip.Addr
	// Interfaces gives the addresses of this host, each with the network it is in.
	Interfaces() []netip.Prefix
}

// Miss is why a rule did not match.
type Miss string

// The reasons, in the order the fields are compared.
const (
	MissNone     Miss = ""
	MissType     Miss = "connection type"
	MissTLS      Miss = "encryption"
	MissAddress  Miss = "address"
	MissDatabase Miss = "database"
	MissUser     Miss = "user"
)

// Find gives the first rule that matches; nil for none.
func (rs *Rules) Find(c *Conn) *Rule {
	for _, r := range rs.Lines {
		if r.Match(c) == MissNone {
			return r
		}
	}
	return nil
}

// Match compares one rule with a connection.
func (r *Rule) Match(c *Conn) Miss {
	if (r.Type == Local) != c.Local {
		return MissType
	}
	if !c.Local {
		if c.TLS && r.Type == HostNoSSL || !c.TLS && r.Type == HostSSL {
			return MissTLS
		}
		if !r.Address.match(c) {
			return MissAddress
		}
	}
	if !matchDatabase(r.Databases, c) {
		return MissDatabase
	}
	if !matchUser(r.Users, c) {
		return MissUser
	}
	return MissNone
}

func matchDatabase(words []Token, c *Conn) bool {
	for _, w := range words {
		switch {
		case c.Replication:
			if w.keyword("replication") {
				return true
			}
		case w.keyword("all"):
			return true
		case w.keyword("sameuser"):
			if c.Database == c.User {
				return true
			}
		case w.keyword("samerole"), w.keyword("samegroup"):
			if c.member(c.Database) {
				return true
			}
		case w.keyword("replication"):
			// never a database's name unless quoted
		case w.re != nil:
			if w.re.MatchString(c.Database) {
				return true
			}
		case w.Text == c.Database:
			return true
		}
	}
	return false
}

func matchUser(words []Token, c *Conn) bool {
	for _, w := range words {
		switch {
		case !w.Quoted && strings.HasPrefix(w.Text, "+"):
			if c.member(w.Text[1:]) {
				return true
			}
		case w.keyword("all"):
			return true
		case w.re != nil:
			if w.re.MatchString(c.User) {
				return true
			}
		case w.Text == c.User:
			return true
		}
	}
	return false
}

func (c *Conn) member(group string) bool { return c.MemberOf != nil && c.MemberOf(c.User, group) }

func (c *Conn) network() Network {
	if c.Network != nil {
		return c.Network
	}
	return hostNetwork{}
}

func (a Address) match(c *Conn) bool {
	ip := c.Remote.Unmap().WithZone("")
	if !ip.IsValid() {
		return false
	}
	switch a.Kind {
	case AddrAll:
		return true
	case AddrMask:
		return a.contains(ip)
	case AddrSameHost, AddrSameNet:
		for _, p := range c.network().Interfaces() {
			if p.Addr() == ip || a.Kind == AddrSameNet && p.Contains(ip) {
				return true
			}
		}
	case AddrName:
		return a.matchName(c, ip)
	}
	return false
}

// matchName asks the name of the address, compares it, and makes sure that the name leads back to the address: whoever
// owns the reverse zone could otherwise claim any name.
func (a Address) matchName(c *Conn, ip netip.Addr) bool {
	n := c.network()
	for _, name := range n.LookupAddr(ip) {
		name = strings.TrimSuffix(name, ".")
		if !sameName(a.Name, name) {
			continue
		}
		for _, back := range n.LookupHost(name) {
			if back.Unmap() == ip {
				return true
			}
		}
	}
	return false
}

// sameName compares without case; a pattern with a leading dot matches the end of the name.
func sameName(pattern, name string) bool {
	if strings.HasPrefix(pattern, ".") {
		return len(name) > len(pattern) && strings.EqualFold(name[len(name)-len(pattern):], pattern)
	}
	return strings.EqualFold(pattern, name)
}

// hostNetwork asks this host, with a limit on time: matching holds up a connection.
type hostNetwork struct{}

const lookupTimeout = 5 * time.Second

func (hostNetwork) LookupAddr(ip netip.Addr) []string {
	ctx, done := context.WithTimeout(context.Background(), lookupTimeout)
	defer done()
	names, _ := net.DefaultResolver.LookupAddr(ctx, ip.String())
	return names
}

func (hostNetwork) LookupHost(name string) []netip.Addr {
	ctx, done := context.WithTimeout(context.Background(), lookupTimeout)
	defer done()
	ips, _ := net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	return ips
}

func (hostNetwork) Interfaces() []netip.Prefix {
	addrs, _ := net.InterfaceAddrs()
	var out []netip.Prefix
	for _, a := range addrs {
		n, ok := a.(*net.IPNet)
		if !ok {
			continue
		}
		ip, ok := netip.AddrFromSlice(n.IP)
		if !ok {
			continue
		}
		ip = ip.Unmap()
		ones, _ := n.Mask.Size()
		if ip.Is4() && ones > 32 {
			ones -= 96
		}
		out = append(out, netip.PrefixFrom(ip, ones))
	}
	return out
}
