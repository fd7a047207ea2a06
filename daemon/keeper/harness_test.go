package keeper

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/sirupsen/logrus"
	"github.com/xdg-go/scram"

	"pgd/daemon/handoff"
	"pgd/install/settings"
	"pgd/install/site"
)

// host is a keeper over a site of its own, and the other ends of its backends' channels.
type host struct {
	*Keeper
	t       testing.TB
	dir     site.Dir
	reports chan handoff.Report
	pid     int32
	log     *strings.Builder
}

// keeperFor makes a site whose pg_hba.conf has these lines; the bootstrap superuser is "admin" with password "sesame".
func keeperFor(t testing.TB, hbaLines string, more ...string) *host {
	t.Helper()
	dir := site.Dir(t.TempDir())
	for _, d := range []string{site.GlobalDir, site.BaseDir, "base/1", "base/4", "base/5"} {
		if err := os.Mkdir(dir.Path(d), 0o700); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(d, "base/") {
			write(t, dir.Path(filepath.Join(d, site.MainDB)), "database "+d)
		}
	}
	write(t, dir.Path(site.HBAFile), hbaLines)
	write(t, dir.Path(site.IdentFile), "")
	write(t, dir.Path(site.ConfigFile), "")
	if err := Bootstrap(string(dir), BootstrapOptions{Superuser: "admin", Password: "sesame"}); err != nil {
		t.Fatal(err)
	}
	values := settings.NewValues()
	for i := 0; i+1 < len(more); i += 2 {
		values.Set(more[i], more[i+1], settings.Source{Kind: settings.SourceFile})
	}
	h := &host{t: t, dir: dir, reports: make(chan handoff.Report, 100), pid: 100, log: &strings.Builder{}}
	h.Keeper = reopen(t, h, values)
	t.Cleanup(func() {
		h.mu.Lock()
		for _, c := range h.channels {
			c.conn.Close()
		}
		h.mu.Unlock()
		<-h.turn // no transaction is open any more
		if err := h.store.query("PRAGMA integrity_check", func(st *sqlite3.Stmt) error {
			if s := st.ColumnText(0); s != "ok" {
				t.Errorf("integrity check: %s", s)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
		h.close()
	})
	return h
}

func reopen(t testing.TB, h *host, values *settings.Values) *Keeper {
	t.Helper()
	logger := logrus.New()
	logger.Out = io.Discard
	k, err := open(h.dir, values, logrus.NewEntry(logger))
	if err != nil {
		t.Fatal(err)
	}
	k.leaveWait = 500 * time.Millisecond
	k.report = func(r handoff.Report) error { h.reports <- r; return nil }
	k.copyDatabase = func(from, to string) error {
		return os.CopyFS(to, os.DirFS(from))
	}
	return k
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// backend is the backend's side of a channel.
type backend struct {
	t    testing.TB
	conn *handoff.Conn
	pid  int32
	id   *handoff.Identity
}

// backend connects one whose client is at remote; "" is the Unix socket.
func (h *host) backend(remote string) *backend {
	h.t.Helper()
	a, b, err := handoff.FilePair()
	if err != nil {
		h.t.Fatal(err)
	}
	conn, err := handoff.Take(a)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { conn.Close() })
	h.pid++
	if err := h.attach(h.pid, b); err != nil {
		h.t.Fatal(err)
	}
	h.identify(h.pid, &handoff.Client{PID: h.pid, Local: remote == "", Remote: remote, PeerUID: uint32(os.Getuid())})
	return &backend{t: h.t, conn: conn, pid: h.pid}
}

// ask sends a request; the failure is nil where there is none.
func (b *backend) ask(kind string, body, into any) *handoff.Failure {
	b.t.Helper()
	answer := b.raw(kind, body)
	if answer == nil {
		b.t.Fatalf("%s: the channel ended", kind)
		return nil
	}
	if answer.Failure == nil && into != nil {
		if err := handoff.Decode(answer.Body, into); err != nil {
			b.t.Fatal(err)
		}
	}
	return answer.Failure
}

// raw gives the answer; nil when the keeper ended the channel.
func (b *backend) raw(kind string, body any) *handoff.Answer {
	b.t.Helper()
	if err := b.conn.SendShort(map[string]any{"Kind": kind, "Body": body}); err != nil {
		return nil
	}
	b.conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	answer, err := b.conn.RecvAnswer()
	if err == io.EOF || err != nil && strings.Contains(err.Error(), "reset") {
		return nil
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return answer
}

// must asks and fails the test on a refusal.
func (b *backend) must(kind string, body, into any) {
	b.t.Helper()
	if f := b.ask(kind, body, into); f != nil {
		b.t.Fatalf("%s: %s %s %s", kind, f.Code, f.Message, f.Detail)
	}
}

// refused asks and wants that refusal.
func (b *backend) refused(kind string, body any, code, message string) {
	b.t.Helper()
	f := b.ask(kind, body, nil)
	if f == nil {
		b.t.Fatalf("%s %+v: not refused, want %s %s", kind, body, code, message)
		return
	}
	if f.Code != code || f.Message != message {
		b.t.Fatalf("%s %+v: %s %s, want %s %s", kind, body, f.Code, f.Message, code, message)
	}
}

// login authenticates with a SCRAM client of another make.
func (b *backend) login(user, database, password string) *handoff.Failure {
	b.t.Helper()
	var a handoff.StartupAnswer
	if f := b.ask(handoff.AskStartup, handoff.Startup{User: user, Database: database}, &a); f != nil {
		return f
	}
	if a.Step.Done != nil || a.Step.Refused != nil {
		b.id = a.Step.Done
		return a.Step.Refused
	}
	client, err := scram.SHA256.NewClient("", password, "")
	if err != nil {
		b.t.Fatal(err)
	}
	conv := client.NewConversation()
	first, err := conv.Step("")
	if err != nil {
		b.t.Fatal(err)
	}
	data := append([]byte("SCRAM-SHA-256\x00"), 0, 0, 0, byte(len(first)))
	data = append(data, first...)
	for {
		var step handoff.AuthStep
		if f := b.ask(handoff.AskAuth, handoff.AuthData{Data: data}, &step); f != nil {
			return f
		}
		next, err := conv.Step(string(step.Requests[0].Data))
		if err != nil {
			b.t.Fatal(err)
		}
		if step.Done != nil || step.Refused != nil {
			if !conv.Valid() {
				b.t.Fatal("the server's signature is not valid")
			}
			b.id = step.Done
			return step.Refused
		}
		data = []byte(next)
	}
}

// session logs in through SCRAM or fails the test.
func (h *host) session(user, database, password string) *backend {
	h.t.Helper()
	b := h.backend("127.0.0.1:5000")
	if f := b.login(user, database, password); f != nil {
		h.t.Fatalf("login of %s: %s %s", user, f.Code, f.Message)
	}
	return b
}

func (h *host) databaseDir(oid uint32) string {
	return h.dir.Path(filepath.Join(site.BaseDir, strconv.Itoa(int(oid))))
}

func ptr[T any](v T) *T { return &v }

func (b *backend) commit() {
	b.t.Helper()
	b.must(handoff.AskEnd, handoff.End{Commit: true}, nil)
}
