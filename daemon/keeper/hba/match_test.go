package hba

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"strings"
	"testing"
)

// loaderOf reads from a map instead of the disk.
func loaderOf(files map[string]string) *loader {
	return &loader{
		read: func(path string) ([]byte, error) {
			if s, ok := files[path]; ok {
				return []byte(s), nil
			}
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		},
		list: func(dir string) (out []string, err error) {
			for p := range files {
				if strings.HasPrefix(p, dir+"/") && strings.HasSuffix(p, ".conf") {
					out = append(out, p)
				}
			}
			if out == nil {
				err = errors.New("no such directory")
			}
			return out, err
		},
	}
}

func rulesOf(t *testing.T, text string, more ...string) *Rules {
	t.Helper()
	files := map[string]string{"/etc/hba": text}
	for i := 0; i+1 < len(more); i += 2 {
		files[more[i]] = more[i+1]
	}
	r, problems := loaderOf(files).rules("/etc/hba")
	if len(problems) > 0 {
		t.Fatalf("%v in %s", problems, text)
	}
	return r
}

// fakeNet is a network of one host.
type fakeNet struct{}

func (fakeNet) LookupAddr(ip netip.Addr) []string {
	switch ip.String() {
	case "10.0.0.1":
		return []string{"db.Example.com."}
	case "10.0.0.2":
		return []string{"liar.example.com."}
	}
	return nil
}

func (fakeNet) LookupHost(name string) []netip.Addr {
	if strings.EqualFold(name, "db.example.com") {
		return []netip.Addr{netip.MustParseAddr("10.0.0.9"), netip.MustParseAddr("10.0.0.1")}
	}
	return []netip.Addr{netip.MustParseAddr("10.0.0.77")}
}

func (fakeNet) Interfaces() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("192.168.5.7/24"), netip.MustParsePrefix("fd00::7/64")}
}

func members(role, group string) bool {
	return role == group || role == "alice" && (group == "team" || group == "shop") || role == "bob" && group == "team"
}

// Ensure that the first line that matches decides, field by field as PostgreSQL compares them.
func TestMatch(t *testing.T) {
	type conn struct{ from, db, user string }
	const local, tls = "local", "tls "
	for _, c := range []struct {
		lines string
		conn
		want string // line number of the rule, "" for none
	}{
		{"local all all trust", conn{local, "d", "u"}, "1"},
		{"host all all all trust", conn{local, "d", "u"}, ""},
		{"local all all trust", conn{"10.0.0.1", "d", "u"}, ""},
		{"hostssl all all all trust\nhost all all all reject", conn{"10.0.0.1", "d", "u"}, "2"},
		{"hostssl all all all trust\nhost all all all reject", conn{tls + "10.0.0.1", "d", "u"}, "1"},
		{"hostnossl all all all trust", conn{tls + "10.0.0.1", "d", "u"}, ""},
		{"hostnossl all all all trust", conn{"10.0.0.1", "d", "u"}, "1"},
		{"hostnogssenc all all all trust", conn{tls + "10.0.0.1", "d", "u"}, "1"},
		{"host a,b all all trust", conn{"::1", "b", "u"}, "1"},
		{"host a, b all all trust", conn{"::1", "b", "u"}, "1"},
		{"host a ,b all trust", conn{"::1", "a", "b"}, "1"},
		{"host \"all\" all all trust", conn{"::1", "x", "u"}, ""},
		{"host \"all\" all all trust", conn{"::1", "all", "u"}, "1"},
		{"host ALL all all trust", conn{"::1", "x", "u"}, ""},
		{"host sameuser all all trust", conn{"::1", "u", "u"}, "1"},
		{"host sameuser all all trust", conn{"::1", "v", "u"}, ""},
		{"host \"sameuser\" all all trust", conn{"::1", "u", "u"}, ""},
		{"host samerole all all trust", conn{"::1", "shop", "alice"}, "1"},
		{"host samegroup all all trust", conn{"::1", "shop", "bob"}, ""},
		{"host replication all all trust", conn{"::1", "replication", "u"}, ""},
		{"host \"replication\" all all trust", conn{"::1", "replication", "u"}, "1"},
		{"host all +team all trust", conn{"::1", "d", "bob"}, "1"},
		{"host all +team all trust", conn{"::1", "d", "eve"}, ""},
		{"host all \"+team\" all trust", conn{"::1", "d", "bob"}, ""},
		{"host all \"+team\" all trust", conn{"::1", "d", "+team"}, "1"},
		{"host all \"a b\",\"c\"\"d\" all trust", conn{"::1", "d", "a b"}, "1"},
		{"host all \"a b\",\"c\"\"d\" all trust", conn{"::1", "d", `c"d`}, "1"},
		{"host all a\"b c\" all trust", conn{"::1", "d", "ab c"}, "1"},
		{"host all \"#x\" all trust # host all all all trust", conn{"::1", "d", "#x"}, "1"},
		{"host all /^app_[0-9]+$ all trust", conn{"::1", "d", "app_12"}, "1"},
		{"host all /^app_[0-9]+$ all trust", conn{"::1", "d", "app_x"}, ""},
		{"host /^d all all trust", conn{"::1", "data", "u"}, "1"},
		{"host all \"/^app\" all trust", conn{"::1", "d", "app"}, ""},
		{"host all all 10.1.0.0/16 trust", conn{"10.1.200.3", "d", "u"}, "1"},
		{"host all all 10.1.0.0/16 trust", conn{"10.2.0.3", "d", "u"}, ""},
		{"host all all 10.1.99.0/16 trust", conn{"10.1.200.3", "d", "u"}, "1"},
		{"host all all 10.1.0.0 255.255.0.0 trust", conn{"10.1.200.3", "d", "u"}, "1"},
		{"host all all 10.0.0.1 255.0.0.255 trust", conn{"10.9.9.1", "d", "u"}, "1"},
		{"host all all 10.0.0.1 255.0.0.255 trust", conn{"10.9.9.2", "d", "u"}, ""},
		{"host all all 0.0.0.0/0 trust", conn{"::1", "d", "u"}, ""},
		{"host all all ::0/0 trust", conn{"10.0.0.1", "d", "u"}, ""},
		{"host all all ::/0 trust", conn{"fd00::1", "d", "u"}, "1"},
		{"host all all 127.0.0.1/32 trust", conn{"::ffff:127.0.0.1", "d", "u"}, "1"},
		{"host all all fe80::/10 trust", conn{"fe80::1%eth0", "d", "u"}, "1"},
		{"host all all samehost trust", conn{"192.168.5.7", "d", "u"}, "1"},
		{"host all all samehost trust", conn{"192.168.5.8", "d", "u"}, ""},
		{"host all all samenet trust", conn{"192.168.5.8", "d", "u"}, "1"},
		{"host all all samenet trust", conn{"192.168.6.8", "d", "u"}, ""},
		{"host all all samenet trust", conn{"fd00::abcd", "d", "u"}, "1"},
		{"host all all db.example.com trust", conn{"10.0.0.1", "d", "u"}, "1"},
		{"host all all .example.com trust", conn{"10.0.0.1", "d", "u"}, "1"},
		{"host all all example.com trust", conn{"10.0.0.1", "d", "u"}, ""},
		{"host all all liar.example.com trust", conn{"10.0.0.2", "d", "u"}, ""},
		{"host all all db.example.com trust", conn{"10.0.0.3", "d", "u"}, ""},
		{"# comment\n\nlocal all \\\n all trust", conn{local, "d", "u"}, "3"},
		{"local all all reject\nlocal all all trust", conn{local, "d", "u"}, "1"},
		{"local d u peer map=m\nlocal all all trust", conn{local, "d", "v"}, "2"},
		{"local all @users trust", conn{local, "d", "carl"}, "1"},
		{"local all @users trust", conn{local, "d", "dora"}, "1"},
		{"local all x,@users trust", conn{local, "d", "eve"}, ""},
		{"local all @nest trust", conn{local, "d", "dora"}, "1"},
		{"include more\nlocal all all trust", conn{local, "d", "u"}, "1"},
		{"include_if_exists nope\nlocal all all trust", conn{local, "d", "u"}, "2"},
		{"include_dir conf.d\nlocal all all trust", conn{local, "d", "u"}, "1"},
		{"local \"include\" all trust", conn{local, "include", "u"}, "1"},
		{"local\tall\tall\ttrust\r", conn{local, "d", "u"}, "1"},
	} {
		r := rulesOf(t, c.lines+"\n", "/etc/users", "carl\n  dora # not fred\n", "/etc/nest", "@users", "/etc/more", "local all all reject\n",
			"/etc/conf.d/a.conf", "local all all reject\n")
		conn := &Conn{Database: c.db, User: c.user, MemberOf: members, Network: fakeNet{}}
		from, isTLS := strings.CutPrefix(c.from, tls)
		conn.TLS = isTLS
		if from == local {
			conn.Local = true
		} else {
			conn.Remote = netip.MustParseAddr(from)
		}
		got := ""
		if rule := r.Find(conn); rule != nil {
			got = fmt.Sprint(rule.Line)
		}
		if got != c.want {
			t.Errorf("%q\nfor %+v: line %q, want %q", c.lines, c.conn, got, c.want)
		}
		steps := r.Explain(conn)
		if last := steps[len(steps)-1]; (last.Miss == MissNone) != (c.want != "") {
			t.Errorf("%q: explained as %+v", c.lines, last)
		}
	}
}

// Ensure that physical replication is only matched by its keyword.
func TestReplication(t *testing.T) {
	r := rulesOf(t, "local all all reject\nlocal replication all trust\n")
	if got := r.Find(&Conn{Local: true, Replication: true, Database: "x", User: "u"}); got == nil || got.Line != 2 {
		t.Errorf("got %v", got)
	}
}

// Ensure that what is wrong with a line is told with its place, in PostgreSQL's words.
func TestProblems(t *testing.T) {
	for text, want := range map[string]string{
		"foo all all trust":                             `1: invalid connection type "foo"`,
		"local":                                         "1: end-of-line before database specification",
		"local all":                                     "1: end-of-line before role specification",
		"local all all":                                 "1: end-of-line before authentication method",
		"host all all":                                  "1: end-of-line before IP address specification",
		"host all all 10.0.0 trust":                     `1: invalid IP address "10.0.0"`,
		"host all all 10.0.0.1 trust":                   `1: invalid IP mask "trust": Name or service not known`,
		"host all all 10.0.0.1":                         "1: end-of-line before netmask specification",
		"host all all 10.0.0.1/33 trust":                `1: invalid CIDR mask in address "10.0.0.1/33"`,
		"host all all 10.0.0.1/x trust":                 `1: invalid CIDR mask in address "10.0.0.1/x"`,
		"host all all some.host/8 trust":                `1: specifying both host name and CIDR mask is invalid: "some.host/8"`,
		"host all all 10.0.0.1 ffff:: trust":            "1: IP address and mask do not match",
		"host all all 10.0.0.1,10.0.0.2 trust":          "1: multiple values specified for host address",
		"local,host all all trust":                      "1: multiple values specified for connection type",
		"local all all trust,peer":                      "1: multiple values specified for authentication type",
		"local all all nope":                            `1: invalid authentication method "nope"`,
		"local all all ldap":                            `1: invalid authentication method "ldap": not supported by this build`,
		"host all all all ident":                        `1: invalid authentication method "ident": not supported by this build`,
		"host all all all peer":                         "1: peer authentication is only supported on local sockets",
		"host all all all cert":                         "1: cert authentication is only supported on hostssl connections",
		"hostgssenc all all all trust":                  "1: hostgssenc record cannot match because GSSAPI is not supported by this build",
		"local all all peer map":                        "1: authentication option not in name=value format: map",
		"local all all trust map=m":                     `1: authentication option "map" is only valid for authentication methods ident, peer, gssapi, sspi, and cert`,
		"local all all peer foo=bar":                    `1: unrecognized authentication option name: "foo"`,
		"host all all all trust clientcert=verify-ca":   `1: clientcert can only be configured for "hostssl" rows`,
		"hostssl all all all trust clientcert=1":        `1: invalid value for clientcert: "1"`,
		"hostssl all all all cert clientcert=verify-ca": `1: clientcert can only be set to "verify-full" when using "cert" authentication`,
		"\n\nlocal all /( trust":                        "3: invalid regular expression \"(\": missing closing ): `(`",
		"local all all trust\nlocal \\\n all\n":         "2: end-of-line before role specification",
		"local @nope all trust":                         `1: could not open file "/etc/nope": No such file or directory`,
		"include nope":                                  `1: could not open file "/etc/nope": No such file or directory`,
		"include":                                       "1: include takes exactly one file name",
		"include hba":                                   `1: could not open file "/etc/hba": maximum nesting depth exceeded`,
		"local @loop all trust":                         `1: could not open file "/etc/loop": maximum nesting depth exceeded`,
		"# nothing":                                     "0: configuration file contains no entries",
	} {
		_, problems := loaderOf(map[string]string{"/etc/hba": text, "/etc/loop": "@loop"}).rules("/etc/hba")
		got := "none"
		if len(problems) > 0 {
			got = fmt.Sprintf("%d: %s", problems[0].Line, problems[0].Reason)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// Ensure that a line's normal form reads as the same line.
func TestRuleString(t *testing.T) {
	for _, text := range []string{
		`local all all peer map=m`, `host "a b",c +team 10.0.0.0/8 scram-sha-256`, `hostssl sameuser "all" samenet cert clientname=DN`,
		`host all all .example.com reject`, `host all "x""y" 10.0.0.1 255.0.0.255 md5`,
	} {
		if got := rulesOf(t, text).Lines[0].String(); got != text {
			t.Errorf("%s became %s", text, got)
		}
	}
}

// Ensure that the files of a new site can be read and let in whom they say.
func TestDefaultFiles(t *testing.T) {
	r := rulesOf(t, DefaultFile("peer", "scram-sha-256"))
	for from, want := range map[string]Method{"": Peer, "127.0.0.1": SCRAM, "::1": SCRAM, "10.0.0.1": ""} {
		c := &Conn{Local: from == "", Database: "d", User: "u"}
		if from != "" {
			c.Remote = netip.MustParseAddr(from)
		}
		got := Method("")
		if rule := r.Find(c); rule != nil {
			got = rule.Method
		}
		if got != want {
			t.Errorf("from %q: %s, want %s", from, got, want)
		}
	}
	if _, problems := loaderOf(map[string]string{"/i": DefaultIdentFile()}).maps("/i"); len(problems) > 0 {
		t.Error(problems)
	}
}
