package backend

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "record the answers of the PostgreSQL that PGD_ORACLE_AUTH (host:port) names; it has recordedRules and recordedSetup")

const recordedFile = "testdata/authentication.json"

// recordedRules and recordedSetup are what both servers have; the superuser is "admin".
const recordedRules = `local all all trust
host pw all all password
host rej all all reject
host tr,postgres,template0,closed,noconn,lim all all trust
host sc all all scram-sha-256
host md all all md5
`

const recordedSetup = `create role alice login password 'pw'
create role nol
create role lim0 login password 'pw' connection limit 0
create role expired login password 'pw' valid until '2001-01-01'
create role bare login
create database pw
create database tr
create database sc
create database md
create database closed allow_connections false
create database noconn
revoke connect on database noconn from public
create database lim connection limit 0`

// exchangeCase is what a client says; NONCE in it is what the server made. Each send is the body of a message 'p' or, with kind
// 0, bytes as they are.
type exchangeCase struct {
	User, DB string
	Sends    []string
	Raw      bool `json:",omitempty"`
}

func exchangeCases() (out []exchangeCase) {
	add := func(user, db string, sends ...string) {
		out = append(out, exchangeCase{User: user, DB: db, Sends: sends})
	}
	first := func(mech, m string) string {
		return mech + "\x00" + string(binary.BigEndian.AppendUint32(nil, uint32(len(m)))) + m
	}
	for _, user := range []string{"alice", "nobody", "nol", "lim0", "expired", "bare"} {
		add(user, "tr")
		add(user, "rej")
		add(user, "none")
		for _, password := range []string{"bad\x00", "pw\x00", "\x00", "pw", "p\x00w\x00"} {
			add(user, "pw", password)
		}
	}
	for _, db := range []string{"missing", "closed", "template0", "noconn", "lim", "postgres"} {
		add("alice", db)
		add("admin", db)
	}
	const good, zeros = "n,,n=,r=abcdefghijklmnop", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	for _, db := range []string{"sc", "md"} {
		for _, m := range []string{"", "n", "n,", "n,,", "x,,n=,r=a", "p=tls-unique,,n=,r=a", "y,,n=,r=abc", "n,a=x,n=,r=a", "nx,n=,r=a", "n,,m=x,n=,r=a",
			"n,,x=,r=a", "n,,n", "n,,n=,q=a", "n,,n=,r=a\xc3", "n,,n=,r=", "n,,n=\x00,r=a", "n,,n=,r=abc,ext=1", "n,,n=,r=abc,1=1", "n,,n=,r=abc,e", "\x01"} {
			add("alice", db, first("SCRAM-SHA-256", m))
		}
		add("alice", db, first("SCRAM-SHA-1", good))
		add("alice", db, first("SCRAM-SHA-256-PLUS", good))
		for _, m := range []string{"SCRAM-SHA-256", "SCRAM-SHA-256\x00", "SCRAM-SHA-256\x00\x00\x00\x00\x09n", "SCRAM-SHA-256\x00\x00\x00\x00\x01nxx"} {
			add("alice", db, m)
		}
		add("alice", db, "SCRAM-SHA-256\x00\xff\xff\xff\xff", good)
		for _, m := range []string{"", "c=biws", "c=biws,r=NONCE", "c=xxxx,r=NONCE,p=AAAA", "c=biws,r=x,p=AAAA", "c=biws,r=x,p=" + zeros, "c=biws,r=NONCE,p=AAAA",
			"c=biws,r=NONCE,p=!!!!", "c=biws,r=NONCE,p=" + zeros, "c=biws,r=NONCE,p=" + zeros + ",x=1", "c=biws,r=NONCE,x=1,p=" + zeros, "x", "c=biws,r=NONCE\x00",
			"c=biws,r=NONCE,,p=" + zeros, "c=biws,r=NONCE,1=,p=" + zeros} {
			add("alice", db, first("SCRAM-SHA-256", good), m)
		}
		for _, raw := range []string{"Q\x00\x00\x00\x05\x00", "X\x00\x00\x00\x04", "p\x00\x00\x00\x03", "p\x7f\x00\x00\x00"} {
			out = append(out, exchangeCase{"alice", db, []string{raw}, true})
		}
	}
	for _, raw := range []string{"Q\x00\x00\x00\x05\x00", "p\x00\x00\x00\x03", "p\x7f\x00\x00\x00"} {
		out = append(out, exchangeCase{"alice", "pw", []string{raw}, true})
	}
	for _, user := range []string{"nobody", "expired", "bare"} {
		add(user, "sc", first("SCRAM-SHA-256", good), "c=biws,r=NONCE,p="+zeros)
	}
	return out
}

// converse says a case and gives what it heard: each Authentication message's code, an error's fields, "ready" or "closed".
func converse(conn net.Conn, c exchangeCase) (heard []string) {
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	conn.Write(startupPacket(3<<16, "user", c.User, "database", c.DB))
	sends, nonce := c.Sends, ""
	for {
		head := make([]byte, 5)
		if _, err := io.ReadFull(conn, head); err != nil {
			return append(heard, "closed")
		}
		body := make([]byte, binary.BigEndian.Uint32(head[1:])-4)
		if _, err := io.ReadFull(conn, body); err != nil {
			return append(heard, "closed")
		}
		switch head[0] {
		case 'E':
			f := fields(append(head, body...))
			return append(heard, fmt.Sprintf("%s %s %s|%s|%s", f['S'], f['C'], f['M'], f['D'], f['H']))
		case 'Z':
			return append(heard, "ready")
		case 'R':
			code := binary.BigEndian.Uint32(body)
			text := fmt.Sprintf("R%d", code)
			switch code {
			case 10:
				text += " " + string(bytes.ReplaceAll(body[4:], []byte{0}, []byte{'/'}))
			case 11:
				if r, _, ok := strings.Cut(strings.TrimPrefix(string(body[4:]), "r="), ","); ok {
					nonce = r
				}
			}
			heard = append(heard, text)
			if code == 0 || code == 12 {
				continue
			}
			if len(sends) == 0 {
				return heard
			}
			m := strings.ReplaceAll(sends[0], "NONCE", nonce)
			sends = sends[1:]
			if !c.Raw {
				m = "p" + string(binary.BigEndian.AppendUint32(nil, uint32(len(m)+4))) + m
			}
			conn.Write([]byte(m))
		}
	}
}

// Ensure that what clients hear while they authenticate, rightly or wrongly, is what PostgreSQL says.
func TestExchangeAsRecorded(t *testing.T) {
	cases := exchangeCases()
	if *update {
		record(t, cases)
		return
	}
	text, err := os.ReadFile(recordedFile)
	if err != nil {
		t.Fatal(err)
	}
	var want [][]string
	if err := json.Unmarshal(text, &want); err != nil || len(want) != len(cases) {
		t.Fatalf("%d answers recorded for %d cases: %v", len(want), len(cases), err)
	}
	p := newPostmaster(t, "host postgres admin all trust\n"+recordedRules)
	pg, child, err := p.login("admin", "postgres", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range strings.Split(recordedSetup, "\n") {
		if _, err := pg.Exec(context.Background(), sql).ReadAll(); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	pg.Close(context.Background())
	child.status()
	for i, c := range cases {
		conn, child := p.client()
		got := converse(conn, c)
		conn.Close()
		if !reflect.DeepEqual(got, want[i]) {
			t.Errorf("%+v:\n  %q, want\n  %q", c, got, want[i])
		}
		child.status()
	}
}

func record(t *testing.T, cases []exchangeCase) {
	address := os.Getenv("PGD_ORACLE_AUTH")
	if address == "" {
		t.Fatal(errors.New("PGD_ORACLE_AUTH is not set"))
	}
	var all [][]string
	for _, c := range cases {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, converse(conn, c))
		conn.Close()
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(recordedFile, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
