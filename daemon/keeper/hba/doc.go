// Package hba reads pg_hba.conf and pg_ident.conf in PostgreSQL's grammar and tells which line decides about a connection.
//
// It owns the grammar, the matching and the wording of what is wrong with a file. It opens no database, talks to nobody
// but the name service (for lines that name a host), and authenticates nothing: it answers "this line, this method".
//
// It fails per line: Load gives every Problem of every file, each with file, line and reason, and no rules when there is one.
package hba

import (
	"fmt"
	"net/netip"
	"regexp"
)

// ConnType is the first field of a line.
type ConnType uint8

// The connection types. HostGSSEnc is refused when a file is read: there is no GSSAPI here.
const (
	Local ConnType = iota
	Host
	HostSSL
	HostNoSSL
	HostNoGSSEnc
)

var connTypeNames = [...]string{"local", "host", "hostssl", "hostnossl", "hostnogssenc"}

func (t ConnType) String() string { return connTypeNames[t] }

// Method is an authentication method.
type Method string

// The methods that can be used here.
const (
	Trust    Method = "trust"
	Reject   Method = "reject"
	Password Method = "password"
	MD5      Method = "md5"
	SCRAM    Method = "scram-sha-256"
	Peer     Method = "peer"
	Cert     Method = "cert"
)

// methods is every method PostgreSQL knows; false are those that are refused when a file is read.
var methods = map[string]bool{
	"trust": true, "reject": true, "password": true, "md5": true, "scram-sha-256": true, "peer": true, "cert": true,
	"ident": false, "gss": false, "sspi": false, "pam": false, "bsd": false, "ldap": false, "radius": false,
}

// ClientCert is what a line asks of the client's certificate.
type ClientCert uint8

// The values of the option clientcert.
const (
	CertNone ClientCert = iota
	CertVerifyCA
	CertVerifyFull
)

// Rule is one line that can match.
type Rule struct {
	File      string
	Line      int // of the first physical line
	Number    int // 1-based among all rules
	Type      ConnType
	Databases []Token
	Users     []Token
	Address   Address
	Method    Method
	Options   []Option
	Map       string
	Cert      ClientCert
	CertDN    bool // clientname=DN
}

// Option is one name=value after the method.
type Option struct{ Name, Value string }

// Place gives "line N of configuration file ...", as PostgreSQL's context lines do.
func (r *Rule) Place() string {
	return fmt.Sprintf("line %d of configuration file %q", r.Line, r.File)
}

// Token is one word of a line. A quoted word has no special meaning.
type Token struct {
	Text   string
	Quoted bool
	re     *regexp.Regexp
}

func (t Token) keyword(word string) bool { return !t.Quoted && t.Text == word }

// Problem is what is wrong with one line, or with a file as a whole (Line 0).
type Problem struct {
	File   string
	Line   int
	Reason string
	Hint   string
}

func (p Problem) Error() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.Reason)
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Reason)
}

// Rules is a file that was read without a problem.
type Rules struct {
	File  string
	Lines []*Rule
}

// AddressKind is the shape of the address field.
type AddressKind uint8

// The shapes of an address.
const (
	AddrAll AddressKind = iota
	AddrMask
	AddrSameHost
	AddrSameNet
	AddrName
)

// Address is the address field of a host line.
type Address struct {
	Kind AddressKind
	IP   netip.Addr
	Mask netip.Addr
	Name string
}
