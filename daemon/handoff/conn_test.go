package handoff

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func pair(t *testing.T) (a, b *Conn) {
	t.Helper()
	a, f, err := Pair()
	if err != nil {
		t.Fatal(err)
	}
	if b, err = Take(f); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close(); b.Close() })
	b.SetReadDeadline(time.Now().Add(5 * time.Second))
	return a, b
}

// Ensure that a client's socket crosses with its message, close-on-exec, and that the other end's death is the end of the file.
func TestClientCrosses(t *testing.T) {
	a, b := pair(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := a.Send(&Control{Kind: ControlClient, Client: &Client{PID: 7, Secret: make([]byte, 32)}}, w); err != nil {
		t.Fatal(err)
	}
	w.Close()
	m, f, err := b.RecvControl()
	if err != nil || f == nil || m.Client.PID != 7 {
		t.Fatal(m, f, err)
	}
	if flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Error("descriptor would be inherited")
	}
	f.Write([]byte("x"))
	f.Close()
	if got, _ := io.ReadAll(r); string(got) != "x" {
		t.Errorf("%q", got)
	}
	a.Close()
	if _, _, err := b.RecvControl(); err != io.EOF {
		t.Error(err)
	}
}

// Ensure that the last words of a side that ends without reading are heard.
func TestLastWords(t *testing.T) {
	a, b := pair(t)
	for range 3 {
		if err := b.Send(&Report{Kind: "unread"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Send(&Report{Kind: "last"}); err != nil {
		t.Fatal(err)
	}
	a.Close()
	if r, err := b.RecvReport(); err != nil || r.Kind != "last" {
		t.Error(r, err)
	}
	if _, err := b.RecvReport(); err != io.EOF {
		t.Error(err)
	}
}

// Ensure that a long configuration crosses in a sealed memory file.
func TestLongStart(t *testing.T) {
	a, b := pair(t)
	long := strings.Repeat("x", 300<<10)
	if err := a.Send(&Start{Kind: "backend", Site: "/s", Settings: map[string]string{"search_path": long}}); err != nil {
		t.Fatal(err)
	}
	s, err := b.RecvStart()
	if err != nil || s.Settings["search_path"] != long {
		t.Fatal(err)
	}
	if err := a.Send(&Report{Error: strings.Repeat("x", maxText+1)}); !errors.Is(err, ErrMessage) {
		t.Error(err)
	}
}

// Ensure that messages with too many, too few or wrong descriptors are refused and leak none.
func TestDescriptorCount(t *testing.T) {
	a, b := pair(t)
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	before := openFiles(t)
	for _, c := range []struct {
		m     any
		files []*os.File
	}{
		{&Control{Kind: ControlLog}, nil},
		{&Control{Kind: ControlGone, PID: 3}, []*os.File{null}},
		{&Control{Kind: ControlAttach, PID: 3}, []*os.File{null, null}},
		{&Control{Kind: ControlClient, Client: &Client{PID: 1}}, []*os.File{null, null}},
		{&Control{Kind: ControlLog}, []*os.File{null, null, null}},
		{&Control{Kind: "nosuch"}, nil},
		{&Control{Kind: ControlClient}, nil},
	} {
		if err := a.Send(c.m, c.files...); err != nil {
			t.Fatal(err)
		}
		if m, f, err := b.RecvControl(); !errors.Is(err, ErrDescriptors) && !errors.Is(err, ErrMessage) {
			t.Errorf("%v: %v %v %v", c.m, m, f, err)
		}
	}
	// A memory file that its sender could still change is refused.
	if f, err := os.CreateTemp(t.TempDir(), ""); err == nil {
		a.c.WriteMsgUnix([]byte{inMemory}, rights([]*os.File{f}), nil)
		f.Close()
		if _, err := b.RecvReport(); !errors.Is(err, ErrMessage) {
			t.Error(err)
		}
	}
	if after := openFiles(t); after != before {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	e, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(e)
}

// Ensure that TrySend does not wait for a reader that is asleep.
func TestTrySendFull(t *testing.T) {
	a, _ := pair(t)
	start := time.Now()
	for i := 0; ; i++ {
		err := a.TrySend(&Report{Kind: "stat", Error: strings.Repeat("x", 8000)})
		if errors.Is(err, ErrFull) {
			break
		}
		if err != nil || i > 10000 {
			t.Fatal(i, err)
		}
	}
	if time.Since(start) > 2*time.Second {
		t.Error("waited")
	}
}

// Ensure that a descriptor which is no channel is refused.
func TestInheritedRefuses(t *testing.T) {
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := Inherited(int(f.Fd())); err == nil {
		t.Error("taken")
	}
	if _, err := Inherited(9999); err == nil {
		t.Error("taken")
	}
}

// Ensure that no datagram makes the decoders fail other than with an error.
func FuzzMessages(f *testing.F) {
	seed := func(v any) {
		b, err := json.Marshal(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(append([]byte{inline}, b...))
	}
	seed(&Start{Kind: "backend", Site: "/s"})
	seed(&Control{Kind: ControlClient, Client: &Client{PID: 1}})
	seed(&Report{Kind: ReportCancel, CancelPID: 4, CancelSecret: []byte{1, 2, 3, 4}})
	f.Add([]byte{inMemory})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		body, files, err := text(b, nil)
		if err != nil {
			return
		}
		var c Control
		if unmarshal(body, &c) == nil {
			_ = c.check(len(files))
		}
		_ = unmarshal(body, &Start{})
		_ = unmarshal(body, &Report{})
	})
}
